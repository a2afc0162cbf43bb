/// How many points of which class fall into which dot and cell of a plot.
struct ScatterCounts {
  let columns: Int
  let rows: Int
  /// The dots of each cell that a point falls on.
  private(set) var patterns: [UInt8]
  /// The points of each cell.
  private(set) var totals: [UInt32]
  /// For each cell, the points of each class; the last slot is for points without one.
  private var counts: [UInt16]
  private let slots: Int

  /// Counts points; those that are not finite, outside the window or of a hidden class are left out.
  ///
  /// - Parameters:
  ///   - labels: the class of each point; what is negative or missing has none. Classes are told apart as their looks are,
  ///     modulo `ClassPalette.lookCount`.
  init(
    points: [SIMD2<Float>], labels: [Int32], hiddenClasses: Set<Int32>, window: PlotWindow, columns: Int, rows: Int
  ) {
    self.columns = columns
    self.rows = rows
    let classes = min(ClassPalette.lookCount, Int(labels.max() ?? -1) + 1)
    let slots = max(0, classes) + 1
    self.slots = slots
    var patterns = [UInt8](repeating: 0, count: columns * rows)
    var totals = [UInt32](repeating: 0, count: columns * rows)
    var counts = [UInt16](repeating: 0, count: columns * rows * slots)
    // Asked of every point: a table is much faster than a set, where the numbers allow one.
    let reach = Int32(clamping: hiddenClasses.max().map { min(Int($0), 1 << 16) + 1 } ?? 0)
    let isHidden = (0..<max(0, reach)).map { hiddenClasses.contains($0) }
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
            totals.withUnsafeMutableBufferPointer { totals in
              for index in points.indices {
                let place = (points[index] - origin) * direction * scale
                // Comparisons with what is not a number are false: such points are left out here too.
                guard place.x >= 0, place.x < extent.x, place.y >= 0, place.y < extent.y else { continue }
                var slot = slots - 1
                if index < labels.count {
                  let label = Int(labels[index])
                  guard isHidden.indices.contains(label) ? !isHidden[label] : !hiddenClasses.contains(labels[index])
                  else { continue }
                  if label >= 0 { slot = label % ClassPalette.lookCount }
                }
                let x = Int(place.x)
                let y = Int(place.y)
                let cell = (y >> 2) * columns + x >> 1
                patterns[cell] |= bits[(y & 3) << 1 | x & 1]
                totals[cell] &+= 1
                let count = cell * slots + slot
                if counts[count] < .max { counts[count] += 1 }
              }
            }
          }
        }
      }
    }
    self.patterns = patterns
    self.totals = totals
    self.counts = counts
  }

  /// The class most points of a cell have, the lower of equals; nil for an empty cell and where points without a class
  /// prevail.
  func majority(cell: Int) -> Int? {
    var best = slots - 1
    for slot in 0..<slots where counts[cell * slots + slot] > counts[cell * slots + best] { best = slot }
    return best == slots - 1 ? nil : best
  }

  /// The lowest class that a point of a cell has; nil for an empty cell and where no point has one.
  func lowest(cell: Int) -> Int? {
    (0..<slots - 1).first { counts[cell * slots + $0] > 0 }
  }

  /// The number of points in a cell.
  func total(cell: Int) -> Int { Int(totals[cell]) }

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
