/// Numbers as text, without Foundation, which costs milliseconds at every start.
public enum NumberText {
  /// A number with a fixed count of decimals, rounded to nearest: `0.50`; `-1.25`.
  ///
  /// Infinite and undefined numbers read `inf`, `-inf` and `nan`; those beyond 10¹⁵ are written in Swift's own way.
  public static func decimal(_ value: Double, decimals: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    let decimals = min(12, max(0, decimals))
    var scale = 1
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (abs(value) * Double(scale)).rounded()
    guard scaled < 1e18 else { return "\(value)" }
    let digits = Int(scaled)
    let sign = value < 0 && digits > 0 ? "-" : ""
    guard decimals > 0 else { return sign + String(digits) }
    let fraction = String(digits % scale)
    return sign + String(digits / scale) + "." + String(repeating: "0", count: decimals - fraction.count) + fraction
  }

  /// A number with its sign always shown, `+0.42` or `−1.30`; the minus is ASCII where Unicode is not to be had.
  public static func signed(_ value: Double, decimals: Int, unicode: Bool) -> String {
    let text = decimal(value, decimals: decimals)
    if text.hasPrefix("-") { return (unicode ? "−" : "-") + text.dropFirst() }
    return text == "nan" ? text : "+" + text
  }
}
