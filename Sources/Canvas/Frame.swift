/// A rectangle of cells: everything that can be shown, before anything is shown.
public struct Frame: Hashable, Sendable {
  /// The number of columns.
  public let width: Int
  /// The number of rows.
  public let height: Int
  /// Row-major, `width * height` cells.
  public internal(set) var cells: [Cell]
  /// Where the hardware cursor should rest (column, row), or nil to hide it.
  public var cursor: Position?

  /// A position in a frame, from the top left corner.
  public struct Position: Hashable, Sendable {
    /// From the left, 0 first.
    public var column: Int
    /// From the top, 0 first.
    public var row: Int
    /// A position by column and row.
    public init(column: Int, row: Int) {
      self.column = column
      self.row = row
    }
  }

  /// A frame of `width` × `height` copies of `cell`; negative extents count as zero.
  public init(width: Int, height: Int, filledWith cell: Cell = .blank) {
    self.width = max(0, width)
    self.height = max(0, height)
    cells = [Cell](repeating: cell, count: self.width * self.height)
  }

  /// The cell at (column, row). Reading outside gives a blank; writing outside does nothing.
  public subscript(column: Int, row: Int) -> Cell {
    get { contains(column, row) ? cells[row * width + column] : .blank }
    set { if contains(column, row) { cells[row * width + column] = newValue } }
  }

  /// Copies `frame` with its top left corner at (column, row), clipped to this frame, and to an area of it where one is
  /// given.
  public mutating func draw(_ frame: Frame, column: Int, row: Int, in area: Rectangle? = nil) {
    let whole = Rectangle(column: 0, row: 0, width: width, height: height)
    let shown = Rectangle(column: column, row: row, width: frame.width, height: frame.height)
      .intersection(area.map { $0.intersection(whole) } ?? whole)
    for y in shown.row..<shown.endRow {
      for x in shown.column..<shown.endColumn {
        cells[y * width + x] = frame.cells[(y - row) * frame.width + x - column]
      }
    }
  }

  private func contains(_ column: Int, _ row: Int) -> Bool {
    column >= 0 && column < width && row >= 0 && row < height
  }
}
