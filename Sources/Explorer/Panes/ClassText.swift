/// Classes as people type them.
enum ClassText {
  static let digits = (0...9).map(String.init)

  /// What a class can be completed to: those of the codes at hand, else the ten digits.
  @Sendable static func completions(_ state: State, _ typed: String) -> [String] {
    let classes = state.cloud?.classes ?? []
    return classes.isEmpty ? digits : classes.map { state.name(ofClass: Int($0)) }
  }

  /// The classes of the codes at hand in words: ` from 0 to 9`, or nothing where there are none.
  static func range(_ state: State) -> String {
    range(state, .foundClass)
  }

  /// The classes that answer a question in words.
  static func range(_ state: State, _ question: Question) -> String {
    let classes = state.classes(for: question)
    guard let first = classes.first, let last = classes.last else { return "" }
    return " from \(first) to \(last)"
  }

  /// The class a text names.
  static func label(_ text: String, _ state: State, _ example: String) throws(CommandError) -> Int {
    // A name goes before a number: digits may be called by others. The model's own names are those of its y.
    let wanted = text.lowercased()
    if let named = state.cloud?.classes.first(where: { state.name(ofClass: Int($0)).lowercased() == wanted }) {
      return Int(named)
    }
    if let named = state.choice(0)?.classNames.firstIndex(where: { $0.lowercased() == wanted }) { return named }
    if let value = Int(text), value >= 0, value <= Int(Int32.max) { return value }
    throw CommandError("“\(text)” is no class: a name or a number\(range(state)) is needed, such as \(example)")
  }
}
