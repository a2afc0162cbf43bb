/// A scatter of labelled points, and what a person steering through them wants to see around them.
///
/// Set what is to be shown, then ask for the frame. Points are braille dots, in each cell in the colour of the majority
/// of its points; as marks (always in mono and ASCII, and of more classes than there are colours) a cell shows its
/// majority's digit or letter.
///
/// Nothing drawn hides a point: rings, path, ellipse, crosshair and markers go into empty cells, and where a line passes
/// under points it changes what is behind them. With every decoration on and off the points have the same glyphs in the
/// same colours.
public struct ScatterPlot: Sendable {
  /// The points; those that are not finite are left out.
  public var points: [SIMD2<Float>]
  /// The class of each point, or empty when there are none; a point whose class is negative has none.
  public var labels: [Int32]
  /// The part of the plane to show.
  public var window: PlotWindow
  /// Whether more is shown where that makes circles round, puts 0 into the middle of a cell and ticks evenly apart.
  public var fitsWindow = false
  /// What the labels are: classes that differ, or levels of something of which the lowest matters most.
  public var labelKind = LabelKind.classes
  /// The glyphs of classes, where points are drawn as marks.
  public var marks = ClassMarks.standard
  /// Places in `points` of those to be told apart: what is behind the cells they are in changes.
  public var emphasised: [Int] = []
  /// Classes not drawn.
  public var hiddenClasses: Set<Int32> = []
  /// How points are drawn, where colours can tell the classes apart; else they are marks.
  public var style = Style.dots
  /// Whether empty and crowded regions are told apart by a shade beneath the dots.
  public var showsDensity = false
  /// Radii of circles: 1, 2 and 3 standard deviations of the prior. Empty for none.
  public var ringRadii: [Float] = []
  /// The middle of the circles, where the prior has its mean.
  public var ringCenter = SIMD2<Float>.zero
  /// The path walked, oldest first.
  public var path: [SIMD2<Float>] = []
  /// The posterior of the current image, or nil.
  public var ellipse: Ellipse?
  /// Named places.
  public var markers: [Marker] = []
  /// The current code.
  public var crosshair: SIMD2<Float>?
  /// Whether axes with ticks are drawn at the left and below.
  public var showsAxes = true
  /// What the horizontal axis shows, such as `z1`.
  public var horizontalLabel = ""
  /// What the vertical axis shows.
  public var verticalLabel = ""

  /// Whether the points lie along the horizontal axis alone: the vertical one then has no numbers, and in place of each
  /// circle a pair of marks stands where it crosses the axis.
  public var isLine = false

  /// How points are drawn.
  public enum Style: String, Hashable, Sendable, CaseIterable, Codable {
    /// Braille dots, eight to a cell.
    case dots
    /// The digit or letter of a cell's class, in its colour.
    case marks
  }

  /// What labels mean.
  public enum LabelKind: Hashable, Sendable {
    /// Classes: a cell has the colour of the majority of its points.
    case classes
    /// Levels from 0, such as of confidence: a cell has the colour of its lowest.
    case levels
  }

  /// An ellipse `center + cos(t)·first + sin(t)·second`; for a diagonal posterior the half axes are (σ₁, 0) and (0, σ₂).
  public struct Ellipse: Hashable, Sendable {
    /// The middle.
    public var center: SIMD2<Float>
    /// One half axis.
    public var first: SIMD2<Float>
    /// The other, which need not be perpendicular.
    public var second: SIMD2<Float>
    /// An ellipse from its middle and half axes.
    public init(center: SIMD2<Float>, first: SIMD2<Float>, second: SIMD2<Float>) {
      self.center = center
      self.first = first
      self.second = second
    }
  }

  /// A named place, such as a mark; drawn as its glyph, in the nearest cell without points.
  public struct Marker: Hashable, Sendable {
    /// Where it is.
    public var position: SIMD2<Float>
    /// The glyph drawn, such as the letter of a mark.
    public var glyph: Unicode.Scalar
    /// A glyph at a place.
    public init(position: SIMD2<Float>, glyph: Unicode.Scalar) {
      self.position = position
      self.glyph = glyph
    }
  }

  /// A scatter of points, labelled or not, in a window.
  public init(points: [SIMD2<Float>], labels: [Int32] = [], window: PlotWindow) {
    self.points = points
    self.labels = labels
    self.window = window
  }

  /// What lies beneath everything that moves from frame to frame: axes, points, density and rings.
  public struct Ground: Sendable {
    fileprivate let painter: ScatterPainter
    fileprivate let axes: PlotAxes
  }

  /// The plot on `width` × `height` cells; blank where nothing is.
  public func frame(width: Int, height: Int, rendition: Rendition) -> Frame {
    frame(over: ground(width: width, height: height, rendition: rendition))
  }

  /// The part of the plot that depends neither on the crosshair, nor the path, the ellipse and the markers: worth keeping
  /// while only these change, since all points have to be looked at for it.
  public func ground(width: Int, height: Int, rendition: Rendition) -> Ground {
    var frame = Frame(width: width, height: height)
    let (axes, shown) = geometry(width: frame.width, height: frame.height, unicode: rendition.unicode)
    if !axes.area.isEmpty {
      axes.draw(
        on: &frame, rendition: rendition, horizontalLabel: horizontalLabel,
        horizontalPlace: { ($0 - Double(shown.lower.x)) / Double(shown.extent.x) },
        verticalPlace: { ($0 - Double(shown.lower.y)) / Double(shown.extent.y) })
      if axes.isShown { writeVerticalLabel(on: &frame, axes: axes) }
    }
    let counts = ScatterCounts(
      points: points, labels: labels, hiddenClasses: hiddenClasses, window: shown, columns: axes.area.width,
      rows: axes.area.height)
    var painter = ScatterPainter(
      frame: frame, area: axes.area, window: shown, rendition: rendition, isTaken: counts.patterns.map { $0 != 0 })
    let asMarks = drawsMarks(rendition)
    painter.drawPoints(
      counts, labelKind, asMarks: asMarks, labelKind == .classes ? marks : .standard,
      density: showsDensity ? counts.density() : nil)
    painter.emphasise(emphasised.lazy.filter { points.indices.contains($0) }.map { points[$0] })
    if isLine {
      painter.drawRingMarks(ringRadii, around: ringCenter.x)
    } else {
      painter.drawRings(ringRadii, around: ringCenter)
    }
    return Ground(painter: painter, axes: axes)
  }

  /// Whether points are drawn as marks: asked for, or needed to tell the classes apart.
  public func drawsMarks(_ rendition: Rendition) -> Bool {
    // Of levels the sixteen colours have no order.
    style == .marks || ClassPalette.needsMarks(rendition, classCount: Int(labels.max() ?? -1) + 1)
      || labelKind == .levels && !rendition.isRich
  }

  /// The plot over a ground that was made with the same window.
  public func frame(over ground: Ground) -> Frame {
    var painter = ground.painter
    guard !ground.axes.area.isEmpty else { return painter.frame }
    if path.count > 1 { painter.drawPath(path) }
    if let ellipse { painter.draw(ellipse) }
    if let crosshair { painter.drawCrosshair(at: crosshair, axes: ground.axes) }
    for marker in markers { painter.draw(marker) }
    return painter.frame.inASCII(unless: painter.rendition.unicode)
  }

  /// The part of the plane that is shown on so many cells, and how much of it a cell covers.
  public func shownWindow(width: Int, height: Int) -> (window: PlotWindow, cell: SIMD2<Float>) {
    let (axes, shown) = geometry(width: max(0, width), height: max(0, height))
    return (shown, shown.extent / SIMD2(Float(max(1, axes.area.width)), Float(max(1, axes.area.height))))
  }

  /// The point of the plane at the middle of a cell, such as the one the mouse clicked; nil outside the plot area.
  public func point(column: Int, row: Int, width: Int, height: Int) -> SIMD2<Float>? {
    let (axes, shown) = geometry(width: max(0, width), height: max(0, height))
    let area = axes.area
    guard area.contains(column: column, row: row) else { return nil }
    let place = SIMD2(
      (Float(column - area.column) + 0.5) / Float(area.width), 1 - (Float(row - area.row) + 0.5) / Float(area.height))
    return shown.lower + shown.extent * place
  }

  /// The cell a point of the plane falls in; nil outside the window.
  public func cell(of point: SIMD2<Float>, width: Int, height: Int) -> Frame.Position? {
    let (axes, shown) = geometry(width: max(0, width), height: max(0, height))
    return shown.cell(of: point, in: axes.area)
  }

  /// The cell a point of the plane falls in, or of a point outside the window the one at its edge that is nearest, on a
  /// ground that was made for this plot.
  public func nearestCell(to point: SIMD2<Float>, over ground: Ground) -> (position: Frame.Position, isInside: Bool) {
    let (window, area) = (ground.painter.window, ground.axes.area)
    if let cell = window.cell(of: point, in: area) { return (cell, true) }
    return (window.nearestCell(to: point, in: area), false)
  }

  /// Where the axes stand, and the window between them. The labels decide how much room is left, and that the window.
  func geometry(width: Int, height: Int, unicode: Bool = true) -> (axes: PlotAxes, window: PlotWindow) {
    // The minus sign is one column in Unicode and in ASCII alike, so any rendition has the same geometry.
    func axes(_ window: PlotWindow, _ area: Rectangle?) -> PlotAxes {
      func scale(_ axis: Int) -> (Int) -> AxisScale {
        { maximumCount in
          AxisScale(
            range: Double(window.lower[axis])...Double(window.upper[axis]), maximumCount: maximumCount,
            unit: area.map { Double(window.extent[axis]) / Double(max(1, axis == 0 ? $0.width : $0.height)) },
            unicode: unicode)
        }
      }
      return PlotAxes(
        horizontal: scale(0), vertical: isLine ? { _ in scale(1)(0) } : scale(1), verticalLabel: verticalLabel,
        minimumMargin: area?.column ?? 0, width: width, height: height, isWanted: showsAxes)
    }
    var shown = window
    var placed = axes(shown, nil)
    guard fitsWindow else { return (placed, shown) }
    for _ in 0..<4 {
      let area = placed.area
      shown = window.fitted(columns: area.width, rows: area.height)
      placed = axes(shown, area)
      if placed.area == area { break }
    }
    return (placed, placed.area.isEmpty ? window : shown)
  }

  /// At the foot of its axis, where no tick's label stands.
  private func writeVerticalLabel(on frame: inout Frame, axes: PlotAxes) {
    frame.write(verticalLabel, column: 0, row: axes.area.endRow, maximumWidth: axes.area.column - 1)
  }
}

extension PlotWindow {
  /// The cell of the area a point falls in; nil outside the window.
  func cell(of point: SIMD2<Float>, in area: Rectangle) -> Frame.Position? {
    let place = SIMD2<Double>((point - lower) / extent)
    guard !area.isEmpty, place.x >= 0, place.x < 1, place.y > 0, place.y <= 1 else { return nil }
    return Frame.Position(
      column: area.column + PlotAxes.cell(place.x, of: area.width),
      row: area.row + PlotAxes.cell(1 - place.y, of: area.height))
  }

  /// The cell of the area that is nearest to a point, wherever that is.
  func nearestCell(to point: SIMD2<Float>, in area: Rectangle) -> Frame.Position {
    let place = SIMD2<Double>((point - lower) / extent)
    return Frame.Position(
      column: area.column + PlotAxes.cell(place.x, of: area.width),
      row: area.row + PlotAxes.cell(1 - place.y, of: area.height))
  }
}
