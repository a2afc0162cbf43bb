/// The look of the ten classes in scatters and legends.
public enum ClassPalette {
  /// Ten entries of the 256-colour palette that people can tell apart with full colour vision and with each of the
  /// three dichromacies: at least 21 CIELAB units between any two, 45 between digits that look alike (4 and 9, 3, 5
  /// and 8, 7 and 1 …). Found by local search over the colour cube, without greys, which belong to the pictures, and
  /// without colours too dark to read on black.
  static let entries: [UInt8] = [215, 225, 72, 177, 49, 154, 199, 165, 197, 100]
  /// Ten of the themeable sixteen; how far apart they are is up to the theme.
  private static let sixteen: [UInt8] = [11, 15, 6, 13, 14, 10, 5, 12, 9, 3]
  /// Seven colours for ten classes: no two digits that look alike share one, and the marks tell the rest.
  private static let eight: [UInt8] = [3, 7, 2, 5, 6, 3, 1, 4, 1, 2]

  /// The colour of a class; classes beyond the tenth begin again. The terminal's own foreground in mono.
  public static func color(of label: Int, level: ColorLevel) -> Color {
    let index = slot(of: label)
    switch level {
    case .mono: return .standard
    case .ansi8: return .palette(eight[index])
    case .ansi16: return .palette(sixteen[index])
    case .palette256, .direct: return .palette(entries[index])
    }
  }

  /// The glyph of a class where a glyph must tell it: its digit.
  public static func mark(of label: Int) -> Unicode.Scalar {
    Unicode.Scalar(UInt8(48 + slot(of: label)))
  }

  /// Whether colours alone cannot tell ten classes apart, so that points are drawn as marks.
  public static func needsMarks(_ rendition: Rendition) -> Bool {
    !rendition.unicode || rendition.colors == .mono || rendition.colors == .ansi8
  }

  /// The glyph that stands for a class in a legend, beside its name.
  public static func legendGlyph(of label: Int, rendition: Rendition) -> Unicode.Scalar {
    needsMarks(rendition) ? mark(of: label) : "●"
  }

  private static func slot(of label: Int) -> Int { ((label % 10) + 10) % 10 }
}
