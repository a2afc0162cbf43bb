import Canvas
import Terminal

extension PaneCanvas {
  /// The last line: what a person must know or may do.
  mutating func drawFoot() {
    let row = frame.height - 1
    var isPrompt = true
    switch state.overlay {
    case .value(let field):
      drawPrompt("\(state.selectionName) = ", field.text, row: row, note: "Enter sets it, Esc leaves it")
      drawClasses(state.selectedChoice.flatMap { ClassText.list(of: $0.namedClasses) }, row: row - 1)
    case .question(let asked):
      drawPrompt(
        asked.question.text(ClassText.range(state, asked.question)) + ": ", state.shown(asked), row: row,
        note: asked.typing.isEmpty ? "Esc leaves" : "Enter ends it, Esc leaves")
      drawClasses(asked.question.asksForClasses ? ClassText.list(state, asked.question) : nil, row: row - 1)
    case .palette(let palette): drawPrompt(":", palette.field.text, row: row, note: "")
    case .quitting: drawHints(row: row, before: "\(state.liveSentence).", contexts: [.quitting])
    case .confirmation(let confirmation): drawHints(row: row, before: confirmation.question, contexts: [.confirmation])
    case .help(let view) where view.isTyping:
      drawPrompt("/", view.words.text, row: row, note: "Enter keeps these lines, Esc shows all")
    case .none, .help, .form:
      isPrompt = false
      if state.message == nil { drawHints(row: row, before: "", contexts: [state.context]) }
    }
    if let message = state.message { draw(message, lastRow: isPrompt ? row - 1 : row) }
  }

  /// The classes that an answer can name, above the line where it is typed; what is said of the last answer goes before.
  private mutating func drawClasses(_ classes: String?, row: Int) {
    if state.message == nil, let classes { draw(.hint(classes), lastRow: row) }
  }

  /// A message with all its words: what to do stands at its end. It grows upwards over the panes where it is long, and
  /// stands above a line that is being typed.
  private mutating func draw(_ message: Message, lastRow: Int) {
    let text = (message.isError && rendition.colors == .mono ? "! " : "") + message.text
    let lines = wordWrapped(spelled(text), to: frame.width - 2).suffix(max(1, frame.height - 6))
    let first = lastRow - lines.count + 1
    frame.fill(Rectangle(column: 0, row: first, width: frame.width, height: lines.count), with: .blank)
    for (offset, line) in lines.enumerated() {
      frame.write(
        line, column: 1, row: first + offset,
        message.isError ? theme.error : message.isHint ? theme.faint : theme.accent)
    }
  }

  private mutating func drawPrompt(_ label: String, _ text: String, row: Int, note: String) {
    var column = 1 + frame.write(label, column: 1, row: row, theme.strong)
    let room = max(4, frame.width - column - 2)
    // A long line shows its end, where one types.
    let shown = String(String.UnicodeScalarView(text.unicodeScalars.suffix(room)))
    column += frame.write(shown, column: column, row: row, theme.text)
    frame.cursor = Frame.Position(column: min(column, frame.width - 1), row: row)
    let left = frame.width - column - 4
    // A note that is cut in two tells nothing.
    if !note.isEmpty, note.count <= left {
      frame.write(note, column: frame.width - note.count - 1, row: row, theme.faint)
    }
  }

  /// Keys and what they do, from the key table, as many as fit; what is asked stands before all that answer it, or where
  /// there is no room for it beside them, above.
  private mutating func drawHints(row: Int, before: String, contexts: [Context]) {
    var column = 1
    let isPane = contexts.first?.isPane ?? false
    var hints: [Hint] = []
    for context in contexts { hints += Hint.all(in: context, state) }
    hints = hints.map { Hint(keys: spelled($0.keys), text: spelled($0.text)) }
    if !before.isEmpty {
      if hints.map({ $0.width + 2 }).reduce(column + before.count, +) < frame.width {
        column += frame.write(before, column: column, row: row, theme.accent) + 2
      } else {
        draw(.note(before), lastRow: row - 1)
      }
    }
    // Help and quit are always there.
    let fixed = isPane ? hints.filter { ["help", "command", "quit"].contains($0.text) } : []
    let others = hints.filter { hint in !fixed.contains { $0.text == hint.text } }
    let reserved = fixed.reduce(0) { $0 + $1.width + 2 }
    for hint in others {
      guard column + hint.width + 1 + reserved <= frame.width else { break }
      column += write(hint, column: column, row: row) + 2
    }
    column = max(column, frame.width - reserved + 1)
    for hint in fixed { column += write(hint, column: column, row: row) + 2 }
  }

  private mutating func write(_ hint: Hint, column: Int, row: Int) -> Int {
    let keys = frame.write(hint.keys, column: column, row: row, theme.strong)
    return keys + 1 + frame.write(hint.text, column: column + keys + 1, row: row, theme.faint)
  }
}
