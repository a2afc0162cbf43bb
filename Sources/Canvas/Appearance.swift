/// How light the ground is that a terminal writes on.
public enum Ground: String, CaseIterable, Sendable, Codable {
  case dark
  case light

  /// The ground of that colour, sRGB bytes: light where black on it has more contrast than white.
  public init(of color: SIMD3<UInt8>) {
    self =
      ColorContrast.ratio(color, SIMD3(repeating: 0)) > ColorContrast.ratio(color, SIMD3(repeating: 255))
      ? .light : .dark
  }
}

/// The theme a person asks for: `--theme`, `:theme`, and a setting that persists.
public enum ThemeChoice: String, CaseIterable, Sendable, Codable {
  /// As the terminal's own ground is.
  case auto
  case dark
  case light
  /// Text in nothing but the terminal's own colours or colours of at least 7:1, on whatever ground it has.
  case highContrast = "high-contrast"

  /// What the theme looks like on a terminal.
  ///
  /// - Parameter ground: the terminal's own, as far as it is known (`TerminalSession.ground`); unknown counts as dark.
  public func appearance(on ground: Ground?) -> Appearance {
    switch self {
    case .auto: Appearance(ground: ground ?? .dark)
    case .highContrast: Appearance(ground: ground ?? .dark, isHighContrast: true)
    // On a ground that is known to be the other one, its own has to be painted.
    case .dark: Appearance(ground: .dark, isPainted: ground == .light)
    case .light: Appearance(ground: .light, isPainted: ground == .dark)
    }
  }
}

/// What colours have to go with: a part of every `Rendition`, so that all of Canvas draws for the same ground.
public struct Appearance: Hashable, Sendable {
  /// The ground drawn on.
  public var ground: Ground
  /// Whether contrast goes before nuance.
  public var isHighContrast: Bool
  /// Whether the ground is not the terminal's own: `Frame.adapted(to:)` then puts it under every cell.
  public var isPainted: Bool

  /// An appearance; by default that of a dark terminal.
  public init(ground: Ground = .dark, isHighContrast: Bool = false, isPainted: Bool = false) {
    self.ground = ground
    self.isHighContrast = isHighContrast
    self.isPainted = isPainted
  }

  /// One of two values, by the ground.
  public func pick<Value>(dark: Value, light: Value) -> Value { ground == .dark ? dark : light }
}

/// Contrast as the Web Content Accessibility Guidelines 2.1 define it.
public enum ColorContrast {
  /// Relative luminance of an sRGB colour in bytes, 0 to 1.
  public static func luminance(_ color: SIMD3<UInt8>) -> Double {
    0.2126 * linear(color.x) + 0.7152 * linear(color.y) + 0.0722 * linear(color.z)
  }

  /// The contrast of two colours, 1 to 21, whichever is the lighter.
  public static func ratio(_ first: SIMD3<UInt8>, _ second: SIMD3<UInt8>) -> Double {
    let (one, other) = (luminance(first), luminance(second))
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)
  }

  /// The linear light of an sRGB byte.
  public static func linear(_ byte: UInt8) -> Double {
    let value = Double(byte) / 255
    return value <= 0.04045 ? value / 12.92 : PlotMath.power((value + 0.055) / 1.055, 2.4)
  }
}
