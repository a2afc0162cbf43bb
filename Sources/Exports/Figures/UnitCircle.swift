import Glibc

/// Points of the circle of radius one.
enum UnitCircle {
  /// The point after the share `turn` of a whole turn.
  static func point(_ turn: Double) -> SIMD2<Double> { SIMD2(cos(2 * .pi * turn), sin(2 * .pi * turn)) }
}
