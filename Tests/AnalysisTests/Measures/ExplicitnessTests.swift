import Testing

@testable import Analysis

@Suite struct ExplicitnessTests {
  @Test func itIsTheNumberOfTheReference() throws {
    let result = try Measure.explicitness.evaluate(GoldenCodes().measurement())
    expect(result, 0.971_175_62)
    #expect(abs(try #require(result.number("training")) - 0.977_617_17) < 1e-5)
  }

  @Test func disentangledCodesScoreHigh() throws {
    #expect(try Measure.explicitness.evaluate(Disentangled.measurement()).value > 0.75)
  }

  @Test(arguments: [
    (10, 0.972_320_32, 0.978_906_98), (0.1, 0.927_989_76, 0.927_295_83), (1, 0.971_175_62, 0.977_617_17),
  ])
  func explicitnessDependsOnTheUnitsOfCodesAsScikitLearnsDoes(scale: Float, test: Double, training: Double) throws {
    let measurement = try GoldenCodes().scaledMeasurement(by: scale, plus: 3)
    let result = try Measure.explicitness.evaluate(measurement)
    #expect(abs(result.value - test) < 1e-5)
    #expect(abs(try #require(result.number("training")) - training) < 1e-5)
  }

  @Test func ranksGiveTheAreaWithTiesCountingHalf() throws {
    let curve = try #require(RankCurve(scores: [0.1, 0.4, 0.4, 0.8], isPositive: [false, true, false, true]))
    #expect(curve.area == 0.875)
    #expect(RankCurve(scores: [1, 2], isPositive: [true, true]) == nil)
  }
}
