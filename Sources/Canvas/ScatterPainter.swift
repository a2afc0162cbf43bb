/// Lays what a scatter shows over one another, farthest first.
struct ScatterPainter {
  private(set) var frame: Frame
  let area: Rectangle
  let window: PlotWindow
  let rendition: Rendition

  init(frame: Frame, area: Rectangle, window: PlotWindow, rendition: Rendition) {
    self.frame = frame
    self.area = area
    self.window = window
    self.rendition = rendition
  }

  /// The points, in each cell in the colour of its majority, over a shade where `density` is given.
  mutating func drawPoints(_ counts: ScatterCounts, density: [Float]?) {
    let marks = ClassPalette.needsMarks(rendition)
    let colors = (0..<10).map { ClassPalette.color(of: $0, level: rendition.colors) }
    let unlabelled = PlotStyle.bright(rendition)
    for row in 0..<area.height {
      for column in 0..<area.width {
        let index = row * area.width + column
        let step = density.map { Int(($0[index] * 4).rounded()) } ?? 0
        let background = PlotStyle.shade(step, rendition)
        var cell = Cell(background: background ?? .standard)
        let pattern = counts.patterns[index]
        if pattern != 0 {
          let majority = counts.majority(cell: index)
          cell.foreground = majority.map { colors[$0] } ?? unlabelled
          if let majority, marks {
            cell.glyph = ClassPalette.mark(of: majority)
          } else if rendition.unicode {
            cell.glyph = BrailleGrid.glyph(pattern)
          } else {
            cell.glyph = Self.asciiCount(counts.total(cell: index))
          }
        } else if background == nil, step >= 1 {
          cell.glyph = rendition.unicode ? "░" : "."
          cell.foreground = PlotStyle.faint(rendition)
          cell.attributes = .dim
        }
        frame[area.column + column, area.row + row] = cell
      }
    }
  }

  /// How a cell of points without classes reads in ASCII.
  private static func asciiCount(_ count: Int) -> Unicode.Scalar {
    switch count {
    case ...1: return "'"
    case ...3: return "\""
    case ...8: return "*"
    default: return "#"
    }
  }

  /// Circles around the origin, over crowded cells; where points are few they keep their look and the ring gives way.
  mutating func drawRings(_ radii: [Float], over counts: ScatterCounts) {
    var grid = BrailleGrid(columns: area.width, rows: area.height)
    for radius in radii where radius > 0 && radius.isFinite {
      let circle = PlotMath.ellipse(center: .zero, first: SIMD2(radius, 0), second: SIMD2(0, radius), segments: 180)
      draw(circle, on: &grid, dashes: BrailleGrid.Dashes(lengths: [1, 1]))
    }
    let ring = PlotStyle.ring(rendition)
    eachDrawnCell(of: grid) { painter, column, row, pattern in
      let index = (row - painter.area.row) * painter.area.width + column - painter.area.column
      let points = counts.patterns[index]
      var cell = painter.frame[column, row]
      if points != 0, counts.total(cell: index) <= 3 {
        guard cell.glyph.value >= 0x2800 else { return }
        cell.glyph = BrailleGrid.glyph(pattern | points)
      } else {
        cell.glyph = painter.rendition.unicode ? BrailleGrid.glyph(pattern) : ":"
        cell.foreground = ring
        cell.attributes = []
      }
      painter.frame[column, row] = cell
    }
  }

  mutating func drawPath(_ path: [SIMD2<Float>]) {
    var grid = BrailleGrid(columns: area.width, rows: area.height)
    draw(path, on: &grid)
    overlay(grid, ascii: "*")
  }

  mutating func draw(_ ellipse: ScatterPlot.Ellipse) {
    var grid = BrailleGrid(columns: area.width, rows: area.height)
    let curve = PlotMath.ellipse(
      center: ellipse.center, first: ellipse.first, second: ellipse.second, segments: 90)
    draw(curve, on: &grid)
    overlay(grid, ascii: "o")
  }

  mutating func draw(_ marker: ScatterPlot.Marker) {
    guard let place = window.cell(of: marker.position, in: area) else { return }
    let glyph = GlyphWidth.isOneColumn(marker.glyph) ? marker.glyph : "?"
    frame[place.column, place.row] = Cell(
      rendition.unicode ? glyph : glyph.asciiLikeness, foreground: PlotStyle.bright(rendition),
      attributes: [.bold, .reverse])
  }

  /// A cross with short arms, and where it meets the axes.
  mutating func drawCrosshair(at point: SIMD2<Float>, axes: PlotAxes) {
    guard let place = window.cell(of: point, in: area) else { return }
    let style = Cell(foreground: PlotStyle.bright(rendition), attributes: .bold)
    func put(_ glyph: Unicode.Scalar, _ ascii: Unicode.Scalar, _ column: Int, _ row: Int) {
      var cell = style
      cell.background = frame[column, row].background
      cell.glyph = rendition.unicode ? glyph : ascii
      frame[column, row] = cell
    }
    for offset in [-2, -1, 1, 2] where area.contains(column: place.column + offset, row: place.row) {
      put("─", "-", place.column + offset, place.row)
    }
    for offset in [-1, 1] where area.contains(column: place.column, row: place.row + offset) {
      put("│", "|", place.column, place.row + offset)
    }
    put("┼", "+", place.column, place.row)
    if axes.isShown {
      put("┼", "+", area.column - 1, place.row)
      put("┼", "+", place.column, area.endRow)
    }
  }

  private func draw(_ line: [SIMD2<Float>], on grid: inout BrailleGrid, dashes: BrailleGrid.Dashes = .solid) {
    let scale = SIMD2(Double(grid.width), Double(grid.height)) / SIMD2<Double>(window.extent)
    func dots(_ point: SIMD2<Float>) -> SIMD2<Double> {
      SIMD2(Double(point.x - window.lower.x), Double(window.upper.y - point.y)) * scale
    }
    var travelled = 0
    for (start, end) in zip(line, line.dropFirst()) {
      grid.line(from: dots(start), to: dots(end), dashes: dashes, travelled: &travelled)
    }
  }

  /// The grid's dots over whatever was there, in the colour of what the person moves.
  private mutating func overlay(_ grid: BrailleGrid, ascii: Unicode.Scalar) {
    let color = PlotStyle.bright(rendition)
    eachDrawnCell(of: grid) { painter, column, row, pattern in
      painter.frame[column, row] = Cell(
        painter.rendition.unicode ? BrailleGrid.glyph(pattern) : ascii, foreground: color,
        background: painter.frame[column, row].background, attributes: .bold)
    }
  }

  private mutating func eachDrawnCell(
    of grid: BrailleGrid, _ body: (inout ScatterPainter, _ column: Int, _ row: Int, _ pattern: UInt8) -> Void
  ) {
    for (index, pattern) in grid.patterns.enumerated() where pattern != 0 {
      body(&self, area.column + index % area.width, area.row + index / area.width, pattern)
    }
  }
}
