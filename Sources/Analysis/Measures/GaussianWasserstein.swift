extension Measure {
  /// Gaussian Wasserstein correlation.
  static let gaussianWasserstein = Measure(
    "gaussian-wasserstein", title: "Gaussian Wasserstein",
    summary: "squared distance between the means' normal fit and the product of its marginals",
    definition: "2 tr C − 2 tr √(diag(C)·C), C the covariance of the means; normalised: over tr C",
    source: "Watters 2019; Locatello 2019, arXiv:1811.12359", estimator: "covariance divided by n − 1", needs: [.means]
  ) { measurement in
    guard measurement.representation.count > 1 else {
      throw AnalysisError.tooFewPoints(count: 1, needed: 2, purpose: "a covariance")
    }
    let covariance = measurement.covarianceOfMeans()
    let size = covariance.size
    let matrix = covariance.matrix(divisor: .unbiased)
    // diag(C)·C has the eigenvalues of the symmetric diag(C)^½ C diag(C)^½.
    var symmetric = matrix
    for i in 0..<size {
      for j in 0..<size { symmetric[i * size + j] *= (matrix[i * size + i] * matrix[j * size + j]).squareRoot() }
    }
    let roots = SymmetricEigen(size: size, elements: symmetric).values.reduce(0) { $0 + max(0, $1).squareRoot() }
    let trace = (0..<size).reduce(0) { $0 + matrix[$1 * size + $1] }
    let value = max(0, 2 * trace - 2 * roots)
    return MeasureResult(
      .init("W", value * measurement.representation.units.squaredScale),
      [.init("normalised", trace > 0 ? value / trace : 0)],
      sampleSizes: [.init("image", measurement.representation.count)])
  }
}
