import Canvas
import Glibc
import LatentModels

/// The few functions of angles the explorer needs.
enum Angles {
  static func sine(_ angle: Float) -> Float { sinf(angle) }
  static func arcCosine(_ value: Float) -> Float { acosf(value) }
}

/// Numbers as text, without locale and without Foundation, whose start-up time would be felt.
enum Numbers {
  /// A number with `decimals` digits after the point and a true minus sign, of what is huge four digits and a power of ten;
  /// `–` where it is not finite.
  static func fixed(_ value: Double, _ decimals: Int, signed: Bool = false) -> String {
    guard value.isFinite else { return "–" }
    if signed { return NumberText.signed(value, decimals: decimals, unicode: true) }
    let text = NumberText.compact(value, decimals: decimals)
    return text.hasPrefix("-") ? "−" + text.dropFirst() : text
  }

  static func fixed(_ value: Float, _ decimals: Int, signed: Bool = false) -> String {
    fixed(Double(value), decimals, signed: signed)
  }

  /// A term of a run: nats to a tenth; of what is as small as a share, such as an accuracy, a tenth would tell nothing. A
  /// count that is whole is written so.
  static func term(_ value: Double, _ unit: TermUnit = .nats) -> String {
    if unit == .count, value == value.rounded() { return fixed(value, 0) }
    return fixed(value, abs(value) <= 1 ? 2 : 1)
  }

  /// A count with its thousands set apart: 10,000.
  static func grouped(_ count: Int) -> String { NumberText.grouped(count, unicode: true) }

  /// So many of a thing: `1 code`, `10,000 codes`.
  static func counted(_ count: Int, _ thing: String) -> String {
    NumberText.counted(count, thing, unicode: true)
  }

  /// A positive number with about three digits that matter, such as 0.001, 4 or 1.5e−5.
  static func brief(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    if value == 0 { return "0" }
    let magnitude = abs(value)
    if magnitude >= 1e6 || magnitude < 1e-4 {
      var exponent = Int(log10(magnitude).rounded(.down))
      var mantissa = value / pow(10, Double(exponent))
      if abs(mantissa) >= 9.995 {
        mantissa /= 10
        exponent += 1
      }
      return trimmed(fixed(mantissa, 2)) + "e" + (exponent < 0 ? "−" : "") + String(abs(exponent))
    }
    let decimals = magnitude >= 100 ? 1 : magnitude >= 1 ? 3 : magnitude >= 0.01 ? 4 : 6
    return trimmed(fixed(value, decimals))
  }

  /// What a person typed as a number; a true minus sign is a minus sign.
  static func parse(_ text: String) -> Double? {
    let plain = String(text.map { $0 == "−" || $0 == "–" ? "-" : $0 == "," ? "." : $0 })
    guard let value = Double(plain), value.isFinite else { return nil }
    return value
  }

  /// Whether a character can be part of a number as people type them.
  static func canContain(_ scalar: Unicode.Scalar) -> Bool {
    ("0"..."9").contains(scalar) || "+-−–.,eE".unicodeScalars.contains(scalar)
  }

  private static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    var text = text
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text
  }
}

/// The exponential function, so that one file knows the C library.
enum Exponential {
  static func of(_ value: Float) -> Float { expf(value) }
  static func logarithm(_ value: Float) -> Float { logf(value) }
}
