import Testing

@testable import Analysis

@Suite struct AccuracyByDimensionsTests {
  @Test func allDimensionsTellWhatTheProbeOfTheWholeCodeTells() throws {
    let result = try Measure.accuracyByDimensions.evaluate(GoldenCodes().measurement())
    expect(result, 0.936_666_67)
    let table = try #require(result.table("test accuracy"))
    #expect(table.rows == ["+ z1", "+ z4", "+ z3", "+ z5", "+ z2"])
    // scikit-learn's LogisticRegression(C = 1/(1e-4·n)) on the same standardised columns.
    let expected = [0.926_666_67, 0.923_333_33, 0.93, 0.923_333_33, 0.936_666_67]
    #expect(zip(table.values, expected).allSatisfy { abs($0 - $1) < 1e-7 }, "\(table.values)")
  }
}
