/// The look of classes in scatters and legends, for any number of them: ten colours, and a glyph for each of the first
/// 62 classes; later ones combine colours and glyphs anew, so that the first 310 classes all look different.
public enum ClassPalette {
  /// Colours there are; of more classes than that only the glyph tells which.
  public static let colorCount = 10
  /// Classes that have a look of their own: beyond them looks begin again.
  public static let lookCount = 310

  /// Ten entries of the 256-colour palette for a ground: those whose two closest are farthest apart, measured by ΔE2000
  /// (Sharma, Wu and Dalal 2005) over full colour vision and the three dichromacies as three models see them (Machado,
  /// Oliveira and Fernandes 2009; Viénot, Brettel and Mollon 1999; Brettel, Viénot and Mollon 1997).
  ///
  /// Found by an exact search (a clique in the graph of pairs far enough apart) among the entries with a contrast of at
  /// least 3:1 to the ground and to every shade of density, greys left out. On dark no two are closer than 20.4 with full
  /// colour vision and 11.4 with any dichromacy, on light 19.0 and 10.3; they are dealt out so that digits that look
  /// alike (4 and 9, 3, 5 and 8, 7 and 1 …) are at least 25 and 23 apart for everybody.
  public static func entries(on ground: Ground) -> [UInt8] {
    switch ground {
    case .dark: [76, 173, 30, 223, 198, 64, 183, 123, 134, 228]
    case .light: [91, 125, 196, 17, 52, 28, 101, 33, 133, 23]
    }
  }

  /// Of the themeable sixteen, with xterm's values for them: ten on a dark ground, eight on a light one.
  static func sixteen(on ground: Ground) -> [UInt8] {
    switch ground {
    case .dark: [11, 15, 6, 13, 14, 10, 5, 12, 9, 3]
    case .light: [4, 9, 13, 1, 12, 5, 8, 0, 4, 13]
    }
  }

  /// Six colours on a dark ground and four on a light one: no two digits that look alike share one, and the marks tell
  /// the rest.
  static func eight(on ground: Ground) -> [UInt8] {
    switch ground {
    case .dark: [3, 7, 2, 5, 6, 3, 1, 1, 6, 2]
    case .light: [0, 1, 0, 1, 1, 4, 1, 4, 5, 5]
    }
  }

  /// The colour of a class; classes beyond the tenth begin again. The terminal's own foreground in mono.
  public static func color(of label: Int, rendition: Rendition) -> Color {
    let index = folded(label, colorCount)
    let ground = rendition.appearance.ground
    switch rendition.colors {
    case .mono: return .standard
    case .ansi8: return .palette(eight(on: ground)[index])
    case .ansi16: return .palette(sixteen(on: ground)[index])
    case .palette256, .direct: return .palette(entries(on: ground)[index])
    }
  }

  /// The glyph of a class where a glyph must tell it: its digit, then letters, small and large.
  public static func mark(of label: Int) -> Unicode.Scalar { marks[folded(label, marks.count)] }

  private static let marks: [Unicode.Scalar] = Array(
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".unicodeScalars)

  /// Whether colours alone cannot tell that many classes apart, so that points are drawn as marks whatever is wished.
  public static func needsMarks(_ rendition: Rendition, classCount: Int = 10) -> Bool {
    guard rendition.unicode, classCount <= colorCount else { return true }
    return switch rendition.colors {
    case .mono, .ansi8: true
    case .ansi16: rendition.appearance.ground == .light
    case .palette256, .direct: false
    }
  }

  /// A label as an index of `count` looks, whatever its sign.
  static func folded(_ label: Int, _ count: Int) -> Int { ((label % count) + count) % count }
}
