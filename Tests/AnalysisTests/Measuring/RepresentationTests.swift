import Datasets
import Glibc
import Tensors
import Testing

@testable import Analysis

@Suite struct RepresentationTests {
  private let means = Tensor(shape: [2, 2], elements: [1, 2, 3, 4])

  @Test func aCodeIsItsMeanAndItsDeviationTimesTheNoise() throws {
    let representation = try Representation(
      means: means, logVariances: Tensor(shape: [2, 2], elements: [0, 2 * Float(log(2.0)), 0, -200]))
    let codes = try #require(representation.codes(of: [1, 0, 1], noise: [1, -1, 0.5, 1, 0, 3]))
    #expect(zip(codes, [4, 4, 1.5, 4, 3, 4]).allSatisfy { abs($0 - $1) < 1e-5 } && codes.count == 6, "\(codes)")
    #expect(try Representation(means: means).codes(of: [0], noise: [0, 0]) == nil)
  }

  @Test func exactNumbersOfAnotherShapeAreRefused() throws {
    for (exact, found) in [([[1, 3]], [1, 2]), ([[1, 3], [2]], [2, 1])] as [([[Double]], [Int])] {
      #expect(throws: AnalysisError.otherShape(what: "exact means", found: found, expected: [2, 2])) {
        try Representation(means: means, precision: .double, exact: exact)
      }
    }
    #expect(throws: AnalysisError.self) {
      try Representation(means: means, factors: [Factor(name: "f", values: [0, 1], exact: [0])])
    }
    #expect(try Representation(means: means, precision: .double, exact: [[1, 3], [2, 4]]).exact != nil)
  }
}
