import Testing

@testable import Analysis

@Suite struct AccuracyByDimensionsTests {
  @Test func allDimensionsTellWhatTheProbeOfTheWholeCodeTells() throws {
    let result = try Measure.accuracyByDimensions.evaluate(GoldenCodes().measurement())
    expect(result, 0.936_666_67)
    let rows = try #require(result.table("test accuracy")).rows
    #expect(rows.count == 5 && rows[0] == "+ z1" && Set(rows).count == 5)
  }
}
