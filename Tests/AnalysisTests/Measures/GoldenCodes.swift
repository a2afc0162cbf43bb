import Datasets
import Tensors

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

  /// The same codes times `scale`.
  func scaledMeasurement(by scale: Float) throws -> Measurement {
    func scaled(_ representation: Representation) -> Representation {
      representation.withMeans(
        Tensor(shape: representation.means.shape, elements: representation.means.elements.map { $0 * scale }),
        units: .plain)
    }
    return try Measurement(of: scaled(training), test: scaled(test))
  }
}
