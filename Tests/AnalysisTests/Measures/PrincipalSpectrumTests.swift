import Tensors
import Testing

@testable import Analysis

@Suite struct PrincipalSpectrumTests {
  @Test func eigenvaluesAreThoseOfScikitLearn() throws {
    let result = try Measure.principalSpectrum.evaluate(GoldenCodes().measurement())
    let expected = [0.235_889_52, 0.124_647_93, 0.080_358_74, 0.024_233_09, 0.022_737_09]
    for (found, expected) in zip(try #require(result.table("means")).values, expected) {
      #expect(abs(found - expected) < 1e-7)
    }
  }

  @Test func samplesOfDimensionsThatAreNotUsedHaveThePriorsVariance() throws {
    let result = try Measure.principalSpectrum.evaluate(Measurement(of: unusedCodes()))
    #expect(try #require(result.table("samples")).values == [1, 1])
  }
}
