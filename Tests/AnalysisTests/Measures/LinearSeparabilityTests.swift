import Tensors
import Testing

@testable import Analysis

@Suite struct LinearSeparabilityTests {
  @Test func itIsTheNumberOfTheReference() throws {
    let result = try Measure.linearSeparability.evaluate(GoldenCodes().measurement())
    expect(result, 0.936_666_67)
    #expect(abs(try #require(result.number("training accuracy")) - 0.931_666_67) < 1e-6)
  }

  @Test func oneClassAndOneImageAreRefused() throws {
    let same = try Measurement(
      of: Representation(means: Tensor(shape: [6, 2], elements: normals(12, seed: 3)), labels: [4, 4, 4, 4, 4, 4]))
    #expect(throws: AnalysisError.self) { try Measure.linearSeparability.evaluate(same) }
    let one = try Measurement(of: Representation(means: Tensor(shape: [1, 2], elements: [1, 2]), labels: [0]))
    #expect(throws: AnalysisError.self) { try Measure.linearSeparability.evaluate(one) }
  }

  @Test func classesOfOneImageEachCannotBeTried() throws {
    let means = Tensor(shape: [30, 2], elements: normals(60, seed: 9))
    #expect(throws: AnalysisError.noSharedClass(learnt: 20, tried: 10)) {
      try Measure.linearSeparability.evaluate(
        Measurement(of: Representation(means: means, labels: (0..<30).map { Int32($0) })))
    }
  }
}
