import Glibc

/// How colours become grey, whatever file they come from: the grey level of sRGB that has the light of the colour
/// (IEC 61966-2-1; ITU-R BT.709 primaries).
enum Luminance {
  /// What red, green and blue of sRGB have in the luminance of white.
  static let weights = (red: 0.212639, green: 0.715169, blue: 0.072192)

  /// The light of a level in 0…1.
  static func light(of level: Double) -> Double {
    level <= 0.04045 ? level / 12.92 : pow((level + 0.055) / 1.055, 2.4)
  }

  /// The level in 0…1 that has this light.
  static func level(of light: Double) -> Double {
    light <= 0.003_130_8 ? light * 12.92 : 1.055 * pow(light, 1 / 2.4) - 0.055
  }

  /// The grey level of a colour of bytes.
  static func grey(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
    // What is grey already stays as it is.
    guard red != green || green != blue else { return red }
    let light = weights.red * lights[Int(red)] + weights.green * lights[Int(green)] + weights.blue * lights[Int(blue)]
    return UInt8((255 * min(1, level(of: light))).rounded())
  }

  /// The light of every byte.
  private static let lights = (0..<256).map { light(of: Double($0) / 255) }
}
