/// The look of the ten classes in scatters and legends.
public enum ClassPalette {
  /// Ten entries of the 256-colour palette that people with any of the three dichromacies can tell apart.
  static let entries: [UInt8] = [39, 214, 41, 196, 141, 130, 218, 250, 226, 51]

  /// The colour of a class; classes beyond the tenth begin again.
  public static func color(of label: Int, level: ColorLevel) -> Color {
    let index = ((label % 10) + 10) % 10
    return Color.palette(entries[index]).limited(to: level)
  }

  /// The mark of a class where one glyph stands for a point: the digit itself, which also tells classes in mono.
  public static func mark(of label: Int) -> Unicode.Scalar {
    Unicode.Scalar(UInt8(48 + ((label % 10) + 10) % 10))
  }
}
