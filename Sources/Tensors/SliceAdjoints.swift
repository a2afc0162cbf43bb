/// What the slices of one expression add to its adjoint. Each alone is zero almost everywhere; taken together they are
/// joined side by side, so that many slices cost as much as what they were cut from, not as often as much.
struct SliceAdjoints {
  private struct Part {
    var axis: Int
    var start: Int
    var adjoint: Expression

    var end: Int { start + adjoint.shape[axis] }
  }

  private var parts: [Part] = []

  mutating func add(_ adjoint: Expression, axis: Int, start: Int) {
    parts.append(Part(axis: axis, start: start, adjoint: adjoint))
  }

  /// Their sum, of the shape of what they were cut from; nil where there is none.
  func sum(shape: [Int]) -> Expression? {
    var left = parts.sorted { ($0.axis, $0.start) < ($1.axis, $1.start) }
    var sum: Expression?
    while let first = left.first {
      // Those that overlap are of the next round.
      var row = [first]
      var later: [Part] = []
      for part in left.dropFirst() {
        if part.axis == first.axis, part.start >= row[row.count - 1].end {
          row.append(part)
        } else {
          later.append(part)
        }
      }
      let joined = Self.join(row, shape)
      sum = sum.map { $0 + joined } ?? joined
      left = later
    }
    return sum
  }

  /// Parts beside each other along one axis, in ascending order, with zeros where there is none.
  private static func join(_ row: [Part], _ shape: [Int]) -> Expression {
    let axis = row[0].axis
    let last = row[row.count - 1]
    var pieces: [Expression] = []
    var end = row[0].start
    for part in row {
      if part.start > end {
        var gap = shape
        gap[axis] = part.start - end
        pieces.append(part.adjoint.graph.constant(0).broadcast(to: gap))
      }
      pieces.append(part.adjoint)
      end = part.end
    }
    return .concatenated(pieces, axis: axis).padded(axis: axis, before: row[0].start, after: shape[axis] - last.end)
  }
}
