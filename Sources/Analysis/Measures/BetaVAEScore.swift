extension Measure {
  /// The BetaVAE score.
  static let betaVAEScore = Measure(
    "beta-vae", title: "BetaVAE score",
    summary: "whether a linear classifier tells which factor pairs of images share",
    definition: """
      test accuracy of a logistic regression that tells, from the mean |μ₁ − μ₂| over {group} pairs of images, which factor \
      the pairs share
      """, source: "Higgins 2017 (β-VAE), as disentanglement_lib",
    estimator: """
      {training-groups} groups to learn from, {test-groups} to try on; pairs drawn from the images given, not generated; logistic \
      regression as scikit-learn's (C = 1); standard error of a share of independent groups
      """, needs: [.means, .factors], settings: FactorSampler.settings, dependsOnScale: true
  ) { measurement in
    let (all, targets) = (try measurement.targeted, try measurement.targets())
    let sampler = try measurement.sampler()
    let pairs = measurement.whole(FactorSampler.groupSize)
    let (size, factors) = (all.dimensions, targets.targets.count)
    func features(_ purpose: String, _ count: Int) -> (features: [Double], factors: [Int32]) {
      var features = [Double](repeating: 0, count: count * size)
      var labels = [Int32](repeating: 0, count: count)
      features.withUnsafeMutableBufferPointer { features in
        labels.withUnsafeMutableBufferPointer { labels in
          all.means.elements.withUnsafeBufferPointer { means in
            measurement.forEachGroup(purpose, count, factors: factors) { index, factor, random in
              labels[index] = Int32(factor)
              for pair in 0..<pairs {
                let first = random.integer(below: all.count, UInt64(2 * pair))
                let second = sampler.companion(of: first, sharing: factor, random, UInt64(2 * pair + 1))
                for d in 0..<size {
                  features[index * size + d] += Double(abs(means[first * size + d] - means[second * size + d]))
                }
              }
              for d in 0..<size { features[index * size + d] /= Double(pairs) }
            }
          }
        }
      }
      return (features, labels)
    }
    guard factors > 1 else { throw AnalysisError.undefined(onlyOneFactor("the BetaVAE score", targets)) }
    let training = features("beta-vae training", measurement.whole(FactorSampler.trainingGroups))
    let test = features("beta-vae test", measurement.whole(FactorSampler.testGroups))
    try measurement.checkCancellation()
    let fit = LogisticRegression(
      features: training.features, dimensions: size, targets: training.factors, classCount: factors,
      penalty: LogisticRegression.penalty(strength: 1, count: training.factors.count, classes: factors),
      pool: measurement.pool)
    func accuracy(_ groups: (features: [Double], factors: [Int32])) -> Double {
      let predicted = fit.predict(groups.features, pool: measurement.pool)
      return Double(zip(predicted, groups.factors).count { $0 == $1 }) / Double(groups.factors.count)
    }
    return MeasureResult(
      .init("test accuracy", Estimate(share: accuracy(test), of: test.factors.count)),
      [.init("training accuracy", accuracy(training))],
      sampleSizes: [
        .init("image", all.count), .init("training group", training.factors.count),
        .init("test group", test.factors.count), .init("pair a group", name: "pairs a group", pairs),
      ],
      notes: targets.notes + [Measurement.groupNote]
        + (fit.converged ? [] : ["the regression had not converged after \(fit.iterations) steps"]))
  }
}
