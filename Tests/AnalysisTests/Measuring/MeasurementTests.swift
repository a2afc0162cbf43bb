import Tensors
import Testing

@testable import Analysis

@Suite struct MeasurementTests {
  @Test func theSplitDoesNotFollowTheOrderOfTheFile() throws {
    // Classes that take turns: even and odd rows hold different ones.
    for period in [2, 4] {
      let labels = (0..<400).map { Int32($0 % period) }
      var elements = normals(800, seed: 5)
      for row in 0..<400 { elements[2 * row] += 10 * Float(labels[row]) }
      let measurement = try Measurement(
        of: Representation(means: Tensor(shape: [400, 2], elements: elements), labels: labels))
      let result = try Measure.linearSeparability.evaluate(measurement)
      #expect(result.value > 0.95)
      #expect(result.sampleSizes == [.init("training image", 267), .init("test image", 133)])
      #expect(result.notes == ["learnt from two thirds of the codes and tried on the other third, drawn by seed 1"])
    }
  }

  @Test func trainingAndTestCodesMustFitTheCodes() throws {
    let codes = try Representation(means: Tensor(shape: [3, 2], filledWith: 1))
    let wider = try Representation(means: Tensor(shape: [3, 3], filledWith: 1))
    #expect(throws: AnalysisError.otherShape(what: "test codes", found: [3, 3], expected: [3, 2])) {
      try Measurement(of: codes, test: wider)
    }
    #expect(throws: CancellationError.self) {
      try Measure.activeUnits.evaluate(Measurement(of: codes, isCancelled: { true }))
    }
  }

  @Test func aShareOfAllOrNoneHasNoStandardError() throws {
    for share in [0.0, 1] { #expect(Estimate(share: share, of: 3).standardError == nil) }
    #expect(try #require(Estimate(share: 0.5, of: 100).standardError) == 0.05)
    #expect(Estimate(meanOf: [1, 1, 1]).standardError == nil)
    #expect(try abs(#require(Estimate(meanOf: [1, 0, 1]).standardError) - 1.0 / 3) < 1e-12)
  }
}
