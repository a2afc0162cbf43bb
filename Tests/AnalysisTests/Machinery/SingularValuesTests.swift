import Testing

@testable import Analysis

@Suite struct SingularValuesTests {
  @Test(
    arguments: [
      // The product with its transpose, [[9, 12], [12, 41]], has the eigenvalues 45 and 5.
      (2, 2, [3, 0, 4, 5], [45.squareRoot(), 5.squareRoot()]),
      (1, 2, [3, 4], [5]), (2, 1, [3, 4], [5, 0]), (2, 3, [0, 0, 2, -7, 0, 0], [7, 2]),
      // Every row is one of another: the rank is 1.
      (3, 2, [1, 2, 2, 4, 3, 6], [70.squareRoot(), 0, 0]), (2, 2, [0, 0, 0, 0], [0, 0]),
    ] as [(Int, Int, [Double], [Double])])
  func theyAreThoseOfTheMatrix(rows: Int, columns: Int, elements: [Double], expected: [Double]) {
    let values = SingularValues(rows: rows, columns: columns, elements: elements).values
    #expect(values.count == expected.count && zip(values, expected).allSatisfy { abs($0 - $1) < 1e-12 }, "\(values)")
    // What rounding leaves is no rank.
    #expect(values.count { $0 == 0 } == expected.count { $0 == 0 })
  }

  @Test func aSmallOneKeepsItsDigits() {
    // The determinant is 1e-10 and the other one 2; the squares, of which eigenvalues are, differ beyond 64-bit floats.
    let values = SingularValues(rows: 2, columns: 2, elements: [1, 1, 1, 1 + 1e-10]).values
    #expect(abs(values[0] - 2) < 1e-9 && abs(values[1] / 5e-11 - 1) < 1e-3, "\(values)")
  }
}
