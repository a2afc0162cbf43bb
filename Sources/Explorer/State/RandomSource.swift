/// Random numbers as a value: the same state draws the same numbers.
struct RandomSource: Sendable, Hashable, RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// SplitMix64 (Steele, Lea & Flood 2014).
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A draw from the standard normal distribution (Box & Muller 1958).
  mutating func normal() -> Float {
    let first = Float.random(in: Float.leastNormalMagnitude..<1, using: &self)
    let second = Float.random(in: 0..<1, using: &self)
    return (-2 * Exponential.logarithm(first)).squareRoot() * Angles.sine(2 * .pi * second)
  }
}
