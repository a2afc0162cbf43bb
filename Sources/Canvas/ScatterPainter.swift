/// Lays what a scatter shows over one another, farthest first. Where a cell shows points, nothing takes its glyph or its
/// colour away.
struct ScatterPainter: Sendable {
  private(set) var frame: Frame
  let area: Rectangle
  let window: PlotWindow
  let rendition: Rendition
  /// Whether a cell of the area shows points.
  private let isTaken: [Bool]

  init(frame: Frame, area: Rectangle, window: PlotWindow, rendition: Rendition, isTaken: [Bool]) {
    self.frame = frame
    self.area = area
    self.window = window
    self.rendition = rendition
    self.isTaken = isTaken
  }

  private func isTaken(_ column: Int, _ row: Int) -> Bool {
    isTaken[(row - area.row) * area.width + column - area.column]
  }

  /// The points, in each cell in the colour of its majority, or of its lowest level, over a shade where `density` is given.
  mutating func drawPoints(
    _ counts: ScatterCounts, _ kind: ScatterPlot.LabelKind, asMarks: Bool, _ marks: ClassMarks, density: [Float]?
  ) {
    let colors =
      kind == .levels
      ? (0..<LevelPalette.count).map { LevelPalette.color(of: $0, rendition: rendition) }
      : (0..<ClassPalette.colorCount).map { ClassPalette.color(of: $0, rendition: rendition) }
    let unlabelled = PlotStyle.bright(rendition)
    for row in 0..<area.height {
      for column in 0..<area.width {
        let index = row * area.width + column
        let step = density.map { Int(($0[index] * 4).rounded()) } ?? 0
        let background = PlotStyle.shade(step, rendition)
        var cell = Cell(background: background ?? .standard)
        let pattern = counts.patterns[index]
        if pattern != 0 {
          let majority = kind == .levels ? counts.lowest(cell: index) : counts.majority(cell: index)
          cell.foreground = majority.map { colors[$0 % colors.count] } ?? unlabelled
          if let majority, asMarks {
            cell.glyph = marks.mark(of: majority)
          } else if rendition.unicode {
            cell.glyph = BrailleGrid.glyph(pattern)
          } else {
            cell.glyph = Self.asciiCount(counts.total(cell: index))
          }
        } else if background == nil, step >= 1 {
          cell.glyph = rendition.unicode ? "░" : "."
          cell.foreground = PlotStyle.faint(rendition)
          if rendition.colors == .mono { cell.attributes = .dim }
        }
        frame[area.column + column, area.row + row] = cell
      }
    }
  }

  /// Tells the cells of some points apart by what is behind them, or by a line beneath.
  mutating func emphasise(_ points: some Sequence<SIMD2<Float>>) {
    let tint = PlotStyle.tint(.mistake, rendition)
    for point in points {
      guard let place = window.cell(of: point, in: area), isTaken(place.column, place.row) else { continue }
      if let tint {
        frame[place.column, place.row].background = tint
      } else {
        frame[place.column, place.row].attributes.insert(.underline)
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

  /// Circles, in cells without points.
  mutating func drawRings(_ radii: [Float], around center: SIMD2<Float>) {
    var grid = BrailleGrid(columns: area.width, rows: area.height)
    for radius in radii where radius > 0 && radius.isFinite {
      let circle = PlotMath.ellipse(center: center, first: SIMD2(radius, 0), second: SIMD2(0, radius), segments: 180)
      draw(circle, on: &grid, dashes: BrailleGrid.Dashes(lengths: [1, 1]))
    }
    layRings(grid)
  }

  /// Where circles around a place of the horizontal axis cross it, in cells without points: short upright lines.
  mutating func drawRingMarks(_ radii: [Float], around center: Float) {
    var grid = BrailleGrid(columns: area.width, rows: area.height)
    let reach = 1.5 * window.extent.y / Float(max(1, area.height))
    for radius in radii where radius > 0 && radius.isFinite {
      for place in [center - radius, center + radius] {
        draw([SIMD2(place, -reach), SIMD2(place, reach)], on: &grid)
      }
    }
    layRings(grid)
  }

  private mutating func layRings(_ grid: BrailleGrid) {
    let ring = PlotStyle.ring(rendition)
    eachDrawnCell(of: grid) { painter, column, row, pattern in
      guard !painter.isTaken(column, row) else { return }
      painter.frame[column, row] = Cell(
        painter.rendition.unicode ? BrailleGrid.glyph(pattern) : ":", foreground: ring,
        background: painter.frame[column, row].background)
    }
  }

  mutating func drawPath(_ path: [SIMD2<Float>]) {
    var grid = BrailleGrid(columns: area.width, rows: area.height)
    draw(path, on: &grid)
    lay(grid, .path, ascii: "*")
  }

  mutating func draw(_ ellipse: ScatterPlot.Ellipse) {
    var grid = BrailleGrid(columns: area.width, rows: area.height)
    let curve = PlotMath.ellipse(
      center: ellipse.center, first: ellipse.first, second: ellipse.second, segments: 90)
    draw(curve, on: &grid)
    lay(grid, .ellipse, ascii: "o")
  }

  /// A glyph at its place, or as near to it as a cell without points is; nowhere if there is none within five rows.
  mutating func draw(_ marker: ScatterPlot.Marker) {
    guard let place = window.cell(of: marker.position, in: area) else { return }
    let glyph = GlyphWidth.isOneColumn(marker.glyph) ? marker.glyph : "?"
    let free = nearestFreeCell(to: place)
    if free != place {
      // What the mark stands for is the cell beneath the points.
      frame[place.column, place.row].attributes.formUnion([.bold, .underline])
    }
    guard let free else { return }
    frame[free.column, free.row] = Cell(
      rendition.unicode ? glyph : glyph.asciiLikeness, foreground: PlotStyle.bright(rendition),
      attributes: [.bold, .reverse])
  }

  private func nearestFreeCell(to place: Frame.Position) -> Frame.Position? {
    if !isTaken(place.column, place.row) { return place }
    var best: (position: Frame.Position, distance: Int)?
    for row in max(area.row, place.row - 5)...min(area.endRow - 1, place.row + 5) {
      for column in max(area.column, place.column - 10)...min(area.endColumn - 1, place.column + 10)
      where !isTaken(column, row) {
        // A row is as high as two columns are wide.
        let (x, y) = (column - place.column, 2 * (row - place.row))
        let distance = x * x + y * y
        if distance < best?.distance ?? .max { best = (Frame.Position(column: column, row: row), distance) }
      }
    }
    return best?.position
  }

  /// A cross with short arms and a gap in its middle, and where it meets the axes. Over points the arms are those points
  /// in reverse. Of a point outside the window, an arrow at the edge, in the nearest cell without points.
  mutating func drawCrosshair(at point: SIMD2<Float>, axes: PlotAxes) {
    let inside = window.cell(of: point, in: area)
    let place = inside ?? window.nearestCell(to: point, in: area)
    let bright = PlotStyle.bright(rendition)
    func put(_ glyph: Unicode.Scalar, _ ascii: Unicode.Scalar, _ column: Int, _ row: Int) {
      guard !area.contains(column: column, row: row) || !isTaken(column, row) else {
        frame[column, row].attributes.insert(.reverse)
        return
      }
      frame[column, row] = Cell(
        rendition.unicode ? glyph : ascii, foreground: bright, background: frame[column, row].background,
        attributes: .bold)
    }
    guard inside == nil else {
      for offset in [-2, -1, 1, 2] where area.contains(column: place.column + offset, row: place.row) {
        put("─", "-", place.column + offset, place.row)
      }
      for offset in [-1, 1] where area.contains(column: place.column, row: place.row + offset) {
        put("│", "|", place.column, place.row + offset)
      }
      if axes.isShown {
        put("┼", "+", area.column - 1, place.row)
        put("┼", "+", place.column, area.endRow)
      }
      return
    }
    // It still meets the axis along which it lies within the window.
    let share = (point - window.lower) / window.extent
    let isBeside = !(share.x >= 0 && share.x < 1)
    let free = nearestFreeCell(to: place) ?? place
    if isBeside {
      put(share.x < 0 ? "◂" : "▸", share.x < 0 ? "<" : ">", free.column, free.row)
    } else {
      put(share.y > 0 ? "▴" : "▾", share.y > 0 ? "^" : "v", free.column, free.row)
    }
    if axes.isShown, share.y > 0, share.y <= 1 { put("┼", "+", area.column - 1, place.row) }
    if axes.isShown, !isBeside { put("┼", "+", place.column, area.endRow) }
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

  /// The grid's dots in cells without points, in the colour of what the person moves; under points only a tint or a line.
  private mutating func lay(_ grid: BrailleGrid, _ line: PlotStyle.Line, ascii: Unicode.Scalar) {
    let color = PlotStyle.bright(rendition)
    let tint = PlotStyle.tint(line, rendition)
    eachDrawnCell(of: grid) { painter, column, row, pattern in
      if !painter.isTaken(column, row) {
        painter.frame[column, row] = Cell(
          painter.rendition.unicode ? BrailleGrid.glyph(pattern) : ascii, foreground: color,
          background: painter.frame[column, row].background, attributes: .bold)
      } else if let tint {
        painter.frame[column, row].background = tint
      } else {
        painter.frame[column, row].attributes.insert(.underline)
      }
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
