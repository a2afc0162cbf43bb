import Canvas
import Datasets

/// Numbers as text, without Foundation's formatters: they cost more to load than most commands take.
enum Text {
  /// `value` with `digits` decimals; what is huge with four digits and a power of ten.
  static func fixed(_ value: Double, _ digits: Int) -> String { NumberText.compact(value, decimals: digits) }

  /// `value` with `digits` decimals, or with four digits and a power of ten where decimals tell nothing of it.
  static func telling(_ value: Double, _ digits: Int) -> String { NumberText.telling(value, decimals: digits) }

  /// What stands behind a value: ` ± 0.012`; nothing where no error is known.
  static func error(_ error: Double?, _ digits: Int) -> String { error.map { " ± " + fixed($0, digits) } ?? "" }

  /// The same of an error of a number that `telling` writes: beside decimals a small one has some more of them before it has a
  /// power of ten.
  static func tellingError(_ error: Double?, of value: Double, _ digits: Int) -> String {
    guard let error else { return "" }
    func isTold(_ number: Double, _ digits: Int) -> Bool {
      abs(number) < 1e6 && telling(number, digits) == fixed(number, digits)
    }
    let enough = isTold(value, digits) ? (digits...digits + 3).first { isTold(error, $0) } : nil
    return " ± " + telling(error, enough ?? digits)
  }

  /// A share in percent with its error: `   97.50 % ± 0.31`.
  static func share(_ share: Double, _ error: Double?) -> String {
    rightAligned(fixed(100 * share, 2), 8) + " %" + Self.error(error.map { 100 * $0 }, 2)
  }

  /// A share in percent, as `12.5 %`.
  static func percent(_ share: Double) -> String { fixed(100 * share, 1) + " %" }

  /// Which half of a data set: ` (test)`; nothing of what has no halves.
  static func half(_ part: DataPart?) -> String { part.map { " (\($0.rawValue))" } ?? "" }

  /// `values` with their signs and as many decimals as tell each from the next, as far as there is room.
  static func signed(_ values: [Float], within width: Int = .max) -> [String] {
    NumberText.signed(values, within: width, unicode: false)
  }

  /// A whole number with a comma every three digits.
  static func grouped(_ value: Int) -> String { NumberText.grouped(value, unicode: false) }

  /// A number of things, as `1 step` or `860 steps`.
  static func counted(_ count: Int, _ thing: String) -> String {
    NumberText.counted(count, thing, unicode: false)
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
