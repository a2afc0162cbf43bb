extension Measure {
  /// I(y; z) and I(y; z_d).
  public static let classInformation = Measure(
    "class-information", title: "I(y; z)",
    summary: "nats that a sampled code, and each of its dimensions, tells about the class",
    definition: "E[log q(z|y) − log q(z)], q(z|y) the mean of q(z|x_j) over the images of class y; at most H(y)",
    source: "Esmaeili 2018, arXiv:1804.02086",
    estimator: aggregateEstimator
      + ". Exact for the images at hand, whose classes are known: where posteriors hardly overlap it is H(y) whatever "
      + "the classes mean",
    unit: "nats", needs: [.means, .logVariances, .labels], settings: aggregateSettings
  ) { measurement in
    let terms = try measurement.labelledAggregateTerms()
    let labelled = try measurement.labelled
    let left = measurement.representation.count - labelled.count
    let byDimension = (0..<terms.dimensions).map { Estimate(meanOf: terms.classInformation(of: $0)) }
    return MeasureResult(
      .init("I(y; z)", Estimate(meanOf: terms.classInformation)),
      [.init("H(y)", Entropy.of(labelled.labels ?? []))],
      tables: [
        .byDimension("I(y; z_d)", byDimension, measurement.representation, kind: .informationByDimension)
      ],
      sampleSizes: terms.sampleSizes,
      notes: left > 0 ? ["\(left) images without a label were left out"] : [])
  }
}
