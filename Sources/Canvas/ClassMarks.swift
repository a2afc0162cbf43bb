/// The glyphs that tell the classes of a scatter and its legend where glyphs must: their own names, where all of these
/// are single characters and differ, as letters do; else the digits and letters of `ClassPalette`.
public struct ClassMarks: Hashable, Sendable {
  private let own: [Unicode.Scalar]

  /// Those of classes without names.
  public static let standard = ClassMarks(names: [], unicode: true)

  /// - Parameters:
  ///   - names: what all classes are called, by label.
  ///   - unicode: whether the terminal shows more than ASCII.
  public init(names: [String], unicode: Bool) {
    let glyphs = names.compactMap { Self.glyph($0, unicode: unicode) }
    let tellAll = glyphs.count == names.count && Set(glyphs).count == glyphs.count
    let areUsual = glyphs.enumerated().allSatisfy { $1 == ClassPalette.mark(of: $0) }
    own = tellAll && !areUsual ? glyphs : []
  }

  /// The glyph of a class.
  public func mark(of label: Int) -> Unicode.Scalar {
    guard !own.isEmpty else { return ClassPalette.mark(of: label) }
    // Any letter would be that of another.
    return own.indices.contains(label) ? own[label] : "?"
  }

  /// A name that fits one cell and is seen there.
  private static func glyph(_ name: String, unicode: Bool) -> Unicode.Scalar? {
    let scalars = name.unicodeScalars
    guard scalars.count == 1, let glyph = scalars.first else { return nil }
    if glyph.isASCII { return 0x21...0x7E ~= glyph.value ? glyph : nil }
    return unicode && GlyphWidth.isOneColumn(glyph) && glyph.properties.isAlphabetic ? glyph : nil
  }
}
