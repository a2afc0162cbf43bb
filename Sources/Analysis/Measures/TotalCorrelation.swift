extension Measure {
  /// The total correlation of the aggregate posterior.
  static let totalCorrelation = Measure(
    "total-correlation", title: "TC(z)",
    summary: "nats by which the dimensions of sampled codes depend on one another",
    definition: "KL(q(z) ‖ Π_d q(z_d)) = E[log q(z) − Σ_d log q(z_d)]",
    source: "Watanabe 1960; Chen 2018, arXiv:1802.04942", estimator: aggregateEstimator, unit: "nats",
    needs: [.means, .logVariances], settings: aggregateSettings
  ) { measurement in
    let terms = try measurement.aggregateTerms()
    return MeasureResult(.init("TC(z)", Estimate(meanOf: terms.totalCorrelation)), sampleSizes: terms.sampleSizes)
  }
}
