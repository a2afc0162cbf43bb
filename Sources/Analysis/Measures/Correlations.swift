extension Measure {
  /// Correlations of the means.
  public static let correlations = Measure(
    "correlations", title: "corr(μ_i, μ_j)", summary: "how the means of every two dimensions go together",
    definition: "Pearson's correlation of μ_i and μ_j over images; the value is the mean of |r| over pairs i ≠ j",
    source: "Pearson 1895",
    estimator: "over the images given; a dimension that does not vary correlates with none; \(Influences.estimator)",
    needs: [.means]
  ) { measurement in
    let covariance = measurement.covarianceOfMeans()
    let size = covariance.size
    let correlations = covariance.correlations
    let variances = covariance.variances(divisor: .population)
    let influences = measurement.influencesOnCovariance()
    // How the mean follows from the covariance: an image changes r by z_i z_j − r(z_i² + z_j²)/2, z its code over the
    // standard deviations.
    let pairs = Double(max(1, size * (size - 1)))
    var sum = 0.0
    let slopes = (0..<size).map { i in
      var row = [Double](repeating: 0, count: size)
      for j in 0..<size where i != j && correlations[i * size + j] != 0 {
        let related = correlations[i * size + j]
        sum += abs(related)
        row[i] -= abs(related) / (variances[i] * pairs)
        row[j] = (related < 0 ? -1 : 1) / ((variances[i] * variances[j]).squareRoot() * pairs)
      }
      return row
    }
    let names = measurement.representation.dimensionNames
    let constant = variances.count { $0 <= 0 }
    return MeasureResult(
      .init(
        "mean |r|", sum / pairs, standardError: influences.standardError(of: influences.forms(slopes), scale: 1)),
      tables: [
        .init(
          "r", rows: names, columns: names, values: correlations,
          standardErrors: influences.standardErrors(ofCorrelations: correlations, variances: variances))
      ],
      sampleSizes: [.init("image", measurement.representation.count)],
      notes: constant > 0 ? ["\(constant) of \(size) dimensions do not vary"] : [])
  }
}
