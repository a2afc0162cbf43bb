import Glibc

/// The few elementary functions plots need.
enum PlotMath {
  static func logarithm(_ value: Float) -> Float { logf(value) }
  static func decimalLogarithm(_ value: Double) -> Double { log10(value) }
  static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

  /// Points of the closed curve center + cos(t)·first + sin(t)·second, the first again at the end.
  static func ellipse(
    center: SIMD2<Float>, first: SIMD2<Float>, second: SIMD2<Float>, segments: Int
  ) -> [SIMD2<Float>] {
    (0...segments).map { step in
      let angle = 2 * Float.pi * Float(step) / Float(segments)
      return center + cosf(angle) * first + sinf(angle) * second
    }
  }
}
