import Canvas

extension PaneCanvas {
  mutating func drawOverlay() {
    switch state.overlay {
    case .help(let view): drawHelp(view)
    case .palette(let palette): drawPalette(palette)
    case .form(let form): drawForm(form)
    case .quitting: drawQuestion()
    case .none, .value, .question, .confirmation: break
    }
  }

  /// A box over the panes.
  private mutating func drawBox(_ rectangle: Rectangle, title: String) -> Rectangle {
    let style = theme.overlay
    frame.fill(rectangle, with: Cell(" ", foreground: style.foreground, background: style.background))
    frame.box(
      rectangle, title: title, rendition: rendition, foreground: theme.focusedLine.foreground,
      titleForeground: theme.focusedTitle.foreground, attributes: theme.focusedLine.attributes,
      titleAttributes: .bold)
    return rectangle.inset()
  }

  private mutating func write(_ text: String, column: Int, row: Int, over style: Style, maximumWidth: Int) {
    var style = style
    if style.background == .standard { style.background = theme.overlay.background }
    frame.write(shortened(text, to: maximumWidth), column: column, row: row, style)
  }

  private mutating func drawHelp(_ view: State.HelpView) {
    let words = view.words.text
    let lines = HelpText.wrapped(first: state.contextBeneath, words: words, in: state.size, of: state)
    let first = view.firstLine
    let inside = drawBox(
      Rectangle(column: 0, row: 1, width: frame.width, height: frame.height - 2),
      title: words.isEmpty ? "keys" : "keys with “\(words)”")
    let columns = HelpText.columns(in: state.size)
    let width = inside.width / columns
    let keysWidth = HelpText.keysWidth
    for index in 0..<inside.height * columns {
      guard lines.indices.contains(first + index) else { break }
      let column = inside.column + 1 + index / inside.height * width
      let row = inside.row + index % inside.height
      switch lines[first + index] {
      case .title(let text): write(text, column: column, row: row, over: theme.accent, maximumWidth: width - 2)
      case .entry(let keys, let summary, _):
        write(spelled(keys), column: column, row: row, over: theme.strong, maximumWidth: keysWidth - 1)
        write(
          spelled(summary), column: column + keysWidth, row: row, over: theme.text, maximumWidth: width - keysWidth - 2)
      case .blank: break
      }
    }
    if lines.isEmpty {
      write(
        "nothing here has these words", column: inside.column + 1, row: inside.row, over: theme.faint,
        maximumWidth: inside.width - 2)
    }
    writeRange(from: first, rows: inside.height * columns, of: lines.count, in: inside)
    frame.cursor = Frame.Position(column: inside.column, row: inside.row)
  }

  /// Writes into the lower line of a box which of its lines are seen.
  private mutating func writeRange(from first: Int, rows: Int, of count: Int, in inside: Rectangle) {
    let seen = min(count, first + rows)
    let note = " \(min(first + 1, seen))–\(seen) of \(count) "
    frame.write(note, column: inside.endColumn - note.count - 1, row: inside.endRow, theme.faint)
  }

  private mutating func drawPalette(_ palette: CommandPalette) {
    let matches = palette.matches(state)
    let rows = max(1, min(matches.count, min(14, frame.height - 6)))
    let width = min(96, frame.width)
    let inside = drawBox(
      Rectangle(column: 0, row: frame.height - 3 - rows, width: width, height: rows + 2), title: "commands")
    let first = max(0, min(palette.selected - rows / 2, matches.count - rows))
    let nameWidth = 32
    let hasSelection = palette.hasSelection(matches)
    for (offset, match) in matches.dropFirst(first).prefix(rows).enumerated() {
      let isSelected = hasSelection && first + offset == palette.selected
      let row = inside.row + offset
      let style = isSelected ? theme.selected : theme.text
      if isSelected {
        for column in inside.column..<inside.endColumn {
          frame.write(" ", column: column, row: row, style)
        }
      }
      // All that an argument may become is of one command: the first row says what it does, the others are the line.
      let isDescribed = match.argument == nil || first + offset == 0
      let keys = isDescribed ? spelled(KeyNames.all(match.command)) : ""
      let keysWidth = keys.count > 14 ? 0 : keys.count
      let line = match.shown(within: inside.width - 2 - (keysWidth > 0 ? keysWidth + 1 : 0))
      write(line, column: inside.column + 1, row: row, over: style, maximumWidth: inside.width - 2)
      let summaryColumn = max(nameWidth, line.unicodeScalars.count + 2)
      let room = inside.width - summaryColumn - keysWidth - 2
      // Of a summary a few letters tell nothing.
      if isDescribed, room > 10 {
        write(
          spelled(match.command.summary(in: state)), column: inside.column + summaryColumn, row: row,
          over: isSelected ? theme.selected : theme.faint, maximumWidth: room)
      }
      if keysWidth > 0 {
        write(
          keys, column: inside.endColumn - keysWidth - 1, row: row, over: isSelected ? theme.selected : theme.strong,
          maximumWidth: keysWidth)
      }
    }
    if matches.isEmpty {
      write(
        "no command is called that", column: inside.column + 1, row: inside.row, over: theme.faint,
        maximumWidth: inside.width - 2)
    }
  }

  private mutating func drawForm(_ form: TrainingForm) {
    let width = min(72, frame.width - 2)
    // What is wrong, or belongs into the line, is said whole, as far as the window goes.
    let words = wordWrapped(spelled(form.problem ?? form.help), to: width - 5)
    let noteRows = max(2, min(words.count, frame.height - 14))
    let over = form.takenOver.map { wordWrapped(spelled($0), to: width - 5) } ?? []
    let lines = form.lines
    // All of it where there is room beside the lines, two rows of it at least.
    let overRows = min(over.count, max(2, frame.height - 6 - noteRows - lines.count))
    // In a low window the lines around the one at hand are shown.
    let rows = min(lines.count, frame.height - 6 - noteRows - overRows)
    let first = max(0, min((lines.firstIndex(of: form.focus) ?? 0) - rows / 2, lines.count - rows))
    let height = rows + 4 + noteRows + overRows
    // The lines stay where they are, whatever is said beneath them: the box grows downwards, as far as it can.
    let top = max(1, min((frame.height - height + noteRows - 2) / 2, frame.height - 1 - height))
    let inside = drawBox(
      Rectangle(column: (frame.width - width) / 2, row: top, width: width, height: height), title: "train a model")
    if rows < lines.count { writeRange(from: first, rows: rows, of: lines.count, in: inside) }
    let titleWidth = max(13, lines.map { spelled(form.title(of: $0)).count + 1 }.max() ?? 0)
    let fieldColumn = inside.column + 3 + titleWidth
    let fieldWidth = inside.width - 5 - titleWidth
    for (offset, field) in lines.dropFirst(first).prefix(rows).enumerated() {
      let row = inside.row + 1 + offset
      let isFocused = field == form.focus
      write(isFocused ? "▸" : " ", column: inside.column + 1, row: row, over: theme.accent, maximumWidth: 1)
      write(
        spelled(form.title(of: field)), column: inside.column + 2, row: row,
        over: isFocused ? theme.strong : theme.text,
        maximumWidth: titleWidth)
      let isFresh = field == .run && form.runPath == nil
      let isNone = field == .preset && form.text(field).isEmpty
      let text = isFresh && !isFocused ? form.freshRun : isNone && !isFocused ? "none" : form.text(field)
      let shown = String(String.UnicodeScalarView(text.unicodeScalars.suffix(fieldWidth - 1)))
      frame.write(
        padded(shown, to: fieldWidth), column: fieldColumn, row: row,
        isFocused
          ? theme.selected
          : Style((isFresh || isNone ? theme.faint : theme.text).foreground, background: theme.overlay.background))
      if isFocused {
        frame.cursor = Frame.Position(column: fieldColumn + shown.unicodeScalars.count, row: row)
      }
    }
    for (offset, line) in shortened(over, to: inside.width - 3, rows: overRows).enumerated() {
      write(
        line, column: inside.column + 2, row: inside.endRow - noteRows - overRows + offset, over: theme.text,
        maximumWidth: inside.width - 3)
    }
    for (offset, note) in shortened(words, to: inside.width - 3, rows: noteRows).enumerated() {
      write(
        note, column: inside.column + 2, row: inside.endRow - noteRows + offset,
        over: form.problem == nil ? theme.faint : theme.error, maximumWidth: inside.width - 3)
    }
  }

  private mutating func drawQuestion() {
    let path = state.training?.path ?? ""
    let lines = [
      "\(state.liveSentence) in \(path).", "", "s  stop it, save it and quit",
      "d  quit; its last checkpoint stays as it is", "Esc  go on",
    ]
    let width = min(frame.width - 2, max(50, (lines.map(\.count).max() ?? 0) + 4))
    let inside = drawBox(
      Rectangle(
        column: (frame.width - width) / 2, row: (frame.height - lines.count - 2) / 2, width: width,
        height: lines.count + 2), title: "quit?")
    for (offset, line) in lines.enumerated() {
      write(line, column: inside.column + 1, row: inside.row + offset, over: theme.text, maximumWidth: inside.width - 2)
    }
    frame.cursor = Frame.Position(column: inside.column + 1, row: inside.row + 2)
  }
}
