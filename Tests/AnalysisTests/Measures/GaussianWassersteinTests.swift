import Testing

@testable import Analysis

@Suite struct GaussianWassersteinTests {
  @Test func itIsTheNumberOfTheReference() throws {
    let result = try Measure.gaussianWasserstein.evaluate(GoldenCodes().measurement())
    expect(result, 0.033_945_96)
    #expect(abs(try #require(result.number("normalised")) - 0.069_464_48) < 1e-6)
  }
}
