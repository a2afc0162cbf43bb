extension Measure {
  static let bestDimensions = MeasureSetting(
    "best-dimensions", "dimensions that are added one by one, most informative first", default: 8, 1...64)

  /// Classification by the best d dimensions.
  static let accuracyByDimensions = Measure(
    "accuracy-by-dimensions", title: "accuracy of the best d",
    summary: "what a linear probe reads from the one, two, … most informative dimensions",
    definition: """
      test accuracy of a linear probe (penalty 1e-4) on the d dimensions of most I(μ_d; y), for d = 1, 2, …; \
      the value is that of all that were asked for
      """, source: "Alain & Bengio 2016, arXiv:1610.01644; information of bins as in Chen 2018, arXiv:1802.04942",
    estimator: "information by equal-width bins of the training means; each probe starts from the one before",
    needs: [.means, .labels], settings: [bestDimensions, EqualBins.bins]
  ) { measurement in
    let split = try measurement.labelledSplit
    let order = mostInformative(split.training, bins: measurement.whole(EqualBins.bins))
      .prefix(measurement.whole(bestDimensions))
    let labels = split.training.labels ?? []
    let classes = Numbering(labels)
    guard classes.count > 1 else { throw AnalysisError.oneClass }
    let targets = classes.numbers(of: labels)
    let testTargets = classes.numbers(of: split.test.labels ?? [])
    let standardisation = Standardisation(try Points(split.training.means, for: "a probe"))
    let training = standardisation.apply(split.training.means.elements)
    let test = standardisation.apply(split.test.means.elements)
    var accuracies: [Estimate] = []
    var notes = split.notes
    var start: [Double]?
    let effort = LinearProbe.effort(count: targets.count)
    for count in 1...order.count {
      try measurement.checkCancellation()
      let chosen = Array(order.prefix(count))
      let fit = LogisticRegression(
        features: columns(chosen, of: training, width: split.training.dimensions), dimensions: count, targets: targets,
        classCount: classes.count, penalty: LinearProbe.penalty,
        tolerance: effort.tolerance, maximumIterations: effort.iterations, start: start, pool: measurement.pool)
      if !fit.converged {
        notes.append("the probe of the best \(count) had not converged after \(fit.iterations) steps")
      }
      start = fit.withAnotherDimension
      let predicted = fit.predict(columns(chosen, of: test, width: split.test.dimensions), pool: measurement.pool)
      let right = zip(predicted, testTargets).count { $0 == $1 }
      accuracies.append(Estimate(share: Double(right) / Double(max(1, testTargets.count)), of: testTargets.count))
    }
    let names = measurement.representation.dimensionNames
    return MeasureResult(
      .init("best \(order.count)", accuracies[accuracies.count - 1]),
      tables: [.init("test accuracy", rows: order.map { "+ " + names[$0] }, estimates: accuracies)],
      sampleSizes: split.sampleSizes, notes: notes)
  }

  /// Dimensions by falling information about the label.
  private static func mostInformative(_ representation: Representation, bins: Int) -> [Int] {
    let labels = representation.labels ?? []
    let classes = Numbering(labels)
    let targets = classes.numbers(of: labels)
    let information = (0..<representation.dimensions).map { dimension -> Double in
      Contingency(
        representation.bins(of: dimension, count: bins), rows: bins, targets, columns: max(1, classes.count)
      ).mutualInformation
    }
    return information.indices.sorted { (-information[$0], $0) < (-information[$1], $1) }
  }

  private static func columns(_ chosen: [Int], of features: [Double], width: Int) -> [Double] {
    stride(from: 0, to: features.count, by: width).flatMap { start in chosen.map { features[start + $0] } }
  }
}
