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
    // What holds in few places is what one needs to be told here.
    for place in KeyTable.fromSpecificToGeneral {
      let command = KeyTable.commands[place]
      if command.hint == nil { continue }
      let keys = KeyNames.short(command)
      for context in Context.all where command.holds(in: context) {
        // Keys that the context has a meaning of its own for are left out.
        if let key = command.keys.first, KeyTable.place(of: key, in: context) != place { continue }
        table[context, default: []].append((command, keys))
      }
    }
    return table
  }()
}
