/// The 256-colour palette in sRGB bytes, and the nearest entry of a smaller level.
///
/// Entries 16–255 are fixed by xterm and copied everywhere; 0–15 belong to the person's theme, and stand here with
/// xterm's defaults.
public enum Palette {
  /// Red, green and blue of an entry.
  public static func rgb(_ index: UInt8) -> SIMD3<UInt8> {
    switch index {
    case 0..<16: return themeable[Int(index)]
    case 16..<232:
      let offset = Int(index) - 16
      return SIMD3(cube[offset / 36], cube[offset / 6 % 6], cube[offset % 6])
    default: return SIMD3(repeating: 8 + 10 * (index - 232))
    }
  }

  private static let cube: [UInt8] = [0, 95, 135, 175, 215, 255]
  private static let themeable: [SIMD3<UInt8>] = [
    SIMD3(0, 0, 0), SIMD3(205, 0, 0), SIMD3(0, 205, 0), SIMD3(205, 205, 0), SIMD3(0, 0, 238), SIMD3(205, 0, 205),
    SIMD3(0, 205, 205), SIMD3(229, 229, 229), SIMD3(127, 127, 127), SIMD3(255, 0, 0), SIMD3(0, 255, 0),
    SIMD3(255, 255, 0), SIMD3(92, 92, 255), SIMD3(255, 0, 255), SIMD3(0, 255, 255), SIMD3(255, 255, 255),
  ]

  /// The entry among `candidates` nearest in RGB.
  static func nearest(to color: SIMD3<UInt8>, among candidates: ClosedRange<UInt8>) -> UInt8 {
    let wanted = SIMD3<Int32>(truncatingIfNeeded: color)
    var best = candidates.lowerBound
    var bestDistance = Int32.max
    for candidate in candidates {
      let difference = SIMD3<Int32>(truncatingIfNeeded: rgb(candidate)) &- wanted
      let distance = (difference &* difference).wrappedSum()
      if distance < bestDistance { (best, bestDistance) = (candidate, distance) }
    }
    return best
  }
}

extension Color {
  /// Red, green and blue in sRGB bytes; nil for the terminal's own colour.
  public var rgb: SIMD3<UInt8>? {
    switch self {
    case .standard: return nil
    case .palette(let index): return Palette.rgb(index)
    case .direct(let red, let green, let blue): return SIMD3(red, green, blue)
    }
  }

  /// Whether every terminal of that level has this colour, seen by its kind alone.
  func isKept(by level: ColorLevel) -> Bool {
    switch (level, self) {
    case (_, .standard), (.direct, _), (.palette256, .palette): true
    default: false
    }
  }

  /// This colour, or the nearest a terminal of that level has.
  public func limited(to level: ColorLevel) -> Color {
    if isKept(by: level) { return self }
    let color = rgb ?? SIMD3(repeating: 0)
    switch level {
    case .direct: return self
    case .palette256: return .palette(Palette.nearest(to: color, among: 16...255))
    case .ansi16, .ansi8:
      let last: UInt8 = level == .ansi16 ? 15 : 7
      if case .palette(0...last) = self { return self }
      return .palette(Palette.nearest(to: color, among: 0...last))
    case .mono: return .standard
    }
  }
}

extension Cell {
  /// Whether every terminal of that level has both colours.
  func isKept(by level: ColorLevel) -> Bool { foreground.isKept(by: level) && background.isKept(by: level) }

  /// The cell with both colours limited to a level.
  public func limited(to level: ColorLevel) -> Cell {
    Cell(
      glyph, foreground: foreground.limited(to: level), background: background.limited(to: level),
      attributes: attributes)
  }
}
