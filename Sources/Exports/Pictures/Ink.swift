import Canvas

/// What something is drawn with: by its part in the picture, so that one drawing serves light and dark grounds.
public enum Ink: Hashable, Sendable {
  /// Letters and the lines of data that have no class.
  case text
  /// What explains: ticks, captions.
  case muted
  /// Lines of a grid.
  case rule
  /// The ground.
  case ground
  /// A class or series; those beyond the tenth begin again.
  case series(Int)
  /// A colour that is the same on every ground.
  case color(SIMD3<UInt8>)
}

/// Grounds that pictures are drawn on.
public enum Theme: String, Sendable, CaseIterable {
  case light
  case dark

  /// Ten colours on white that people can tell apart with full colour vision and with each of the three dichromacies
  /// (simulated after Machado 2009): at least 23 CIELAB units between any two, found by local search as
  /// `ClassPalette`'s were for black.
  private static let seriesOnLight: [SIMD3<UInt8>] = [
    SIMD3(51, 85, 17), SIMD3(153, 0, 85), SIMD3(221, 136, 153), SIMD3(221, 68, 187), SIMD3(102, 0, 170),
    SIMD3(102, 0, 255), SIMD3(119, 0, 119), SIMD3(34, 119, 255), SIMD3(170, 153, 17), SIMD3(238, 17, 85),
  ]

  /// Red, green and blue of an ink on this ground.
  public func rgb(_ ink: Ink) -> SIMD3<UInt8> {
    switch (ink, self) {
    case (.text, .light): SIMD3(28, 30, 34)
    case (.text, .dark): SIMD3(225, 227, 230)
    case (.muted, .light): SIMD3(96, 101, 110)
    case (.muted, .dark): SIMD3(150, 155, 164)
    case (.rule, .light): SIMD3(216, 219, 224)
    case (.rule, .dark): SIMD3(56, 60, 68)
    case (.ground, .light): SIMD3(255, 255, 255)
    case (.ground, .dark): SIMD3(20, 22, 26)
    case (.series(let index), .light): Self.seriesOnLight[(index % 10 + 10) % 10]
    case (.series(let index), .dark):
      ClassPalette.color(of: index, level: .palette256).rgb ?? SIMD3(repeating: 200)
    case (.color(let color), _): color
    }
  }
}

extension SIMD3<UInt8> {
  /// As `#rrggbb`.
  var hexadecimal: String {
    "#"
      + [x, y, z].map { byte in
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
      }.joined()
  }
}
