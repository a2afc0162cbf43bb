/// The name a person may have meant.
public enum Nearest {
  /// The known name that takes fewest changes to come to, where it takes few enough to be meant: a third of its letters, and
  /// not all of them.
  public static func name(to typed: String, among names: [String]) -> String? {
    match(to: typed, among: names)?.name
  }

  /// The same with how many changes it takes; a name that goes on from what was typed is one change away.
  public static func match(to typed: String, among names: [String]) -> (name: String, changes: Int)? {
    let wanted = Array(typed.lowercased())
    guard !wanted.isEmpty else { return nil }
    var best: (name: String, changes: Int)?
    for name in names {
      let letters = Array(name.lowercased())
      if name == typed { continue }
      let goesOn = letters.count > wanted.count && letters.starts(with: wanted) && wanted.count > 1
      let changes = goesOn ? 1 : distance(wanted, letters)
      if changes < best?.changes ?? .max { best = (name, changes) }
    }
    guard let best else { return nil }
    let shorter = min(wanted.count, best.name.count)
    return best.changes < shorter && best.changes <= max(1, shorter / 3) ? best : nil
  }

  /// ` (did you mean mnist?)`, or nothing.
  public static func suggestion(for typed: String, among names: [String]) -> String {
    name(to: typed, among: names).map { " (did you mean \($0)?)" } ?? ""
  }

  /// Insertions, deletions, replacements and swaps of neighbours (Damerau 1964; optimal string alignment).
  public static func distance(_ first: [Character], _ second: [Character]) -> Int {
    guard !first.isEmpty else { return second.count }
    guard !second.isEmpty else { return first.count }
    var before: [Int] = []
    var last = Array(0...second.count)
    for i in 1...first.count {
      var row = [i] + [Int](repeating: 0, count: second.count)
      for j in 1...second.count {
        let cost = first[i - 1] == second[j - 1] ? 0 : 1
        row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + cost)
        if i > 1, j > 1, first[i - 1] == second[j - 2], first[i - 2] == second[j - 1] {
          row[j] = min(row[j], before[j - 2] + 1)
        }
      }
      (before, last) = (last, row)
    }
    return last[second.count]
  }
}
