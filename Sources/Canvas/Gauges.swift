/// Small drawings of one number or a few, as text of a given width.
public enum Gauges {
  /// A slider `├────●────┤`, in ASCII `|----o----|`, its knob at `fraction` of the way; `width` columns.
  public static func slider(fraction: Double, width: Int, rendition: Rendition) -> String {
    let glyphs: [Unicode.Scalar] = rendition.unicode ? ["├", "─", "●", "┤"] : ["|", "-", "o", "|"]
    guard width >= 3 else { return String(repeating: " ", count: max(0, width)) }
    var scalars = [Unicode.Scalar](repeating: glyphs[1], count: width)
    scalars[0] = glyphs[0]
    scalars[width - 1] = glyphs[3]
    scalars[1 + Int((unit(fraction) * Double(width - 3)).rounded())] = glyphs[2]
    return text(scalars)
  }

  /// The fraction a click on `column` of a slider of that width means; its inverse.
  public static func sliderFraction(column: Int, width: Int) -> Double {
    width > 3 ? unit(Double(column - 1) / Double(width - 3)) : 0
  }

  /// A bar from the left, in eighths of a cell, in ASCII in whole cells of `#`; `width` columns.
  public static func bar(fraction: Double, width: Int, rendition: Rendition) -> String {
    var scalars = [Unicode.Scalar](repeating: " ", count: max(0, width))
    let eighths = Int((unit(fraction) * Double(scalars.count * 8)).rounded())
    for column in scalars.indices {
      let filled = min(8, max(0, eighths - column * 8))
      scalars[column] = rendition.unicode ? horizontalEighths[filled] : filled >= 4 ? "#" : " "
    }
    return text(scalars)
  }

  /// One column a value, higher for larger: `▁▂▃▄▅▆▇█`, in ASCII `_.-=+*#@`; the newest `width` values.
  ///
  /// - Parameter range: what the lowest and the highest glyph stand for; the range of the values when nil.
  public static func sparkline(
    _ values: [Double], width: Int, range: ClosedRange<Double>? = nil, rendition: Rendition
  ) -> String {
    let shown = values.suffix(max(0, width))
    let finite = shown.filter(\.isFinite)
    let low = range?.lowerBound ?? finite.min() ?? 0
    let high = range?.upperBound ?? finite.max() ?? 1
    let glyphs = rendition.unicode ? verticalEighths : asciiLevels
    let scalars = shown.map { value -> Unicode.Scalar in
      guard value.isFinite else { return " " }
      let place = high > low ? unit((value - low) / (high - low)) : 0.5
      return glyphs[min(7, Int(place * 8))]
    }
    return text(scalars) + String(repeating: " ", count: max(0, width - scalars.count))
  }

  /// A bar with its percentage: `███████▌     58%`; `width` columns.
  public static func progress(fraction: Double, width: Int, rendition: Rendition) -> String {
    let percentage = "\(Int((unit(fraction) * 100).rounded(.down)))%"
    let label = String(repeating: " ", count: max(0, 5 - percentage.count)) + percentage
    guard width > label.count else { return String(label.suffix(max(0, width))) }
    return bar(fraction: fraction, width: width - label.count, rendition: rendition) + label
  }

  static let horizontalEighths: [Unicode.Scalar] = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"]
  static let verticalEighths: [Unicode.Scalar] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
  static let asciiLevels: [Unicode.Scalar] = ["_", ".", "-", "=", "+", "*", "#", "@"]

  private static func unit(_ value: Double) -> Double { value.isNaN ? 0 : min(1, max(0, value)) }

  private static func text(_ scalars: [Unicode.Scalar]) -> String {
    // A view of scalars takes them one by one, which a slider feels at every key.
    var bytes: [UInt8] = []
    bytes.reserveCapacity(3 * scalars.count)
    for scalar in scalars { bytes.append(contentsOf: scalar.utf8) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
