import Glibc

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
      sampleSizes: [.init("image", measurement.representation.count)], notes: notes)
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
