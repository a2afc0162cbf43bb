import CTerminal
import Canvas

/// Decides which code point is really written for a glyph: one column wide, and ASCII where nothing else is understood.
struct PrintableGlyph {
  private let unicode: Bool
  /// What was found last for the code points that end in the same ten bits. Those that this program draws with all differ
  /// there, so that nothing is looked up twice, nor hashed.
  private var known = [(glyph: Unicode.Scalar, printed: Unicode.Scalar)](repeating: (" ", " "), count: 1024)

  init(unicode: Bool) { self.unicode = unicode }

  /// The code point to write: the glyph itself, its stand-in, or a question mark.
  mutating func callAsFunction(_ glyph: Unicode.Scalar) -> Unicode.Scalar {
    if glyph.value >= 0x20 && glyph.value < 0x7F { return glyph }
    let place = Int(glyph.value & 1023)
    if known[place].glyph == glyph { return known[place].printed }
    let printed: Unicode.Scalar
    if unicode {
      // The C library knows the locale's widths; Canvas knows where terminals disagree with it.
      printed = GlyphWidth.isOneColumn(glyph) && terminal_columns(glyph.value) == 1 ? glyph : "?"
    } else {
      printed = glyph.asciiLikeness
    }
    known[place] = (glyph, printed)
    return printed
  }
}
