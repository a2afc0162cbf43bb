import Testing

@testable import Analysis

@Suite struct FactorVAEScoreTests {
  @Test func disentangledCodesScoreHigh() throws {
    #expect(try Measure.factorVAEScore.evaluate(Disentangled.measurement()).value > 0.99)
  }
}
