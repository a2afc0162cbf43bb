import Datasets
import Tensors

@testable import Analysis

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
