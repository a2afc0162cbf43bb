/// A grid of dots, two columns and four rows to a cell.
struct BrailleGrid {
  /// Dots, not cells.
  let width: Int
  let height: Int
  /// The dots set in each cell, as the low byte of its braille pattern.
  private(set) var patterns: [UInt8]
  private let cellsPerRow: Int

  init(columns: Int, rows: Int) {
    width = 2 * columns
    height = 4 * rows
    cellsPerRow = columns
    patterns = [UInt8](repeating: 0, count: columns * rows)
  }

  /// The bit of the dot at (column, row) within its cell; dots 7 and 8 joined the older six late.
  static func bit(column: Int, row: Int) -> UInt8 {
    row < 3 ? 1 << UInt8(3 * column + row) : 64 << UInt8(column)
  }

  /// The glyph of a pattern; without dots the space, which every font has.
  static func glyph(_ pattern: UInt8) -> Unicode.Scalar {
    pattern == 0 ? " " : Unicode.Scalar(0x2800 + UInt32(pattern)) ?? " "
  }

  /// Sets the dot at (x, y) from the top left; dots outside are left out.
  mutating func set(_ x: Int, _ y: Int) {
    guard x >= 0, x < width, y >= 0, y < height else { return }
    patterns[(y >> 2) * cellsPerRow + x >> 1] |= Self.bit(column: x & 1, row: y & 3)
  }

  /// Which dots of a line are set, so that lines can be told apart without colours: on, off, on … in dots.
  struct Dashes: Hashable {
    var lengths: [Int] = []

    static let solid = Dashes()

    /// Whether the dot at this distance along the line is set.
    func isOn(_ distance: Int) -> Bool {
      let period = lengths.reduce(0, +)
      guard period > 0 else { return true }
      var place = distance % period
      for (index, length) in lengths.enumerated() {
        if place < length { return index % 2 == 0 }
        place -= length
      }
      return true
    }
  }

  /// Sets the dots of a line between two places in dots, clipped to the grid.
  ///
  /// - Parameter travelled: the dots drawn so far along a polyline, so that dashes run on; counted on.
  mutating func line(
    from start: SIMD2<Double>, to end: SIMD2<Double>, dashes: Dashes = .solid, travelled: inout Int
  ) {
    guard let (first, last) = clipped(start, end) else { return }
    let delta = last - first
    let steps = max(1, Int(max(abs(delta.x), abs(delta.y)).rounded(.up)))
    for step in 0...steps {
      // The joint between two segments is one dot, not two.
      if step > 0 || travelled == 0 {
        if dashes.isOn(travelled) {
          let place = first + delta * (Double(step) / Double(steps))
          set(Int(place.x.rounded(.down)), Int(place.y.rounded(.down)))
        }
        travelled += 1
      }
    }
  }

  /// The part of a line inside the grid (Liang and Barsky 1984); nil when there is none.
  private func clipped(_ start: SIMD2<Double>, _ end: SIMD2<Double>) -> (SIMD2<Double>, SIMD2<Double>)? {
    let delta = end - start
    guard delta.x.isFinite, delta.y.isFinite, start.x.isFinite, start.y.isFinite else { return nil }
    let upper = SIMD2(Double(width) - 1e-6, Double(height) - 1e-6)
    var enter = 0.0
    var leave = 1.0
    for axis in 0..<2 {
      if delta[axis] == 0 {
        if start[axis] < 0 || start[axis] > upper[axis] { return nil }
        continue
      }
      let low = (0 - start[axis]) / delta[axis]
      let high = (upper[axis] - start[axis]) / delta[axis]
      enter = max(enter, min(low, high))
      leave = min(leave, max(low, high))
    }
    guard enter <= leave else { return nil }
    return (start + delta * enter, start + delta * leave)
  }
}
