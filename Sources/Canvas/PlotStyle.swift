/// Colours of what surrounds the data; greys, so that colour always means a class or a series.
enum PlotStyle {
  /// For axes and their labels: text that is there when looked for.
  static func faint(_ rendition: Rendition) -> Color {
    let appearance = rendition.appearance
    guard !appearance.isHighContrast else { return .standard }
    switch rendition.colors {
    case .mono, .ansi8: return .standard
    // No grey of the sixteen is legible on white.
    case .ansi16: return appearance.pick(dark: .palette(8), light: .standard)
    case .palette256, .direct: return appearance.pick(dark: .palette(246), light: .palette(241))
    }
  }

  /// For rings, which lie in empty cells only.
  static func ring(_ rendition: Rendition) -> Color {
    rendition.isRich && !rendition.appearance.isHighContrast ? .palette(244) : faint(rendition)
  }

  /// For what the person moves: the path, the crosshair, the ellipse.
  static func bright(_ rendition: Rendition) -> Color {
    let appearance = rendition.appearance
    switch rendition.colors {
    case .mono: return .standard
    case .ansi8: return appearance.pick(dark: .palette(7), light: .palette(0))
    case .ansi16: return appearance.pick(dark: .palette(15), light: .palette(0))
    case .palette256, .direct: return appearance.pick(dark: .palette(231), light: .palette(16))
    }
  }

  /// Behind data: how crowded a region is, by a step of 0 to 4; nil where colours are too few.
  ///
  /// Every colour of a class keeps its contrast over the strongest of these.
  static func shade(_ step: Int, _ rendition: Rendition) -> Color? {
    guard rendition.isRich, !rendition.appearance.isHighContrast else { return nil }
    guard step > 0 else { return .standard }
    return rendition.appearance.pick(dark: .palette(UInt8(232 + min(4, step))), light: .palette(255))
  }

  /// Behind codes that a line passes under, where they have the glyph: nil where only an underline tells it.
  static func tint(_ line: Line, _ rendition: Rendition) -> Color? {
    guard rendition.isRich, !rendition.appearance.isHighContrast else { return nil }
    return switch line {
    case .path: rendition.appearance.pick(dark: .palette(18), light: .palette(195))
    case .ellipse, .mistake: rendition.appearance.pick(dark: .palette(52), light: .palette(230))
    }
  }

  /// What passes under codes, or is to be seen behind them.
  enum Line { case path, ellipse, mistake }
}
