/// What the receiving terminal can show: every picture is made for one rendition.
public struct Rendition: Hashable, Sendable {
  /// How many colours may be used.
  public var colors: ColorLevel
  /// Whether glyphs beyond ASCII may be used; when false every function of Canvas writes printable ASCII only.
  public var unicode: Bool
  /// Whether the font is known to have the sextants of Unicode 13 (U+1FB00…); many do not.
  public var sextants: Bool
  /// Whether the terminal draws block elements with a font whose glyphs do not reach the edges of their cells, as xterm
  /// does: pictures then leave out the parts of a cell that would show a bright background as a hairline there.
  public var avoidsSeams = false
  /// The ground drawn on, and how much contrast is wanted there.
  public var appearance: Appearance

  /// A rendition; by default 256 colours on a dark ground, with the block elements every Unicode font has.
  public init(
    colors: ColorLevel = .palette256, unicode: Bool = true, sextants: Bool = false,
    appearance: Appearance = Appearance()
  ) {
    self.colors = colors
    self.unicode = unicode
    self.sextants = sextants
    self.appearance = appearance
  }

  /// The rendition for a theme on a terminal with that ground (nil: not known).
  public func themed(_ choice: ThemeChoice, on ground: Ground?) -> Rendition {
    var themed = self
    themed.appearance = choice.appearance(on: ground)
    return themed
  }

  /// Whether colours beyond the themeable sixteen may be used.
  public var isRich: Bool { colors == .palette256 || colors == .direct }
}
