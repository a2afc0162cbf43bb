import Terminal

/// Where keys go: a pane, or what lies over the panes.
enum Context: Sendable, Hashable {
  case pane(Pane)
  case help, search, palette, value, question, form, quitting, confirmation

  /// What lies over the panes.
  static let overlays: [Context] = [.help, .search, .palette, .value, .question, .form, .quitting, .confirmation]

  var pane: Pane? { if case .pane(let pane) = self { pane } else { nil } }
  var isPane: Bool { pane != nil }

  /// Whether characters are text there.
  var takesText: Bool { [.search, .palette, .value, .question, .form].contains(self) }
}

/// One thing a person can do: its keys, where they hold, its words, and the action. The table of these drives dispatch,
/// the `?` overlay, the hints at the foot and the `:` palette.
struct Command: Sendable {
  /// What it is called in the palette; unique.
  let name: String
  /// Keys as text, such as `shift-left`.
  let keyNames: [String]
  /// Where the keys hold; nil for every pane.
  let contexts: Set<Context>?
  /// One line for the key table.
  let summary: String
  /// Another line where a state calls for it.
  let summaryNow: @Sendable (State) -> String?
  /// A word or two for the foot of the window; commands without are left out there.
  let hint: String?
  /// Another word where a state calls for it.
  let hintNow: @Sendable (State) -> String?
  /// Whether its keys do something in a state: what does nothing is not shown at the foot.
  let works: @Sendable (State) -> Bool
  /// Whether the key that was pressed is the argument, as a digit is a class.
  let takesKey: Bool
  /// What follows the name in the palette.
  let argument: Argument?
  /// The action; the text is the argument, empty when chosen by key.
  let make: @Sendable (String, State) throws(CommandError) -> Action

  /// The keys, parsed.
  let keys: [Key]

  /// What a command takes in the palette.
  struct Argument: Sendable {
    /// How it is written in lists: `DIGIT`.
    var placeholder: String
    /// Whether the command means something without.
    var isOptional: Bool
    /// Whether it can be a path, which then is completed too.
    var takesPath: Bool
    /// What can be completed to, from what has been typed of it.
    var completions: @Sendable (State, String) -> [String]

    init(
      _ placeholder: String, isOptional: Bool = false, takesPath: Bool = false,
      completions: @escaping @Sendable (State, String) -> [String]
    ) {
      self.placeholder = placeholder
      self.isOptional = isOptional
      self.takesPath = takesPath
      self.completions = completions
    }
  }

  init(
    _ name: String, keys: [String] = [], in contexts: Set<Context>? = nil, _ summary: String,
    summaryNow: @escaping @Sendable (State) -> String? = { _ in nil }, hint: String? = nil,
    hintNow: @escaping @Sendable (State) -> String? = { _ in nil },
    works: @escaping @Sendable (State) -> Bool = { _ in true }, takesKey: Bool = false, argument: Argument? = nil,
    make: @escaping @Sendable (String, State) throws(CommandError) -> Action
  ) {
    self.name = name
    keyNames = Self.withLetters(keys, unless: contexts?.contains(where: \.takesText) ?? false)
    self.contexts = contexts
    self.summary = summary
    self.summaryNow = summaryNow
    self.hint = hint
    self.hintNow = hintNow
    self.works = works
    self.takesKey = takesKey
    self.argument = argument
    self.make = make
    self.keys = keyNames.compactMap { try? Key($0) }
  }

  /// A command that is always the same action.
  init(
    _ name: String, keys: [String] = [], in contexts: Set<Context>? = nil, _ summary: String, hint: String? = nil,
    hintNow: @escaping @Sendable (State) -> String? = { _ in nil },
    works: @escaping @Sendable (State) -> Bool = { _ in true }, action: Action
  ) {
    self.init(name, keys: keys, in: contexts, summary, hint: hint, hintNow: hintNow, works: works) {
      (_, _) throws(CommandError) in action
    }
  }

  /// h j k l are arrows wherever arrows mean something and no text is typed.
  private static func withLetters(_ keys: [String], unless isTyping: Bool) -> [String] {
    guard !isTyping else { return keys }
    let letters = ["left": "h", "down": "j", "up": "k", "right": "l"]
    return keys.flatMap { key in letters[key].map { [key, $0] } ?? [key] }
  }

  /// The line for the key table, as it is true in a state.
  func summary(in state: State?) -> String { state.flatMap(summaryNow) ?? summary }

  /// Whether the command's keys hold in `context`.
  func holds(in context: Context) -> Bool { contexts.map { $0.contains(context) } ?? context.isPane }

  /// Whether the palette offers it: what moves about inside an overlay has no meaning there.
  var isInPalette: Bool { contexts.map { $0.contains(where: \.isPane) } ?? true }
}

/// Why a command cannot be carried out as typed, and what to type.
struct CommandError: Error, Sendable, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
