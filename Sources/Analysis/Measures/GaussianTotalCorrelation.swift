import Glibc

extension Measure {
  /// Gaussian total correlation.
  static let gaussianTotalCorrelation = Measure(
    "gaussian-total-correlation", title: "Gaussian TC",
    summary: "total correlation of the means if they were jointly normal",
    definition: "½(Σ_d log C_dd − log |C|), C the covariance of the means",
    source: "Locatello 2019, arXiv:1811.12359",
    estimator: """
      covariance divided by n − 1; dimensions that do not vary are left out; \(Influences.estimator)
      """,
    unit: "nats", needs: [.means]
  ) { measurement in
    let count = measurement.representation.count
    guard count > 1 else { throw AnalysisError.tooFewPoints(count: 1, needed: 2, purpose: "a covariance") }
    let covariance = measurement.covarianceOfMeans()
    let variances = covariance.variances(divisor: .unbiased)
    let varying = variances.indices.filter { variances[$0] > 0 }
    guard !varying.isEmpty else { throw AnalysisError.undefined("the codes do not vary") }
    // Of correlations rather than covariances: the scales cancel, and small ones do no harm.
    let all = covariance.correlations
    let correlations = varying.flatMap { i in varying.map { all[i * covariance.size + $0] } }
    let eigen = SymmetricEigen(size: varying.count, elements: correlations)
    guard let least = eigen.values.last, least > 1e-14 else {
      throw AnalysisError.undefined(
        "some dimensions are exact linear functions of others: their total correlation is infinite")
    }
    let value = eigen.values.reduce(0) { $0 - 0.5 * log($1) }
    // An image changes it by ½(|z|² − zᵀR⁻¹z), z its code over the standard deviations and R the correlations.
    let influences = measurement.influencesOnCovariance()
    let scores = influences.scores(
      along: eigen.vectors.map { vector in
        var scaled = [Double](repeating: 0, count: covariance.size)
        for (place, dimension) in varying.enumerated() {
          scaled[dimension] = vector[place] / variances[dimension].squareRoot()
        }
        return scaled
      })
    let changes = influences.squares(scores, weights: eigen.values.map { 0.5 * (1 - 1 / $0) })
    let left = covariance.size - varying.count
    return MeasureResult(
      .init("TC", value, standardError: influences.standardError(of: changes, scale: 1)),
      sampleSizes: [.init("image", count)],
      notes: left > 0 ? ["\(left) of \(covariance.size) dimensions do not vary and were left out"] : [])
  }
}
