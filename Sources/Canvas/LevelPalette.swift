/// Colours of five ordered levels, from the one to look at first to the one that is as it should be: on a dark ground from
/// light to dark, on a light one from dark to light, and from warm to cold on both, so that their order is seen with any
/// colour vision. Each has a contrast of at least 3:1 to the ground and to every shade of density.
public enum LevelPalette {
  /// How many levels there are.
  public static let count = 5

  /// Entries of the 256-colour palette for a ground.
  public static func entries(on ground: Ground) -> [UInt8] {
    switch ground {
    case .dark: [229, 215, 203, 133, 67]
    case .light: [52, 124, 130, 97, 67]
    }
  }

  /// The colour of a level; the terminal's own foreground where colours are too few to have an order.
  public static func color(of level: Int, rendition: Rendition) -> Color {
    guard rendition.isRich else { return PlotStyle.bright(rendition) }
    return .palette(entries(on: rendition.appearance.ground)[min(max(0, level), count - 1)])
  }
}
