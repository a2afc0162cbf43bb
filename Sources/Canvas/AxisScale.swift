/// Where an axis has its ticks and what stands beside them.
public struct AxisScale: Hashable, Sendable {
  /// A marked value and its text.
  public struct Tick: Hashable, Sendable {
    /// The value the tick marks.
    public var value: Double
    /// How the value reads beside the axis.
    public var label: String
  }

  /// Ascending, all within the range.
  public let ticks: [Tick]

  /// Ticks at multiples of 1, 2 or 5 times a power of ten, as many as fit but no more than `maximumCount`.
  ///
  /// No tick when the range is empty or not finite.
  ///
  /// - Parameters:
  ///   - unit: how much of the axis a cell shows. The smallest step that is a whole number of cells is taken, if there
  ///     is one that leaves two ticks, so that they stand evenly.
  ///   - isWhole: whether only whole numbers are marked.
  public init(
    range: ClosedRange<Double>, maximumCount: Int, unit: Double? = nil, isWhole: Bool = false, unicode: Bool = true
  ) {
    let extent = range.upperBound - range.lowerBound
    guard extent.isFinite, extent > 0, maximumCount > 0,
      extent > max(abs(range.lowerBound), abs(range.upperBound)) * 1e-12
    else {
      ticks = []
      return
    }
    var exponent = Int(PlotMath.decimalLogarithm(extent / Double(maximumCount)).rounded(.down))
    if isWhole { exponent = max(0, exponent) }
    var digit = 1
    // The first step of 1, 2, 5, 10 … that gives no more ticks than allowed.
    while Self.multiples(digit, exponent, in: range).count > maximumCount {
      (digit, exponent) = Self.nextStep(digit, exponent)
    }
    if let unit, unit > 0 {
      var (other, power) = (digit, exponent)
      for _ in 0..<9 where Self.multiples(other, power, in: range).count >= 2 {
        let cells = Double(other) * PlotMath.power(10, Double(power)) / unit
        if abs(cells - cells.rounded()) < 1e-3 {
          (digit, exponent) = (other, power)
          break
        }
        (other, power) = Self.nextStep(other, power)
      }
    }
    let step = Double(digit) * PlotMath.power(10, Double(exponent))
    ticks = Self.multiples(digit, exponent, in: range).map { multiple in
      let value =
        exponent < 0
        ? Double(multiple) * Double(digit) / PlotMath.power(10, Double(-exponent)) : Double(multiple) * step
      return Tick(value: value, label: Self.label(value, step: step, unicode: unicode))
    }
  }

  /// The step after `digit`·10^`exponent` in 1, 2, 5, 10 …
  static func nextStep(_ digit: Int, _ exponent: Int) -> (Int, Int) {
    switch digit {
    case 1: (2, exponent)
    case 2: (5, exponent)
    default: (1, exponent + 1)
    }
  }

  /// The multiples of `digit`·10^`exponent` within the range; empty rather than beyond what integers hold.
  private static func multiples(_ digit: Int, _ exponent: Int, in range: ClosedRange<Double>) -> Range<Int> {
    let step = Double(digit) * PlotMath.power(10, Double(exponent))
    let first = (range.lowerBound / step - 1e-9).rounded(.up)
    let last = (range.upperBound / step + 1e-9).rounded(.down)
    guard first <= last, abs(first) < 1e15, abs(last) < 1e15 else { return 0..<0 }
    return Int(first)..<Int(last) + 1
  }

  /// A value with as many decimals as its step needs; thousands and millions as k and M where every tick allows it.
  static func label(_ value: Double, step: Double, unicode: Bool) -> String {
    let sign = value < 0 ? (unicode ? "−" : "-") : ""
    let magnitude = abs(value)
    if step >= 1e15 || (step < 1e-4 && magnitude > 0) || magnitude >= 1e15 {
      // The mantissa has its digits down to the step.
      let exponent = magnitude > 0 ? Int((PlotMath.decimalLogarithm(magnitude) + 1e-9).rounded(.down)) : 0
      let stepExponent = Int((PlotMath.decimalLogarithm(step) + 1e-9).rounded(.down))
      let mantissa = NumberText.decimal(
        magnitude / PlotMath.power(10, Double(exponent)), decimals: max(0, exponent - stepExponent))
      return sign + mantissa + "e" + (exponent < 0 ? (unicode ? "−" : "-") : "") + String(abs(exponent))
    }
    for (unit, letter) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")]
    where step >= unit && magnitude > 0 {
      return sign + NumberText.decimal(magnitude / unit, decimals: 0) + letter
    }
    let decimals = step < 1 ? max(0, Int((-PlotMath.decimalLogarithm(step) - 1e-9).rounded(.up))) : 0
    return sign + NumberText.decimal(magnitude, decimals: decimals)
  }
}
