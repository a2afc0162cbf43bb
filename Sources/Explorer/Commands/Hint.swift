/// A key and a word or two at the foot.
struct Hint {
  var keys: String
  var text: String
  var width: Int { keys.count + 1 + text.count }

  /// The hints of a context, what is special to it first.
  /// Keys that would do nothing in this state are left out.
  static func all(in context: Context, _ state: State) -> [Hint] {
    // So are keys that the context has a meaning of its own for.
    func isReached(_ command: Command) -> Bool {
      command.keys.first.map { KeyTable.command(for: $0, in: context)?.name == command.name } ?? true
    }
    let commands = KeyTable.commands.filter {
      $0.hint != nil && $0.holds(in: context) && $0.works(state) && isReached($0)
    }
    // What holds in few places is what one needs to be told here.
    let sorted = commands.filter { $0.contexts != nil } + commands.filter { $0.contexts == nil }
    return sorted.compactMap { command in
      (command.hintNow(state) ?? command.hint).map { Hint(keys: KeyNames.short(command), text: $0) }
    }
  }
}
