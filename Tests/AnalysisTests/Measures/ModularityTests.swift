import Datasets
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

  // disentanglement_lib's, of the same codes with a fourth factor that is 3 everywhere.
  @Test(arguments: [([0, 1, 2], 0.900_180_92), ([0], 1)] as [([Int], Double)])
  func aFactorThatDoesNotVaryCountsAsOneThatNoDimensionTellsOf(varying: [Int], expected: Double) throws {
    let codes = try GoldenCodes().training
    let constant = Factor(name: "constant", values: [Float](repeating: 3, count: codes.count))
    let result = try Measure.modularity.evaluate(
      Measurement(of: Representation(means: codes.means, factors: varying.map { codes.factors[$0] } + [constant])))
    expect(result, expected)
    #expect(result.notes.first == "constant does not vary and counts as a factor that no dimension tells of")
  }

  @Test func aFactorAloneIsRefusedInWords() throws {
    let label = try Measurement(
      of: Representation(means: Tensor(shape: [6, 2], elements: normals(12, seed: 3)), labels: [0, 1, 0, 1, 0, 1]))
    #expect(
      throws: AnalysisError.undefined(
        "modularity compares factors and needs at least two; here is label alone")
    ) {
      try Measure.modularity.evaluate(label)
    }
  }
}
