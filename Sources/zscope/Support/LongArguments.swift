import Synchronization

/// Thousands of file names as arguments, as a shell makes them of `*.png`. The parser of arguments takes time that grows with
/// the square of their number (9 s for 4,000), so a long run of names passes it as one word that stands for all of them.
enum LongArguments {
  private static let runs = Mutex<[[String]]>([])
  /// Begins no name that a person types.
  private static let mark = "\u{1}names "
  /// Shorter runs cost nothing.
  private static let fewest = 100

  /// `arguments` with every long run of names after `--images`, or after `show`, as one word.
  static func folding(_ arguments: [String]) -> [String] {
    guard arguments.count > fewest, !arguments.contains(where: { $0.hasPrefix(mark) }) else { return arguments }
    var folded: [String] = []
    var place = 0
    while place < arguments.count {
      folded.append(arguments[place])
      place += 1
      guard folded.last == "--images" || folded == ["show"] else { continue }
      let end = arguments[place...].firstIndex { $0.hasPrefix("-") && $0 != "-" } ?? arguments.count
      guard end - place >= fewest else { continue }
      folded.append(
        runs.withLock { runs in
          runs.append(Array(arguments[place..<end]))
          return "\(mark)\(runs.count - 1)"
        })
      place = end
    }
    return folded
  }

  /// The names that `words` stand for.
  static func names(_ words: [String]) -> [String] {
    words.flatMap { word -> [String] in
      guard word.hasPrefix(mark), let number = Int(word.dropFirst(mark.count)) else { return [word] }
      return runs.withLock { $0.indices.contains(number) ? $0[number] : [word] }
    }
  }
}
