import Datasets
import Testing

@testable import Analysis

@Suite struct MutualInformationGapTests {
  @Test func itIsTheNumberOfTheReference() throws {
    try expect(Measure.mutualInformationGap.evaluate(GoldenCodes().measurement()), 0.552_685_97)
  }

  @Test func disentangledCodesScoreHigh() throws {
    #expect(try Measure.mutualInformationGap.evaluate(Disentangled.measurement()).value > 0.9)
  }

  @Test func theMatrixOfTheReferenceCardGivesItsNumber() {
    #expect(abs(referenceCard.gap - 0.19543) < 1e-5)
  }

  @Test func aFactorThatDoesNotVaryIsLeftOutAndAContinuousOneIsCut() throws {
    let codes = try Disentangled.codes(count: 400)
    let continuous = normals(400, seed: 21)
    let representation = try Representation(
      means: codes.means,
      factors: codes.factors + [
        Factor(name: "constant", values: [Float](repeating: 2, count: 400)), Factor(name: "slant", values: continuous),
      ])
    let result = try Measure.mutualInformationGap.evaluate(Measurement(of: representation))
    #expect(result.table("gap")?.rows == ["a", "b", "slant"])
    #expect(
      result.notes == [
        "constant does not vary and was left out", "slant is continuous: cut into 20 bins of equal width",
      ])
  }
}
