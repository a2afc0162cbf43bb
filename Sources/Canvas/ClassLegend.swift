extension Frame {
  /// Writes the classes with their looks: `●0 ●1 ●2`, where glyphs tell classes `0 1 2`; hidden ones as `-`.
  ///
  /// - Returns: the columns it takes.
  @discardableResult
  public mutating func writeClassLegend(
    classes: some Sequence<Int32>, hidden: Set<Int32> = [], column: Int, row: Int, rendition: Rendition
  ) -> Int {
    var end = column
    for label in classes {
      if end > column { end += write(" ", column: end, row: row) }
      let color = ClassPalette.color(of: Int(label), level: rendition.colors)
      if hidden.contains(label) {
        end += write(rendition.unicode ? "·" : "-", column: end, row: row, attributes: .dim)
        if !ClassPalette.needsMarks(rendition) {
          end += write(String(label), column: end, row: row, attributes: .dim)
        }
      } else {
        if !ClassPalette.needsMarks(rendition) { end += write("●", column: end, row: row, foreground: color) }
        end += write(String(label), column: end, row: row, foreground: color)
      }
    }
    return end - column
  }
}
