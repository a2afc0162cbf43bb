import Tensors
import Testing

@testable import Analysis

@Suite struct DimensionWiseDivergenceTests {
  @Test func posteriorsLikeThePriorDoNotDepartFromIt() throws {
    let representation = try Representation(
      means: Tensor(shape: [40, 3], filledWith: 0), logVariances: Tensor(shape: [40, 3], filledWith: 0))
    let result = try Measure.dimensionWiseDivergence.evaluate(Measurement(of: representation))
    #expect(abs(result.value) < 1e-5)
    #expect(try #require(result.table("KL(q(z_d) ‖ p(z_d))")).rows == ["z1", "z2", "z3"])
  }
}
