extension Measure {
  /// The divergence of each dimension of the aggregate posterior from the prior.
  public static let dimensionWiseDivergence = Measure(
    "dimension-wise-kl", title: "Σ KL(q(z_d) ‖ p(z_d))",
    summary: "nats by which the aggregate of each dimension departs from the prior",
    definition: "Σ_d E[log q(z_d) − log p(z_d)]; with I(x; z) and TC(z) it adds up to E KL(q(z|x) ‖ p(z))",
    source: "Chen 2018, arXiv:1802.04942", estimator: aggregateEstimator, unit: "nats",
    needs: [.means, .logVariances, .standardNormalPrior], settings: aggregateSettings
  ) { measurement in
    let terms = try measurement.aggregateTerms()
    let parts = (0..<terms.dimensions).map { terms.divergence(of: $0) }
    let sums = (0..<terms.count).map { sample in parts.reduce(0) { $0 + $1[sample] } }
    let byDimension = parts.map { Estimate(meanOf: $0) }
    return MeasureResult(
      .init("Σ KL(q(z_d) ‖ p(z_d))", Estimate(meanOf: sums)),
      tables: [.byDimension("KL(q(z_d) ‖ p(z_d))", byDimension, measurement.representation)],
      sampleSizes: terms.sampleSizes)
  }
}
