import Testing

@testable import Analysis

@Suite struct NeighbourAccuracyTests {
  @Test func itIsTheNumberOfTheReference() throws {
    try expect(Measure.neighbourAccuracy.evaluate(GoldenCodes().measurement()), 0.903_333_33)
  }

  @Test(arguments: [(1, 0.883_333_33), (8, 0.91)]) func anyNumberOfNeighboursVotes(count: Int, expected: Double) throws
  {
    let measurement = try GoldenCodes().measurement(settings: ["neighbours": Double(count)])
    #expect(abs(try Measure.neighbourAccuracy.evaluate(measurement).value - expected) < 1e-6)
  }
}
