/// A key and a word or two at the foot.
struct Hint {
  var keys: String
  var text: String
  var width: Int { keys.count + 1 + text.count }

  /// The hints of a context, what is special to it first. Keys that would do nothing in this state are left out.
  static func all(in context: Context, _ state: State) -> [Hint] {
    (candidates[context] ?? []).compactMap { candidate in
      guard candidate.command.works(state) else { return nil }
      return (candidate.command.hintNow(state) ?? candidate.command.hint).map { Hint(keys: candidate.keys, text: $0) }
    }
  }

  /// What can be hinted at in every context, found once: the foot is drawn after every key.
  private static let candidates: [Context: [(command: Command, keys: String)]] = {
    var table: [Context: [(command: Command, keys: String)]] = [:]
    for context in Context.all {
      // Keys that the context has a meaning of its own for are left out.
      let commands = KeyTable.commands.filter { command in
        command.hint != nil && command.holds(in: context)
          && command.keys.first.map { KeyTable.command(for: $0, in: context)?.name == command.name } ?? true
      }
      // What holds in few places is what one needs to be told here.
      let sorted = commands.filter { $0.contexts != nil } + commands.filter { $0.contexts == nil }
      table[context] = sorted.map { ($0, KeyNames.short($0)) }
    }
    return table
  }()
}
