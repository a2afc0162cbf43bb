/// The part of the plane a plot shows.
public struct PlotWindow: Hashable, Sendable {
  /// The corner with the smallest coordinates (left, bottom).
  public var lower: SIMD2<Float>
  /// The corner with the largest coordinates (right, top).
  public var upper: SIMD2<Float>

  /// The window between two corners; a side of no extent, or one that is not finite, becomes one unit around its middle.
  public init(lower: SIMD2<Float>, upper: SIMD2<Float>) {
    self.lower = pointwiseMin(lower, upper)
    self.upper = pointwiseMax(lower, upper)
    for axis in 0..<2 where !((self.upper[axis] - self.lower[axis]).isNormal && self.upper[axis].isFinite) {
      let middle = lower[axis].isFinite ? lower[axis] : 0
      self.lower[axis] = middle - 0.5
      self.upper[axis] = middle + 0.5
    }
  }

  /// The square of half side `radius` around a point.
  public init(center: SIMD2<Float>, radius: Float) {
    self.init(lower: center - radius, upper: center + radius)
  }

  /// The middle of the window.
  public var center: SIMD2<Float> { (lower + upper) / 2 }
  /// Width and height of the window.
  public var extent: SIMD2<Float> { upper - lower }

  /// The smallest window around all finite points and the square of half side `minimumRadius` around 0, with a margin.
  public static func enclosing(_ points: [SIMD2<Float>], minimumRadius: Float = 0) -> PlotWindow {
    var low = SIMD2<Float>(repeating: minimumRadius > 0 ? -minimumRadius : .infinity)
    var high = -low
    for point in points where point.x.isFinite && point.y.isFinite {
      low = pointwiseMin(low, point)
      high = pointwiseMax(high, point)
    }
    guard low.x <= high.x else { return PlotWindow(center: .zero, radius: 1) }
    let margin = (high - low) * 0.03
    return PlotWindow(lower: low - margin, upper: high + margin)
  }

  /// The window scaled around a point that keeps its place: `factor` 0.5 shows half the extent.
  public func zoomed(by factor: Float, around point: SIMD2<Float>? = nil) -> PlotWindow {
    let fixed = point ?? center
    return PlotWindow(lower: fixed + (lower - fixed) * factor, upper: fixed + (upper - fixed) * factor)
  }

  /// The window moved by fractions of its extent.
  public func panned(by fraction: SIMD2<Float>) -> PlotWindow {
    PlotWindow(lower: lower + extent * fraction, upper: upper + extent * fraction)
  }

  /// The smallest window around this one in which both axes have the same scale, so that circles are round.
  ///
  /// `width` and `height` are in cells, taken as twice as high as wide.
  public func withEqualScale(width: Int, height: Int) -> PlotWindow {
    guard width > 0, height > 0 else { return self }
    let squares = SIMD2(Float(width), Float(2 * height))
    let perSquare = (extent / squares).max()
    let half = squares * perSquare / 2
    return PlotWindow(lower: center - half, upper: center + half)
  }

  /// The smallest window around this one in which both axes have the same scale, 0 lies in the middle of a cell, and ticks
  /// are a whole number of cells apart along both axes; a row shows twice what a column does.
  public func fitted(columns: Int, rows: Int) -> PlotWindow {
    guard columns > 1, rows > 1 else { return withEqualScale(width: columns, height: rows) }
    let cells = SIMD2(Double(columns), Double(rows))
    let extent = SIMD2<Double>(self.extent)
    // Up to half a cell on each side goes to have 0 in the middle of one.
    let needed = max(extent.x / (cells.x - 1), extent.y / (2 * (cells.y - 1)))
    guard let unit = Self.unit(atLeast: needed, columns: columns, rows: rows) else {
      return withEqualScale(width: columns, height: rows)
    }
    let units = SIMD2(unit, 2 * unit)
    var lower = SIMD2<Double>(center) - cells * units / 2
    lower = ((lower / units + 0.5).rounded(.toNearestOrEven) - 0.5) * units
    return PlotWindow(lower: SIMD2<Float>(lower), upper: SIMD2<Float>(lower + cells * units))
  }

  /// What a column is to show: the least that is no less than needed and divides a step of ticks along each axis; where
  /// there is little room, of ticks closer together, or along the horizontal axis only; nil where numbers leave what doubles
  /// hold.
  private static func unit(atLeast needed: Double, columns: Int, rows: Int) -> Double? {
    guard needed.isNormal, needed < 1e30, needed > 1e-30 else { return nil }
    let roomy = unit(atLeast: needed, columns: columns, rows: rows, most: (max(2, columns / 9), max(2, rows / 3)))
    if let best = roomy.best { return best }
    let dense = unit(atLeast: needed, columns: columns, rows: rows, most: (max(2, columns / 6), max(2, rows / 2)))
    return dense.best ?? roomy.sufficient
  }

  /// Of at most so many ticks along each axis: the best, and what is even along the horizontal one alone.
  private static func unit(
    atLeast needed: Double, columns: Int, rows: Int, most: (columns: Int, rows: Int)
  ) -> (best: Double?, sufficient: Double?) {
    var (best, sufficient): (Double?, Double?)
    var (digit, exponent) = (1, Int(PlotMath.decimalLogarithm(needed).rounded(.down)))
    for _ in 0..<12 {
      let step = Double(digit) * PlotMath.power(10, Double(exponent))
      let widest = Int(min(1e6, step / needed * (1 + 1e-9)))
      for cells in stride(from: widest, through: max(1, widest - 6), by: -1) where cells >= 1 {
        let unit = step / Double(cells)
        if cells <= columns { sufficient = min(sufficient ?? unit, unit) }
        guard Self.isTickable(cells, of: columns, most: most.columns) else { continue }
        guard unit < best ?? .infinity, Self.hasStep(of: 2 * unit, cells: rows, most: most.rows) else {
          continue
        }
        best = unit
      }
      (digit, exponent) = AxisScale.nextStep(digit, exponent)
    }
    return (best, sufficient)
  }

  /// Whether ticks so many cells apart are at least two, and no more than fit, wherever the first of them falls.
  private static func isTickable(_ cells: Int, of count: Int, most: Int) -> Bool {
    count / cells >= 2 && (count + cells - 1) / cells <= most
  }

  /// Whether some step is a whole number of cells of that extent, and gives ticks that fit.
  private static func hasStep(of unit: Double, cells count: Int, most: Int) -> Bool {
    var (digit, exponent) = (1, Int(PlotMath.decimalLogarithm(unit).rounded(.down)))
    for _ in 0..<9 {
      let cells = Double(digit) * PlotMath.power(10, Double(exponent)) / unit
      if abs(cells - cells.rounded()) < 1e-6, isTickable(max(1, Int(cells.rounded())), of: count, most: most) {
        return true
      }
      (digit, exponent) = AxisScale.nextStep(digit, exponent)
    }
    return false
  }

  /// This window or the one shown before: a window that holds what it must, and not three times as much, stands still
  /// while codes move in training.
  ///
  /// - Parameter previous: the window shown before, or nil.
  /// - Returns: `previous` if it will do; else this one with a tenth to spare on every side.
  public func settled(from previous: PlotWindow?) -> PlotWindow {
    if let previous, previous.lower.x <= lower.x, previous.lower.y <= lower.y, previous.upper.x >= upper.x,
      previous.upper.y >= upper.y, extent.x > previous.extent.x * 0.6 || extent.y > previous.extent.y * 0.6
    {
      return previous
    }
    let spare = extent * 0.1
    return PlotWindow(lower: lower - spare, upper: upper + spare)
  }
}
