extension Measure {
  /// Correlations of the means.
  public static let correlations = Measure(
    "correlations", title: "corr(μ_i, μ_j)", summary: "how the means of every two dimensions go together",
    definition: "Pearson's correlation of μ_i and μ_j over images; the value is the mean of |r| over pairs i ≠ j",
    source: "Pearson 1895", estimator: "over the images given; a dimension that does not vary correlates with none",
    needs: [.means]
  ) { measurement in
    let covariance = measurement.covarianceOfMeans()
    let size = covariance.size
    let correlations = covariance.correlations
    var sum = 0.0
    for i in 0..<size { for j in 0..<size where i != j { sum += abs(correlations[i * size + j]) } }
    let names = measurement.representation.dimensionNames
    let constant = covariance.variances(divisor: .population).count { $0 <= 0 }
    return MeasureResult(
      .init("mean |r|", size > 1 ? sum / Double(size * (size - 1)) : 0),
      tables: [.init("r", rows: names, columns: names, values: correlations)],
      sampleSizes: [.init("image", measurement.representation.count)],
      notes: constant > 0 ? ["\(constant) of \(size) dimensions do not vary"] : [])
  }
}
