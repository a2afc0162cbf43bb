import Glibc
import Tensors
import Testing

@testable import Analysis

@Suite struct MutualInformationTests {
  @Test func farPosteriorsTellTheImageAndOnePosteriorTellsNothing() throws {
    let told = try Measure.mutualInformation.evaluate(Measurement(of: farPosteriors()))
    #expect(abs(told.value - log(50)) < 1e-5 && told.value <= log(50) + 1e-12)
    let same = try Representation(
      means: Tensor(shape: [50, 2], filledWith: 1), logVariances: Tensor(shape: [50, 2], filledWith: -1))
    #expect(abs(try Measure.mutualInformation.evaluate(Measurement(of: same)).value) < 1e-5)
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>) func aSingleImageIsNotToldFromAnother(seed: UInt64) throws {
    let measurement = try Measurement(of: singlePosterior(), seed: seed)
    #expect(try Measure.mutualInformation.evaluate(measurement).value == 0)
    #expect(try Measure.dimensionInformation.evaluate(measurement).value == 0)
  }
}
