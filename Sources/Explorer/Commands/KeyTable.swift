import Terminal

/// The one table: what holds everywhere, what each pane lists, and what lies over the panes.
enum KeyTable {
  /// Every command, in the order of the key table.
  static let commands: [Command] =
    everywhere + screens + marking + training + exporting + PaneKind.all.flatMap(\.commands) + overlays

  private static let byContext: [Context: [Key: Int]] = {
    var table: [Context: [Key: Int]] = [:]
    for context in Context.all {
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

  /// Where else a key means something.
  static func contexts(of key: Key) -> [Context] {
    Context.all.filter { $0.isPane && byContext[$0]?[key] != nil }
  }
}

extension State {
  /// Whether a key goes to a text field, a question or a list in place of the panes; what the keys mean follows from it.
  var context: Context {
    switch overlay {
    case .help(let view): view.isTyping ? .search : .help
    case .palette: .palette
    case .value: .value
    case .question: .question
    case .form: .form
    case .quitting: .quitting
    case .confirmation: .confirmation
    case .none: .pane(focus)
    }
  }

  /// The context of the pane that has the focus, whatever lies over it.
  var contextBeneath: Context { .pane(focus) }
}
