import Glibc
import Tensors
import Testing

@testable import Analysis

@Suite struct DimensionInformationTests {
  @Test(arguments: [1e-6, 0.01, 0.3, 3, 1000])
  func noDimensionTellsMoreThanItsDivergenceOrThanThereAreImages(spread: Float) throws {
    let (count, size) = (400, 3)
    let means = normals(count * size, seed: 8).map { $0 * spread }
    let logVariances = normals(count * size, seed: 9).map { $0 * min(0.1, spread) }
    let representation = try Representation(
      means: Tensor(shape: [count, size], elements: means),
      logVariances: Tensor(shape: [count, size], elements: logVariances))
    for seed in 1...5 as ClosedRange<UInt64> {
      let result = try Measure.dimensionInformation.evaluate(Measurement(of: representation, seed: seed))
      let table = try #require(result.table("I(x; z_d)"))
      for d in 0..<size {
        let divergence = (0..<count).reduce(0.0) { sum, row in
          let (mean, s) = (Double(means[row * size + d]), Double(logVariances[row * size + d]))
          return sum + 0.5 * (mean * mean + exp(s) - 1 - s) / Double(count)
        }
        #expect(table.values[d] >= 0 && table.values[d] <= min(divergence + 1e-12, log(Double(count)) + 1e-12))
      }
      #expect(abs(result.value - table.values.reduce(0, +)) < 1e-12)
    }
  }

  @Test func controlVariatesTakeTheNoiseOfAlikePosteriors() throws {
    // Codes that are jointly normal: I = −½ log(1 − ρ²) up to the finite number of references.
    let count = 2000
    let representation = try Representation(
      means: Tensor(shape: [count, 1], elements: normals(count, seed: 10).map { 0.1 * $0 }),
      logVariances: Tensor(shape: [count, 1], filledWith: 0))
    let result = try Measure.dimensionInformation.evaluate(Measurement(of: representation))
    #expect(abs(result.value - 0.5 * log(1.01)) < 5e-4)
    #expect(try #require(result.standardError) < 5e-4)
  }
}
