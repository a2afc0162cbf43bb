import Glibc
import Tensors

/// Everything that makes one written digit differ from another of its class, apart from the trembling of single points.
public struct StrokeFactors: Sendable, Hashable {
  /// Which of its class's allographs was written, from 0.
  public var allograph: Int
  /// How far the top leans to the right, in heights a height.
  public var slant: Float
  /// Turn of the whole digit, anticlockwise, in radians.
  public var rotation: Float
  /// Width by comparison with the alphabet's.
  public var width: Float
  /// Height, or width of a broad digit, in parts of the 20 pixels that MNIST's digits fill.
  public var size: Float
  /// Diameter of the pen's trace, in pixels.
  public var thickness: Float
  /// How much the upper half is larger than the lower.
  public var topHeaviness: Float
  /// How far the ends of the strokes curl in, in radians.
  public var curl: Float
  /// Amplitude of the shaking of the hand, in heights.
  public var tremor: Float

  /// The names of the factors in the order of `values`.
  static let names = [
    "slant", "rotation", "width", "size", "thickness", "topHeaviness", "curl", "tremor", "allograph",
  ]

  /// The factors in the order of `names`.
  var values: [Float] {
    [slant, rotation, width, size, thickness, topHeaviness, curl, tremor, Float(allograph)]
  }
}

/// The distributions the factors are drawn from: bounded bells, so that no sample is absurd.
struct StrokeRanges: Sendable {
  /// Mean and standard deviation; values reach 2.4 deviations from the mean and no further.
  typealias Bell = (mean: Float, deviation: Float)
  var slant: Bell = (0.14, 0.25)
  var rotation: Bell = (0, 0.10)
  /// Of the logarithm.
  var width: Bell = (0.09, 0.22)
  var size: Bell = (0.98, 0.02)
  /// Of the logarithm.
  var thickness: Bell = (0.93, 0.28)
  var topHeaviness: Bell = (0, 0.3)
  var curl: Bell = (0, 0.3)
  /// Of the logarithm.
  var tremor: Bell = (-5.2, 0.5)
  /// Of every control point, in heights.
  var pointDeviation: Float = 0.018
  /// Of the coefficients of a smooth bending of the whole paper, in heights at its edge.
  var warpDeviation: Float = 0.065
  /// Pixels over which the edge of the ink fades, as the reduction of MNIST's scans made it.
  var fading: Float = 1.3

  static let standard = StrokeRanges()
}

/// The random numbers of one sample, drawn in a fixed order.
struct StrokeNoise {
  private let random: CounterRandom
  private var index: UInt64 = 0

  init(seed: UInt64, sample: UInt64) { random = CounterRandom(seed: seed, stream: sample) }

  mutating func integer(below bound: Int) -> Int {
    defer { index += 1 }
    return random.integer(below: bound, index)
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

extension StrokeFactors {
  /// Draws the factors of a sample.
  init(_ noise: inout StrokeNoise, allographs: [Allograph], ranges: StrokeRanges) {
    var share = noise.integer(below: allographs.reduce(0) { $0 + $1.share })
    allograph = 0
    while share >= allographs[allograph].share {
      share -= allographs[allograph].share
      allograph += 1
    }
    func value(_ bell: StrokeRanges.Bell, _ deviate: Float) -> Float { bell.mean + bell.deviation * deviate }
    var pair = noise.pair()
    slant = value(ranges.slant, pair.x)
    rotation = value(ranges.rotation, pair.y)
    pair = noise.pair()
    width = exp(value(ranges.width, pair.x))
    size = value(ranges.size, pair.y)
    pair = noise.pair()
    thickness = exp(value(ranges.thickness, pair.x))
    topHeaviness = value(ranges.topHeaviness, pair.y)
    pair = noise.pair()
    curl = value(ranges.curl, pair.x)
    tremor = exp(value(ranges.tremor, pair.y))
  }
}
