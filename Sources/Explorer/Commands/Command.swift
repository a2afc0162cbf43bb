import Terminal

/// Where keys go: a pane, or what lies over the panes.
enum Context: String, Sendable, Hashable, CaseIterable {
  case sliders, scatter, strip, grid, matrix, training
  case help, palette, value, question, form, quitting

  /// The panes, where the commands for everywhere hold too.
  static let panes: Set<Context> = [.sliders, .scatter, .strip, .grid, .matrix, .training]

  var isPane: Bool { Self.panes.contains(self) }

  /// What the key table calls it.
  var title: String {
    switch self {
    case .sliders: "Sliders"
    case .scatter: "Scatter"
    case .strip: "Traversal strip"
    case .grid: "Manifold grid"
    case .matrix: "Traversal matrix"
    case .training: "Training"
    case .help: "In this table"
    case .palette: "In the palette"
    case .value: "While typing a value"
    case .question: "While a letter is asked for"
    case .form: "In the form"
    case .quitting: "While asked about quitting"
    }
  }
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
  /// A word or two for the foot of the window; commands without are left out there.
  let hint: String?
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
    /// What can be completed to, from what has been typed of it.
    var completions: @Sendable (State, String) -> [String]

    init(
      _ placeholder: String, isOptional: Bool = false,
      completions: @escaping @Sendable (State, String) -> [String]
    ) {
      self.placeholder = placeholder
      self.isOptional = isOptional
      self.completions = completions
    }
  }

  init(
    _ name: String, keys: [String] = [], in contexts: Set<Context>? = nil, _ summary: String, hint: String? = nil,
    argument: Argument? = nil, make: @escaping @Sendable (String, State) throws(CommandError) -> Action
  ) {
    self.name = name
    keyNames = keys
    self.contexts = contexts
    self.summary = summary
    self.hint = hint
    self.argument = argument
    self.make = make
    self.keys = keys.compactMap { try? Key($0) }
  }

  /// A command that is always the same action.
  init(
    _ name: String, keys: [String] = [], in contexts: Set<Context>? = nil, _ summary: String, hint: String? = nil,
    action: Action
  ) {
    self.init(name, keys: keys, in: contexts, summary, hint: hint) { (_, _) throws(CommandError) in action }
  }

  /// Whether the command's keys hold in `context`.
  func holds(in context: Context) -> Bool { contexts.map { $0.contains(context) } ?? context.isPane }

  /// Whether the palette offers it: what moves about inside an overlay has no meaning there.
  var isInPalette: Bool { contexts.map { !$0.isDisjoint(with: Context.panes) } ?? true }
}

/// Why a command cannot be carried out as typed, and what to type.
struct CommandError: Error, Sendable, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// The one table.
enum KeyTable {
  /// Every command, in the order of the key table.
  static let commands: [Command] =
    everywhere + steering + picking + traversing + marking + training + overlays

  private static let byContext: [Context: [Key: Int]] = {
    var table: [Context: [Key: Int]] = [:]
    for context in Context.allCases {
      var keys: [Key: Int] = [:]
      // What holds in this context alone goes before what holds everywhere.
      for specific in [true, false] {
        for (index, command) in commands.enumerated()
        where (command.contexts != nil) == specific && command.holds(in: context) {
          for key in command.keys where keys[key] == nil { keys[key] = index }
        }
      }
      table[context] = keys
    }
    return table
  }()

  /// The command of a key in a context, or nil where the key means nothing there.
  static func command(for key: Key, in context: Context) -> Command? {
    byContext[context]?[key].map { commands[$0] }
  }

  /// The command of that name.
  static func command(named name: String) -> Command? { commands.first { $0.name == name } }
}
