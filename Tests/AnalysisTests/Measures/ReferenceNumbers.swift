import Testing

@testable import Analysis

/// The information of the reference card: three dimensions, and two factors of ten values that are as frequent.
let referenceCard = FactorInformation(
  matrix: [0.6, 0.1, 0.1, 0.5, 0.05, 0.02], entropies: [2.302_585_092_994_046, 2.302_585_092_994_046], dimensions: 3)

/// Holds a result against the number of scikit-learn or of disentanglement_lib's formulas.
func expect(
  _ result: MeasureResult, _ expected: Double, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(abs(result.value - expected) < 1e-5, sourceLocation: sourceLocation)
  #expect(!result.sampleSizes.isEmpty, sourceLocation: sourceLocation)
}
