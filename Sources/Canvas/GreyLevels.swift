/// The greys a colour level has for pictures, in luma of 0 to 255.
struct GreyLevels: Sendable {
  let values: [Float]
  let colors: [Color]
  /// The index of the level nearest to each whole luma.
  private let nearest: [UInt8]

  /// - Parameters:
  ///   - values: ascending, at least one.
  ///   - colors: as many.
  private init(values: [Float], colors: [Color]) {
    self.values = values
    self.colors = colors
    nearest = (0...255).map { luma in
      var best = 0
      for index in values.indices where abs(values[index] - Float(luma)) < abs(values[best] - Float(luma)) {
        best = index
      }
      return UInt8(best)
    }
  }

  private init(entries: [UInt8]) {
    let sorted = entries.sorted { Palette.rgb($0).x < Palette.rgb($1).x }
    self.init(values: sorted.map { Float(Palette.rgb($0).x) }, colors: sorted.map { Color.palette($0) })
  }

  /// The level nearest to a luma, by index; luma outside 0…255 counts as the end.
  func index(nearest luma: Float) -> Int { Int(nearest[Int(min(255, max(0, luma)) + 0.5)]) }

  /// The greys of a colour level.
  static func of(_ level: ColorLevel) -> GreyLevels {
    switch level {
    case .mono: return mono
    case .ansi8: return ansi8
    case .ansi16: return ansi16
    case .palette256: return palette256
    case .direct: return direct
    }
  }

  /// Background and foreground of the terminal, taken as black and white.
  static let mono = GreyLevels(values: [0, 255], colors: [.standard, .standard])
  static let ansi8 = GreyLevels(values: [0, silver], colors: [.palette(0), .palette(7)])
  static let ansi16 = GreyLevels(
    values: [0, grey, silver, 255], colors: [.palette(0), .palette(8), .palette(7), .palette(15)])
  /// Themes differ about the two greys among the sixteen: xterm has 127 and 229, VGA 85 and 170. A picture fitted to
  /// the middle is good under both, one fitted to either is 3 dB worse under the other.
  private static let grey: Float = 108
  private static let silver: Float = 203
  /// The fixed greys of the palette: ramp and cube diagonal. The themeable 16 are left alone, so that a picture looks
  /// the same under every theme.
  static let palette256 = GreyLevels(entries: [16, 59, 102, 145, 188, 231] + Array(232...255))
  static let direct = GreyLevels(
    values: (0...255).map { Float($0) },
    colors: (0...255).map { Color.direct(red: UInt8($0), green: UInt8($0), blue: UInt8($0)) })
}
