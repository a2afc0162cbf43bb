/// The part of a cell a glyph paints with its foreground.
struct GlyphMask: Sendable {
  /// Pixels a cell is measured in: 8 columns × 16 rows, the proportions of common fonts.
  static let columns = 8
  static let rows = 16

  let glyph: Unicode.Scalar
  /// The glyph that paints exactly the rest of the cell, where there is one.
  let complement: Unicode.Scalar?
  /// Row-major, `rows * columns`, 0 to 1.
  let coverage: [Float]
  /// The sum of `coverage`.
  let area: Float
  /// The sum of the squares of the coverage, at the finest resolution known.
  let squares: Float

  init(_ glyph: Unicode.Scalar, complement: Unicode.Scalar? = nil, coverage: [Float], squares: Float? = nil) {
    self.glyph = glyph
    self.complement = complement
    self.coverage = coverage
    area = coverage.reduce(0, +)
    self.squares = squares ?? coverage.reduce(0) { $0 + $1 * $1 }
  }

  /// A mask whose coverage at (column, row) is given by a function.
  private init(
    _ glyph: Unicode.Scalar, complement: Unicode.Scalar?, paints: (_ column: Int, _ row: Int) -> Float
  ) {
    self.init(
      glyph, complement: complement,
      coverage: (0..<Self.rows * Self.columns).map { paints($0 % Self.columns, $0 / Self.columns) })
  }

  /// Nothing painted; its complement is the full block.
  static let space = GlyphMask(" ", complement: "█") { _, _ in 0 }

  /// The halves, the quadrants and the eighths from below and from the left, one of each complementary pair.
  static let blocks: [GlyphMask] = {
    var masks = [space]
    masks.append(GlyphMask("▀", complement: "▄") { _, row in row < 8 ? 1 : 0 })
    masks.append(GlyphMask("▌", complement: "▐") { column, _ in column < 4 ? 1 : 0 })
    masks.append(GlyphMask("▘", complement: "▟") { column, row in column < 4 && row < 8 ? 1 : 0 })
    masks.append(GlyphMask("▝", complement: "▙") { column, row in column >= 4 && row < 8 ? 1 : 0 })
    masks.append(GlyphMask("▖", complement: "▜") { column, row in column < 4 && row >= 8 ? 1 : 0 })
    masks.append(GlyphMask("▗", complement: "▛") { column, row in column >= 4 && row >= 8 ? 1 : 0 })
    masks.append(GlyphMask("▚", complement: "▞") { column, row in (column < 4) == (row < 8) ? 1 : 0 })
    // The halves among the eighths are there already; of the upper and right parts only the smallest have glyphs.
    for eighths in 1...7 where eighths != 4 {
      masks.append(
        GlyphMask(Gauges.verticalEighths[eighths - 1], complement: eighths == 7 ? "▔" : nil) { _, row in
          row >= 16 - 2 * eighths ? 1 : 0
        })
      masks.append(
        GlyphMask(Gauges.horizontalEighths[eighths], complement: eighths == 7 ? "▕" : nil) { column, _ in
          column < eighths ? 1 : 0
        })
    }
    return masks
  }()

  /// The shades, painted evenly as far as the eye is concerned.
  static let shades: [GlyphMask] = [
    GlyphMask("░", complement: "▓") { _, _ in 0.25 },
    GlyphMask("▒", complement: "▒") { _, _ in 0.5 },
  ]

  /// The thirds of a cell by halves, but for those that are quadrants and blocks already.
  static let sextants: [GlyphMask] = (1...62).compactMap { pattern in
    // Complementary patterns add up to 63; the left half is 21, the right half 42.
    guard pattern < 63 - pattern, pattern != 21, let glyph = sextant(pattern) else { return nil }
    return GlyphMask(glyph, complement: sextant(63 - pattern)) { column, row in
      // Rows 0…4 lie in the upper third and 11…15 in the lower; the two between are shared by area.
      func third(_ index: Int) -> Float {
        let top = Float(16 * index) / 3
        let overlap = min(Float(row + 1), top + Float(16) / 3) - max(Float(row), top)
        return pattern >> (2 * index + column / 4) & 1 == 1 ? max(0, overlap) : 0
      }
      return third(0) + third(1) + third(2)
    }
  }

  /// The code point of a sextant pattern, bits from the upper left; nil for the four that are other glyphs.
  static func sextant(_ pattern: Int) -> Unicode.Scalar? {
    guard (1...62).contains(pattern), pattern != 21, pattern != 42 else { return nil }
    return Unicode.Scalar(UInt32(0x1FB00 + pattern - 1 - (pattern > 21 ? 1 : 0) - (pattern > 42 ? 1 : 0)))
  }

  /// Printable ASCII, space first.
  static let ascii: [GlyphMask] = ASCIICoverage.table.enumerated().map { index, entry in
    let digits = entry.coverage.utf8.map { digit in digit < 65 ? Float(digit - 48) : Float(digit - 55) }
    let coverage = (0..<rows * columns).map { pixel -> Float in
      let part = (pixel / columns / 2) * 4 + pixel % columns / 2
      return (digits[2 * part] * 16 + digits[2 * part + 1]) / 255
    }
    return GlyphMask(
      Unicode.Scalar(UInt8(32 + index)), coverage: coverage, squares: Float(entry.squares) / 10)
  }

  /// The masks worth trying for a rendition: those whose least-squares error can be the smallest.
  static func candidates(for rendition: Rendition) -> [GlyphMask] {
    guard rendition.unicode else { return ascii }
    var masks = blocks
    if rendition.sextants { masks += sextants }
    // With greys enough, a shade is the same as one more grey, and less even.
    switch rendition.colors {
    case .palette256, .direct: return masks
    case .mono, .ansi8, .ansi16: return masks + shades
    }
  }
}
