import Testing

@testable import Analysis

@Suite struct BinnedDependenceTests {
  @Test func itIsTheNumberOfTheReference() throws {
    try expect(Measure.binnedDependence.evaluate(GoldenCodes().measurement()), 0.332_325_78)
  }
}
