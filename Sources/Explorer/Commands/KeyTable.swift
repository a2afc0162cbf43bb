import Terminal

/// The one table: what holds everywhere, what each pane lists, and what lies over the panes.
enum KeyTable {
  /// Every command, in the order of the key table.
  static let commands: [Command] =
    everywhere + screens + marking + training + exporting + PaneKind.all.flatMap(\.commands) + overlays

  /// The places of all commands, those that hold in few contexts before those that hold everywhere.
  static let fromSpecificToGeneral: [Int] =
    commands.indices.filter { commands[$0].contexts != nil } + commands.indices.filter { commands[$0].contexts == nil }

  /// The places of each key's commands, in that order.
  private static let places: [Key: [Int]] = {
    var table: [Key: [Int]] = [:]
    for place in fromSpecificToGeneral {
      for key in commands[place].keys { table[key, default: []].append(place) }
    }
    return table
  }()

  /// The place of a key's command in a context among `commands`, or nil where the key means nothing there.
  static func place(of key: Key, in context: Context) -> Int? {
    places[key]?.first { commands[$0].holds(in: context) }
  }

  /// The command of a key in a context, or nil where the key means nothing there.
  static func command(for key: Key, in context: Context) -> Command? {
    place(of: key, in: context).map { commands[$0] }
  }

  /// The command of that name.
  static func command(named name: String) -> Command? { commands.first { $0.name == name } }

  /// Where else a key means something.
  static func contexts(of key: Key) -> [Context] {
    Context.all.filter { $0.isPane && place(of: key, in: $0) != nil }
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
