import Tensors

/// Random numbers as a value that is used up: the same state draws the same numbers. Counted draws of `CounterRandom`, bits
/// and normal numbers each of a stream of their own.
struct RandomSource: Sendable, Hashable, RandomNumberGenerator {
  private let words: CounterRandom
  private let normals: CounterRandom
  private var drawnWords: UInt64 = 0
  private var drawnNormals: UInt64 = 0

  init(seed: UInt64) {
    words = CounterRandom(seed: seed, stream: 0x776f_7264)
    normals = CounterRandom(seed: seed, stream: 0x6e6f_726d)
  }

  /// 64 random bits.
  mutating func next() -> UInt64 {
    defer { drawnWords &+= 1 }
    return words.bits(drawnWords)
  }

  /// A draw from the standard normal distribution.
  mutating func normal() -> Float {
    defer { drawnNormals &+= 1 }
    return normals.normal(drawnNormals)
  }
}
