/// Which dimensions the encoder uses.
extension Measure {
  static let activeVariance = MeasureSetting(
    "active-variance", "variance of the posterior mean above which a dimension counts as active", default: 0.01, 0...1e6
  )

  static let activeUnits = Measure(
    "active-units", title: "active units", summary: "dimensions whose posterior mean depends on the image",
    definition: "the number of dimensions with Var_x(μ_d) > {active-variance}",
    source: "Burda 2015, arXiv:1509.00519, section 5.2",
    estimator: """
      variance over the images given (divided by n); standard error by bootstrap, of the number none where every resample \
      has the same
      """, needs: [.means], settings: [activeVariance, Bootstrap.resamples], isCount: true
  ) { measurement in
    let scale = measurement.representation.units.squaredScale
    let threshold = measurement.value(activeVariance)
    func variances(_ covariance: Covariance) -> [Double] {
      covariance.variances(divisor: .population).map { $0 * scale }
    }
    func active(_ variances: [Double]) -> Double { Double(variances.count { $0 > threshold }) }
    let found = variances(measurement.covarianceOfMeans())
    let resampled = measurement.resampledCovariances().map(variances)
    return MeasureResult(
      .init("active", active(found), standardError: Bootstrap.standardError(of: resampled.map(active))),
      [.init("dimensions", Double(found.count))],
      tables: [
        .init(
          "Var(μ_d)", rows: measurement.representation.dimensionNames, values: found,
          standardErrors: Bootstrap.standardErrors(of: resampled))
      ],
      sampleSizes: [.init("image", measurement.representation.count)])
  }
}
