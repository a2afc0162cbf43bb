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

  /// A number with a fixed count of decimals where these tell it, and with four digits and a power of ten, `1.107e-05`,
  /// where they would tell of nothing, or where it is a million or more.
  public static func telling(_ value: Double, decimals: Int) -> String {
    let size = abs(value)
    guard value.isFinite, size != 0, let least = Double("1e-\(decimals)"), size < least || size >= 1e6 else {
      return decimal(value, decimals: decimals)
    }
    return scientific(value)
  }

  /// A number with a fixed count of decimals, or, from a thousand million on, with four digits and a power of ten,
  /// `1.235e+17`: of a loss that has exploded its other digits tell nothing, and push out what stands beside it.
  public static func compact(_ value: Double, decimals: Int) -> String {
    value.isFinite && abs(value) >= 1e9 ? scientific(value) : decimal(value, decimals: decimals)
  }

  /// Four digits and a power of ten, of a finite number but 0.
  private static func scientific(_ value: Double) -> String {
    var (mantissa, exponent) = (abs(value), 0)
    // Large steps first, so that rounding adds up a few times only.
    for step in [256, 128, 64, 32, 16, 8, 4, 2, 1] {
      guard let power = Double("1e\(step)") else { continue }
      while mantissa >= power {
        mantissa /= power
        exponent += step
      }
      while mantissa * power < 10 {
        mantissa *= power
        exponent -= step
      }
    }
    var digits = decimal(mantissa, decimals: 3)
    if digits.hasPrefix("10") {
      digits = decimal(mantissa / 10, decimals: 3)
      exponent += 1
    }
    let places = "\(abs(exponent))"
    let sign = (value < 0 ? "-" : "", exponent < 0 ? "-" : "+")
    return "\(sign.0)\(digits)e\(sign.1)\(places.count < 2 ? "0" : "")\(places)"
  }

  /// A number with its sign always shown, `+0.42` or `−1.30`; the minus is ASCII where Unicode is not to be had.
  public static func signed(_ value: Double, decimals: Int, unicode: Bool) -> String {
    let text = decimal(value, decimals: decimals)
    if text.hasPrefix("-") { return (unicode ? "−" : "-") + text.dropFirst() }
    return text == "nan" ? text : "+" + text
  }

  /// `values` with their signs and two decimals, or as many as tell each from the next; of what is huge, or too small for
  /// decimals, as few digits as say it.
  ///
  /// - Parameter width: fewer decimals are given where some would take more characters, as long as these say nearly the
  ///   same: within a tenth of the step from one value to the next.
  public static func signed(_ values: [Float], within width: Int = .max, unicode: Bool) -> [String] {
    let most = 9
    func texts(_ decimals: Int) -> [String] {
      values.map { value in
        let isFixed = abs(value) < 1e6 && decimals <= most
        let text = isFixed ? decimal(Double(value), decimals: decimals) : "\(value == 0 ? 0 : value)"
        return text.hasPrefix("-") ? text : "+" + text
      }
    }
    let steps = zip(values, values.dropFirst()).map { abs($0 - $1) }.filter { $0 > 0 }
    let sizes = values.map { abs($0) }.filter { $0 > 0 }
    // A step that rounding has made a little shorter is told by the same digits.
    let step = 1.001 * Double(steps.min() ?? sizes.min() ?? 1)
    var (decimals, unit) = (2, 0.01)
    while unit > step, decimals <= most { (decimals, unit) = (decimals + 1, unit / 10) }
    var result = texts(decimals)
    while result.contains(where: { $0.count > width }), decimals > 0 {
      decimals -= 1
      let shorter = texts(decimals)
      guard zip(values, shorter).allSatisfy({ abs((Double($1) ?? .infinity) - Double($0)) <= step / 10 }) else { break }
      result = shorter
    }
    return unicode ? result.map { $0.replacing("-", with: "−") } : result
  }

  /// So many of a thing: `1 code`, `10,000 codes`; `plural` is what several are called where that is not the same with an s.
  public static func counted(_ count: Int, _ thing: String, plural: String? = nil, unicode: Bool) -> String {
    "\(grouped(count, unicode: unicode)) \(count == 1 ? thing : plural ?? thing + "s")"
  }

  /// A whole number with a comma every three digits, `10,000`; the minus is ASCII where Unicode is not to be had.
  public static func grouped(_ value: Int, unicode: Bool) -> String {
    var text = ""
    let digits = String(value.magnitude)
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return (value < 0 ? (unicode ? "−" : "-") : "") + text
  }

  /// Seconds as `42 s`, `3:07` or `1:02:33`; `?` where they are not known.
  public static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "?" }
    let total = Int(seconds.rounded())
    if total < 60 { return "\(total) s" }
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return total < 3600
      ? "\(total / 60):\(two(total % 60))" : "\(total / 3600):\(two(total / 60 % 60)):\(two(total % 60))"
  }
}
