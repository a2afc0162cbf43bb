extension Measure {
  /// Linear separability.
  public static let linearSeparability = Measure(
    "linear-probe", title: "linear separability", summary: "share of classes that a linear probe reads from the means",
    definition: "test accuracy of multinomial logistic regression on standardised means, penalty 1e-4",
    source: "Alain & Bengio 2016, arXiv:1610.01644",
    estimator:
      "fitted to a gradient of 1e-8 (of 1000 codes or more 1e-5) by L-BFGS; standard error of a share of independent images",
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
}
