import Testing

@testable import Analysis

@Suite struct RotationSensitivityTests {
  @Test func aTurnTakesTheGapAndLeavesTheDistances() throws {
    let codes = try Disentangled.codes()
    let measurement = try Measurement(of: codes, settings: ["angle": 45])
    let result = try Measure.rotationSensitivity.evaluate(measurement)
    #expect(try #require(result.number("MIG before")) > 0.9 && result.value < 0.2)
    let rotation = Rotation(randomOf: 3, seed: 7)
    let back = rotation.applyInverse(rotation.apply(codes.means))
    #expect(zip(back.elements, codes.means.elements).allSatisfy { abs($0 - $1) < 1e-6 })
    for i in 0..<3 {
      for j in 0..<3 {
        let product = (0..<3).reduce(0) { $0 + rotation.matrix[i * 3 + $1] * rotation.matrix[j * 3 + $1] }
        #expect(abs(product - (i == j ? 1 : 0)) < 1e-12)
      }
    }
  }
}
