import Testing

@testable import Analysis

@Suite struct EqualBinsTests {
  @Test(arguments: [
    (Representation.Precision.single, [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 19] as [Int32]),
    (.double, [0, 1, 4, 5, 7, 10, 12, 13, 16, 17, 19]),
  ])
  func edgesLieWhereNumpyPutsThem(precision: Representation.Precision, expected: [Int32]) {
    // numpy.digitize(x, numpy.histogram(x, 20)[1][:-1]) − 1 of the same numbers as float32 and as float64.
    let values = (0...10).map { Float(0.1) + Float($0) / 10 }
    #expect(EqualBins(values, count: 20, precision: precision).bins(of: values) == expected)
    #expect(EqualBins([3, 3], count: 20, precision: precision).bins(of: [3, -1e30, 1e30]) == [10, 0, 19])
  }

  @Test func edgesOfHalfPrecisionLieWhereNumpyPutsThem() {
    // The same of 1 + i/11 as float16.
    let values = (0...10).map { Float(1 + Float16($0) / 11) }
    #expect(EqualBins(values, count: 20, precision: .half).bins(of: values) == [0, 2, 4, 5, 8, 10, 11, 14, 15, 18, 19])
    #expect(EqualBins(values, count: 20).bins(of: values) == [0, 1, 3, 5, 7, 10, 11, 14, 15, 18, 19])
    // A width beyond 16 bits.
    #expect(EqualBins([-6e4, 6e4], count: 20, precision: .half).bins(of: [-6e4, 0, 6e4]) == [0, 10, 19])
  }

  @Test func numbersOfADecimalGridAreBinnedAsTheDoublesTheyAre() {
    // The same of numpy.arange(31) / 10: three of these, as 32-bit floats, fall on the other side of an edge.
    let values = (0...30).map { Double($0) / 10 }
    let expected: [Int32] = [
      0, 0, 1, 2, 2, 3, 4, 4, 5, 6, 6, 7, 8, 8, 9, 10, 10, 11, 12, 12, 13, 14, 14, 15, 16, 16, 17, 18, 18, 19, 19,
    ]
    #expect(EqualBins(values, count: 20).bins(of: values) == expected)
  }
}
