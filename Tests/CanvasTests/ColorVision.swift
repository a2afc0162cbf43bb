import Foundation

@testable import Canvas

/// How people see colours: full colour vision and the dichromacies, by three models of them.
struct ColorVision: Sendable {
  let name: String
  /// What becomes of linear red, green and blue.
  private let seen: @Sendable (SIMD3<Double>) -> SIMD3<Double>

  static let full = ColorVision(name: "full colour vision") { $0 }

  /// Machado, Oliveira and Fernandes 2009 (table 1, severity 1); Viénot, Brettel and Mollon 1999; Brettel, Viénot and
  /// Mollon 1997, whose two half-planes are told apart by a third vector (constants as in libDaltonLens).
  static let deficient: [ColorVision] = [
    linear(
      "protanopia, Machado",
      [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998]),
    linear(
      "deuteranopia, Machado",
      [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881]),
    linear(
      "tritanopia, Machado",
      [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900]),
    linear("protanopia, Viénot", [0.11238, 0.88762, 0, 0.11238, 0.88762, 0, 0.00401, -0.00401, 1]),
    linear("deuteranopia, Viénot", [0.29275, 0.70725, 0, 0.29275, 0.70725, 0, -0.02234, 0.02234, 1]),
    halves(
      "protanopia, Brettel", [0.14980, 1.19548, -0.34528, 0.10764, 0.84864, 0.04372, 0.00384, -0.00540, 1.00156],
      [0.14570, 1.16172, -0.30742, 0.10816, 0.85291, 0.03892, 0.00386, -0.00524, 1.00139],
      SIMD3(0.00048, 0.00393, -0.00441)),
    halves(
      "deuteranopia, Brettel", [0.36477, 0.86381, -0.22858, 0.26294, 0.64245, 0.09462, -0.02006, 0.02728, 0.99278],
      [0.37298, 0.88166, -0.25464, 0.25954, 0.63506, 0.10540, -0.01980, 0.02784, 0.99196],
      SIMD3(-0.00281, -0.00611, 0.00892)),
    halves(
      "tritanopia, Brettel", [1.01277, 0.13548, -0.14826, -0.01243, 0.86812, 0.14431, 0.07589, 0.80500, 0.11911],
      [0.93678, 0.18979, -0.12657, 0.06154, 0.81526, 0.12320, -0.37562, 1.12767, 0.24796],
      SIMD3(0.03901, -0.02788, -0.01113)),
  ]

  private static func product(_ matrix: [Double], _ vector: SIMD3<Double>) -> SIMD3<Double> {
    var result = SIMD3<Double>()
    for row in 0..<3 {
      result[row] = matrix[3 * row] * vector.x + matrix[3 * row + 1] * vector.y + matrix[3 * row + 2] * vector.z
    }
    return result
  }

  private static func linear(_ name: String, _ matrix: [Double]) -> ColorVision {
    ColorVision(name: name) { product(matrix, $0) }
  }

  private static func halves(
    _ name: String, _ first: [Double], _ second: [Double], _ normal: SIMD3<Double>
  ) -> ColorVision {
    ColorVision(name: name) { product(($0 * normal).sum() >= 0 ? first : second, $0) }
  }

  /// CIELAB under D65 of an sRGB colour as it is seen.
  func lab(of color: SIMD3<UInt8>) -> SIMD3<Double> {
    let light = SIMD3(ColorContrast.linear(color.x), ColorContrast.linear(color.y), ColorContrast.linear(color.z))
    let clamped = seen(light).clamped(lowerBound: .zero, upperBound: SIMD3(repeating: 1))
    let xyz =
      Self.product(
        [0.4124564, 0.3575761, 0.1804375, 0.2126729, 0.7151522, 0.0721750, 0.0193339, 0.1191920, 0.9503041], clamped)
      / SIMD3(0.95047, 1, 1.08883)
    var f = SIMD3<Double>()
    for axis in 0..<3 {
      f[axis] = xyz[axis] > 216.0 / 24389 ? cbrt(xyz[axis]) : (24389.0 / 27 * xyz[axis] + 16) / 116
    }
    return SIMD3(116 * f.y - 16, 500 * (f.x - f.y), 200 * (f.y - f.z))
  }

  /// ΔE2000 (CIE 142; in the words of Sharma, Wu and Dalal 2005).
  static func difference(_ first: SIMD3<Double>, _ second: SIMD3<Double>) -> Double {
    func sine(_ degrees: Double) -> Double { sin(degrees * .pi / 180) }
    func cosine(_ degrees: Double) -> Double { cos(degrees * .pi / 180) }
    func seventh(_ value: Double) -> Double { (pow(value, 7) / (pow(value, 7) + pow(25, 7))).squareRoot() }
    func hue(_ a: Double, _ b: Double) -> Double {
      if a == 0, b == 0 { return 0 }
      let angle = atan2(b, a) * 180 / .pi
      return angle < 0 ? angle + 360 : angle
    }
    let stretch = 1 + 0.5 * (1 - seventh((hypot(first.y, first.z) + hypot(second.y, second.z)) / 2))
    let (a1, a2) = (first.y * stretch, second.y * stretch)
    let (chroma1, chroma2) = (hypot(a1, first.z), hypot(a2, second.z))
    let (hue1, hue2) = (hue(a1, first.z), hue(a2, second.z))
    let isGrey = chroma1 * chroma2 == 0
    var turn = isGrey ? 0 : hue2 - hue1
    if turn > 180 { turn -= 360 } else if turn < -180 { turn += 360 }
    let hueDifference = 2 * (chroma1 * chroma2).squareRoot() * sine(turn / 2)
    let lightness = (first.x + second.x) / 2
    let chroma = (chroma1 + chroma2) / 2
    var meanHue = (hue1 + hue2) / 2
    if isGrey { meanHue = hue1 + hue2 } else if abs(hue1 - hue2) > 180 { meanHue += meanHue < 180 ? 180 : -180 }
    let t =
      1 - 0.17 * cosine(meanHue - 30) + 0.24 * cosine(2 * meanHue) + 0.32 * cosine(3 * meanHue + 6)
      - 0.2 * cosine(4 * meanHue - 63)
    let square = (lightness - 50) * (lightness - 50)
    let l = (second.x - first.x) / (1 + 0.015 * square / (20 + square).squareRoot())
    let c = (chroma2 - chroma1) / (1 + 0.045 * chroma)
    let h = hueDifference / (1 + 0.015 * chroma * t)
    let rotation = -sine(60 * exp(-pow((meanHue - 275) / 25, 2))) * 2 * seventh(chroma)
    return (l * l + c * c + h * h + rotation * c * h).squareRoot()
  }
}
