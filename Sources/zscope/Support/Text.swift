import Canvas

/// Numbers as text, without Foundation's formatters: they cost more to load than most commands take.
enum Text {
  /// `value` with `digits` decimals.
  static func fixed(_ value: Double, _ digits: Int) -> String { NumberText.decimal(value, decimals: digits) }

  /// `value` with its sign and two decimals, or as few digits as say it where it is huge.
  static func signed(_ value: Float) -> String {
    let text = abs(value) < 1e6 ? fixed(Double(value), 2) : "\(value)"
    return text.hasPrefix("-") ? text : "+" + text
  }

  /// A whole number with a comma every three digits.
  static func grouped(_ value: Int) -> String { NumberText.grouped(value, unicode: false) }

  /// A number of things, as `1 step` or `860 steps`.
  static func counted(_ count: Int, _ thing: String) -> String { "\(grouped(count)) \(thing)\(count == 1 ? "" : "s")" }

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
