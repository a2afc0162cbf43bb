/// Where values lie on a line chart.
struct ChartScale {
  /// The corners of the chart.
  let lower: SIMD2<Double>
  let upper: SIMD2<Double>
  /// What a cell spans along each axis, where the range was made for whole cells.
  private(set) var units = SIMD2<Double>.zero
  private let countsWhole: Bool

  init(_ chart: LineChart) {
    countsWhole = chart.countsWhole
    var low = SIMD2<Double>(repeating: .infinity)
    var high = SIMD2<Double>(repeating: -.infinity)
    for point in chart.series.lazy.flatMap(\.points) {
      guard point.x.isFinite, point.y.isFinite else { continue }
      low.x = min(low.x, point.x)
      high.x = max(high.x, point.x)
      if chart.horizontalRange.map({ $0.contains(point.x) }) ?? true {
        low.y = min(low.y, point.y)
        high.y = max(high.y, point.y)
      }
    }
    // A little room above and below, so that extremes are not hidden by the frame.
    let margin = (high.y - low.y) * 0.04
    low.y -= margin
    high.y += margin
    if let range = chart.horizontalRange { (low.x, high.x) = (range.lowerBound, range.upperBound) }
    if let range = chart.verticalRange { (low.y, high.y) = (range.lowerBound, range.upperBound) }
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

  private init(_ scale: ChartScale, lower: SIMD2<Double>, upper: SIMD2<Double>, units: SIMD2<Double>) {
    self.lower = lower
    self.upper = upper
    self.units = units
    countsWhole = scale.countsWhole
  }

  /// The scale with ranges enlarged so that ticks fall on the middles of cells, as many apart each time.
  func fitted(columns: Int, rows: Int) -> ChartScale {
    var (low, high, units) = (lower, upper, SIMD2<Double>.zero)
    for (axis, count) in [columns, rows].enumerated() {
      guard
        let fit = Self.fit(
          lower[axis], upper[axis], cells: count, maximumCount: max(2, axis == 0 ? count / 9 : count / 3),
          isWhole: axis == 0 && countsWhole)
      else { continue }
      low[axis] = fit.lower
      units[axis] = fit.unit
      high[axis] = fit.lower + fit.unit * Double(count)
    }
    return ChartScale(self, lower: low, upper: high, units: units)
  }

  /// The range that is enlarged least among those in which a step of 1, 2 or 5 times a power of ten is a whole number of
  /// cells; nil where none is less than twice too large.
  private static func fit(
    _ low: Double, _ high: Double, cells: Int, maximumCount: Int, isWhole: Bool
  ) -> (lower: Double, unit: Double)? {
    let extent = high - low
    guard cells > 2, extent.isFinite, extent > max(abs(low), abs(high)) * 1e-9 else { return nil }
    var (digit, exponent) = (1, Int(PlotMath.decimalLogarithm(extent / Double(maximumCount)).rounded(.down)))
    if isWhole { exponent = max(0, exponent) }
    var best: (growth: Double, lower: Double, unit: Double)?
    for _ in 0..<6 {
      let step = Double(digit) * PlotMath.power(10, Double(exponent))
      (digit, exponent) = AxisScale.nextStep(digit, exponent)
      // One cell is left for moving the range until a tick is in the middle of one.
      var cellsPerStep = (Double(cells - 1) * step / extent * (1 + 1e-9)).rounded(.down)
      guard cellsPerStep >= 1, cellsPerStep < 1e6 else { continue }
      // In strides of an eighth: an axis that grows by a little changes now and then, not always.
      if cellsPerStep > 8 { cellsPerStep -= Double(Int(cellsPerStep) % (Int(cellsPerStep) / 8)) }
      let unit = step / cellsPerStep
      let grown = unit * Double(cells)
      let ticks = grown / step
      guard ticks <= Double(maximumCount) + 0.5, ticks >= (isWhole ? 1 : 2) else { continue }
      let growth = grown / extent
      if growth < best?.growth ?? 2 {
        // Anchored below, where most curves end: what is added at the other end moves nothing.
        best = (growth, ((low / unit + 0.5).rounded(.down) - 0.5) * unit, unit)
      }
    }
    return best.map { ($0.lower, $0.unit) }
  }

  /// Where a point lies, (0, 0) at the lower left corner, (1, 1) at the upper right.
  func place(_ point: SIMD2<Double>) -> SIMD2<Double> {
    (point - lower) / (upper - lower)
  }
}
