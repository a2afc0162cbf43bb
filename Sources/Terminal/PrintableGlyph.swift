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
      printed = Self.ascii(glyph)
    }
    known[glyph] = printed
    return printed
  }

  /// The ASCII character that looks most like a glyph.
  static func ascii(_ glyph: Unicode.Scalar) -> Unicode.Scalar {
    switch glyph.value {
    case 0x20..<0x7F: glyph
    case 0xA0, 0x2000...0x200A, 0x2800: " "
    case 0xB7, 0x2022, 0x22C5, 0x25AA, 0x25AB, 0x25E6: "."
    case 0xD7, 0x2715...0x2718: "x"
    case 0x2010...0x2015, 0x2212, 0x2500, 0x2501, 0x2504, 0x2505, 0x2508, 0x2509, 0x254C, 0x254D, 0x2574, 0x2576,
      0x2578,
      0x257A:
      "-"
    case 0x2502, 0x2503, 0x2506, 0x2507, 0x250A, 0x250B, 0x254E, 0x254F, 0x2551, 0x2575, 0x2577, 0x2579, 0x257B: "|"
    case 0x2550: "="
    case 0x2571: "/"
    case 0x2572: "\\"
    case 0x250C...0x257F: "+"
    case 0x2018, 0x2019: "'"
    case 0x201C, 0x201D: "\""
    case 0x2026: "~"
    case 0x2190, 0x25C0, 0x25C2, 0x25C4: "<"
    case 0x2191, 0x25B2, 0x25B4: "^"
    case 0x2192, 0x25B6, 0x25B8, 0x25BA: ">"
    case 0x2193, 0x25BC, 0x25BE: "v"
    case 0x2580: "'"
    case 0x2581...0x2583: "_"
    case 0x2591: "."
    case 0x2592: ":"
    case 0x2584...0x259F, 0x25A0: "#"
    case 0x25A1: "="
    case 0x25CB, 0x25EF: "o"
    case 0x25CF, 0x25C6, 0x25C7, 0x2605, 0x2606: "*"
    case 0x2801...0x28FF:
      // Braille stands for dots in plots: few, some, many.
      [".", ":", "#"][min(2, (glyph.value & 0xFF).nonzeroBitCount / 3)]
    case 0x1FB00...0x1FB3B: "#"
    default: "?"
    }
  }
}
