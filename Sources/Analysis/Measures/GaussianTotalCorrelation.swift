import Glibc

extension Measure {
  /// Gaussian total correlation.
  static let gaussianTotalCorrelation = Measure(
    "gaussian-total-correlation", title: "Gaussian TC",
    summary: "total correlation of the means if they were jointly normal",
    definition: "½(Σ_d log C_dd − log |C|), C the covariance of the means",
    source: "Locatello 2019, arXiv:1811.12359",
    estimator: """
      covariance divided by n − 1; dimensions that do not vary are left out; standard error by bootstrap, none where so few \
      images are drawn that dimensions become linear in others
      """,
    unit: "nats", needs: [.means], settings: [Bootstrap.resamples]
  ) { measurement in
    let count = measurement.representation.count
    guard count > 1 else { throw AnalysisError.tooFewPoints(count: 1, needed: 2, purpose: "a covariance") }
    let covariance = measurement.covarianceOfMeans()
    let variances = covariance.variances(divisor: .unbiased)
    let varying = variances.indices.filter { variances[$0] > 0 }
    guard !varying.isEmpty else { throw AnalysisError.undefined("the codes do not vary") }
    guard let value = totalCorrelation(covariance, of: varying) else {
      throw AnalysisError.undefined(
        "some dimensions are exact linear functions of others: their total correlation is infinite")
    }
    let resampled = measurement.resampledCovariances().map { totalCorrelation($0, of: varying) ?? .infinity }
    let left = covariance.size - varying.count
    return MeasureResult(
      .init("TC", value, standardError: Bootstrap.standardError(of: resampled)), sampleSizes: [.init("image", count)],
      notes: left > 0 ? ["\(left) of \(covariance.size) dimensions do not vary and were left out"] : [])
  }

  /// Of `dimensions`; nil where it is infinite, and where one of them does not vary.
  private static func totalCorrelation(_ covariance: Covariance, of dimensions: [Int]) -> Double? {
    let matrix = covariance.matrix(divisor: .unbiased)
    func element(_ i: Int, _ j: Int) -> Double { matrix[i * covariance.size + j] }
    guard dimensions.allSatisfy({ element($0, $0) > 0 }) else { return nil }
    // Of correlations rather than covariances: the scales cancel, and small ones do no harm.
    let correlations = dimensions.flatMap { i in
      dimensions.map { j in element(i, j) / (element(i, i) * element(j, j)).squareRoot() }
    }
    let eigen = SymmetricEigen(size: dimensions.count, elements: correlations).values
    guard let least = eigen.last, least > 1e-14 else { return nil }
    return eigen.reduce(0) { $0 - 0.5 * log($1) }
  }
}
