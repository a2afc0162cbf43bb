/// Numbers as text, without Foundation's formatters: they cost more to load than most commands take.
enum Text {
  /// `value` with `digits` decimals.
  static func fixed(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
    let scale = (0..<digits).reduce(1.0) { power, _ in power * 10 }
    let scaled = (abs(value) * scale).rounded()
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard scaled < 9e18 else { return "\(value)" }
    let whole = String(UInt64(scaled))
    guard digits > 0 else { return sign + whole }
    let padded = String(repeating: "0", count: max(0, digits + 1 - whole.count)) + whole
    return sign + padded.dropLast(digits) + "." + padded.suffix(digits)
  }

  /// `value` with its sign and two decimals, or as few digits as say it where it is huge.
  static func signed(_ value: Float) -> String {
    let text = abs(value) < 1e6 ? fixed(Double(value), 2) : "\(value)"
    return text.hasPrefix("-") ? text : "+" + text
  }

  /// A whole number with a comma every three digits.
  static func grouped(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var parts: [Substring] = []
    var rest = digits[...]
    while rest.count > 3 {
      parts.insert(rest.suffix(3), at: 0)
      rest = rest.dropLast(3)
    }
    parts.insert(rest, at: 0)
    return (value < 0 ? "-" : "") + parts.joined(separator: ",")
  }

  /// A number of things, as `1 step` or `860 steps`.
  static func counted(_ count: Int, _ thing: String) -> String { "\(grouped(count)) \(thing)\(count == 1 ? "" : "s")" }

  /// Seconds as `12 s`, `3 min 05 s` or `2 h 07 min`.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "?" }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    if whole < 3600 { return "\(whole / 60) min \(two(whole % 60)) s" }
    return "\(whole / 3600) h \(two(whole / 60 % 60)) min"
  }

  /// Bytes as `12.3 MB`.
  static func bytes(_ count: Int) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"]
    var (value, unit) = (Double(count), 0)
    while value >= 1000, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    return unit == 0 ? "\(count) B" : "\(fixed(value, 1)) \(units[unit])"
  }

  /// `text` filled with spaces on the right.
  static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  /// `text` filled with spaces on the left.
  static func rightAligned(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
