import Tensors
import Testing

@testable import Analysis

@Suite struct ActiveUnitsTests {
  @Test func dimensionsThatFollowTheImageAreActive() throws {
    #expect(try Measure.activeUnits.evaluate(Measurement(of: unusedCodes())).value == 0)
    let one = try Representation(means: Tensor(shape: [4, 2], elements: [0, 1, 0, 2, 0, 3, 0, 4]))
    let result = try Measure.activeUnits.evaluate(Measurement(of: one))
    #expect(result.value == 1 && result.table("Var(μ_d)")?.values == [0, 1.25])
  }
}
