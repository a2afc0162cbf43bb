/// How many points of which class fall into which dot and cell of a plot.
struct ScatterCounts {
  /// Classes are told apart modulo ten, as their colours are; the slot beyond is for points without one.
  static let slots = 11
  static let unlabelled = 10

  let columns: Int
  let rows: Int
  /// The dots of each cell that a point falls on.
  private(set) var patterns: [UInt8]
  /// For each cell, the points of each class.
  private var counts: [UInt16]

  init(
    points: [SIMD2<Float>], labels: [Int32], hiddenClasses: Set<Int32>, window: PlotWindow, columns: Int, rows: Int
  ) {
    self.columns = columns
    self.rows = rows
    var patterns = [UInt8](repeating: 0, count: columns * rows)
    var counts = [UInt16](repeating: 0, count: columns * rows * Self.slots)
    var bits = [UInt8](repeating: 0, count: 8)
    for dot in 0..<8 { bits[dot] = BrailleGrid.bit(column: dot & 1, row: dot >> 1) }
    let extent = SIMD2(Float(2 * columns), Float(4 * rows))
    let scale = extent / window.extent
    let origin = SIMD2(window.lower.x, window.upper.y)
    let direction = SIMD2<Float>(1, -1)
    points.withUnsafeBufferPointer { points in
      labels.withUnsafeBufferPointer { labels in
        patterns.withUnsafeMutableBufferPointer { patterns in
          counts.withUnsafeMutableBufferPointer { counts in
            for index in points.indices {
              let place = (points[index] - origin) * direction * scale
              // Comparisons with what is not a number are false: such points are left out here too.
              guard place.x >= 0, place.x < extent.x, place.y >= 0, place.y < extent.y else { continue }
              var slot = Self.unlabelled
              if index < labels.count {
                let label = labels[index]
                guard hiddenClasses.isEmpty || !hiddenClasses.contains(label) else { continue }
                if label >= 0 { slot = Int(label % 10) }
              }
              let x = Int(place.x)
              let y = Int(place.y)
              let cell = (y >> 2) * columns + x >> 1
              patterns[cell] |= bits[(y & 3) << 1 | x & 1]
              let count = cell * Self.slots + slot
              if counts[count] < .max { counts[count] += 1 }
            }
          }
        }
      }
    }
    self.patterns = patterns
    self.counts = counts
  }

  /// The class most points of a cell have, the lower of equals; nil for an empty cell and where points without a class
  /// prevail.
  func majority(cell: Int) -> Int? {
    var best = Self.unlabelled
    for slot in 0..<Self.slots where counts[cell * Self.slots + slot] > counts[cell * Self.slots + best] {
      best = slot
    }
    return best == Self.unlabelled ? nil : best
  }

  /// The number of points in a cell.
  func total(cell: Int) -> Int {
    (0..<Self.slots).reduce(0) { $0 + Int(counts[cell * Self.slots + $1]) }
  }

  /// How crowded the surroundings of each cell are: counts smoothed by binomial weights, five cells across and three
  /// down (the same distance on screen), then logarithms, scaled so that the most crowded is 1.
  func density() -> [Float] {
    let raw = (0..<columns * rows).map { Float(total(cell: $0)) }
    var across = [Float](repeating: 0, count: raw.count)
    for row in 0..<rows {
      for column in 0..<columns {
        var sum: Float = 0
        for (offset, weight) in [(-2, Float(1)), (-1, 4), (0, 6), (1, 4), (2, 1)] {
          let neighbour = column + offset
          if neighbour >= 0 && neighbour < columns { sum += weight * raw[row * columns + neighbour] }
        }
        across[row * columns + column] = sum / 16
      }
    }
    var smooth = across
    for row in 0..<rows {
      for column in 0..<columns {
        let here = row * columns + column
        let above = row > 0 ? across[here - columns] : 0
        let below = row + 1 < rows ? across[here + columns] : 0
        smooth[here] = (above + 2 * across[here] + below) / 4
      }
    }
    let highest = PlotMath.logarithm(1 + (smooth.max() ?? 0))
    guard highest > 0 else { return smooth }
    return smooth.map { PlotMath.logarithm(1 + $0) / highest }
  }
}
