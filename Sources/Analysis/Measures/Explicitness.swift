import Glibc

/// The area under the curve of true against false positives as scores are cut ever lower, with what each point adds to it.
struct RankCurve: Sendable {
  /// The probability that a positive scores higher than a negative, ties counting half.
  let area: Double
  /// For a positive the share of negatives below it, for a negative the share of positives above it (DeLong 1988).
  let placements: [Double]

  /// nil where there are no positives or no negatives.
  init?(scores: [Double], isPositive: [Bool]) {
    let positives = isPositive.count { $0 }
    let negatives = isPositive.count - positives
    guard positives > 0, negatives > 0 else { return nil }
    let ranked = RankOrder(scores).places
    var placements = [Double](repeating: 0, count: scores.count)
    var (positivesBelow, negativesBelow, area) = (0, 0, 0.0)
    var start = 0
    while start < ranked.count {
      var end = start
      var tiedPositives = 0
      while end < ranked.count, scores[ranked[end]] == scores[ranked[start]] {
        if isPositive[ranked[end]] { tiedPositives += 1 }
        end += 1
      }
      let tiedNegatives = end - start - tiedPositives
      let below = (Double(negativesBelow) + 0.5 * Double(tiedNegatives)) / Double(negatives)
      let above = (Double(positives - positivesBelow) - 0.5 * Double(tiedPositives)) / Double(positives)
      for place in ranked[start..<end] { placements[place] = isPositive[place] ? below : above }
      area += below * Double(tiedPositives)
      positivesBelow += tiedPositives
      negativesBelow += tiedNegatives
      start = end
    }
    self.area = area / Double(positives)
    self.placements = placements
  }
}

extension Measure {
  /// Explicitness.
  public static let explicitness = Measure(
    "explicitness", title: "explicitness",
    summary: "how plainly a linear classifier reads each factor from all dimensions",
    definition: """
      mean over factors of the mean one-against-rest area under the ROC curve of a multinomial logistic regression on the \
      standardised means
      """, source: "Ridgeway & Mozer 2018, arXiv:1802.05312",
    estimator: """
      means less the training mean, over the training deviation (divided by n); regression as scikit-learn's \
      LogisticRegression(C = 1) in disentanglement_lib, to a gradient of 1e-5; areas of the test codes, standard error by \
      DeLong 1988 over test images; values of continuous factors are binned
      """, needs: [.means, .factors], settings: [EqualBins.bins]
  ) { measurement in
    let split = try measurement.targetSplit
    let (training, test) = try measurement.splitTargets()
    let covariance = Covariance(of: split.training.means, pool: measurement.pool)
    var notes = split.notes + training.notes
    var names: [String] = []
    var areas: [Double] = []
    var trainingAreas: [Double] = []
    var influences = [Double](repeating: 0, count: split.test.count)
    for (target, tried) in zip(training.targets, test.targets) {
      try measurement.checkCancellation()
      let penalty = LogisticRegression.penalty(
        strength: 1, count: split.training.count, classes: target.classCount)
      let units = Whitening(covariance, penalty: penalty)
      let features = units.apply(split.training.means, pool: measurement.pool)
      let fit = LogisticRegression(
        features: features, dimensions: split.training.dimensions, targets: target.classes,
        classCount: target.classCount, penalty: penalty, penalties: units.penalties, pool: measurement.pool)
      if !fit.converged {
        notes.append("\(target.name): the regression had not converged after \(fit.iterations) steps")
      }
      let curves = rankCurves(fit, units.apply(split.test.means, pool: measurement.pool), tried, measurement)
      guard !curves.isEmpty else {
        notes.append("\(target.name) does not vary over the test codes and was left out")
        continue
      }
      if curves.count < target.classCount, !target.isContinuous {
        notes.append(
          "\(target.classCount - curves.count) of \(target.classCount) values of \(target.name) do not occur in the test codes"
        )
      }
      names.append(target.name)
      areas.append(curves.reduce(0) { $0 + $1.curve.area } / Double(curves.count))
      let trainingCurves = rankCurves(fit, features, target, measurement)
      trainingAreas.append(trainingCurves.reduce(0) { $0 + $1.curve.area } / Double(max(1, trainingCurves.count)))
      for (label, curve) in curves {
        let share = Double(tried.classes.count { $0 == label }) / Double(tried.classes.count)
        for index in influences.indices {
          let weight = tried.classes[index] == label ? share : 1 - share
          influences[index] += (curve.placements[index] - curve.area) / weight / Double(curves.count)
        }
      }
    }
    guard !areas.isEmpty else {
      throw AnalysisError.undefined("no factor varies over the test codes: there is nothing to try on")
    }
    let mean = areas.reduce(0, +) / Double(areas.count)
    let error = Estimate(meanOf: influences.map { $0 / Double(areas.count) }).standardError
    return MeasureResult(
      .init("test", mean, standardError: error),
      [.init("training", trainingAreas.reduce(0, +) / Double(trainingAreas.count))],
      tables: [.init("area under ROC", rows: names, values: areas, kind: .byFactor)], sampleSizes: split.sampleSizes,
      notes: notes)
  }

  /// The curves of the classes that occur and do not fill `target`, with their numbers.
  private static func rankCurves(
    _ fit: LogisticRegression, _ features: [Double], _ target: Target, _ measurement: Measurement
  ) -> [(label: Int32, curve: RankCurve)] {
    let probabilities = fit.probabilities(features, pool: measurement.pool)
    let count = target.classes.count
    var curves = [RankCurve?](repeating: nil, count: fit.classCount)
    curves.withUnsafeMutableBufferPointer { curves in
      measurement.pool.forEachPiece(fit.classCount) { label in
        curves[label] = RankCurve(
          scores: (0..<count).map { probabilities[$0 * fit.classCount + label] },
          isPositive: target.classes.map { $0 == Int32(label) })
      }
    }
    return curves.enumerated().compactMap { label, curve in curve.map { (Int32(label), $0) } }
  }
}
