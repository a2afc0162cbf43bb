import Testing

@testable import Analysis

@Suite struct CorrelationsTests {
  @Test func twoDimensionsGoTogetherAsScikitLearnSays() throws {
    let result = try Measure.correlations.evaluate(GoldenCodes().measurement())
    #expect(abs(try #require(result.table("r")).value(0, 3) - 0.578_706_71) < 1e-7)
  }
}
