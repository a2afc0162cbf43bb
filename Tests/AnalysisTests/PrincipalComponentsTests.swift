import Tensors
import Testing

@testable import Analysis

@Suite struct PrincipalComponentsTests {
  @Test func pointsOnALineHaveOneComponentAlongIt() throws {
    // (0,0), (3,4), (6,8), (9,12): direction (.6, .8), coordinates −7.5, −2.5, 2.5, 7.5, variance 31.25.
    let points = Tensor(shape: [4, 2], elements: [0, 0, 3, 4, 6, 8, 9, 12])
    let found = try PrincipalComponents(of: points)
    #expect(abs(found.variances[0] - 31.25) < 1e-9)
    #expect(abs(found.variances[1]) < 1e-9)
    #expect(abs(found.components[0, 0] - 0.6) < 1e-6)
    #expect(abs(found.components[0, 1] - 0.8) < 1e-6)
    #expect(abs(found.explained(0) - 1) < 1e-9)
    let coordinates = try found.project(points)
    for (value, expected) in zip([coordinates[0, 0], coordinates[3, 0]], [Float(-7.5), 7.5]) {
      #expect(abs(value - expected) < 1e-5)
    }
    for (value, expected) in zip(found.point(at: [2.5]), [Float(6), 8]) { #expect(abs(value - expected) < 1e-5) }
  }

  @Test func eigenvaluesOfAHandMadeMatrixAreExact() {
    // [[2,1],[1,2]] has 3 along (1,1)/√2 and 1 along (1,−1)/√2.
    let eigen = SymmetricEigen(size: 2, elements: [2, 1, 1, 2])
    #expect(abs(eigen.values[0] - 3) < 1e-12 && abs(eigen.values[1] - 1) < 1e-12)
    #expect(abs(eigen.vectors[0][0] - 0.5.squareRoot()) < 1e-12)
    #expect(abs(eigen.vectors[0][0] - eigen.vectors[0][1]) < 1e-12)
  }

  @Test func everyEigenvectorSolvesItsEquation() {
    // A full symmetric matrix with a repeated diagonal and a zero row.
    let size = 9
    var matrix = [Double](repeating: 0, count: size * size)
    for i in 0..<size - 1 {
      for j in 0..<size - 1 { matrix[i * size + j] = 1 / Double(i + j + 1) + (i == j ? 2 : 0) }
    }
    let eigen = SymmetricEigen(size: size, elements: matrix)
    for (value, vector) in zip(eigen.values, eigen.vectors) {
      for i in 0..<size {
        let product = (0..<size).reduce(0.0) { $0 + matrix[i * size + $1] * vector[$1] }
        #expect(abs(product - value * vector[i]) < 1e-12)
      }
    }
    let trace = (0..<size).reduce(0.0) { $0 + matrix[$1 * size + $1] }
    #expect(abs(eigen.values.reduce(0, +) - trace) < 1e-12)
  }

  /// Larger matrices go another way: one of low rank with a thousandfold range, as the covariance of pixels is.
  @Test(arguments: [97, 150]) func largeMatricesAreDecomposedAsExactly(size: Int) {
    let random = CounterRandom(seed: 9)
    let rank = size / 2
    let factors = (0..<rank * size).map { index -> Double in
      Double(random.normal(UInt64(index))) / Double(1 + index / size)
    }
    var matrix = [Double](repeating: 0, count: size * size)
    for i in 0..<size {
      for j in 0..<size { for k in 0..<rank { matrix[i * size + j] += factors[k * size + i] * factors[k * size + j] } }
    }
    let eigen = SymmetricEigen(size: size, elements: matrix)
    #expect(eigen.values == eigen.values.sorted(by: >))
    for (index, (value, vector)) in zip(eigen.values, eigen.vectors).enumerated() {
      var error = 0.0
      for row in 0..<size {
        var product = 0.0
        for column in 0..<size { product += matrix[row * size + column] * vector[column] }
        error = max(error, abs(product - value * vector[row]))
      }
      #expect(error < 1e-11 * eigen.values[0], "vector \(index)")
      let length: Double = vector.reduce(0) { $0 + $1 * $1 }
      #expect(abs(length - 1) < 1e-11)
      #expect(index < rank || abs(value) < 1e-11 * eigen.values[0])
    }
    for (a, b) in [(0, 1), (0, size - 1), (rank, rank + 1), (size - 2, size - 1)] {
      var product = 0.0
      for (x, y) in zip(eigen.vectors[a], eigen.vectors[b]) { product += x * y }
      #expect(abs(product) < 1e-11)
    }
    let trace = (0..<size).reduce(0.0) { $0 + matrix[$1 * size + $1] }
    #expect(abs(eigen.values.reduce(0, +) - trace) < 1e-10 * trace)
  }

  @Test func whatIsNoMatrixOfFinitePointsIsRefused() {
    #expect(throws: AnalysisError.notAMatrix(shape: [4])) {
      try PrincipalComponents(of: Tensor(shape: [4], filledWith: 0))
    }
    #expect(throws: AnalysisError.notFinite(row: 1)) {
      try PrincipalComponents(of: Tensor(shape: [2, 2], elements: [0, 0, 0, .nan]))
    }
  }
}
