import Glibc

/// How the aggregate posterior as a whole lies against the prior.
extension Measure {
  static let aggregateDivergence = Measure(
    "aggregate-kl", title: "KL(q(z) ‖ p(z))",
    summary: "nats by which the codes of all images together depart from the prior, and how densely they lie",
    definition: """
      E[log q(z) − log p(z)], q(z) = 1/N Σ_j q(z|x_j): the gap between prior samples and codes; with I(x; z) it adds up \
      to E KL(q(z|x) ‖ p(z)). Also E log q(z) and its quantiles over samples
      """, source: "Hoffman & Johnson 2016; Rosca 2018, arXiv:1802.06847",
    estimator: aggregateEstimator, unit: "nats", needs: [.means, .logVariances, .standardNormalPrior],
    settings: aggregateSettings
  ) { measurement in
    let terms = try measurement.aggregateTerms()
    let size = terms.dimensions
    let densities = terms.densities.joint
    let differences = (0..<terms.count).map { sample -> Double in
      let squares = (0..<size).reduce(0) { $0 + terms.code(sample, $1) * terms.code(sample, $1) }
      return densities[sample] + 0.5 * squares + 0.5 * Double(size) * log(2 * Double.pi)
    }
    let sorted = densities.sorted()
    let shares = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1]
    return MeasureResult(
      .init("KL(q(z) ‖ p(z))", Estimate(meanOf: differences)), [.init("E log q(z)", Estimate(meanOf: densities))],
      tables: [
        .init(
          "quantiles of log q(z)", rows: shares.map { "\(Int(100 * $0)) %" },
          values: shares.map { sorted[Int(($0 * Double(sorted.count - 1)).rounded())] })
      ], sampleSizes: terms.sampleSizes)
  }
}
