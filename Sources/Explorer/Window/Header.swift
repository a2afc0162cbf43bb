import Canvas

extension PaneCanvas {
  /// The first line: what is explored, and the screens.
  mutating func drawHeader() {
    var tabsStart = frame.width
    for (screen, column, label) in ScreenTabs.places(width: frame.width, current: state.screen) {
      tabsStart = min(tabsStart, column)
      frame.write(
        " \(label) ", column: column, row: 0, screen == state.screen ? theme.selected : theme.text)
    }
    frame.write(ScreenTabs.help, column: frame.width - ScreenTabs.help.count - 1, row: 0, theme.faint)
    var column = 1
    let room = { (column: Int) in max(0, tabsStart - 1 - column) }
    column += frame.write("zscope", column: column, row: 0, theme.strong, maximumWidth: room(column)) + 2
    for (text, style) in headerParts {
      // A part that does not fit whole is left out; nothing is cut in the middle of a number.
      guard text.count <= room(column) else { break }
      column += frame.write(text, column: column, row: 0, style) + 2
    }
  }

  private var headerParts: [(String, Style)] {
    let subject = state.subject
    guard subject.latentSize > 0 else {
      return [(state.training?.phase == .preparing ? "preparing a run…" : subject.name, theme.text)]
    }
    var parts: [(String, Style)] = [(subject.name, theme.text)]
    // That these are not the newest weights is to be read in every window.
    if subject.isPast { parts.insert((subject.epochText, theme.accent), at: 0) }
    if let training = state.training, training.phase != .preparing, training.phase != .recorded {
      // Rounded down, as the bar is: a run is not at 100 % before it is.
      let progress = Int(training.progress * 100)
      parts.append(("\(training.phaseText) \(progress) %", training.isMoving ? theme.accent : theme.text))
    }
    if !subject.isPast { parts.append((subject.epochText, theme.text)) }
    if let bound = subject.bound {
      parts.append(("ELBO \(Numbers.fixed(bound, 1))", theme.text))
      parts.append((subject.boundImages.rawValue, theme.faint))
    }
    parts.append((subject.shape, theme.faint))
    return parts
  }
}
