import Datasets
import Tensors
import Testing

@testable import Analysis

/// Codes of known factors from a generator that any language writes in ten lines (a linear congruence), so that the same
/// codes were given to scikit-learn 1.9 and to disentanglement_lib's formulas: u ← (1664525·u + 1013904223) mod 2³², 1 at
/// first; a factor is ⌊u·size⌋; a value is W·(factor/size) + .3·(u + u + u − 1.5).
struct GoldenCodes {
  let training: Representation
  let test: Representation

  init() throws {
    var state: UInt64 = 1
    func uniform() -> Double {
      state = (state * 1_664_525 + 1_013_904_223) % 0x1_0000_0000
      return Double(state) / 0x1p32
    }
    let sizes = [3.0, 4, 2]
    let weights: [[Double]] = [[1.5, 0.2, 0], [0.1, 1.2, 0.3], [0, -0.3, 0.9], [0.5, 0.5, 0], [0, 0, 0]]
    func representation(_ count: Int) throws -> Representation {
      var codes: [Float] = []
      var factors = [[Float]](repeating: [], count: 3)
      for _ in 0..<count {
        let values = sizes.map { (uniform() * $0).rounded(.down) }
        for (index, value) in values.enumerated() { factors[index].append(Float(value)) }
        for row in weights {
          var value = 0.0
          for j in 0..<3 { value += row[j] * (values[j] / sizes[j]) }
          let noise = uniform() + uniform() + uniform() - 1.5
          codes.append(Float(value + 0.3 * noise))
        }
      }
      return try Representation(
        means: Tensor(shape: [count, 5], elements: codes), labels: factors[0].map { Int32($0) },
        factors: factors.enumerated().map { Factor(name: "factor \($0)", values: $1) })
    }
    training = try representation(600)
    test = try representation(300)
  }

  func measurement(settings: [String: Double] = [:], seed: UInt64 = 1, threads: Int = 1) throws -> Measurement {
    try Measurement(of: training, test: test, settings: settings, seed: seed, pool: WorkerPool(threads: threads))
  }

  /// The same codes times `scale` plus `offset`.
  func scaledMeasurement(by scale: Float, plus offset: Float = 0) throws -> Measurement {
    func scaled(_ representation: Representation) -> Representation {
      representation.withMeans(
        Tensor(
          shape: representation.means.shape, elements: representation.means.elements.map { $0 * scale + offset }),
        units: .plain)
    }
    return try Measurement(of: scaled(training), test: scaled(test))
  }
}

/// Codes that are understood without a computer: two factors of four values, each alone in one dimension with a little noise,
/// and a dimension of noise.
enum Disentangled {
  static func codes(count: Int = 2000) throws -> Representation {
    let noise = normals(count * 3, seed: 11)
    let random = CounterRandom(seed: 12)
    var codes: [Float] = []
    var (first, second): ([Float], [Float]) = ([], [])
    for row in 0..<count {
      first.append(Float(random.integer(below: 4, UInt64(2 * row))))
      second.append(Float(random.integer(below: 4, UInt64(2 * row + 1))))
      codes += [
        first[row] - 1.5 + 0.05 * noise[3 * row], second[row] - 1.5 + 0.05 * noise[3 * row + 1], noise[3 * row + 2],
      ]
    }
    return try Representation(
      means: Tensor(shape: [count, 3], elements: codes),
      factors: [Factor(name: "a", values: first), Factor(name: "b", values: second)])
  }

  /// A measurement of such codes with few groups and trees.
  static func measurement() throws -> Measurement {
    try Measurement(
      of: codes(), settings: ["training-groups": 1000, "test-groups": 500, "trees": 20], pool: WorkerPool(threads: 2))
  }

  /// Such codes, whose third dimension does not vary, with labels.
  static func withConstantDimension(count: Int) throws -> Representation {
    let whole = try codes(count: count)
    var elements = whole.means.elements
    for row in 0..<count { elements[3 * row + 2] = 5 }
    return try Representation(
      means: Tensor(shape: [count, 3], elements: elements), labels: (0..<count).map { Int32($0 % 3) },
      factors: whole.factors)
  }
}

/// Fifty posteriors that do not overlap, of two classes in turn.
func farPosteriors() throws -> Representation {
  try Representation(
    means: Tensor(shape: [50, 1], elements: (0..<50).map { Float(10 * $0) }),
    logVariances: Tensor(shape: [50, 1], filledWith: 0), labels: (0..<50).map { Int32($0 % 2) })
}

/// The posterior of one image, in three dimensions.
func singlePosterior() throws -> Representation {
  try Representation(
    means: Tensor(shape: [1, 3], elements: [0.3, -1.7, 2.1]),
    logVariances: Tensor(shape: [1, 3], elements: [-0.2, -3.1, 0.4]))
}

/// Four posteriors that are the prior.
func unusedCodes() throws -> Representation {
  try Representation(means: Tensor(shape: [4, 2], filledWith: 0), logVariances: Tensor(shape: [4, 2], filledWith: 0))
}

/// The information of the reference card: three dimensions, and two factors of ten values that are as frequent.
let referenceCard = FactorInformation(
  matrix: [0.6, 0.1, 0.1, 0.5, 0.05, 0.02], entropies: [2.302_585_092_994_046, 2.302_585_092_994_046], dimensions: 3)

/// Holds a result against the number of scikit-learn or of disentanglement_lib's formulas.
func expect(
  _ result: MeasureResult, _ expected: Double, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(abs(result.value - expected) < 1e-5, sourceLocation: sourceLocation)
  #expect(!result.sampleSizes.isEmpty, sourceLocation: sourceLocation)
}

/// Standard normal numbers that every run draws alike.
func normals(_ count: Int, seed: UInt64) -> [Float] {
  let random = CounterRandom(seed: seed, stream: 0x6d65_6173)
  return (0..<count).map { random.normal(UInt64($0)) }
}
