import Testing

@testable import Analysis

@Suite struct LogisticRegressionTests {
  @Test func regressionsFindTheWeightsOfScikitLearn() throws {
    let codes = try GoldenCodes()
    let features = Standardisation(try Points(codes.training.means, for: "a test")).apply(codes.training.means.elements)
    let three = LogisticRegression(
      features: features, dimensions: 5, targets: codes.training.factors[0].values.map { Int32($0) }, classCount: 3,
      penalty: LogisticRegression.penalty(strength: 1, count: 600, classes: 3), tolerance: 1e-9)
    #expect(abs(three.weight(0, 0) + 5.589_793_72) < 1e-4 && abs(three.bias(1) - 2.460_520_25) < 1e-4)
    // Two classes: scikit-learn's one vector is the difference of these two.
    let two = LogisticRegression(
      features: features, dimensions: 5, targets: codes.training.factors[2].values.map { Int32($0) }, classCount: 2,
      penalty: LogisticRegression.penalty(strength: 1, count: 600, classes: 2), tolerance: 1e-9)
    #expect(abs(two.weight(2, 1) - two.weight(2, 0) - 5.096_093_75) < 1e-4)
    #expect(abs(two.bias(1) - two.bias(0) + 0.331_994_45) < 1e-4)
  }
}
