import Glibc

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
      variance over the images given (divided by n); \(Influences.estimator); of the number as if the errors of variances \
      were normal and independent, none where no variance is near the threshold
      """, needs: [.means], settings: [activeVariance], isCount: true
  ) { measurement in
    guard measurement.representation.count > 1 else {
      throw AnalysisError.undefined("of one image no mean varies: active units need two or more")
    }
    let scale = measurement.representation.units.squaredScale
    let threshold = measurement.value(activeVariance)
    let variances = measurement.covarianceOfMeans().variances(divisor: .population)
    let influences = measurement.influencesOnCovariance()
    let errors = influences.standardErrors(ofVariances: variances, influences.centred).map { $0.map { $0 * scale } }
    let found = variances.map { $0 * scale }
    // Each dimension is active with a probability p; the variance of the number is the sum of p(1 − p).
    let spread = zip(found, errors).reduce(0) { sum, dimension in
      guard let error = dimension.1 else { return sum }
      let probability = 0.5 * erfc((threshold - dimension.0) / (error * 2.0.squareRoot()))
      return sum + probability * (1 - probability)
    }
    return MeasureResult(
      .init(
        "active", Double(found.count { $0 > threshold }), standardError: spread > 1e-6 ? spread.squareRoot() : nil),
      [.init("dimensions", Double(found.count))],
      tables: [
        .init(
          "Var(μ_d)", rows: measurement.representation.dimensionNames, values: found,
          standardErrors: errors)
      ],
      sampleSizes: [.init("image", measurement.representation.count)])
  }
}
