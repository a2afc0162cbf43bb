/// Where values lie on a line chart.
struct ChartScale {
  /// The corners of the chart; vertical values are decimal logarithms on a logarithmic axis.
  let lower: SIMD2<Double>
  let upper: SIMD2<Double>
  private let isLogarithmic: Bool

  init(_ chart: LineChart) {
    isLogarithmic = chart.isLogarithmic
    var low = SIMD2<Double>(repeating: .infinity)
    var high = SIMD2<Double>(repeating: -.infinity)
    for point in chart.series.lazy.flatMap(\.points) {
      let vertical = Self.vertical(point.y, isLogarithmic: chart.isLogarithmic)
      guard point.x.isFinite, vertical.isFinite else { continue }
      low.x = min(low.x, point.x)
      high.x = max(high.x, point.x)
      if chart.horizontalRange.map({ $0.contains(point.x) }) ?? true {
        low.y = min(low.y, vertical)
        high.y = max(high.y, vertical)
      }
    }
    // A little room above and below, so that extremes are not hidden by the frame.
    let margin = (high.y - low.y) * 0.04
    low.y -= margin
    high.y += margin
    if let range = chart.horizontalRange { (low.x, high.x) = (range.lowerBound, range.upperBound) }
    if let range = chart.verticalRange {
      low.y = Self.vertical(range.lowerBound, isLogarithmic: chart.isLogarithmic)
      high.y = Self.vertical(range.upperBound, isLogarithmic: chart.isLogarithmic)
    }
    for axis in 0..<2 where !((high[axis] - low[axis]).isNormal && high[axis] > low[axis]) {
      let middle = low[axis].isFinite ? low[axis] : high[axis].isFinite ? high[axis] : 0
      // One value alone lies in the middle of its axis; no value at all leaves 0 to 1.
      let half = max(0.5, abs(middle) * 1e-3)
      let isEmpty = !low[axis].isFinite && !high[axis].isFinite
      (low[axis], high[axis]) = isEmpty ? (0, 1) : (middle - half, middle + half)
    }
    lower = low
    upper = high
  }

  private static func vertical(_ value: Double, isLogarithmic: Bool) -> Double {
    guard isLogarithmic else { return value }
    return value > 0 ? PlotMath.decimalLogarithm(value) : .nan
  }

  /// Where a value lies between the lower end of the vertical axis, 0, and the upper, 1; not a number if nowhere.
  func verticalPlace(of value: Double) -> Double {
    (Self.vertical(value, isLogarithmic: isLogarithmic) - lower.y) / (upper.y - lower.y)
  }

  /// The vertical value at a place between 0 and 1.
  func value(atPlace place: Double) -> Double {
    let vertical = lower.y + place * (upper.y - lower.y)
    return isLogarithmic ? PlotMath.power(10, vertical) : vertical
  }

  /// Where a point lies, (0, 0) at the lower left corner, (1, 1) at the upper right.
  func place(_ point: SIMD2<Double>) -> SIMD2<Double> {
    SIMD2((point.x - lower.x) / (upper.x - lower.x), verticalPlace(of: point.y))
  }
}
