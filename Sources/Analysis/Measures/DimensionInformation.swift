extension Measure {
  /// I(x; z_d) of every dimension.
  public static let dimensionInformation = Measure(
    "dimension-information", title: "I(x; z_d)",
    summary: "nats that each dimension alone tells about the image",
    definition: "E[log q(z_d|x) − log q(z_d)] of every dimension; the value is their sum",
    source: "Esmaeili 2018, arXiv:1804.02086",
    estimator: aggregateEstimator
      + ". The noise that samples have in common with a normal fit is taken off by least squares (control variates), and no "
      + "value passes its bounds: 0, log N, and the information of a normal channel of the same variances, which is at "
      + "most the mean KL(q(z_d|x) ‖ N(0, 1))",
    unit: "nats", needs: [.means, .logVariances], settings: aggregateSettings
  ) { measurement in
    let terms = try measurement.aggregateTerms()
    let parts = (0..<terms.dimensions).map { terms.information(of: $0) }
    let sums = (0..<terms.count).map { sample in parts.reduce(0) { $0 + $1[sample] } }
    let byDimension = parts.indices.map { terms.informationEstimate(of: $0, parts[$0]) }
    return MeasureResult(
      .init(
        "Σ I(x; z_d)",
        Estimate(value: byDimension.reduce(0) { $0 + $1.value }, standardError: Estimate(meanOf: sums).standardError)),
      tables: [
        .byDimension("I(x; z_d)", byDimension, measurement.representation, kind: .informationByDimension)
      ],
      sampleSizes: terms.sampleSizes)
  }
}
