import Tensors
import Testing

@testable import Analysis

@Suite struct AggregateDivergenceTests {
  @Test func itIsTheSumOfTotalCorrelationAndDivergencesOfDimensions() throws {
    let representation = try Representation(
      means: Tensor(shape: [200, 3], elements: normals(600, seed: 14)),
      logVariances: Tensor(shape: [200, 3], filledWith: -1))
    let measurement = try Measurement(of: representation)
    let whole = try Measure.aggregateDivergence.evaluate(measurement)
    let parts =
      try Measure.totalCorrelation.evaluate(measurement).value
      + Measure.dimensionWiseDivergence.evaluate(measurement).value
    #expect(abs(whole.value - parts) < 1e-9)
    let quantiles = try #require(whole.table("quantiles of log q(z)")).values
    #expect(quantiles == quantiles.sorted())
  }
}
