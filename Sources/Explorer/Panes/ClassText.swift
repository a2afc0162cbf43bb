/// Classes as people type them.
enum ClassText {
  static let digits = (0...9).map(String.init)

  /// What a class can be completed to: those of the codes at hand, else the ten digits.
  @Sendable static func completions(_ state: State, _ typed: String) -> [String] {
    let classes = state.cloud?.classes ?? []
    return classes.isEmpty ? digits : classes.map { String($0) }
  }

  /// The class a text names.
  static func label(_ text: String, _ state: State, _ example: String) throws(CommandError) -> Int {
    if let value = Int(text), value >= 0, value <= Int(Int32.max) { return value }
    let classes = state.cloud?.classes ?? []
    let range = classes.first.flatMap { first in classes.last.map { " from \(first) to \($0)" } } ?? ""
    throw CommandError("“\(text)” is no class: a number\(range) is needed, such as \(example)")
  }
}
