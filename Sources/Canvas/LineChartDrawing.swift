extension LineChart {
  /// How a curve is told from the others: its colour, dashes where colours do not tell, a letter-free glyph in ASCII.
  private struct Look {
    let color: Color
    let dashes: BrailleGrid.Dashes
    let glyph: Unicode.Scalar

    init(_ series: Series, index: Int, rendition: Rendition) {
      color = series.color.limited(to: rendition.colors)
      let patterns: [[Int]] = [[], [6, 3], [2, 2], [8, 2, 2, 2], [1, 3], [10, 4]]
      if rendition.colors == .mono {
        dashes = BrailleGrid.Dashes(lengths: patterns[index % patterns.count])
      } else {
        dashes = BrailleGrid.Dashes(lengths: series.isDashed ? [3, 2] : [])
      }
      let glyphs: [Unicode.Scalar] = ["*", "o", "+", "x", "#", "@", "%", "="]
      glyph = glyphs[index % glyphs.count]
    }
  }

  func drawCursor(on frame: inout Frame, area: Rectangle, scale: ChartScale, rendition: Rendition) {
    guard let cursor else { return }
    let place = scale.place(SIMD2(cursor, scale.lower.y)).x
    guard place >= 0, place <= 1 else { return }
    let column = area.column + PlotAxes.cell(place, of: area.width)
    for row in area.row..<area.endRow {
      frame[column, row] = Cell(rendition.unicode ? "│" : "|", foreground: PlotStyle.faint(rendition))
    }
  }

  /// The curves, each in its own grid of dots; in a cell that several cross, the one with most dots gives the colour.
  func drawCurves(on frame: inout Frame, area: Rectangle, scale: ChartScale, rendition: Rendition) {
    var patterns = [UInt8](repeating: 0, count: area.width * area.height)
    var owner = [Int](repeating: -1, count: patterns.count)
    var most = [Int](repeating: 0, count: patterns.count)
    let looks = series.enumerated().map { Look($0.element, index: $0.offset, rendition: rendition) }
    for (index, series) in series.enumerated() {
      let grid = dots(of: series, dashes: looks[index].dashes, area: area, scale: scale, isPlain: !rendition.unicode)
      for (cell, pattern) in grid.patterns.enumerated() where pattern != 0 {
        patterns[cell] |= pattern
        if pattern.nonzeroBitCount > most[cell] { (most[cell], owner[cell]) = (pattern.nonzeroBitCount, index) }
      }
    }
    for (cell, pattern) in patterns.enumerated() where pattern != 0 {
      let look = looks[owner[cell]]
      frame[area.column + cell % area.width, area.row + cell / area.width] = Cell(
        rendition.unicode ? BrailleGrid.glyph(pattern) : look.glyph, foreground: look.color)
    }
  }

  private func dots(
    of series: Series, dashes: BrailleGrid.Dashes, area: Rectangle, scale: ChartScale, isPlain: Bool
  ) -> BrailleGrid {
    var grid = BrailleGrid(columns: area.width, rows: area.height)
    let extent = SIMD2(Double(grid.width), Double(grid.height))
    var previous: SIMD2<Double>?
    var travelled = 0
    for point in series.points {
      let place = scale.place(point)
      guard place.x.isFinite, place.y.isFinite else {
        previous = nil
        continue
      }
      let dot = SIMD2(place.x, 1 - place.y) * extent
      // A point with gaps on both sides is a line from itself to itself.
      grid.line(from: previous ?? dot, to: dot, dashes: isPlain ? .solid : dashes, travelled: &travelled)
      previous = dot
    }
    return grid
  }
}
