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
    for (text, style) in HeaderPart.fitted(headerParts, to: room(column)) {
      column += frame.write(text, column: column, row: 0, style) + 2
    }
  }

  private var headerParts: [HeaderPart] {
    let subject = state.subject
    guard subject.latentSize > 0 else {
      let text = state.training?.phase == .preparing ? "preparing a run…" : subject.name
      return [HeaderPart([text], theme.text, isName: true)]
    }
    var parts = [HeaderPart([subject.name], theme.text, isName: true)]
    // That these are not the newest weights is to be read in every window.
    if subject.isPast {
      parts.insert(HeaderPart([subject.epochText, "past \(subject.epoch)"], theme.accent, leavingName: 0), at: 0)
    }
    if let training = state.training, training.phase != .preparing, training.phase != .recorded {
      // Rounded down, as the bar is: a run is not at 100 % before it is.
      let progress = "\(Int(training.progress * 100)) %"
      parts.append(
        HeaderPart(
          ["\(training.phaseText) \(progress)", progress], training.isMoving ? theme.accent : theme.text, leavingName: 4
        ))
    }
    if !subject.isPast { parts.append(HeaderPart([subject.epochText], theme.text, leavingName: 12)) }
    if let bound = subject.bound {
      parts.append(HeaderPart(["ELBO \(Numbers.fixed(bound, 1))"], theme.text, leavingName: 12))
      parts.append(HeaderPart([subject.boundImages.rawValue], theme.faint))
    }
    parts.append(HeaderPart([subject.shape], theme.faint))
    return parts
  }
}

/// Something that the first line says of what is explored. Where there is no room for all, the name is cut, and of the others
/// the last are left out: nothing is cut in the middle of a number.
struct HeaderPart {
  /// From the longest to the shortest.
  private let forms: [String]
  private let style: Style
  private let isName: Bool
  /// How much of the name is to be seen beside it at least.
  private let leavingName: Int

  init(_ forms: [String], _ style: Style, isName: Bool = false, leavingName: Int = .max) {
    (self.forms, self.style, self.isName, self.leavingName) = (forms, style, isName, leavingName)
  }

  /// The parts as they fit a width, with two columns between them.
  static func fitted(_ parts: [HeaderPart], to width: Int) -> [(text: String, style: Style)] {
    let name = parts.first(where: \.isName)?.forms.first ?? ""
    var shown: [Int: String] = [:]
    var taken = 0
    for (place, part) in parts.enumerated() where !part.isName {
      let left = width - taken - 2 - min(name.count, part.leavingName)
      guard let form = part.forms.first(where: { $0.count <= left }) else { break }
      shown[place] = form
      taken += form.count + 2
    }
    for (place, part) in parts.enumerated() where part.isName {
      shown[place] = shortened(name, to: max(0, width - taken))
    }
    return parts.enumerated().compactMap { place, part in
      shown[place].flatMap { $0.isEmpty ? nil : ($0, part.style) }
    }
  }
}
