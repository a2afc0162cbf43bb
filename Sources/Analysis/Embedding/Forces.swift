import Glibc
import Tensors

/// The two forces of t-SNE's gradient, dC/dy_i = 4 (Σ_j p_ij q̂_ij (y_i − y_j) − Σ_j q̂_ij² (y_i − y_j) / Z) with
/// q̂ = 1 / (1 + d²) and Z the sum of all q̂ (van der Maaten 2014, arXiv:1301.3342, eq. 8).
struct Forces {
  /// Coordinates of the points, by row.
  let x: UnsafeMutablePointer<Float>
  let y: UnsafeMutablePointer<Float>
  /// What pulls each point, `Σ p q̂ (y_i − y_j)`, by row.
  let attractionX: UnsafeMutablePointer<Float>
  let attractionY: UnsafeMutablePointer<Float>
  /// What pushes each point, `Σ q̂² (y_i − y_j)`, not yet divided by Z, by row.
  let repulsionX: UnsafeMutablePointer<Float>
  let repulsionY: UnsafeMutablePointer<Float>
  private let count: Int
  private let affinities: Affinities
  private let tree: Quadtree
  private let squaredAngle: Float
  private let pool: WorkerPool
  private let groupSums: UnsafeMutablePointer<Double>

  private static let rowsInPiece = 256
  private static let groupsInPiece = 16
  /// Cells and points whose push on a group is summed at a time.
  private static let bodies = 1024

  init(affinities: Affinities, angle: Double, pool: WorkerPool) {
    func floats() -> UnsafeMutablePointer<Float> {
      let pointer = UnsafeMutablePointer<Float>.allocate(capacity: affinities.count)
      pointer.initialize(repeating: 0, count: affinities.count)
      return pointer
    }
    count = affinities.count
    self.affinities = affinities
    self.pool = pool
    squaredAngle = Float(angle * angle)
    (x, y) = (floats(), floats())
    (attractionX, attractionY) = (floats(), floats())
    (repulsionX, repulsionY) = (floats(), floats())
    tree = Quadtree(count: count)
    groupSums = .allocate(capacity: count + 1)
    groupSums.initialize(repeating: 0, count: count + 1)
  }

  /// Frees what the initialiser took; the structure is not to be used after.
  func deallocate() {
    for pointer in [x, y, attractionX, attractionY, repulsionX, repulsionY] { pointer.deallocate() }
    groupSums.deallocate()
  }

  /// Computes both forces at (x, y); returns Z, the sum of q̂ over all ordered pairs.
  func compute() -> Double {
    tree.build(x, y)
    let groups = tree.groupCount
    let repulsions = (groups + Self.groupsInPiece - 1) / Self.groupsInPiece
    let attractions = (count + Self.rowsInPiece - 1) / Self.rowsInPiece
    // One loop for both: nobody waits between them.
    pool.forEach(repulsions + attractions) { piece in
      if piece < repulsions {
        repel(piece * Self.groupsInPiece..<min(groups, (piece + 1) * Self.groupsInPiece))
      } else {
        let start = (piece - repulsions) * Self.rowsInPiece
        attract(start..<min(count, start + Self.rowsInPiece))
      }
    }
    var sum = 0.0
    for group in 0..<groups { sum += groupSums[group] }
    return sum
  }

  /// Σ p log(p / q) over the pairs that have affinities, in nats, with q = q̂ / `z`.
  func divergence(z: Double) -> Double {
    let pieces = (count + Self.rowsInPiece - 1) / Self.rowsInPiece
    var sums = [Double](repeating: 0, count: pieces)
    sums.withUnsafeMutableBufferPointer { sums in
      pool.forEach(pieces) { piece in
        var sum = 0.0
        for row in piece * Self.rowsInPiece..<min(count, (piece + 1) * Self.rowsInPiece) {
          for place in affinities.starts[row]..<affinities.starts[row + 1] {
            let column = Int(affinities.columns[place])
            let (dx, dy) = (x[row] - x[column], y[row] - y[column])
            sum += Double(affinities.values[place]) * log(Double(1 + dx * dx + dy * dy))
          }
        }
        sums[piece] = sum
      }
    }
    // −log q = log(1 + d²) + log Z, and the affinities sum to one but for rounding.
    let total = affinities.values.reduce(0.0) { $0 + Double($1) }
    return affinities.negativeEntropy + sums.reduce(0, +) + total * log(z)
  }

  /// The pull of each row's neighbours.
  private func attract(_ rows: Range<Int>) {
    affinities.columns.withUnsafeBufferPointer { columns in
      affinities.values.withUnsafeBufferPointer { values in
        for row in rows {
          let (ownX, ownY) = (x[row], y[row])
          let (start, end) = (affinities.starts[row], affinities.starts[row + 1])
          var (sumX, sumY) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
          var place = start
          while place + 8 <= end {
            var (otherX, otherY, weight) = (SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero)
            for lane in 0..<8 {
              let column = Int(columns[place &+ lane])
              otherX[lane] = x[column]
              otherY[lane] = y[column]
              weight[lane] = values[place &+ lane]
            }
            let (dx, dy) = (ownX - otherX, ownY - otherY)
            let pull = weight / (1 + dx * dx + dy * dy)
            sumX += pull * dx
            sumY += pull * dy
            place += 8
          }
          var (totalX, totalY) = (sumX.sum(), sumY.sum())
          while place < end {
            let column = Int(columns[place])
            let (dx, dy) = (ownX - x[column], ownY - y[column])
            let pull = values[place] / (1 + dx * dx + dy * dy)
            totalX += pull * dx
            totalY += pull * dy
            place += 1
          }
          attractionX[row] = totalX
          attractionY[row] = totalY
        }
      }
    }
  }

  /// The push of all other points on the points of some groups.
  private func repel(_ groups: Range<Int>) {
    withUnsafeTemporaryAllocation(of: SIMD4<Float>.self, capacity: Self.bodies) { bodies in
      guard let list = bodies.baseAddress else { return }
      for index in groups { repel(tree.groups[index], index, list) }
    }
  }

  private func repel(_ group: Quadtree.Group, _ index: Int, _ list: UnsafeMutablePointer<SIMD4<Float>>) {
    var push = Push(x: tree.x + Int(group.first), y: tree.y + Int(group.first))
    var used = 0
    var node = 0
    let (nodes, nodeCount) = (tree.nodes, tree.nodeCount)
    let (x, y) = (tree.x, tree.y)
    while node < nodeCount {
      let cell = nodes[node]
      // The nearest that any point of the group can be to the cell's centre of mass.
      let dx = max(group.left - cell.x, max(cell.x - group.right, 0))
      let dy = max(group.bottom - cell.y, max(cell.y - group.top, 0))
      if cell.squaredSide < squaredAngle * (dx * dx + dy * dy) {
        list[used] = SIMD4(cell.x, cell.y, cell.mass, 0)
        used += 1
        node = Int(cell.skip)
      } else if cell.count > 0 {
        for position in Int(cell.first)..<Int(cell.first + cell.count) {
          list[used] = SIMD4(x[position], y[position], 1, 0)
          used += 1
          if used == Self.bodies {
            push.add(list, used)
            used = 0
          }
        }
        node = Int(cell.skip)
      } else {
        node += 1
      }
      if used == Self.bodies {
        push.add(list, used)
        used = 0
      }
    }
    push.add(list, used)
    // A point is not its own neighbour: it stood in the list at no distance.
    var sum = 0.0
    for lane in 0..<Int(group.count) {
      let row = tree.row(Int(group.first) + lane)
      let (forceX, forceY, z) = push[lane]
      repulsionX[row] = forceX
      repulsionY[row] = forceY
      sum += Double(z) - 1
    }
    groupSums[index] = sum
  }
}

/// The push on sixteen points, as two halves that fit the registers of any processor.
private struct Push {
  private var lower: Half
  private var upper: Half

  private struct Half {
    let x: SIMD8<Float>
    let y: SIMD8<Float>
    var forceX = SIMD8<Float>.zero
    var forceY = SIMD8<Float>.zero
    var z = SIMD8<Float>.zero

    @inline(__always)
    mutating func add(_ list: UnsafePointer<SIMD4<Float>>, _ count: Int) {
      let (x, y) = (self.x, self.y)
      var (forceX, forceY, z) = (self.forceX, self.forceY, self.z)
      for index in 0..<count {
        let body = list[index]
        let (dx, dy) = (x - body.x, y - body.y)
        let near = 1 / (1 + dx * dx + dy * dy)
        let weighted = near * body.z
        let push = weighted * near
        z += weighted
        forceX += push * dx
        forceY += push * dy
      }
      (self.forceX, self.forceY, self.z) = (forceX, forceY, z)
    }
  }

  init(x: UnsafePointer<Float>, y: UnsafePointer<Float>) {
    func load(_ pointer: UnsafePointer<Float>) -> SIMD8<Float> {
      UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Float>.self)
    }
    lower = Half(x: load(x), y: load(y))
    upper = Half(x: load(x + 8), y: load(y + 8))
  }

  mutating func add(_ list: UnsafePointer<SIMD4<Float>>, _ count: Int) {
    lower.add(list, count)
    upper.add(list, count)
  }

  /// The push on one point, and its sum of q̂.
  subscript(lane: Int) -> (x: Float, y: Float, z: Float) {
    lane < 8
      ? (lower.forceX[lane], lower.forceY[lane], lower.z[lane])
      : (upper.forceX[lane - 8], upper.forceY[lane - 8], upper.z[lane - 8])
  }
}
