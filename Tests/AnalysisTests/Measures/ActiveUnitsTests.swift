import Tensors
import Testing

@testable import Analysis

@Suite struct ActiveUnitsTests {
  @Test func dimensionsThatFollowTheImageAreActive() throws {
    #expect(try Measure.activeUnits.evaluate(Measurement(of: unusedCodes())).value == 0)
    let one = try Representation(means: Tensor(shape: [4, 2], elements: [0, 1, 0, 2, 0, 3, 0, 4]))
    let result = try Measure.activeUnits.evaluate(Measurement(of: one))
    #expect(result.value == 1 && result.table("Var(μ_d)")?.values == [0, 1.25])
    let single = try Representation(means: Tensor(shape: [1, 2], elements: [3, 4]))
    #expect(throws: AnalysisError.self) { try Measure.activeUnits.evaluate(Measurement(of: single)) }
  }

  @Test func aVarianceNearTheThresholdMakesTheNumberUncertain() throws {
    let codes = try GoldenCodes().training
    // The variance of the second dimension, whose resamples lie on both sides of it.
    let variance = Covariance(of: codes.means).variances(divisor: .population)[1]
    let result = try Measure.activeUnits.evaluate(Measurement(of: codes, settings: ["active-variance": variance]))
    #expect(try 0.3...0.7 ~= #require(result.standardError))
    #expect(try Measure.activeUnits.evaluate(Measurement(of: codes)).standardError == nil)
    // Normal codes would have √(2/n) of it.
    let table = try #require(result.table("Var(μ_d)"))
    #expect(try 0.02...0.1 ~= #require(table.standardErrors?[1]) / variance)
  }
}
