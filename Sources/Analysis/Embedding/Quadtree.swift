/// The cells of a layout, each with its centre of mass: what far bodies are summed up by (Barnes & Hut 1986; van der
/// Maaten 2014, arXiv:1301.3342, section 4.2).
///
/// Points are sorted along a Z-order curve, so that every cell is a range of them; nodes stand in the order of a walk
/// that visits a cell before its parts, each with the place behind its last part, so that a walk needs no stack.
/// Rebuilt for every step in memory that is allocated once.
final class Quadtree {
  /// A cell.
  struct Node {
    /// Its centre of mass.
    var x: Float = 0
    var y: Float = 0
    /// Its points.
    var mass: Float = 0
    /// The square of its side.
    var squaredSide: Float = 0
    /// The node behind its last part.
    var skip: Int32 = 0
    /// Its first point in sorted order, and their number; the number is 0 where the cell has parts.
    var first: Int32 = 0
    var count: Int32 = 0
  }

  /// Neighbouring points whose forces are computed together, and the box around them.
  struct Group {
    var first: Int32
    var count: Int32
    var left: Float
    var right: Float
    var bottom: Float
    var top: Float
  }

  /// Points of a group: as many as are computed at a time. Groups need not be cells; a cell's worth of points would leave
  /// half of the lanes empty.
  static let groupSize = 16
  /// Points of a cell that is not divided further.
  private static let leafSize = 8
  /// Halvings of the plane: 2²⁰ cells a side.
  private static let levels = 20
  private static let indexBits = 24

  /// The number of points.
  let count: Int
  /// Coordinates in sorted order, with room for a whole vector behind the last.
  let x: UnsafeMutablePointer<Float>
  let y: UnsafeMutablePointer<Float>
  /// The nodes of the last build, and their number.
  let nodes: UnsafeMutablePointer<Node>
  private(set) var nodeCount = 0
  /// The groups of the last build, in sorted order, and their number.
  let groups: UnsafeMutablePointer<Group>
  private(set) var groupCount = 0
  /// A point's code along the curve above its row.
  private var keys: UnsafeMutablePointer<UInt64>
  private var spareKeys: UnsafeMutablePointer<UInt64>
  private var side: Float = 0

  /// The most points a key has room for.
  static let mostPoints = 1 << indexBits

  init(count: Int) {
    precondition(count <= Self.mostPoints, "\(count) points are more than \(Self.mostPoints)")
    self.count = count
    x = .allocate(capacity: count + 32)
    y = .allocate(capacity: count + 32)
    x.initialize(repeating: 0, count: count + 32)
    y.initialize(repeating: 0, count: count + 32)
    keys = .allocate(capacity: count)
    spareKeys = .allocate(capacity: count)
    keys.initialize(repeating: 0, count: count)
    spareKeys.initialize(repeating: 0, count: count)
    // Every cell that is divided has at least two parts, and every part a point.
    nodes = .allocate(capacity: 2 * count + 1)
    groups = .allocate(capacity: count + 1)
  }

  deinit {
    x.deallocate()
    y.deallocate()
    keys.deallocate()
    spareKeys.deallocate()
    nodes.deallocate()
    groups.deallocate()
  }

  /// The row of the point at `position` in sorted order.
  @inline(__always)
  func row(_ position: Int) -> Int { Int(keys[position] & (1 << Self.indexBits - 1)) }

  /// Sorts the points at (`fromX`, `fromY`) and builds their cells.
  func build(_ fromX: UnsafePointer<Float>, _ fromY: UnsafePointer<Float>) {
    sort(fromX, fromY)
    for position in 0..<count {
      let row = row(position)
      x[position] = fromX[row]
      y[position] = fromY[row]
    }
    (nodeCount, groupCount) = (0, 0)
    if count > 0 { addNode(0, count) }
    for start in stride(from: 0, to: count, by: Self.groupSize) {
      addGroup(start, min(count, start + Self.groupSize))
    }
  }

  private func addGroup(_ start: Int, _ end: Int) {
    var group = Group(
      first: Int32(start), count: Int32(end - start), left: x[start], right: x[start], bottom: y[start], top: y[start])
    for position in start..<end {
      group.left = min(group.left, x[position])
      group.right = max(group.right, x[position])
      group.bottom = min(group.bottom, y[position])
      group.top = max(group.top, y[position])
    }
    (groups + groupCount).initialize(to: group)
    groupCount += 1
  }

  /// Orders the keys by radix: what takes a comparison sort longer than all forces together.
  private func sort(_ fromX: UnsafePointer<Float>, _ fromY: UnsafePointer<Float>) {
    var (left, right, bottom, top) = (Float.infinity, -Float.infinity, Float.infinity, -Float.infinity)
    for row in 0..<count {
      left = min(left, fromX[row])
      right = max(right, fromX[row])
      bottom = min(bottom, fromY[row])
      top = max(top, fromY[row])
    }
    side = max(right - left, top - bottom)
    let cells = Float(1 << Self.levels)
    // A cell more than the box holds, so that its far edge is inside.
    let scale = side > 0 ? cells / (side * 1.000001) : 0
    let digit = 2 * Self.levels / 4
    var counts = [Int](repeating: 0, count: 4 << digit)
    for row in 0..<count {
      let column = UInt64(min(cells - 1, max(0, (fromX[row] - left) * scale)))
      let line = UInt64(min(cells - 1, max(0, (fromY[row] - bottom) * scale)))
      let code = Self.spread(column) | Self.spread(line) << 1
      keys[row] = code << Self.indexBits | UInt64(row)
      for pass in 0..<4 { counts[pass << digit | Int(code >> (pass * digit)) & (1 << digit - 1)] += 1 }
    }
    for pass in 0..<4 {
      var sum = 0
      for value in pass << digit..<(pass + 1) << digit {
        (counts[value], sum) = (sum, sum + counts[value])
      }
      let shift = UInt64(Self.indexBits + pass * digit)
      let (from, to) = (keys, spareKeys)
      counts.withUnsafeMutableBufferPointer { counts in
        for row in 0..<count {
          let value = pass << digit | Int(truncatingIfNeeded: from[row] >> shift) & (1 << digit - 1)
          to[counts[value]] = from[row]
          counts[value] += 1
        }
      }
      swap(&keys, &spareKeys)
    }
  }

  /// The low bits of `value` with a zero between every two.
  private static func spread(_ value: UInt64) -> UInt64 {
    var v = value
    v = (v | v << 16) & 0x0000_FFFF_0000_FFFF
    v = (v | v << 8) & 0x00FF_00FF_00FF_00FF
    v = (v | v << 4) & 0x0F0F_0F0F_0F0F_0F0F
    v = (v | v << 2) & 0x3333_3333_3333_3333
    return (v | v << 1) & 0x5555_5555_5555_5555
  }

  /// Adds the smallest cell that holds the points `lower..<upper`, and its parts.
  private func addNode(_ lower: Int, _ upper: Int) {
    let place = nodeCount
    nodeCount += 1
    let difference = (keys[lower] ^ keys[upper - 1]) >> UInt64(Self.indexBits)
    // The first level at which the points part.
    let level = difference == 0 ? Self.levels : Self.levels - 1 - (63 - difference.leadingZeroBitCount) / 2
    var cellSide = side
    for _ in 0..<level { cellSide *= 0.5 }
    (nodes + place).initialize(to: Node(squaredSide: cellSide * cellSide))
    guard upper - lower > Self.leafSize, level < Self.levels else {
      addLeaf(place, lower, upper)
      return
    }
    let shift = UInt64(Self.indexBits + 2 * (Self.levels - 1 - level))
    var (sumX, sumY): (Float, Float) = (0, 0)
    var start = lower
    while start < upper {
      let quarter = keys[start] >> shift
      // The end of the part, by halving.
      var (inside, outside) = (start, upper)
      while outside - inside > 1 {
        let middle = (inside + outside) / 2
        if keys[middle] >> shift == quarter { inside = middle } else { outside = middle }
      }
      let part = nodeCount
      addNode(start, outside)
      sumX += nodes[part].x * nodes[part].mass
      sumY += nodes[part].y * nodes[part].mass
      start = outside
    }
    finish(place, sumX, sumY, upper - lower)
  }

  private func addLeaf(_ place: Int, _ lower: Int, _ upper: Int) {
    var (sumX, sumY): (Float, Float) = (0, 0)
    for position in lower..<upper {
      sumX += x[position]
      sumY += y[position]
    }
    nodes[place].first = Int32(lower)
    nodes[place].count = Int32(upper - lower)
    finish(place, sumX, sumY, upper - lower)
  }

  private func finish(_ place: Int, _ sumX: Float, _ sumY: Float, _ count: Int) {
    nodes[place].mass = Float(count)
    nodes[place].x = sumX / Float(count)
    nodes[place].y = sumY / Float(count)
    nodes[place].skip = Int32(nodeCount)
  }
}
