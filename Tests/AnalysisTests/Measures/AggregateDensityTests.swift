import Glibc
import Tensors
import Testing

@testable import Analysis

@Suite struct AggregateDensityTests {
  /// The entropy of a normal distribution of K dimensions with variances σ² is ½·Σ_d (1 + log 2πσ_d²).
  @Test func minusTheMeanIsTheEntropyOfASinglePosterior() throws {
    let (count, logVariances) = (4_000, [Float(0), -1, 2])
    let representation = try Representation(
      means: Tensor(shape: [count, 3], elements: (0..<count).flatMap { _ in [Float(1), -2, 0.5] }),
      logVariances: Tensor(shape: [count, 3], elements: (0..<count).flatMap { _ in logVariances }))
    let result = try Measure.aggregateDensity.evaluate(Measurement(of: representation))
    let entropy = logVariances.reduce(0) { $0 + 0.5 * (1 + log(2 * Double.pi) + Double($1)) }
    #expect(abs(result.value + entropy) < 0.08)
    // At the mean itself it is highest, by K/2 nats above the expectation.
    let peak = -logVariances.reduce(0) { $0 + 0.5 * (log(2 * Double.pi) + Double($1)) }
    let highest = try #require(result.values.first { $0.name == "highest" })
    #expect(highest.value <= peak + 1e-3 && highest.value > peak - 0.05)
  }

  @Test func halfOfTheCodesFarAwayLeaveHalfTheDensity() throws {
    let near = try Representation(
      means: Tensor(shape: [2, 1], elements: [3, 3]), logVariances: Tensor(shape: [2, 1], filledWith: 0))
    let far = try Representation(
      means: Tensor(shape: [2, 1], elements: [3, -300]), logVariances: Tensor(shape: [2, 1], filledWith: 0))
    let values = try [near, far].map { try Measure.aggregateDensity.evaluate(Measurement(of: $0, seed: 4)).values }
    for (one, two) in zip(values[0], values[1]) { #expect(abs(one.value - two.value - log(2)) < 1e-4) }
  }

  @Test func itIsTheDensityThatTheAggregateTellsAtACode() throws {
    let means = Tensor(shape: [3, 2], elements: [0, 0, 1, -1, 2, 0.5])
    let logVariances = Tensor(shape: [3, 2], elements: [-0.5, 0, 0.25, -1, 0, 0])
    let measurement = try Measurement(of: Representation(means: means, logVariances: logVariances))
    let terms = try measurement.aggregateTerms()
    let aggregate = try AggregatePosterior(means: means, logVariances: logVariances)
    let told = try (0..<3).map { try #require(aggregate.logDensity(at: Array(terms.codes[2 * $0..<2 * $0 + 2]))) }
    let result = try Measure.aggregateDensity.evaluate(measurement)
    #expect(abs(result.value - told.reduce(0, +) / 3) < 1e-5)
    #expect(zip(result.values.dropFirst(), told.sorted()).allSatisfy { abs($0.value - $1) < 1e-5 })
  }
}
