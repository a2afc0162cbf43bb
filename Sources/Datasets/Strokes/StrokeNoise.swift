import Tensors

/// The random numbers of one sample, drawn in a fixed order.
struct StrokeNoise {
  private let random: CounterRandom
  private var index: UInt64 = 0

  /// The numbers of one sample of a seed. The test part is another stream, far from any seed a person would give.
  init(seed: UInt64, part: DataPart, sample: Int) {
    random = CounterRandom(seed: part == .training ? seed : ~seed, stream: UInt64(truncatingIfNeeded: sample))
  }

  /// Passes over the next `count` numbers.
  mutating func skip(_ count: UInt64) { index += count }

  mutating func integer(below bound: Int) -> Int {
    defer { index += 1 }
    return random.integer(below: bound, index)
  }

  /// One of several allographs, each as often as its share says.
  mutating func choice(of allographs: [Allograph]) -> Int {
    var share = integer(below: allographs.reduce(0) { $0 + $1.share })
    var choice = 0
    while share >= allographs[choice].share {
      share -= allographs[choice].share
      choice += 1
    }
    return choice
  }

  /// Two independent values of mean 0 and deviation 1, within ±2.45: each the sum of two uniform ones.
  mutating func pair() -> SIMD2<Float> {
    defer { index += 1 }
    let bits = random.bits(index)
    let parts = SIMD4<UInt16>(truncatingIfNeeded: SIMD4(bits, bits >> 16, bits >> 32, bits >> 48))
    let sums =
      SIMD2<Float>(SIMD2<UInt32>(truncatingIfNeeded: parts.lowHalf))
      + SIMD2<Float>(SIMD2<UInt32>(truncatingIfNeeded: parts.highHalf))
    // The sum of two uniform numbers of 16 bits has the variance 2 · 2³² / 12.
    return (sums - 65_535) * (1 / 26_754.5)
  }
}

/// A bounded bell that a cause of variation is drawn from, so that no sample is absurd: values reach 2.45 deviations
/// from the mean and no further.
struct StrokeBell: Sendable {
  var mean: Float
  var deviation: Float

  init(_ mean: Float, _ deviation: Float) {
    self.mean = mean
    self.deviation = deviation
  }

  /// The value that lies `deviate` deviations from the mean.
  @inline(__always)
  func value(_ deviate: Float) -> Float { mean + deviation * deviate }
}
