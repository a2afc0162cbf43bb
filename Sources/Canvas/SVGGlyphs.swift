/// The shapes of glyphs that fill parts of their cell exactly.
enum SVGGlyphs {
  /// What a glyph paints of its cell.
  enum Shape: Sendable {
    case blank
    /// All of it, in so many quarters of the foreground.
    case even(quarters: Int)
    case rectangles([Part])
  }

  typealias Part = CellPicture.Part

  /// The shape of a block element or sextant; nil for any other glyph.
  static func mask(of glyph: Unicode.Scalar) -> Shape? { shapes[glyph] }

  /// A length in sixths of a unit, exact to four decimals.
  static func text(sixths: Int) -> String {
    sixths % 6 == 0 ? String(sixths / 6) : NumberText.decimal(Double(sixths) / 6, decimals: 4)
  }

  private static let shapes: [Unicode.Scalar: Shape] = {
    var shapes: [Unicode.Scalar: Shape] = ["\u{2800}": .blank, "█": full, "▄": rows(8..<16), "▀": rows(0..<8)]
    for eighths in 1...7 {
      shapes[Gauges.verticalEighths[eighths - 1]] = rows(16 - 2 * eighths..<16)
      shapes[Gauges.horizontalEighths[eighths]] = .rectangles([Part(x: 0, width: eighths, top: 0, height: 96)])
    }
    shapes["▐"] = .rectangles([Part(x: 4, width: 4, top: 0, height: 96)])
    shapes["▔"] = rows(0..<2)
    shapes["▕"] = .rectangles([Part(x: 7, width: 1, top: 0, height: 96)])
    for (quarters, glyph) in [(1, "░"), (2, "▒"), (3, "▓")] as [(Int, Unicode.Scalar)] {
      shapes[glyph] = .even(quarters: quarters)
    }
    // Bits: upper left, upper right, lower left, lower right.
    let quadrants: [(Unicode.Scalar, Int)] = [
      ("▘", 1), ("▝", 2), ("▖", 4), ("▗", 8), ("▚", 9), ("▞", 6), ("▛", 7), ("▜", 11), ("▙", 13), ("▟", 14),
    ]
    for (glyph, pattern) in quadrants { shapes[glyph] = parts(pattern, rows: 2) }
    for pattern in 1...62 {
      if let glyph = GlyphMask.sextant(pattern) { shapes[glyph] = parts(pattern, rows: 3) }
    }
    return shapes
  }()

  private static let full = rows(0..<16)

  private static func rows(_ rows: Range<Int>) -> Shape {
    .rectangles([Part(x: 0, width: 8, top: 6 * rows.lowerBound, height: 6 * rows.count)])
  }

  /// A pattern of two columns; a row with both bits is one rectangle.
  private static func parts(_ pattern: Int, rows: Int) -> Shape {
    let height = 96 / rows
    return .rectangles(
      (0..<rows).compactMap { row in
        switch pattern >> (2 * row) & 3 {
        case 1: return Part(x: 0, width: 4, top: row * height, height: height)
        case 2: return Part(x: 4, width: 4, top: row * height, height: height)
        case 3: return Part(x: 0, width: 8, top: row * height, height: height)
        default: return nil
        }
      })
  }
}
