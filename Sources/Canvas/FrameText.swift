extension Frame {
  /// Writes text from (column, row) to the right, one code point a cell, clipped to the frame and to `maximumWidth`.
  ///
  /// Only code points that every terminal draws one column wide are written; any other (control, combining, wide,
  /// unassigned) is replaced by `?`.
  /// - Returns: the number of columns the text takes, whether or not they lie inside the frame.
  @discardableResult
  public mutating func write(
    _ text: String, column: Int, row: Int, foreground: Color = .standard, background: Color = .standard,
    attributes: Attributes = [], maximumWidth: Int = .max
  ) -> Int {
    var written = 0
    for scalar in text.unicodeScalars {
      guard written < maximumWidth else { break }
      self[column + written, row] = Cell(
        GlyphWidth.drawn(scalar), foreground: foreground, background: background,
        attributes: attributes)
      written += 1
    }
    return written
  }

  /// Sets every cell of the rectangle, as far as it lies inside the frame.
  public mutating func fill(_ rectangle: Rectangle, with cell: Cell = .blank) {
    let inside = rectangle.intersection(bounds)
    for row in inside.row..<inside.endRow {
      for column in inside.column..<inside.endColumn { cells[row * width + column] = cell }
    }
  }

  /// The whole frame as a rectangle.
  public var bounds: Rectangle { Rectangle(column: 0, row: 0, width: width, height: height) }
}
