/// Which dimensions the encoder uses.
extension Measure {
  static let activeVariance = MeasureSetting(
    "active-variance", "variance of the posterior mean above which a dimension counts as active", default: 0.01, 0...1e6
  )

  static let activeUnits = Measure(
    "active-units", title: "active units", summary: "dimensions whose posterior mean depends on the image",
    definition: "the number of dimensions with Var_x(μ_d) > {active-variance}",
    source: "Burda 2015, arXiv:1509.00519, section 5.2",
    estimator: "variance over the images given (divided by n)", needs: [.means], settings: [activeVariance],
    isCount: true
  ) { measurement in
    let scale = measurement.representation.units.squaredScale
    let variances = measurement.covarianceOfMeans().variances(divisor: .population).map { $0 * scale }
    let threshold = measurement.value(activeVariance)
    return MeasureResult(
      .init("active", Double(variances.count { $0 > threshold })), [.init("dimensions", Double(variances.count))],
      tables: [.init("Var(μ_d)", rows: measurement.representation.dimensionNames, values: variances)],
      sampleSizes: [.init("image", measurement.representation.count)])
  }
}
