import Analysis
import Canvas

extension MeasureResult.SampleSize {
  /// How many of what: `60,000 training images`, `1 image a group`.
  ///
  /// - Parameter unicode: whether the text may hold more than ASCII.
  public func text(unicode: Bool) -> String {
    var words = name.split(separator: " ").map(String.init)
    // What is counted stands before what it is of.
    let head = (words.firstIndex { $0 == "a" || $0 == "of" } ?? words.count) - 1
    if count == 1, words.indices.contains(head), words[head].hasSuffix("s") { words[head].removeLast() }
    return "\(NumberText.grouped(count, unicode: unicode)) \(words.joined(separator: " "))"
  }
}
