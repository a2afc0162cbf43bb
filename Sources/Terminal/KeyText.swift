/// Why a text names no key.
public struct KeyTextError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The text that names no key.
  public let text: String
  /// What was wrong and what to write instead.
  public var description: String {
    "“\(text)” names no key. Write a character (j), a name (\(Key.names.map(\.name).joined(separator: ", "))), "
      + "or F1 to F24, with ctrl-, alt- or shift- before it; separate keys by spaces"
  }
}

extension Key: CustomStringConvertible {
  static let names: [(name: String, code: Code)] = [
    ("up", .up), ("down", .down), ("left", .left), ("right", .right), ("home", .home), ("end", .end),
    ("page-up", .pageUp), ("page-down", .pageDown), ("insert", .insert), ("delete", .delete), ("tab", .tab),
    ("enter", .enter), ("escape", .escape), ("backspace", .backspace), ("space", .character(" ")),
  ]
  private static let aliases: [String: String] = [
    "pageup": "page-up", "pgup": "page-up", "pagedown": "page-down", "pgdn": "page-down", "ins": "insert",
    "del": "delete", "return": "enter", "esc": "escape", "backtab": "shift-tab", "minus": "-",
    // As help and hints write them.
    "↑": "up", "↓": "down", "←": "left", "→": "right", "−": "-",
  ]
  private static let prefixes: [(text: String, modifier: Modifiers)] = [
    ("ctrl-", .control), ("alt-", .alt), ("shift-", .shift),
  ]

  /// The text this key parses from: "j", "ctrl-r", "shift-left", "F1", "space".
  public var description: String {
    var code = code
    var modifiers = modifiers
    if code == .backTab {
      code = .tab
      modifiers.insert(.shift)
    }
    let prefix = Self.prefixes.filter { modifiers.contains($0.modifier) }.map(\.text).joined()
    if let named = Self.names.first(where: { $0.code == code }) { return prefix + named.name }
    return switch code {
    case .function(let number): prefix + "F\(number)"
    case .character(let scalar): prefix + String(scalar)
    default: prefix
    }
  }

  /// The key a text names; names and modifiers in any case, single characters exactly, arrows (→) as the keys they name.
  ///
  /// - Throws: `KeyTextError` that lists what can be written.
  public init(_ text: String) throws(KeyTextError) {
    var rest = Substring(text)
    var modifiers: Modifiers = []
    scanning: while true {
      for (prefix, modifier) in Self.prefixes
      where rest.count > prefix.count && rest.lowercased().hasPrefix(prefix) {
        rest = rest.dropFirst(prefix.count)
        modifiers.insert(modifier)
        continue scanning
      }
      break
    }
    let scalars = rest.unicodeScalars
    let name = rest.lowercased()
    let canonical = Self.aliases[name] ?? name
    if Self.aliases[name] == nil, scalars.count == 1, let scalar = scalars.first, scalar.value > 32, scalar.value != 127
    {
      self.init(.character(scalar), modifiers: modifiers)
      return
    }
    if canonical == "shift-tab" {
      self.init(.tab, modifiers: modifiers.union(.shift))
    } else if let named = Self.names.first(where: { $0.name == canonical }) {
      self.init(named.code, modifiers: modifiers)
    } else if canonical.hasPrefix("f"), let number = Int(canonical.dropFirst()), (1...24).contains(number) {
      self.init(.function(number), modifiers: modifiers)
    } else if let alias = Self.aliases[name], let scalar = alias.unicodeScalars.first {
      self.init(.character(scalar), modifiers: modifiers)
    } else {
      throw KeyTextError(text: text)
    }
  }

  /// The keys named in a text, separated by white space: "j j shift-left 3 enter".
  ///
  /// - Throws: `KeyTextError` for the first word that names no key.
  public static func sequence(_ text: String) throws(KeyTextError) -> [Key] {
    var keys: [Key] = []
    for word in text.split(whereSeparator: \.isWhitespace) { keys.append(try Key(String(word))) }
    return keys
  }
}
