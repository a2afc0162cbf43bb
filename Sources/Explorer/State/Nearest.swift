import Datasets

extension Nearest {
  /// A suggestion where these few words are all there is: then the only one that begins as what was typed, for half of it,
  /// is meant too, as `light` by `lite`.
  static func suggestion(for typed: String, amongAll words: [String]) -> String {
    let wanted = Array(typed.lowercased())
    func common(_ word: String) -> Int { zip(wanted, word.lowercased()).prefix { $0 == $1 }.count }
    let beginning = words.filter { common($0) >= max(2, (wanted.count + 1) / 2) }
    let meant = name(to: typed, among: words) ?? (beginning.count == 1 ? beginning.first : nil)
    return meant.map { " (did you mean \($0)?)" } ?? ""
  }
}
