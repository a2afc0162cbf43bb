import Tensors

/// The nearest neighbours of every point among the others, exactly: by a k-d tree in few dimensions, by comparing all
/// pairs, eight at a time, in many, where no tree helps.
struct NeighbourTable {
  /// Neighbours of a point.
  let width: Int
  /// Rows of the neighbours, nearest first, equal distances by row: `[count, width]`.
  let indices: [Int32]
  /// Their squared distances, `[count, width]`.
  let squares: [Float]

  /// Points searched for at a time; also how often `progress` is told the share that is done.
  private static let queriesInPiece = 32
  /// Points compared with while they stay in a core's cache.
  private static let pointsInBlock = 512
  private static let lanes = 8

  /// Finds the `width` nearest of each of `points`, of which there must be more than `width`.
  ///
  /// Throws `CancellationError` where `progress` returns false.
  init(_ points: Points, width: Int, pool: WorkerPool, progress: (Double) -> Bool) throws {
    precondition(width > 0 && width < points.count, "\(width) neighbours among \(points.count) points")
    self.width = width
    let count = points.count
    var indices = [Int32](repeating: 0, count: count * width)
    var squares = [Float](repeating: 0, count: count * width)
    let pieces = (count + Self.queriesInPiece - 1) / Self.queriesInPiece
    // A few calls of the pool, so that a person can stop it: each takes on many pieces.
    let piecesInCall = max(pool.threads, (pieces + 39) / 40)
    let tree = NearestNeighbours.usesTree(dimensions: points.dimensions) ? NearestNeighbours(points) : nil
    let blocks = tree == nil ? Self.interleaved(points) : []
    var done = 0
    try indices.withUnsafeMutableBufferPointer { indices in
      try squares.withUnsafeMutableBufferPointer { squares in
        try blocks.withUnsafeBufferPointer { blocks in
          while done < pieces {
            let first = done
            let last = min(pieces, done + piecesInCall)
            pool.forEach(last - first) { piece in
              let start = (first + piece) * Self.queriesInPiece
              let queries = start..<min(count, start + Self.queriesInPiece)
              if let tree {
                Self.search(tree, queries, width, indices, squares)
              } else {
                Self.scan(points, blocks, queries, width, indices, squares)
              }
            }
            done = last
            guard progress(Double(done) / Double(pieces)) else { throw CancellationError() }
          }
        }
      }
    }
    self.indices = indices
    self.squares = squares
  }

  private static func search(
    _ tree: NearestNeighbours, _ queries: Range<Int>, _ width: Int, _ indices: UnsafeMutableBufferPointer<Int32>,
    _ squares: UnsafeMutableBufferPointer<Float>
  ) {
    for query in queries {
      for (rank, found) in tree.nearest(to: tree.point(query), count: width, excluding: query).enumerated() {
        indices[query * width + rank] = Int32(found.index)
        squares[query * width + rank] = found.distance * found.distance
      }
    }
  }

  /// Points in groups of eight, a group's values of one dimension side by side; the last group repeats its last point.
  private static func interleaved(_ points: Points) -> [Float] {
    let groups = (points.count + lanes - 1) / lanes
    let size = points.dimensions
    return [Float](unsafeUninitializedCapacity: groups * size * lanes) { target, written in
      points.elements.withUnsafeBufferPointer { source in
        for group in 0..<groups {
          for lane in 0..<lanes {
            let row = min(points.count - 1, group * lanes + lane)
            for dimension in 0..<size {
              target[(group * size + dimension) * lanes + lane] = source[row * size + dimension]
            }
          }
        }
      }
      written = groups * size * lanes
    }
  }

  /// Compares `queries` with all points, block by block, four queries at a time.
  private static func scan(
    _ points: Points, _ blocks: UnsafeBufferPointer<Float>, _ queries: Range<Int>, _ width: Int,
    _ indices: UnsafeMutableBufferPointer<Int32>, _ squares: UnsafeMutableBufferPointer<Float>
  ) {
    guard let base = blocks.baseAddress else { return }
    let size = points.dimensions
    let count = points.count
    var shortlists = queries.map { _ in Shortlist(width: width) }
    points.elements.withUnsafeBufferPointer { values in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: 4 * pointsInBlock) { distances in
        for blockStart in stride(from: 0, to: count, by: pointsInBlock) {
          let blockEnd = min(count, blockStart + pointsInBlock)
          for tile in stride(from: queries.lowerBound, to: queries.upperBound, by: 4) {
            // The last tile repeats its last query; what is computed twice is read once.
            let rows = (0..<4).map { min(queries.upperBound - 1, tile + $0) }
            measure(base, values, size, rows, blockStart, blockEnd, distances)
            for lane in 0..<min(4, queries.upperBound - tile) {
              let list = tile - queries.lowerBound + lane
              shortlists[list].offer(
                distances, from: lane * pointsInBlock, first: blockStart, count: blockEnd - blockStart,
                excluding: tile + lane)
            }
          }
        }
      }
    }
    for (place, query) in queries.enumerated() {
      for (rank, key) in shortlists[place].sorted().enumerated() {
        indices[query * width + rank] = Int32(truncatingIfNeeded: key & 0xFFFF_FFFF)
        squares[query * width + rank] = Float(bitPattern: UInt32(truncatingIfNeeded: key >> 32))
      }
    }
  }

  /// Squared distances of four rows to the points `start..<end`, in rows of `pointsInBlock`.
  @inline(__always)
  private static func measure(
    _ blocks: UnsafePointer<Float>, _ values: UnsafeBufferPointer<Float>, _ size: Int, _ rows: [Int], _ start: Int,
    _ end: Int, _ distances: UnsafeMutableBufferPointer<Float>
  ) {
    guard let base = values.baseAddress, let out = distances.baseAddress else { return }
    let (q0, q1) = (base + rows[0] * size, base + rows[1] * size)
    let (q2, q3) = (base + rows[2] * size, base + rows[3] * size)
    var point = start
    while point < end {
      var (s0, s1) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
      var (s2, s3) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
      let group = UnsafeRawPointer(blocks + point / lanes * size * lanes)
      for dimension in 0..<size {
        let value = group.loadUnaligned(fromByteOffset: dimension &* 32, as: SIMD8<Float>.self)
        let d0 = value - q0[dimension]
        let d1 = value - q1[dimension]
        let d2 = value - q2[dimension]
        let d3 = value - q3[dimension]
        s0 += d0 * d0
        s1 += d1 * d1
        s2 += d2 * d2
        s3 += d3 * d3
      }
      let to = UnsafeMutableRawPointer(out + (point - start))
      let row = pointsInBlock * MemoryLayout<Float>.stride
      to.storeBytes(of: s0, as: SIMD8<Float>.self)
      (to + row).storeBytes(of: s1, as: SIMD8<Float>.self)
      (to + 2 * row).storeBytes(of: s2, as: SIMD8<Float>.self)
      (to + 3 * row).storeBytes(of: s3, as: SIMD8<Float>.self)
      point += lanes
    }
  }
}

/// The nearest few points met so far, as keys that sort by distance and then by row: the bits of a float that is not
/// negative are ordered as the float is.
private struct Shortlist {
  private let width: Int
  private var keys: [UInt64] = []
  private var bound = Float.infinity

  init(width: Int) {
    self.width = width
    keys.reserveCapacity(4 * width + 64)
  }

  mutating func offer(
    _ distances: UnsafeMutableBufferPointer<Float>, from offset: Int, first: Int, count: Int, excluding excluded: Int
  ) {
    for place in 0..<count where distances[offset &+ place] < bound || keys.count < width {
      let row = first &+ place
      if row == excluded { continue }
      keys.append(UInt64(distances[offset &+ place].bitPattern) << 32 | UInt64(row))
      if keys.count == 4 * width + 64 { shrink() }
    }
  }

  private mutating func shrink() {
    keys.sort()
    keys.removeLast(keys.count - width)
    if let last = keys.last { bound = Float(bitPattern: UInt32(truncatingIfNeeded: last >> 32)) }
  }

  consuming func sorted() -> ArraySlice<UInt64> {
    keys.sort()
    return keys.prefix(width)
  }
}
