/// Which code points are safe to write into one cell.
public enum GlyphWidth {
  /// Whether terminals agree that this code point takes exactly one column.
  ///
  /// Deliberately narrow: printable ASCII, Latin, Greek and Cyrillic letters, and the symbols this program draws with.
  /// East Asian ambiguous symbols in that list (Greek, circled digits and letters, box drawing, block elements) are one
  /// column wide everywhere but in terminals set to a legacy CJK width; soft hyphen and combining marks are not in it.
  public static func isOneColumn(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20...0x7E, 0xA0...0xAC, 0xAE...0x2FF: return true
    case 0x370...0x377, 0x37A...0x37F, 0x384...0x38A, 0x38C, 0x38E...0x3A1, 0x3A3...0x482, 0x48A...0x52F: return true
    case 0x2010...0x2016, 0x2018...0x2027, 0x2030...0x205E: return true
    case 0x2070...0x2071, 0x2074...0x208E, 0x2190...0x21FF, 0x2200...0x22FF: return true
    case 0x2460...0x2473, 0x24B6...0x24CF: return true
    case 0x2500...0x25FC, 0x25FF...0x2606, 0x2713, 0x2717, 0x2800...0x28FF, 0x1FB00...0x1FB3B: return true
    default: return false
    }
  }

  /// What is written in the place of a code point: itself, or `?`.
  static func drawn(_ scalar: Unicode.Scalar) -> Unicode.Scalar { isOneColumn(scalar) ? scalar : "?" }

  /// What a frame shows of a text.
  public static func drawn(_ text: String) -> String {
    if text.unicodeScalars.allSatisfy(isOneColumn) { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { drawn($0) }))
  }
}
