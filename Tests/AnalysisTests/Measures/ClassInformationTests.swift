import Glibc
import Tensors
import Testing

@testable import Analysis

@Suite struct ClassInformationTests {
  @Test func farPosteriorsTellTheClass() throws {
    let result = try Measure.classInformation.evaluate(Measurement(of: farPosteriors()))
    #expect(abs(result.value - log(2)) < 1e-5)
  }

  @Test func imagesWithoutALabelAreLeftOutOfTheClassInformation() throws {
    let means = Tensor(shape: [60, 2], elements: normals(120, seed: 6))
    let logVariances = Tensor(shape: [60, 2], filledWith: -2)
    let labels = (0..<60).map { Int32($0 % 3) - 1 }
    let some = try Measurement(of: Representation(means: means, logVariances: logVariances, labels: labels))
    let result = try Measure.classInformation.evaluate(some)
    #expect(result.notes == ["20 images without a label were left out"])
    #expect(abs(try #require(result.number("H(y)")) - log(2)) < 1e-12)
    #expect(result.sampleSizes.map(\.count) == [40, 40])
  }
}
