import Tensors
import Testing

@testable import Analysis

@Suite struct ExplicitnessTests {
  @Test func itIsTheNumberOfTheReference() throws {
    let result = try Measure.explicitness.evaluate(GoldenCodes().measurement())
    expect(result, 0.972_437_09)
    #expect(abs(try #require(result.number("training")) - 0.978_686_95) < 1e-5)
  }

  @Test func disentangledCodesScoreHigh() throws {
    #expect(try Measure.explicitness.evaluate(Disentangled.measurement()).value > 0.75)
  }

  @Test(arguments: [[1, 1, 1, 1, 1], [10, 10, 10, 10, 10], [1, 1e-6, 0.01, 1e-4, 1e3]] as [[Float]])
  func unitsAndOriginOfTheCodesChangeNothing(scales: [Float]) throws {
    let codes = try GoldenCodes()
    func scaled(_ representation: Representation) -> Representation {
      let elements = representation.means.elements.enumerated().map { ($1 + 3) * scales[$0 % 5] }
      return representation.withMeans(Tensor(shape: representation.means.shape, elements: elements), units: .plain)
    }
    let result = try Measure.explicitness.evaluate(Measurement(of: scaled(codes.training), test: scaled(codes.test)))
    #expect(abs(result.value - 0.972_437_09) < 3e-5)
    #expect(abs(try #require(result.number("training")) - 0.978_686_95) < 3e-5)
  }

  @Test func aDimensionThatVariesOnlyOverTestCodesTellsNothing() throws {
    let codes = try GoldenCodes()
    func last(_ representation: Representation, _ value: (Int) -> Float) -> Representation {
      let elements = representation.means.elements.enumerated().map { $0 % 5 == 4 ? value($0) : $1 }
      return representation.withMeans(Tensor(shape: representation.means.shape, elements: elements), units: .plain)
    }
    let constant = try Measurement(of: last(codes.training) { _ in 0.7 }, test: last(codes.test) { _ in 0.7 })
    let varying = try Measurement(of: last(codes.training) { _ in 0.7 }, test: last(codes.test) { Float($0) })
    #expect(try Measure.explicitness.evaluate(constant).value == Measure.explicitness.evaluate(varying).value)
  }

  @Test func ranksGiveTheAreaWithTiesCountingHalf() throws {
    let curve = try #require(RankCurve(scores: [0.1, 0.4, 0.4, 0.8], isPositive: [false, true, false, true]))
    #expect(curve.area == 0.875)
    #expect(RankCurve(scores: [1, 2], isPositive: [true, true]) == nil)
  }
}
