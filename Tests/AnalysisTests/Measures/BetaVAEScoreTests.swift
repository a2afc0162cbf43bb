import Testing

@testable import Analysis

@Suite struct BetaVAEScoreTests {
  @Test func disentangledCodesScoreHigh() throws {
    #expect(try Measure.betaVAEScore.evaluate(Disentangled.measurement()).value > 0.99)
  }
}
