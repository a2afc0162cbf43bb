import Canvas
import Datasets

/// Numbers as text, without Foundation's formatters: they cost more to load than most commands take.
enum Text {
  /// `value` with `digits` decimals.
  static func fixed(_ value: Double, _ digits: Int) -> String { NumberText.decimal(value, decimals: digits) }

  /// `value` with `digits` decimals, or with four digits and a power of ten where decimals tell nothing of it.
  static func telling(_ value: Double, _ digits: Int) -> String { NumberText.telling(value, decimals: digits) }

  /// What stands behind a value: ` ± 0.012`; nothing where no error is known.
  static func error(_ error: Double?, _ digits: Int) -> String { error.map { " ± " + fixed($0, digits) } ?? "" }

  /// The same of an error of a number that `telling` writes.
  static func tellingError(_ error: Double?, _ digits: Int) -> String {
    error.map { " ± " + telling($0, digits) } ?? ""
  }

  /// A share in percent with its error: `   97.50 % ± 0.31`.
  static func share(_ share: Double, _ error: Double?) -> String {
    rightAligned(fixed(100 * share, 2), 8) + " %" + Self.error(error.map { 100 * $0 }, 2)
  }

  /// A share in percent, as `12.5 %`.
  static func percent(_ share: Double) -> String { fixed(100 * share, 1) + " %" }

  /// Which half of a data set: ` (test)`; nothing of what has no halves.
  static func half(_ part: DataPart?) -> String { part.map { " (\($0.rawValue))" } ?? "" }

  /// `values` with their signs and two decimals, or as many as tell each from the next; of what is huge, or too small for
  /// decimals, as few digits as say it.
  ///
  /// - Parameter width: fewer decimals are given where some would take more characters, as long as these say nearly the
  ///   same: within a tenth of the step from one value to the next.
  static func signed(_ values: [Float], within width: Int = .max) -> [String] {
    let most = 9
    func texts(_ decimals: Int) -> [String] {
      values.map { value in
        let isFixed = abs(value) < 1e6 && decimals <= most
        let text = isFixed ? fixed(Double(value), decimals) : "\(value == 0 ? 0 : value)"
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
    return result
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
