import CTerminal
import Canvas

/// Decides which code point is really written for a glyph: one column wide, and ASCII where nothing else is understood.
struct PrintableGlyph {
  private let unicode: Bool
  private var known: [Unicode.Scalar: Unicode.Scalar] = [:]

  init(unicode: Bool) { self.unicode = unicode }

  /// The code point to write: the glyph itself, its stand-in, or a question mark.
  mutating func callAsFunction(_ glyph: Unicode.Scalar) -> Unicode.Scalar {
    if glyph.value >= 0x20 && glyph.value < 0x7F { return glyph }
    if let known = known[glyph] { return known }
    let printed: Unicode.Scalar
    if unicode {
      // The C library knows the locale's widths; Canvas knows where terminals disagree with it.
      printed = GlyphWidth.isOneColumn(glyph) && terminal_columns(glyph.value) == 1 ? glyph : "?"
    } else {
      printed = glyph.asciiLikeness
    }
    known[glyph] = printed
    return printed
  }
}
