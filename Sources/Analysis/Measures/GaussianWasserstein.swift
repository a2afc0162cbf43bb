extension Measure {
  /// Gaussian Wasserstein correlation.
  static let gaussianWasserstein = Measure(
    "gaussian-wasserstein", title: "Gaussian Wasserstein",
    summary: "squared distance between the means' normal fit and the product of its marginals",
    definition: "2 tr C − 2 tr √(diag(C)·C), C the covariance of the means; normalised: over tr C",
    source: "Watters 2019; Locatello 2019, arXiv:1811.12359",
    estimator: "covariance divided by n − 1; \(Influences.estimator)", needs: [.means]
  ) { measurement in
    guard measurement.representation.count > 1 else {
      throw AnalysisError.tooFewPoints(count: 1, needed: 2, purpose: "a covariance")
    }
    let covariance = measurement.covarianceOfMeans()
    let size = covariance.size
    let matrix = covariance.matrix(divisor: .unbiased)
    let variances = covariance.variances(divisor: .unbiased)
    // diag(C)·C has the eigenvalues of the symmetric A = diag(C)^½ C diag(C)^½.
    var symmetric = matrix
    for i in 0..<size {
      for j in 0..<size { symmetric[i * size + j] *= (variances[i] * variances[j]).squareRoot() }
    }
    let eigen = SymmetricEigen(size: size, elements: symmetric)
    let roots = eigen.values.map { max(0, $0).squareRoot() }
    let trace = variances.reduce(0, +)
    let value = max(0, 2 * trace - 2 * roots.reduce(0, +))
    let normalised = trace > 0 ? value / trace : 0
    // An image of centred code c changes it by Σ (2 − (√A)_ii/C_ii) c_i² − cᵀ diag(C)^½ (√A)⁻¹ diag(C)^½ c less the
    // distance, and the normalised one by as much less normalised·|c|², over the trace. No code leaves the space in which A
    // has an inverse.
    let influences = measurement.influencesOnCovariance()
    let scores = influences.scores(
      along: eigen.vectors.map { vector in zip(vector, variances).map { $0 * $1.squareRoot() } })
    let inverses = roots.map { $0 > 1e-7 * (roots.first ?? 0) ? 1 / $0 : 0 }
    let own = (0..<size).map { i in
      variances[i] > 0 ? zip(eigen.vectors, roots).reduce(0) { $0 + $1.1 * $1.0[i] * $1.0[i] } / variances[i] : 0
    }
    let bent = influences.squares(scores, weights: inverses)
    func changes(lessSquares: Double, less: Double) -> [Double] {
      let direct = influences.squares(influences.centred, weights: own.map { 2 - $0 - lessSquares })
      return zip(direct, bent).map { $0 - $1 - less }
    }
    let scale = measurement.representation.units.squaredScale
    let error = influences.standardError(of: changes(lessSquares: 0, less: value), scale: trace)
    let normalisedError = influences.standardError(of: changes(lessSquares: normalised, less: 0), scale: trace)
    return MeasureResult(
      .init("W", value * scale, standardError: error.map { $0 * scale }),
      [.init("normalised", normalised, standardError: normalisedError.map { $0 / trace })],
      sampleSizes: [.init("image", measurement.representation.count)])
  }
}
