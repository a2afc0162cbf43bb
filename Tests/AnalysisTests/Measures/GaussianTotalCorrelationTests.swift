import Tensors
import Testing

@testable import Analysis

@Suite struct GaussianTotalCorrelationTests {
  @Test func itIsTheNumberOfTheReference() throws {
    try expect(Measure.gaussianTotalCorrelation.evaluate(GoldenCodes().measurement()), 0.412_756_64)
  }

  @Test func dimensionsThatDoNotVaryAreLeftOutAndOneImageIsRefused() throws {
    let result = try Measure.gaussianTotalCorrelation.evaluate(
      Measurement(of: Disentangled.withConstantDimension(count: 300)))
    #expect(result.notes == ["1 of 3 dimensions do not vary and were left out"])
    let one = try Measurement(of: Representation(means: Tensor(shape: [1, 2], elements: [1, 2])))
    #expect(throws: AnalysisError.self) { try Measure.gaussianTotalCorrelation.evaluate(one) }
  }

  @Test func aDimensionThatIsALinearFunctionOfAnotherIsRefused() throws {
    let codes = Tensor(shape: [4, 2], elements: [1, 2, 2, 4, 3, 6, 5, 10])
    let measurement = try Measurement(of: Representation(means: codes))
    let error = try #require(throws: AnalysisError.self) {
      try Measure.gaussianTotalCorrelation.evaluate(measurement)
    }
    #expect("\(error)".contains("exact linear functions of others"), "\(error)")
  }
}
