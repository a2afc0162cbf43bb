/// Curves over a common horizontal axis, such as the terms of an objective over epochs.
public struct LineChart: Sendable {
  /// One curve.
  public struct Series: Hashable, Sendable {
    public var name: String
    /// Points from left to right; a value that is not finite leaves a gap.
    public var points: [SIMD2<Double>]
    public var color: Color
    /// Whether the curve is drawn with gaps, as held-out values are.
    public var isDashed: Bool

    public init(name: String, points: [SIMD2<Double>], color: Color, isDashed: Bool = false) {
      self.name = name
      self.points = points
      self.color = color
      self.isDashed = isDashed
    }
  }

  public var series: [Series]
  public var horizontalLabel = ""
  public var verticalLabel = ""
  /// Whether the vertical axis is logarithmic; values ≤ 0 leave gaps.
  public var isLogarithmic = false
  public var showsLegend = true
  /// The horizontal range shown; the range of the points when nil.
  public var horizontalRange: ClosedRange<Double>?
  /// The vertical range shown; the range of the points when nil.
  public var verticalRange: ClosedRange<Double>?
  /// A vertical line through the chart, such as the epoch a person looks at.
  public var cursor: Double?

  public init(series: [Series]) { self.series = series }

  /// The chart on `width` × `height` cells.
  public func frame(width: Int, height: Int, rendition: Rendition) -> Frame {
    Frame(width: width, height: height)
  }
}
