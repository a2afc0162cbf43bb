extension Measure {
  /// I(x; z).
  static let mutualInformation = Measure(
    "mutual-information", title: "I(x; z)",
    summary: "nats that a sampled code tells about which image it came from",
    definition: "E[log q(z|x) − log q(z)], q(z) = 1/N Σ_j q(z|x_j); at most log N",
    source: "Hoffman & Johnson 2016; Chen 2018, arXiv:1802.04942", estimator: aggregateEstimator, unit: "nats",
    needs: [.means, .logVariances], settings: aggregateSettings
  ) { measurement in
    let terms = try measurement.aggregateTerms()
    return MeasureResult(.init("I(x; z)", Estimate(meanOf: terms.information)), sampleSizes: terms.sampleSizes)
  }
}
