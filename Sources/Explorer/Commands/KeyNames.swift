/// Keys as people read them.
enum KeyNames {
  /// A text with arrows and Greek in words, for terminals and readers without: the ASCII glyphs that look like arrows are
  /// the names of other keys.
  static func spelled(_ text: String, unless unicode: Bool = false) -> String {
    guard !unicode else { return text }
    return words.reduce(text) { $0.replacing($1.0, with: $1.1) }
  }

  /// Arrows are keys here. Of other signs only letters and marks of formulas are spelled: the rest have a glyph that is like.
  private static let words: [(String, String)] =
    [
      ("←→", "Left/Right"), ("↑↓", "Up/Down"), ("←", "Left"), ("→", "Right"), ("↑", "Up"), ("↓", "Down"),
    ]
    + "βαγδκλρ‖²①②③④ⒶⒷ".unicodeScalars.compactMap { sign in sign.asciiSpelling.map { (String(sign), $0) } }

  private static let symbols: [String: String] = [
    "left": "←", "right": "→", "up": "↑", "down": "↓", "shift-left": "shift-←", "shift-right": "shift-→",
    "shift-up": "shift-↑", "shift-down": "shift-↓", "alt-left": "alt-←", "alt-right": "alt-→", "alt-up": "alt-↑",
    "alt-down": "alt-↓", "enter": "Enter", "escape": "Esc", "tab": "Tab", "shift-tab": "shift-Tab", "space": "Space",
    "backspace": "Backspace", "delete": "Delete", "home": "Home", "end": "End", "page-up": "PgUp",
    "page-down": "PgDn",
  ]

  static func readable(_ name: String) -> String { symbols[name] ?? name }

  /// All keys of a command.
  static func all(_ command: Command) -> String { list(command).joined(separator: " ") }

  /// The keys of a command one by one; ten digits are a range.
  static func list(_ command: Command) -> [String] {
    command.keyNames == ClassText.digits ? ["0–9"] : command.keyNames.map(readable)
  }

  /// The first key; both directions of an arrow, since they always come in pairs.
  static func short(_ command: Command) -> String {
    if command.keyNames == ClassText.digits { return "0–9" }
    switch command.keyNames.first {
    case "right": return "←→"
    case "down": return "↑↓"
    case "+": return "+−"
    case "x" where command.name == "next x axis": return "x y"
    case .some(let name): return readable(name)
    case nil: return ":" + command.name
    }
  }
}
