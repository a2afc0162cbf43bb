import Tensors

/// Whether codes that lie close belong to one class.
extension Measure {
  static let neighbours = MeasureSetting("neighbours", "nearest codes that vote", default: 5, 1...1000)

  static let neighbourAccuracy = Measure(
    "knn-accuracy", title: "k-NN accuracy", summary: "share of classes told by the nearest codes of other images",
    definition:
      "test accuracy of the vote of the {neighbours} nearest training means (Euclidean); ties go to the first class, as scikit-learn's",
    source: "Cover & Hart 1967", estimator: "exact neighbours; standard error of a share of independent images",
    needs: [.means, .labels], settings: [neighbours]
  ) { measurement in
    let split = try measurement.labelledSplit
    let labels = split.training.labels ?? []
    guard Set(labels).count > 1 else { throw AnalysisError.oneClass }
    let tried = split.test.labels ?? []
    let wanted = measurement.whole(neighbours)
    let used = min(wanted, split.training.count)
    let search = BlockedNeighbours(split.training.means)
    var right = [Bool](repeating: false, count: split.test.count)
    right.withUnsafeMutableBufferPointer { right in
      let size = 32
      measurement.pool.forEachPiece((split.test.count + size - 1) / size) { piece in
        for row in piece * size..<min(split.test.count, (piece + 1) * size) {
          let found = search.nearest(to: split.test.means.elements, row: row, count: used)
          right[row] = vote(found, labels) == tried[row]
        }
      }
    }
    try measurement.checkCancellation()
    let accuracy = Double(right.count { $0 }) / Double(max(1, right.count))
    return MeasureResult(
      .init("test accuracy", Estimate(share: accuracy, of: right.count)),
      [.init("most frequent class", shareOfMostFrequent(labels, in: tried))],
      sampleSizes: split.sampleSizes + [.init("neighbour", used)],
      notes: split.notes + (used < wanted ? ["only \(used) training codes for \(wanted) neighbours"] : []))
  }

  private static func vote(_ nearest: [Int32], _ labels: [Int32]) -> Int32 {
    var best = (label: Int32(-1), votes: 0)
    for row in nearest {
      let label = labels[Int(row)]
      let votes = nearest.count { labels[Int($0)] == label }
      if votes > best.votes || votes == best.votes && label < best.label { best = (label, votes) }
    }
    return best.label
  }
}

/// Exact nearest neighbours in any number of dimensions by comparing with all, eight references at a time.
private struct BlockedNeighbours: Sendable {
  private typealias Vector = SIMD8<Float>
  private let count: Int
  private let dimensions: Int
  private let vectors: Int
  /// `[vectors][K]` of eight references each; references beyond the last are infinitely far.
  private let columns: [Vector]

  init(_ references: Tensor) {
    count = references.shape[0]
    dimensions = references.shape[1]
    vectors = (count + 7) / 8
    var columns = [Vector](repeating: Vector(repeating: .infinity), count: vectors * dimensions)
    for row in 0..<count {
      for d in 0..<dimensions { columns[row / 8 * dimensions + d][row % 8] = references.elements[row * dimensions + d] }
    }
    self.columns = columns
  }

  /// The rows of the `wanted` references nearest to row `row` of `queries`, nearest first; of equals the first.
  func nearest(to queries: [Float], row: Int, count wanted: Int) -> [Int32] {
    var best: [(distance: Float, row: Int32)] = []
    best.reserveCapacity(wanted + 1)
    var worst = Float.infinity
    columns.withUnsafeBufferPointer { columns in
      queries.withUnsafeBufferPointer { queries in
        for vector in 0..<vectors {
          var sums = Vector.zero
          for d in 0..<dimensions {
            let difference = columns[vector * dimensions + d] - queries[row * dimensions + d]
            sums += difference * difference
          }
          guard best.count < wanted || any(sums .< worst) else { continue }
          for lane in 0..<8 where vector * 8 + lane < count {
            let distance = sums[lane]
            if best.count == wanted, distance >= worst { continue }
            let place = best.firstIndex { distance < $0.distance } ?? best.count
            best.insert((distance, Int32(vector * 8 + lane)), at: place)
            if best.count > wanted { best.removeLast() }
            if best.count == wanted { worst = best[wanted - 1].distance }
          }
        }
      }
    }
    return best.map(\.row)
  }
}
