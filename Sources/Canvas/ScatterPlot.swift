/// A scatter of labelled points, and what a person steering through them wants to see around them.
///
/// Set what is to be shown, then ask for the frame. Points are braille dots, in each cell in the colour of the majority
/// of its points; in mono and ASCII a cell shows its majority's digit.
public struct ScatterPlot: Sendable {
  /// The points; those that are not finite are left out.
  public var points: [SIMD2<Float>]
  /// The class of each point, negative where it is not known; empty when none is.
  public var labels: [Int32]
  /// The part of the plane shown.
  public var window: PlotWindow
  /// Classes not drawn.
  public var hiddenClasses: Set<Int32> = []
  /// Whether empty and crowded regions are told apart by a shade beneath the dots.
  public var showsDensity = false
  /// Radii of circles around the origin: 1, 2 and 3 standard deviations of the prior. Empty for none.
  public var ringRadii: [Float] = []
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

  /// A named place, such as a mark; drawn as its glyph.
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
    fileprivate let frame: Frame
    fileprivate let axes: PlotAxes
    fileprivate let rendition: Rendition
  }

  /// The plot on `width` × `height` cells; blank where nothing is.
  public func frame(width: Int, height: Int, rendition: Rendition) -> Frame {
    frame(over: ground(width: width, height: height, rendition: rendition))
  }

  /// The part of the plot that depends neither on the crosshair, nor the path, the ellipse and the markers: worth keeping
  /// while only these change, since all points have to be looked at for it.
  public func ground(width: Int, height: Int, rendition: Rendition) -> Ground {
    var frame = Frame(width: width, height: height)
    let axes = self.axes(width: frame.width, height: frame.height, rendition: rendition)
    guard !axes.area.isEmpty else { return Ground(frame: frame, axes: axes, rendition: rendition) }
    axes.draw(
      on: &frame, rendition: rendition, horizontalLabel: horizontalLabel,
      horizontalPlace: { ($0 - Double(window.lower.x)) / Double(window.extent.x) },
      verticalPlace: { ($0 - Double(window.lower.y)) / Double(window.extent.y) })
    if axes.isShown { writeVerticalLabel(on: &frame, axes: axes) }
    let counts = ScatterCounts(
      points: points, labels: labels, hiddenClasses: hiddenClasses, window: window, columns: axes.area.width,
      rows: axes.area.height)
    var painter = ScatterPainter(frame: frame, area: axes.area, window: window, rendition: rendition)
    painter.drawPoints(counts, density: showsDensity ? counts.density() : nil)
    painter.drawRings(ringRadii, over: counts)
    return Ground(frame: painter.frame, axes: axes, rendition: rendition)
  }

  /// The plot over a ground that was made with the same window.
  public func frame(over ground: Ground) -> Frame {
    let (axes, rendition) = (ground.axes, ground.rendition)
    guard !axes.area.isEmpty else { return ground.frame }
    var painter = ScatterPainter(frame: ground.frame, area: axes.area, window: window, rendition: rendition)
    if path.count > 1 { painter.drawPath(path) }
    if let ellipse { painter.draw(ellipse) }
    for marker in markers { painter.draw(marker) }
    if let crosshair { painter.drawCrosshair(at: crosshair, axes: axes) }
    return painter.frame.inASCII(unless: rendition.unicode)
  }

  /// The cells the points are drawn on: the frame without axes.
  public func plotArea(width: Int, height: Int) -> Rectangle {
    // The minus sign is one column in Unicode and in ASCII alike, so any rendition will do.
    axes(width: max(0, width), height: max(0, height), rendition: Rendition()).area
  }

  /// The point of the plane at the middle of a cell, such as the one the mouse clicked; nil outside the plot area.
  public func point(column: Int, row: Int, width: Int, height: Int) -> SIMD2<Float>? {
    let area = plotArea(width: width, height: height)
    guard area.contains(column: column, row: row) else { return nil }
    let place = SIMD2(
      (Float(column - area.column) + 0.5) / Float(area.width), 1 - (Float(row - area.row) + 0.5) / Float(area.height))
    return window.lower + window.extent * place
  }

  /// The cell a point of the plane falls in; nil outside the window.
  public func cell(of point: SIMD2<Float>, width: Int, height: Int) -> Frame.Position? {
    let area = plotArea(width: width, height: height)
    return window.cell(of: point, in: area)
  }

  private func axes(width: Int, height: Int, rendition: Rendition) -> PlotAxes {
    func scale(_ axis: Int) -> (Int) -> AxisScale {
      { maximumCount in
        AxisScale(
          range: Double(window.lower[axis])...Double(window.upper[axis]),
          maximumCount: maximumCount, unicode: rendition.unicode)
      }
    }
    return PlotAxes(
      horizontal: scale(0), vertical: scale(1), verticalLabel: verticalLabel, width: width, height: height,
      isWanted: showsAxes)
  }

  /// At the foot of its axis, where no tick's label stands.
  private func writeVerticalLabel(on frame: inout Frame, axes: PlotAxes) {
    frame.write(verticalLabel, column: 0, row: axes.area.endRow, maximumWidth: axes.area.column - 1)
  }
}

extension PlotWindow {
  /// The cell of the area a point falls in; nil outside the window.
  func cell(of point: SIMD2<Float>, in area: Rectangle) -> Frame.Position? {
    let place = (point - lower) / extent
    guard !area.isEmpty, place.x >= 0, place.x < 1, place.y > 0, place.y <= 1 else { return nil }
    return Frame.Position(
      column: min(area.endColumn - 1, area.column + Int(place.x * Float(area.width))),
      row: min(area.endRow - 1, area.row + Int((1 - place.y) * Float(area.height))))
  }
}
