/// Draws grey pictures with the glyphs and colours of a rendition.
///
/// For every cell the glyph and its two colours are chosen together, by least squares against the picture as it would
/// look at 8×16 pixels a cell. Making a fitter costs nothing: its tables are built on first use for each combination
/// of sizes and kept for all fitters.
public struct GlyphFitter: Sendable {
  /// What the pictures are drawn with.
  public let rendition: Rendition

  /// A fitter for what the terminal can show.
  public init(rendition: Rendition) { self.rendition = rendition }

  /// The picture stretched over `width` × `height` cells; blank cells when the picture has no pixels.
  public func fit(_ image: GreyImage, width: Int, height: Int) -> Frame {
    var frame = Frame(width: width, height: height)
    guard frame.width > 0, frame.height > 0, image.width > 0, image.height > 0 else { return frame }
    let image = image.reduced(toWidth: width * GlyphMask.columns, height: height * GlyphMask.rows)
    let plan = FittingPlan.plan(
      for: FittingPlan.Key(
        imageWidth: image.width, imageHeight: image.height, width: width, height: height, rendition: rendition))
    let levels = GreyLevels.of(rendition.colors)
    let manyLevels = rendition.colors == .palette256 || rendition.colors == .direct
    if manyLevels, plan.halvesAreExact {
      frame.drawHalves(of: image, plan: plan, levels: levels)
    } else if manyLevels {
      let fit = ContinuousCellFit(
        plan: plan, levels: levels, avoidsSeams: rendition.avoidsSeams && rendition.unicode)
      frame.drawCells(of: image, plan: plan) { fit.best($0) }
    } else {
      let pairs = LevelPairFit(plan: plan, levels: levels, rendition: rendition)
      frame.drawCells(of: image, plan: plan) { pairs.best($0) }
    }
    return frame
  }
}
