import Tensors
import Testing

@testable import Analysis

@Suite struct ModularityTests {
  @Test func itIsTheNumberOfTheReference() throws {
    try expect(Measure.modularity.evaluate(GoldenCodes().measurement()), 0.850_271_38)
  }

  @Test func disentangledCodesScoreHigh() throws {
    #expect(try Measure.modularity.evaluate(Disentangled.measurement()).value > 0.6)
  }

  @Test func theMatrixOfTheReferenceCardGivesItsNumber() {
    #expect(abs(referenceCard.modularity - 0.92407) < 1e-5)
  }

  @Test func aFactorAloneIsRefusedInWords() throws {
    let label = try Measurement(
      of: Representation(means: Tensor(shape: [6, 2], elements: normals(12, seed: 3)), labels: [0, 1, 0, 1, 0, 1]))
    #expect(
      throws: AnalysisError.undefined(
        "modularity compares factors and needs at least two that vary; here is label alone")
    ) {
      try Measure.modularity.evaluate(label)
    }
  }
}
