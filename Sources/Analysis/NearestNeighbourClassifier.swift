import Tensors

/// Labels points by a vote of their nearest labelled references (Cover & Hart 1967), exactly, by matrix products:
/// for images, whose hundreds of dimensions no tree helps with.
public struct NearestNeighbourClassifier {
  /// Queries compared in one product; the block of distances stays in tens of megabytes.
  private static let block = 200

  private let references: Tensor
  private let labels: [Int32]
  private let squaredNorms: [Float]

  /// A classifier by `references` `[n, dimensions]` and their labels.
  ///
  /// Throws `AnalysisError` where `references` is no matrix, not finite, or the labels do not match it in number.
  public init(references: Tensor, labels: [Int32]) throws {
    let points = try Points(references, for: "a classifier by neighbours")
    guard labels.count == points.count else {
      throw AnalysisError.labelCount(labels: labels.count, points: points.count)
    }
    self.references = references
    self.labels = labels
    squaredNorms = (0..<points.count).map { references.row($0).reduce(0) { $0 + $1 * $1 } }
  }

  /// The class of each of `queries` `[n, dimensions]` by its `neighbours` nearest references; a tie goes to the class
  /// whose member is nearest. `progress` is told the share that is done.
  ///
  /// Throws `AnalysisError` where the shape is another one.
  public func predict(
    _ queries: Tensor, neighbours: Int = 3, pool: WorkerPool = .inline, progress: (Double) -> Void = { _ in }
  ) throws -> [Int32] {
    guard queries.shape.count == 2, queries.shape[1] == references.shape[1] else {
      throw AnalysisError.notAMatrix(shape: queries.shape)
    }
    let (count, size) = (queries.shape[0], queries.shape[1])
    let graph = Graph()
    let product = graph.input("queries", shape: [Self.block, size]).matrixProduct(
      graph.input("references", shape: references.shape), transposingRight: true)
    let executable = graph.compile(outputs: ["products": product])
    executable.withInput("references") { _ = $0.update(fromContentsOf: references.elements) }
    let none = Parameters([:])
    var result: [Int32] = []
    for start in stride(from: 0, to: count, by: Self.block) {
      let rows = min(Self.block, count - start)
      executable.withInput("queries") { input in
        _ = input.update(fromContentsOf: queries.elements[start * size..<(start + rows) * size])
      }
      executable.run(none, seed: 0, step: 0, pool: pool)
      executable.withOutput("products") { products in
        for row in 0..<rows {
          let found = nearest(
            UnsafeBufferPointer(rebasing: products[row * labels.count..<(row + 1) * labels.count]), neighbours)
          result.append(vote(found))
        }
      }
      progress(Double(start + rows) / Double(count))
    }
    return result
  }

  /// The references nearest to a query, nearest first: the query's own norm shifts all distances alike.
  private func nearest(_ products: UnsafeBufferPointer<Float>, _ count: Int) -> [Int] {
    var best: [(distance: Float, index: Int)] = []
    for index in labels.indices {
      let distance = squaredNorms[index] - 2 * products[index]
      if best.count == count, distance >= best[count - 1].distance { continue }
      let position = best.firstIndex { distance < $0.distance } ?? best.count
      best.insert((distance, index), at: position)
      if best.count > count { best.removeLast() }
    }
    return best.map(\.index)
  }

  private func vote(_ nearest: [Int]) -> Int32 {
    var votes: [Int32: Int] = [:]
    for index in nearest { votes[labels[index], default: 0] += 1 }
    let most = votes.values.max()
    return nearest.lazy.map { labels[$0] }.first { votes[$0] == most } ?? 0
  }
}
