extension Measure {
  /// How all that rests on sampled codes and their densities is computed.
  static let aggregateEstimator = """
    exact: one code z a sampled image, and every density of q a sum over all references, the image's own among them; \
    standard error over images drawn anew, each with its code; the codes of the same images drawn anew differ by less
    """
  private static let aggregateSettings = [AggregateTerms.samples, AggregateTerms.references]

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
    unit: "nats", needs: [.means, .logVariances], settings: aggregateSettings, isInformationByDimension: true
  ) { measurement in
    let terms = try measurement.aggregateTerms()
    let parts = (0..<terms.dimensions).map { terms.information(of: $0) }
    let sums = (0..<terms.count).map { sample in parts.reduce(0) { $0 + $1[sample] } }
    let byDimension = parts.indices.map { terms.informationEstimate(of: $0, parts[$0]) }
    return MeasureResult(
      .init(
        "Σ I(x; z_d)",
        Estimate(value: byDimension.reduce(0) { $0 + $1.value }, standardError: Estimate(meanOf: sums).standardError)),
      tables: [.byDimension("I(x; z_d)", byDimension, measurement.representation)],
      sampleSizes: terms.sampleSizes)
  }

  /// I(y; z) and I(y; z_d).
  public static let classInformation = Measure(
    "class-information", title: "I(y; z)",
    summary: "nats that a sampled code, and each of its dimensions, tells about the class",
    definition: "E[log q(z|y) − log q(z)], q(z|y) the mean of q(z|x_j) over the images of class y; at most H(y)",
    source: "Esmaeili 2018, arXiv:1804.02086",
    estimator: aggregateEstimator
      + ". Exact for the images at hand, whose classes are known: where posteriors hardly overlap it is H(y) whatever "
      + "the classes mean",
    unit: "nats", needs: [.means, .logVariances, .labels], settings: aggregateSettings, isInformationByDimension: true
  ) { measurement in
    let terms = try measurement.labelledAggregateTerms()
    let labelled = try measurement.labelled
    let left = measurement.representation.count - labelled.count
    let byDimension = (0..<terms.dimensions).map { Estimate(meanOf: terms.classInformation(of: $0)) }
    return MeasureResult(
      .init("I(y; z)", Estimate(meanOf: terms.classInformation)),
      [.init("H(y)", Entropy.of(labelled.labels ?? []))],
      tables: [.byDimension("I(y; z_d)", byDimension, measurement.representation)],
      sampleSizes: terms.sampleSizes,
      notes: left > 0 ? ["\(left) images without a label were left out"] : [])
  }
}

extension MeasureResult.Table {
  /// One estimate a row.
  init(_ name: String, rows: [String], estimates: [Estimate]) {
    let errors = estimates.map(\.standardError)
    self.init(
      name, rows: rows, values: estimates.map(\.value),
      standardErrors: errors.contains { $0 != nil } ? errors : nil)
  }

  /// One estimate a dimension.
  static func byDimension(_ name: String, _ values: [Estimate], _ representation: Representation) -> Self {
    Self(name, rows: representation.dimensionNames, estimates: values)
  }
}
