extension Measure {
  /// Linear separability.
  public static let linearSeparability = Measure(
    "linear-probe", title: "linear separability", summary: "share of classes that a linear probe reads from the means",
    definition: "test accuracy of multinomial logistic regression on standardised means, penalty 1e-4",
    source: "Alain & Bengio 2016, arXiv:1610.01644",
    estimator:
      "fitted to a gradient of 1e-8 (of 4096 codes or more 1e-6) by L-BFGS; standard error of a share of independent images",
    needs: [.means, .labels]
  ) { measurement in
    let split = try measurement.labelledSplit
    let (training, test) = (split.training.labels ?? [], split.test.labels ?? [])
    let probe = try LinearProbe(points: split.training.means, labels: training, pool: measurement.pool)
    let accuracy = try probe.accuracy(split.test.means, labels: test)
    return MeasureResult(
      .init("test accuracy", Estimate(share: accuracy, of: test.count)),
      [
        .init("training accuracy", try probe.accuracy(split.training.means, labels: training)),
        .init("most frequent class", shareOfMostFrequent(training, in: test)),
      ], sampleSizes: split.sampleSizes,
      notes: split.notes + (probe.converged ? [] : ["the probe had not converged after \(probe.iterations) steps"]))
  }

  /// How often the most frequent training class is right: what a probe must beat.
  static func shareOfMostFrequent(_ training: [Int32], in test: [Int32]) -> Double {
    var counts: [Int32: Int] = [:]
    for label in training { counts[label, default: 0] += 1 }
    guard let most = counts.max(by: { ($0.value, -$0.key) < ($1.value, -$1.key) })?.key, !test.isEmpty else { return 0 }
    return Double(test.count { $0 == most }) / Double(test.count)
  }
}
