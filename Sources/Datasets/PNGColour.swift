import Glibc

/// What the numbers of a PNG of 16 bits mean as light, and which grey level of sRGB has that light: the same that libpng
/// does for pictures of 8 bits, without rounding.
struct PNGColour {
  private static let white: Double = 65_535
  /// The exponent of light that the file's numbers have; nil: sRGB's curve.
  private var exponent: Double?
  private var isStandard = false
  /// What red, green and blue have in luminance: as sRGB, or as the file's chromaticities say.
  private var weights = Luminance.weights

  /// Takes what a chunk says about colour (PNG specification, section 11.3.2).
  mutating func read(_ kind: String, _ data: ArraySlice<UInt8>) {
    // Of the few chunks that hold some: the pixels are chunks too.
    func numbers() -> [Double] {
      let bytes = Array(data)
      return stride(from: 0, to: bytes.count & ~3, by: 4).map { place in
        bytes[place..<place + 4].reduce(0) { $0 * 256 + Double($1) } / 100_000
      }
    }
    switch kind {
    case "sRGB": isStandard = true
    case "gAMA":
      // What says 1/2.2 means sRGB, which is how bytes are taken; nothing means what is beyond reason.
      guard let gamma = numbers().first, 0.01...10 ~= gamma, !(0.45...0.46 ~= gamma) else { return }
      exponent = 1 / gamma
    case "cHRM":
      let points = numbers()
      if points.count == 8, let found = Self.luminance(points) { weights = found }
    default: break
    }
  }

  /// What shows where a picture is transparent.
  enum Ground {
    case black
    case white
  }

  /// The grey level 0…65,535 of a pixel whose numbers are multiplied by `alpha`, on a ground.
  func level(_ red: UInt16, _ green: UInt16, _ blue: UInt16, alpha: UInt16, on ground: Ground = .black) -> Float {
    guard alpha > 0 else { return ground == .black ? 0 : Float(Self.white) }
    let isGrey = red == green && green == blue
    // What is grey and opaque in sRGB already is the level.
    if isGrey, alpha == .max, isStandard || exponent == nil { return Float(red) }
    func light(_ value: UInt16) -> Double { linear(min(1, Double(value) / Double(alpha))) }
    let (red, green, blue) =
      isGrey ? (light(red), 0, 0) : (light(red), light(green), light(blue))
    let luminance = isGrey ? red : weights.red * red + weights.green * green + weights.blue * blue
    let share = Double(alpha) / Self.white
    let behind = ground == .black ? 0 : 1 - share
    return Float(Luminance.level(of: min(1, luminance) * share + behind) * Self.white)
  }

  private func linear(_ value: Double) -> Double {
    if !isStandard, let exponent { return pow(value, exponent) }
    return Luminance.light(of: value)
  }

  /// The shares of the primaries in the luminance of white, from `[white x, y, red x, y, green x, y, blue x, y]`: what
  /// solves `Σ s·(x/y, 1, z/y) = (x/y, 1, z/y)` of white. Nil where they are no triangle about it.
  private static func luminance(_ points: [Double]) -> (red: Double, green: Double, blue: Double)? {
    func column(_ index: Int) -> SIMD3<Double>? {
      let (x, y) = (points[2 * index], points[2 * index + 1])
      return y > 0 ? SIMD3(x / y, 1, (1 - x - y) / y) : nil
    }
    guard let white = column(0), let red = column(1), let green = column(2), let blue = column(3) else { return nil }
    func determinant(_ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>) -> Double {
      a.x * (b.y * c.z - c.y * b.z) - b.x * (a.y * c.z - c.y * a.z) + c.x * (a.y * b.z - b.y * a.z)
    }
    let whole = determinant(red, green, blue)
    guard abs(whole) > 1e-9 else { return nil }
    let shares = (
      determinant(white, green, blue) / whole, determinant(red, white, blue) / whole,
      determinant(red, green, white) / whole
    )
    return 0...1 ~= shares.0 && 0...1 ~= shares.1 && 0...1 ~= shares.2
      ? (red: shares.0, green: shares.1, blue: shares.2) : nil
  }
}
