import Tensors
import Testing

@testable import Analysis

@Suite struct CodeScaleTests {
  @Test func anAutoencodersCodesAreAsLargeAsTheyAreAndAPriorsAreOne() throws {
    let means = Tensor(shape: [4, 1], elements: [30, -30, 30, -30])
    let bare = try Measure.codeScale.evaluate(Measurement(of: Representation(means: means)))
    #expect(bare.value == 30 && bare.notes.count == 1)
    #expect(abs(try Measure.codeScale.evaluate(Measurement(of: unusedCodes())).value - 1) < 1e-12)
  }
}
