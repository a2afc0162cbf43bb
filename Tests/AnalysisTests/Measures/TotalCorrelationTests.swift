import Glibc
import Tensors
import Testing

@testable import Analysis

@Suite struct TotalCorrelationTests {
  @Test func dimensionsThatTellTheSameOfTwoFarImagesShareOneBit() throws {
    let representation = try Representation(
      means: Tensor(shape: [2, 2], elements: [-50, -50, 50, 50]), logVariances: Tensor(shape: [2, 2], filledWith: 0))
    #expect(abs(try Measure.totalCorrelation.evaluate(Measurement(of: representation)).value - log(2)) < 1e-5)
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>) func theDimensionsOfASinglePosteriorAreIndependent(seed: UInt64) throws
  {
    #expect(try Measure.totalCorrelation.evaluate(Measurement(of: singlePosterior(), seed: seed)).value == 0)
  }
}
