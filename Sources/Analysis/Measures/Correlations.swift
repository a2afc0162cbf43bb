extension Measure {
  /// Correlations of the means.
  public static let correlations = Measure(
    "correlations", title: "corr(μ_i, μ_j)", summary: "how the means of every two dimensions go together",
    definition: "Pearson's correlation of μ_i and μ_j over images; the value is the mean of |r| over pairs i ≠ j",
    source: "Pearson 1895",
    estimator:
      "over the images given; a dimension that does not vary correlates with none; standard error by bootstrap",
    needs: [.means], settings: [Bootstrap.resamples]
  ) { measurement in
    let covariance = measurement.covarianceOfMeans()
    let size = covariance.size
    let correlations = covariance.correlations
    func mean(_ correlations: [Double]) -> Double {
      var sum = 0.0
      for i in 0..<size { for j in 0..<size where i != j { sum += abs(correlations[i * size + j]) } }
      return size > 1 ? sum / Double(size * (size - 1)) : 0
    }
    let resampled = measurement.resampledCovariances().map(\.correlations)
    let names = measurement.representation.dimensionNames
    let constant = covariance.variances(divisor: .population).count { $0 <= 0 }
    return MeasureResult(
      .init("mean |r|", mean(correlations), standardError: Bootstrap.standardError(of: resampled.map(mean))),
      tables: [
        .init(
          "r", rows: names, columns: names, values: correlations,
          standardErrors: Bootstrap.standardErrors(of: resampled))
      ],
      sampleSizes: [.init("image", measurement.representation.count)],
      notes: constant > 0 ? ["\(constant) of \(size) dimensions do not vary"] : [])
  }
}
