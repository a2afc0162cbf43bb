import Canvas
import Terminal

/// The tabs at the right of the first line: drawn and clicked by the same reckoning.
enum HeaderPicture {
  static let help = "? help"

  /// The first column of each tab.
  static func tabs(width: Int) -> [(screen: Screen, column: Int)] {
    var column = width - help.count - 3
    var places: [(screen: Screen, column: Int)] = []
    for screen in Screen.allCases.reversed() {
      column -= screen.rawValue.count + 2
      places.append((screen, column))
    }
    return places.reversed()
  }

  static func screen(atColumn column: Int, width: Int) -> Screen? {
    tabs(width: width).last { column >= $0.column && column < $0.column + $0.screen.rawValue.count + 2 }?.screen
  }
}

extension PaneCanvas {
  /// The first line: what is explored, and the screens.
  mutating func drawHeader() {
    var tabsStart = frame.width
    for (screen, column) in HeaderPicture.tabs(width: frame.width) {
      tabsStart = min(tabsStart, column)
      frame.write(
        " \(screen.rawValue) ", column: column, row: 0, screen == state.screen ? theme.selected : theme.text)
    }
    frame.write(HeaderPicture.help, column: frame.width - HeaderPicture.help.count - 1, row: 0, theme.faint)
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
    guard subject.latentSize > 0 else { return [(subject.name, theme.text)] }
    var parts: [(String, Style)] = [(subject.name, theme.text)]
    if let training = state.training, training.phase != .preparing, training.phase != .recorded {
      // Rounded down, as the bar is: a run is not at 100 % before it is.
      let progress = Int(training.progress * 100)
      parts.append(("\(training.phaseText) \(progress) %", training.phase == .running ? theme.accent : theme.text))
    }
    parts.append(("epoch \(subject.epoch)", theme.text))
    if let bound = subject.bound { parts.append(("ELBO \(Numbers.fixed(bound, 1))", theme.text)) }
    parts.append((subject.shape, theme.faint))
    return parts
  }

  /// The last line: what a person must know or may do.
  mutating func drawFoot() {
    let row = frame.height - 1
    var isPrompt = true
    switch state.overlay {
    case .value(let field):
      drawPrompt("\(selectionName) = ", field.text, row: row, note: "Enter sets it, Esc leaves it")
    case .question(let question, let answered):
      drawPrompt(question.text + ": ", answered.map(String.init).joined(separator: " "), row: row, note: "Esc leaves")
    case .palette(let palette): drawPrompt(":", palette.field.text, row: row, note: "")
    case .quitting: drawHints(row: row, before: "A run is training.", contexts: [.quitting])
    case .none, .help, .form:
      isPrompt = false
      if state.message == nil { drawHints(row: row, before: "", contexts: [state.context]) }
    }
    if let message = state.message { draw(message, lastRow: isPrompt ? row - 1 : row) }
  }

  /// A message with all its words: what to do stands at its end. It grows upwards over the panes where it is long, and
  /// stands above a line that is being typed.
  private mutating func draw(_ message: Message, lastRow: Int) {
    let text = (message.isError && rendition.colors == .mono ? "! " : "") + message.text
    let lines = wordWrapped(spelled(text), to: frame.width - 2).suffix(max(1, frame.height - 6))
    let first = lastRow - lines.count + 1
    frame.fill(Rectangle(column: 0, row: first, width: frame.width, height: lines.count), with: .blank)
    for (offset, line) in lines.enumerated() {
      frame.write(line, column: 1, row: first + offset, message.isError ? theme.error : theme.accent)
    }
  }

  /// A text with arrows in words where this terminal has none.
  func spelled(_ text: String) -> String { KeyNames.spelled(text, unless: rendition.unicode) }

  var selectionName: String {
    switch state.selection {
    case .dimension(let index): "z\(index + 1)"
    case .track: state.steering.track?.name ?? ""
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
    if !note.isEmpty, left > 8 {
      let note = shortened(note, to: left)
      frame.write(note, column: frame.width - note.count - 1, row: row, theme.faint)
    }
  }

  /// Keys and what they do, from the key table, as many as fit.
  private mutating func drawHints(row: Int, before: String, contexts: [Context]) {
    var column = 1
    if !before.isEmpty { column += frame.write(before, column: column, row: row, theme.accent) + 2 }
    let isPane = contexts.first?.isPane ?? false
    var hints: [Hint] = []
    for context in contexts { hints += Hint.all(in: context) }
    hints = hints.map { Hint(keys: spelled($0.keys), text: spelled($0.text)) }
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

/// A key and a word or two at the foot.
struct Hint {
  var keys: String
  var text: String
  var width: Int { keys.count + 1 + text.count }

  /// The hints of a context, what is special to it first.
  static func all(in context: Context) -> [Hint] {
    let commands = KeyTable.commands.filter { $0.hint != nil && $0.holds(in: context) }
    // What holds in few places is what one needs to be told here.
    func isSpecial(_ command: Command) -> Bool { command.contexts.map { $0 != Context.panes } ?? false }
    let sorted = commands.filter(isSpecial) + commands.filter { !isSpecial($0) }
    return sorted.compactMap { command in
      command.hint.map { Hint(keys: KeyNames.short(command), text: $0) }
    }
  }
}

/// Keys as people read them.
enum KeyNames {
  /// A text with arrows and Greek in words, for terminals and readers without: the ASCII glyphs that look like arrows are
  /// the names of other keys.
  static func spelled(_ text: String, unless unicode: Bool = false) -> String {
    guard !unicode else { return text }
    let words = [
      ("←→", "Left/Right"), ("↑↓", "Up/Down"), ("←", "Left"), ("→", "Right"), ("↑", "Up"), ("↓", "Down"), ("β", "beta"),
    ]
    return words.reduce(text) { $0.replacing($1.0, with: $1.1) }
  }

  private static let symbols: [String: String] = [
    "left": "←", "right": "→", "up": "↑", "down": "↓", "shift-left": "shift-←", "shift-right": "shift-→",
    "shift-up": "shift-↑", "shift-down": "shift-↓", "alt-left": "alt-←", "alt-right": "alt-→", "alt-up": "alt-↑",
    "alt-down": "alt-↓", "enter": "Enter", "escape": "Esc", "tab": "Tab", "shift-tab": "shift-Tab", "space": "Space",
    "backspace": "Backspace", "delete": "Delete", "home": "Home", "end": "End", "page-up": "PgUp",
    "page-down": "PgDn",
  ]

  static func readable(_ name: String) -> String { symbols[name] ?? name }

  /// All keys of a command.
  static func all(_ command: Command) -> String {
    if command.keyNames == KeyTable.digits { return "0–9" }
    return command.keyNames.map(readable).joined(separator: " ")
  }

  /// The first key; both directions of an arrow, since they always come in pairs.
  static func short(_ command: Command) -> String {
    if command.keyNames == KeyTable.digits { return "0–9" }
    switch command.keyNames.first {
    case "right": return "←→"
    case "down": return "↑↓"
    case "+": return "+−"
    case "x": return command.contexts == [.training] ? "x" : "x y"
    case .some(let name): return readable(name)
    case nil: return ":" + command.name
    }
  }
}
