extension Measure {
  /// Gaussian Wasserstein correlation.
  static let gaussianWasserstein = Measure(
    "gaussian-wasserstein", title: "Gaussian Wasserstein",
    summary: "squared distance between the means' normal fit and the product of its marginals",
    definition: "2 tr C − 2 tr √(diag(C)·C), C the covariance of the means; normalised: over tr C",
    source: "Watters 2019; Locatello 2019, arXiv:1811.12359",
    estimator: "covariance divided by n − 1; standard error by bootstrap", needs: [.means],
    settings: [Bootstrap.resamples]
  ) { measurement in
    guard measurement.representation.count > 1 else {
      throw AnalysisError.tooFewPoints(count: 1, needed: 2, purpose: "a covariance")
    }
    let (value, trace) = distance(measurement.covarianceOfMeans())
    let scale = measurement.representation.units.squaredScale
    let resampled = measurement.resampledCovariances().map(distance)
    return MeasureResult(
      .init("W", value * scale, standardError: Bootstrap.standardError(of: resampled.map { $0.value * scale })),
      [
        .init(
          "normalised", trace > 0 ? value / trace : 0,
          standardError: Bootstrap.standardError(of: resampled.map { $0.trace > 0 ? $0.value / $0.trace : 0 }))
      ],
      sampleSizes: [.init("image", measurement.representation.count)])
  }

  /// The squared distance, and the trace of the covariance.
  private static func distance(_ covariance: Covariance) -> (value: Double, trace: Double) {
    let size = covariance.size
    let matrix = covariance.matrix(divisor: .unbiased)
    // diag(C)·C has the eigenvalues of the symmetric diag(C)^½ C diag(C)^½.
    var symmetric = matrix
    for i in 0..<size {
      for j in 0..<size { symmetric[i * size + j] *= (matrix[i * size + i] * matrix[j * size + j]).squareRoot() }
    }
    let roots = SymmetricEigen(size: size, elements: symmetric).values.reduce(0) { $0 + max(0, $1).squareRoot() }
    let trace = (0..<size).reduce(0) { $0 + matrix[$1 * size + $1] }
    return (max(0, 2 * trace - 2 * roots), trace)
  }
}
