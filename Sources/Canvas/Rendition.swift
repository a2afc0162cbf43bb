/// What the receiving terminal can show: every picture is made for one rendition.
public struct Rendition: Hashable, Sendable {
  /// How many colours may be used.
  public var colors: ColorLevel
  /// Whether glyphs beyond ASCII may be used; when false every function of Canvas writes printable ASCII only.
  public var unicode: Bool
  /// Whether the font is known to have the sextants of Unicode 13 (U+1FB00…); many do not.
  public var sextants: Bool

  /// A rendition; by default 256 colours with the block elements every Unicode font has.
  public init(colors: ColorLevel = .palette256, unicode: Bool = true, sextants: Bool = false) {
    self.colors = colors
    self.unicode = unicode
    self.sextants = sextants
  }
}
