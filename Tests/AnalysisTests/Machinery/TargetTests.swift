import Datasets
import Tensors
import Testing

@testable import Analysis

@Suite struct TargetTests {
  @Test func classesThatAFactorStatesAreGoneBy() throws {
    // An angle of 40 values, as dSprites' orientation, over 400 codes that do not follow it: too many values to guess.
    let numbers = (0..<400).map { Int32($0 * 7 % 40) }
    let angles = numbers.map { Float($0) * 0.161_07 }
    let means = Tensor(shape: [400, 2], elements: normals(800, seed: 8))
    func result(_ factor: Factor) throws -> MeasureResult {
      try Measure.separatedAttributePredictability.evaluate(
        Measurement(of: Representation(means: means, factors: [factor])))
    }
    let stated = try result(Factor(name: "orientation", values: angles, classes: numbers))
    let whole = try result(Factor(name: "orientation", values: numbers.map(Float.init)))
    #expect(stated.value == whole.value && stated.table("score") == whole.table("score"))
    #expect(!stated.notes.contains { $0.contains("continuous") })
    #expect(try result(Factor(name: "orientation", values: angles)).notes.contains { $0.contains("continuous") })
    // Where only what is learnt from states them, both parts go by their values.
    let half = try Measurement(
      of: Representation(means: means, factors: [Factor(name: "f", values: angles, classes: numbers)]),
      test: Representation(means: means, factors: [Factor(name: "f", values: angles)]))
    #expect(try half.splitTargets().test.targets[0].isContinuous)
    #expect(try half.splitTargets().training.targets[0].isContinuous)
    #expect(throws: AnalysisError.self) {
      try Representation(means: means, factors: [Factor(name: "f", values: angles, classes: [0])])
    }
  }
}
