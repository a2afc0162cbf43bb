#if canImport(Glibc)
  import Glibc
#endif

/// Dependence of dimensions without knowing any factor, as disentanglement_lib's unsupervised scores.
extension Measure {
  /// Gaussian total correlation.
  static let gaussianTotalCorrelation = Measure(
    "gaussian-total-correlation", title: "Gaussian TC",
    summary: "total correlation of the means if they were jointly normal",
    definition: "½(Σ_d log C_dd − log |C|), C the covariance of the means",
    source: "Locatello 2019, arXiv:1811.12359",
    estimator: "covariance divided by n − 1; dimensions that do not vary are left out",
    unit: "nats", needs: [.means]
  ) { measurement in
    let (matrix, size, notes) = try varyingCovariance(measurement)
    // Of correlations rather than covariances: the scales cancel, and small ones do no harm.
    var correlations = matrix
    for i in 0..<size {
      for j in 0..<size { correlations[i * size + j] /= (matrix[i * size + i] * matrix[j * size + j]).squareRoot() }
    }
    let eigen = SymmetricEigen(size: size, elements: correlations).values
    guard let least = eigen.last, least > 1e-14 else {
      throw AnalysisError.undefined(
        "some dimensions are exact linear functions of others: their total correlation is infinite")
    }
    return MeasureResult(
      .init("TC", eigen.reduce(0) { $0 - 0.5 * log($1) }),
      sampleSizes: [.init("images", measurement.representation.count)], notes: notes)
  }

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
      sampleSizes: [.init("images", measurement.representation.count)])
  }

  /// Mean mutual information between dimensions.
  static let binnedDependence = Measure(
    "binned-dependence", title: "mean I(μ_i; μ_j)",
    summary: "mean information of one dimension of the means about another",
    definition: "mean over i ≠ j of the mutual information of the binned means",
    source: "Locatello 2019, arXiv:1811.12359",
    estimator: """
      counts of equal-width bins, as disentanglement_lib; independent dimensions give about (bins − 1)²/2n, not 0; \
      standard error by bootstrap
      """, unit: "nats", needs: [.means], settings: binSettings
  ) { measurement in
    let bins = measurement.binnedMeans()
    let binCount = measurement.whole(EqualBins.bins)
    let size = bins.count
    guard size > 1 else {
      throw AnalysisError.undefined("the code has one dimension: there is no other that it could depend on")
    }
    func information(_ weights: [Int32]?) -> [Double] {
      var matrix = [Double](repeating: 0, count: size * size)
      for i in 0..<size {
        for j in 0..<i {
          let value = Contingency(bins[i], rows: binCount, bins[j], columns: binCount, weights: weights)
            .mutualInformation
          matrix[i * size + j] = value
          matrix[j * size + i] = value
        }
      }
      return matrix
    }
    func mean(_ matrix: [Double]) -> Double { matrix.reduce(0, +) / Double(size * (size - 1)) }
    let matrix = information(nil)
    let error = Bootstrap.standardError(count: measurement.representation.count, measurement) { mean(information($0)) }
    let names = measurement.representation.dimensionNames
    return MeasureResult(
      .init("mean", mean(matrix), standardError: error),
      tables: [.init("I(μ_i; μ_j)", rows: names, columns: names, values: matrix)],
      sampleSizes: [.init("images", measurement.representation.count)])
  }

  /// The covariance of the dimensions that vary.
  private static func varyingCovariance(_ measurement: Measurement) throws -> ([Double], size: Int, notes: [String]) {
    guard measurement.representation.count > 1 else {
      throw AnalysisError.tooFewPoints(count: 1, needed: 2, purpose: "a covariance")
    }
    let covariance = measurement.covarianceOfMeans()
    let matrix = covariance.matrix(divisor: .unbiased)
    let varying = (0..<covariance.size).filter { matrix[$0 * covariance.size + $0] > 0 }
    guard !varying.isEmpty else { throw AnalysisError.undefined("the codes do not vary") }
    let left = covariance.size - varying.count
    return (
      varying.flatMap { i in varying.map { matrix[i * covariance.size + $0] } }, varying.count,
      left > 0 ? ["\(left) of \(covariance.size) dimensions do not vary and were left out"] : []
    )
  }
}
