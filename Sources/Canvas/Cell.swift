/// A colour as a terminal understands it.
public enum Color: Hashable, Sendable {
  /// Whatever the person's terminal uses by default.
  case standard
  /// An entry of the 256-colour palette; 0–15 are the themeable ANSI colours.
  case palette(UInt8)
  /// A direct colour.
  case direct(red: UInt8, green: UInt8, blue: UInt8)
}

/// Text attributes of a cell.
public struct Attributes: OptionSet, Hashable, Sendable {
  /// One bit an attribute.
  public let rawValue: UInt8
  /// Attributes from their bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// Bold, or brighter, as the terminal has it.
  public static let bold = Attributes(rawValue: 1)
  /// Fainter than other text.
  public static let dim = Attributes(rawValue: 2)
  /// Underlined.
  public static let underline = Attributes(rawValue: 4)
  /// Foreground and background exchanged.
  public static let reverse = Attributes(rawValue: 8)
}

/// One character position of a `Frame`: a glyph one column wide, its two colours and its attributes.
public struct Cell: Hashable, Sendable {
  /// What is drawn: a code point one column wide.
  public var glyph: Unicode.Scalar
  /// The colour of the glyph.
  public var foreground: Color
  /// The colour behind the glyph.
  public var background: Color
  /// Bold, dim, underlined, reversed.
  public var attributes: Attributes

  /// A cell; the blank cell by default.
  public init(
    _ glyph: Unicode.Scalar = " ", foreground: Color = .standard, background: Color = .standard,
    attributes: Attributes = []
  ) {
    self.glyph = glyph
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }

  /// A space in the terminal's own colours.
  public static let blank = Cell()
}

/// How many colours a picture may use.
public enum ColorLevel: String, CaseIterable, Sendable, Codable {
  case mono
  case ansi8 = "8"
  case ansi16 = "16"
  case palette256 = "256"
  case direct
}
