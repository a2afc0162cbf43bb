import Tensors

/// A stored point found near a query.
public struct Neighbour: Hashable, Sendable {
  /// The row of the point in the matrix that was searched.
  public let index: Int
  /// The Euclidean distance to the query.
  public let distance: Float

  /// A neighbour at `distance`.
  public init(index: Int, distance: Float) {
    self.index = index
    self.distance = distance
  }
}

/// Exact Euclidean nearest neighbours among fixed points: a k-d tree (Bentley 1975) up to six dimensions,
/// a scan of all points beyond, where a tree would visit nearly all of them anyway.
public struct NearestNeighbours: Sendable {
  private static let leafSize = 12
  private static let greatestTreeDimensions = 6

  private let points: Points
  /// Rows in tree order; node [lower, upper) splits at its middle.
  private let order: [Int32]
  /// The split dimension of the node whose middle is this position of `order`.
  private let splits: [UInt8]

  /// The number of points.
  public var count: Int { points.count }
  /// The number of values in a point.
  public var dimensions: Int { points.dimensions }

  /// Indexes `points` `[n, dimensions]`; throws `AnalysisError` where it is no matrix, empty, or not finite.
  public init(_ points: Tensor) throws { self.init(try Points(points, for: "a search for neighbours")) }

  /// Whether a tree is used for points of so many dimensions.
  static func usesTree(dimensions: Int) -> Bool { dimensions <= greatestTreeDimensions }

  /// Indexes checked points.
  init(_ points: Points) {
    self.points = points
    var order = (0..<Int32(self.points.count)).map { $0 }
    var splits = [UInt8](repeating: 0, count: order.count)
    if self.points.dimensions <= Self.greatestTreeDimensions {
      Self.build(self.points, &order, &splits, 0, order.count)
    }
    self.order = order
    self.splits = splits
  }

  /// The `count` points nearest to `query`, nearest first; equal distances are ordered by index.
  ///
  /// Returns fewer where there are fewer points, and none where `query` has another number of values.
  public func nearest(to query: [Float], count: Int, excluding excluded: Int? = nil) -> [Neighbour] {
    guard query.count == points.dimensions, count > 0 else { return [] }
    var best = Candidates(capacity: min(count, points.count))
    points.elements.withUnsafeBufferPointer { values in
      query.withUnsafeBufferPointer { query in
        if points.dimensions <= Self.greatestTreeDimensions {
          order.withUnsafeBufferPointer { order in
            search(values, query, order, 0, order.count, excluded ?? -1, &best)
          }
        } else {
          for row in 0..<points.count where row != excluded {
            best.offer(Int32(row), squaredDistance(values, query, row))
          }
        }
      }
    }
    return best.entries.map { Neighbour(index: Int($0.index), distance: $0.squared.squareRoot()) }
  }

  /// The point nearest to `query`, or nil where `query` has another number of values.
  public func nearest(to query: [Float]) -> Neighbour? { nearest(to: query, count: 1).first }

  /// The coordinates of point `index`.
  public func point(_ index: Int) -> [Float] {
    Array(points.elements[index * points.dimensions..<(index + 1) * points.dimensions])
  }

  @inline(__always)
  private func squaredDistance(
    _ values: UnsafeBufferPointer<Float>, _ query: UnsafeBufferPointer<Float>, _ row: Int
  ) -> Float {
    let size = points.dimensions
    let start = row * size
    var lanes = SIMD8<Float>.zero
    var i = 0
    while i + 8 <= size {
      var difference = SIMD8<Float>.zero
      for lane in 0..<8 { difference[lane] = values[start + i + lane] - query[i + lane] }
      lanes += difference * difference
      i += 8
    }
    var sum = lanes.sum()
    while i < size {
      let difference = values[start + i] - query[i]
      sum += difference * difference
      i += 1
    }
    return sum
  }

  private func search(
    _ values: UnsafeBufferPointer<Float>, _ query: UnsafeBufferPointer<Float>,
    _ order: UnsafeBufferPointer<Int32>, _ lower: Int, _ upper: Int, _ excluded: Int,
    _ best: inout Candidates
  ) {
    if upper - lower <= Self.leafSize {
      for position in lower..<upper where Int(order[position]) != excluded {
        best.offer(order[position], squaredDistance(values, query, Int(order[position])))
      }
      return
    }
    let middle = (lower + upper) / 2
    let row = Int(order[middle])
    let dimension = Int(splits[middle])
    let gap = query[dimension] - values[row * points.dimensions + dimension]
    let (nearer, farther) = gap < 0 ? ((lower, middle), (middle + 1, upper)) : ((middle + 1, upper), (lower, middle))
    search(values, query, order, nearer.0, nearer.1, excluded, &best)
    if row != excluded { best.offer(order[middle], squaredDistance(values, query, row)) }
    // Equality matters: a point at the same distance with a smaller index must win.
    if !best.isFull || gap * gap <= best.worst {
      search(values, query, order, farther.0, farther.1, excluded, &best)
    }
  }

  /// Arranges `order[lower..<upper]` around the median of its widest dimension, and so on below.
  private static func build(
    _ points: Points, _ order: inout [Int32], _ splits: inout [UInt8], _ lower: Int, _ upper: Int
  ) {
    guard upper - lower > leafSize else { return }
    let size = points.dimensions
    var (widest, extent) = (0, -Float.infinity)
    for dimension in 0..<size {
      var (least, greatest) = (Float.infinity, -Float.infinity)
      for position in lower..<upper {
        let value = points.elements[Int(order[position]) * size + dimension]
        least = min(least, value)
        greatest = max(greatest, value)
      }
      if greatest - least > extent { (widest, extent) = (dimension, greatest - least) }
    }
    order[lower..<upper].sort {
      points.elements[Int($0) * size + widest] < points.elements[Int($1) * size + widest]
    }
    let middle = (lower + upper) / 2
    splits[middle] = UInt8(widest)
    build(points, &order, &splits, lower, middle)
    build(points, &order, &splits, middle + 1, upper)
  }
}

/// The best few candidates so far, kept sorted: the number asked for is small.
private struct Candidates {
  let capacity: Int
  var entries: [(index: Int32, squared: Float)] = []

  init(capacity: Int) {
    self.capacity = capacity
    entries.reserveCapacity(capacity + 1)
  }

  var isFull: Bool { entries.count == capacity }
  var worst: Float { entries.last?.squared ?? .infinity }

  @inline(__always)
  mutating func offer(_ index: Int32, _ squared: Float) {
    if isFull {
      guard let last = entries.last, (squared, index) < (last.squared, last.index) else { return }
    }
    insert(index, squared)
  }

  private mutating func insert(_ index: Int32, _ squared: Float) {
    var position = entries.count
    while position > 0, (squared, index) < (entries[position - 1].squared, entries[position - 1].index) {
      position -= 1
    }
    entries.insert((index, squared), at: position)
    if entries.count > capacity { entries.removeLast() }
  }
}
