/// One way of writing a digit: strokes of the pen through a few points, smooth except at corners.
///
/// Coordinates are in units of the height of a digit, x to the right from its middle, y down from its top. Between
/// neighbouring points runs a cubic Bézier curve whose tangents are Catmull and Rom's.
struct Allograph: Sendable {
  struct Node: Sendable {
    var x: Float
    var y: Float
    /// Whether the pen turns sharply here.
    var isCorner: Bool
  }

  /// How many of a hundred writers of the digit write it like this.
  let share: Int
  /// How freely its points wander, by comparison with others.
  let looseness: Float
  let strokes: [[Node]]

  /// - Parameter strokes: points as `x y`, separated by commas, in hundredths of the height; `!` marks a corner.
  ///   Strokes are separated by `/`.
  init(_ share: Int, looseness: Float = 1, _ strokes: StaticString) {
    self.share = share
    self.looseness = looseness
    let text = strokes.withUTF8Buffer { String(decoding: $0, as: UTF8.self) }
    self.strokes = text.split(separator: "/").map { stroke in
      stroke.split(separator: ",").map { node in
        let words = node.split(separator: " ")
        let numbers = words.compactMap { Float($0) }
        assert(numbers.count == 2, "\(node) is no point")
        return Node(x: numbers[0] / 100, y: numbers[1] / 100, isCorner: words.count == 3)
      }
    }
  }
}
