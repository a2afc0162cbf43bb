/// A rectangle of cells in a frame; extents are never negative.
public struct Rectangle: Hashable, Sendable {
  /// The leftmost column.
  public var column: Int
  /// The topmost row.
  public var row: Int
  /// The number of columns.
  public var width: Int { didSet { width = max(0, width) } }
  /// The number of rows.
  public var height: Int { didSet { height = max(0, height) } }

  /// A rectangle with its top left corner at (column, row); negative extents count as zero.
  public init(column: Int, row: Int, width: Int, height: Int) {
    self.column = column
    self.row = row
    self.width = max(0, width)
    self.height = max(0, height)
  }

  /// The column just right of the rectangle.
  public var endColumn: Int { column + width }
  /// The row just below the rectangle.
  public var endRow: Int { row + height }
  /// Whether the rectangle has no cell.
  public var isEmpty: Bool { width == 0 || height == 0 }

  /// Whether the cell at (column, row) lies inside.
  public func contains(column: Int, row: Int) -> Bool {
    column >= self.column && column < endColumn && row >= self.row && row < endRow
  }

  /// The rectangle without a margin on each side.
  public func inset(horizontally: Int = 1, vertically: Int = 1) -> Rectangle {
    Rectangle(
      column: column + min(horizontally, width), row: row + min(vertically, height), width: width - 2 * horizontally,
      height: height - 2 * vertically)
  }

  /// The part both rectangles share; empty when they do not meet.
  public func intersection(_ other: Rectangle) -> Rectangle {
    let left = max(column, other.column)
    let top = max(row, other.row)
    return Rectangle(
      column: left, row: top, width: min(endColumn, other.endColumn) - left, height: min(endRow, other.endRow) - top)
  }

  /// The upper `rows` rows and what remains below them.
  public func splitTop(_ rows: Int) -> (top: Rectangle, rest: Rectangle) {
    let taken = min(max(0, rows), height)
    return (
      Rectangle(column: column, row: row, width: width, height: taken),
      Rectangle(column: column, row: row + taken, width: width, height: height - taken)
    )
  }

  /// The left `columns` columns and what remains right of them.
  public func splitLeft(_ columns: Int) -> (left: Rectangle, rest: Rectangle) {
    let taken = min(max(0, columns), width)
    return (
      Rectangle(column: column, row: row, width: taken, height: height),
      Rectangle(column: column + taken, row: row, width: width - taken, height: height)
    )
  }

  /// The rectangle cut from left to right, one piece a length.
  public func columns(_ lengths: [Length]) -> [Rectangle] {
    var rest = self
    return Length.resolve(lengths, total: width).map { extent in
      let (piece, remaining) = rest.splitLeft(extent)
      rest = remaining
      return piece
    }
  }

  /// The rectangle cut from top to bottom, one piece a length.
  public func rows(_ lengths: [Length]) -> [Rectangle] {
    var rest = self
    return Length.resolve(lengths, total: height).map { extent in
      let (piece, remaining) = rest.splitTop(extent)
      rest = remaining
      return piece
    }
  }

  /// How much of a side a piece takes.
  public enum Length: Hashable, Sendable {
    /// This many cells, as far as they are there; earlier pieces are served first.
    case fixed(Int)
    /// A share, by weight, of what the fixed pieces leave.
    case share(Int)

    /// The lengths in cells; they add up to `total` when any is a share.
    static func resolve(_ lengths: [Length], total: Int) -> [Int] {
      var left = total
      var weights = 0
      var extents = lengths.map { length -> Int in
        switch length {
        case .fixed(let cells):
          let taken = min(max(0, cells), left)
          left -= taken
          return taken
        case .share(let weight):
          weights += max(0, weight)
          return 0
        }
      }
      for (index, length) in lengths.enumerated() {
        guard case .share(let weight) = length, weight > 0 else { continue }
        extents[index] = left * weight / weights
        left -= extents[index]
        weights -= weight
      }
      return extents
    }
  }
}
