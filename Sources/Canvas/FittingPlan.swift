import Synchronization

/// Everything about fitting pictures of one size to cells that does not depend on the picture.
///
/// Cells look at the picture as if it were scaled, by nearest neighbour, to 8×16 pixels a cell. A glyph's mask then
/// gives every picture pixel under the cell a weight: how many of those device pixels show it and are painted. The
/// weights depend only on how the cell lies on the picture's grid, its phase; few phases occur.
struct FittingPlan: Sendable {
  /// What a plan is made for.
  struct Key: Hashable, Sendable {
    let imageWidth: Int
    let imageHeight: Int
    let width: Int
    let height: Int
    let rendition: Rendition
  }

  /// How the cells along one side lie on the picture.
  struct Side: Sendable {
    /// The first picture pixel of each cell.
    var first: [Int] = []
    /// The phase of each cell.
    var phase: [Int] = []
    /// For each phase, how many device pixels show each picture pixel in turn.
    var counts: [[Int]] = []

    init(pixels: Int, cells: Int, subdivision: Int) {
      let devicePixels = cells * subdivision
      for cell in 0..<cells {
        var shown: [Int] = []
        var previous = -1
        for device in cell * subdivision..<(cell + 1) * subdivision {
          let pixel = min(pixels - 1, (2 * device + 1) * pixels / (2 * devicePixels))
          if pixel == previous {
            shown[shown.count - 1] += 1
          } else {
            if shown.isEmpty { first.append(pixel) }
            shown.append(1)
            previous = pixel
          }
        }
        if let known = counts.firstIndex(of: shown) {
          phase.append(known)
        } else {
          phase.append(counts.count)
          counts.append(shown)
        }
      }
    }
  }

  /// The inverse of the two-by-two normal equations of eight masks; zero where they are singular (even masks).
  struct Solution: Sendable {
    var painted = SIMD8<Float>.zero
    var cross = SIMD8<Float>.zero
    var rest = SIMD8<Float>.zero
  }

  let masks: [GlyphMask]
  /// Groups of eight masks.
  let groups: Int
  let columns: Side
  let rows: Side
  /// For each phase of rows and columns, for each picture pixel, for each group, the weights of the masks.
  let weights: [[SIMD8<Float>]]
  /// For each phase of rows and columns, for each picture pixel, the device pixels that show it.
  let counts: [[Float]]
  /// Of each mask: squares, area; padded with copies of the space.
  let squares: [SIMD8<Float>]
  let areas: [SIMD8<Float>]
  /// Of each mask, what the best two colours come from.
  let solutions: [Solution]
  /// Whether half blocks show the picture exactly: no cell has more than one pixel on each half.
  let halvesAreExact: Bool

  init(_ key: Key) {
    let masks = GlyphMask.candidates(for: key.rendition)
    let groups = (masks.count + 7) / 8
    let columns = Side(pixels: key.imageWidth, cells: key.width, subdivision: GlyphMask.columns)
    let rows = Side(pixels: key.imageHeight, cells: key.height, subdivision: GlyphMask.rows)
    var weights: [[SIMD8<Float>]] = []
    var counts: [[Float]] = []
    for rowCounts in rows.counts {
      for columnCounts in columns.counts {
        var matrix = [SIMD8<Float>](repeating: .zero, count: rowCounts.count * columnCounts.count * groups)
        for (index, mask) in masks.enumerated() {
          var y = 0
          for (row, height) in rowCounts.enumerated() {
            var x = 0
            for (column, width) in columnCounts.enumerated() {
              var sum: Float = 0
              for deviceRow in y..<y + height {
                for deviceColumn in x..<x + width {
                  sum += mask.coverage[deviceRow * GlyphMask.columns + deviceColumn]
                }
              }
              matrix[(row * columnCounts.count + column) * groups + index / 8][index % 8] = sum
              x += width
            }
            y += height
          }
        }
        weights.append(matrix)
        counts.append(rowCounts.flatMap { height in columnCounts.map { Float(height * $0) } })
      }
    }
    var squares = [SIMD8<Float>](repeating: .zero, count: groups)
    var areas = squares
    var solutions = [Solution](repeating: Solution(), count: groups)
    for (index, mask) in masks.enumerated() {
      squares[index / 8][index % 8] = mask.squares
      areas[index / 8][index % 8] = mask.area
      let cross = mask.area - mask.squares
      let rest = Float(GlyphMask.columns * GlyphMask.rows) - 2 * mask.area + mask.squares
      let determinant = mask.squares * rest - cross * cross
      guard determinant > 1e-2 else { continue }
      solutions[index / 8].painted[index % 8] = rest / determinant
      solutions[index / 8].cross[index % 8] = cross / determinant
      solutions[index / 8].rest[index % 8] = mask.squares / determinant
    }
    self.solutions = solutions
    self.masks = masks
    self.groups = groups
    self.columns = columns
    self.rows = rows
    self.weights = weights
    self.counts = counts
    self.squares = squares
    self.areas = areas
    halvesAreExact =
      key.rendition.unicode && columns.counts.allSatisfy { $0.count == 1 }
      && rows.counts.allSatisfy { $0.count == 1 || $0 == [8, 8] }
  }

  /// The plan for a key, made at its first use and then shared.
  static func plan(for key: Key) -> FittingPlan {
    cache.withLock { plans in
      if let plan = plans[key] { return plan }
      // A window dragged through many sizes must not fill the memory; building anew takes less than a millisecond.
      if plans.count >= 64 { plans.removeAll() }
      let plan = FittingPlan(key)
      plans[key] = plan
      return plan
    }
  }

  private static let cache = Mutex<[Key: FittingPlan]>([:])
}
