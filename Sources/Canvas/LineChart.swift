/// Curves over a common horizontal axis, such as the terms of an objective over epochs.
public struct LineChart: Sendable {
  /// One curve.
  public struct Series: Hashable, Sendable {
    /// What it is a curve of.
    public var name: String
    /// Points from left to right; a value that is not finite leaves a gap.
    public var points: [SIMD2<Double>]
    /// Its colour; limited to what the rendition has.
    public var color: Color
    /// Whether the curve is drawn with gaps, as held-out values are.
    public var isDashed: Bool

    /// A curve through points ordered from left to right.
    public init(name: String, points: [SIMD2<Double>], color: Color, isDashed: Bool = false) {
      self.name = name
      self.points = points
      self.color = color
      self.isDashed = isDashed
    }
  }

  /// The curves, the first beneath.
  public var series: [Series]
  /// What the horizontal axis counts, such as `epoch`.
  public var horizontalLabel = ""
  /// Whether the horizontal axis counts things that have no halves, such as epochs: ticks stand at whole numbers only.
  public var countsWhole = false
  /// The horizontal range to show, and as little more as ticks on whole cells need; the range of the points when nil.
  public var horizontalRange: ClosedRange<Double>?
  /// The vertical range to show, likewise; the range of the points when nil.
  public var verticalRange: ClosedRange<Double>?
  /// A vertical line through the chart, such as the epoch a person looks at.
  public var cursor: Double?

  /// A chart of curves, its ranges those of their points.
  public init(series: [Series]) { self.series = series }

  /// The chart on `width` × `height` cells: axes where there is room, the curves.
  public func frame(width: Int, height: Int, rendition: Rendition) -> Frame {
    var frame = Frame(width: width, height: height)
    let (axes, scale) = geometry(width: frame.width, height: frame.height, unicode: rendition.unicode)
    guard !axes.area.isEmpty else { return frame }
    axes.draw(
      on: &frame, rendition: rendition, horizontalLabel: horizontalLabel, labelYields: true,
      horizontalPlace: { scale.place(SIMD2($0, scale.lower.y)).x },
      verticalPlace: { scale.place(SIMD2(scale.lower.x, $0)).y })
    drawCursor(on: &frame, area: axes.area, scale: scale, rendition: rendition)
    drawCurves(on: &frame, area: axes.area, scale: scale, rendition: rendition)
    return frame.inASCII(unless: rendition.unicode)
  }

  /// Where the axes stand, and what they span: enough more than the points for ticks on whole cells, evenly apart, so that
  /// a chart that grows stands still most of the time.
  private func geometry(width: Int, height: Int, unicode: Bool) -> (axes: PlotAxes, scale: ChartScale) {
    let tight = ChartScale(self)
    var (placed, scale) = (axes(scale: tight, width: width, height: height, unicode: unicode), tight)
    for _ in 0..<3 where placed.isShown {
      let area = placed.area
      scale = tight.fitted(columns: area.width, rows: area.height)
      placed = axes(scale: scale, width: width, height: height, unicode: unicode)
      if placed.area == area { break }
    }
    return (placed, scale)
  }

  private func axes(scale: ChartScale, width: Int, height: Int, unicode: Bool) -> PlotAxes {
    PlotAxes(
      horizontal: {
        AxisScale(
          range: scale.lower.x...scale.upper.x, maximumCount: $0, unit: scale.units.x, isWhole: countsWhole,
          unicode: unicode)
      },
      vertical: {
        AxisScale(range: scale.lower.y...scale.upper.y, maximumCount: $0, unit: scale.units.y, unicode: unicode)
      },
      width: width, height: height)
  }
}
