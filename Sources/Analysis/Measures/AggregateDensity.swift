/// How thinly the codes lie in their space: what a walk between two codes goes through.
extension Measure {
  /// The density of the aggregate posterior at codes.
  static let aggregateDensity = Measure(
    "aggregate-density", title: "log q(z)",
    summary: "how densely the codes of all images lie at a sampled code; minus the mean is the entropy of q(z)",
    definition: "E[log q(z)], q(z) = 1/N Σ_j q(z|x_j); with the lowest, the middle and the highest at a code",
    source: "Hoffman & Johnson 2016", estimator: aggregateEstimator, unit: "nats", needs: [.means, .logVariances],
    settings: aggregateSettings
  ) { measurement in
    let terms = try measurement.aggregateTerms()
    let densities = terms.densities.joint
    let ascending = densities.sorted()
    let (middle, last) = (ascending.count / 2, ascending.count - 1)
    return MeasureResult(
      .init("mean", Estimate(meanOf: densities)),
      [
        .init("lowest", ascending[0]),
        .init("median", ascending.count % 2 == 1 ? ascending[middle] : (ascending[middle - 1] + ascending[middle]) / 2),
        .init("highest", ascending[last]),
      ], sampleSizes: terms.sampleSizes)
  }
}
