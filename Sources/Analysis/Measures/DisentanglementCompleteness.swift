import Glibc

/// Disentanglement and completeness of a matrix of importances `[K, F]` (Eastwood & Williams 2018).
struct ImportanceMatrix: Sendable {
  let dimensions: Int
  let factors: Int
  let values: [Double]

  /// What keeps the entropy of nothing defined, as in disentanglement_lib.
  private static let least = 1e-11

  /// One minus the entropy of each dimension's importances over factors, in base F.
  var disentanglements: [Double] {
    (0..<dimensions).map { d in Self.concentration((0..<factors).map { values[d * factors + $0] }) }
  }

  /// One minus the entropy of each factor's importances over dimensions, in base K.
  var completenesses: [Double] {
    (0..<factors).map { f in Self.concentration((0..<dimensions).map { values[$0 * factors + f] }) }
  }

  /// The mean over dimensions, weighed by their importance.
  var disentanglement: Double {
    let weights = (0..<dimensions).map { d in (0..<factors).reduce(0) { $0 + values[d * factors + $1] } }
    return Self.weighted(disentanglements, weights)
  }

  /// The mean over factors, weighed by the importance that they give.
  var completeness: Double {
    let weights = (0..<factors).map { f in (0..<dimensions).reduce(0) { $0 + values[$1 * factors + f] } }
    return Self.weighted(completenesses, weights)
  }

  private static func weighted(_ values: [Double], _ weights: [Double]) -> Double {
    let total = weights.reduce(0, +)
    guard total > 0 else { return values.reduce(0, +) / Double(max(1, values.count)) }
    return zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / total
  }

  /// 1 where one value has all, 0 where all are equal; 1 of a single value, which is all there is.
  private static func concentration(_ values: [Double]) -> Double {
    guard values.count > 1 else { return 1 }
    let shifted = values.map { $0 + least }
    let total = shifted.reduce(0, +)
    let entropy = shifted.reduce(0) { $0 - $1 / total * log($1 / total) }
    let value = 1 - entropy / log(Double(values.count))
    // What rounding leaves where all are equal is 0.
    return value > Double(values.count) * .ulpOfOne ? value : 0
  }
}

extension Measure {
  static let trees = MeasureSetting("trees", "stages of boosted trees", default: 100, 1...10_000)

  /// DCI.
  static let disentanglementCompleteness = Measure(
    "dci", title: "DCI",
    summary: "disentanglement of dimensions, completeness of factors, and informativeness of the code",
    definition: """
      R_dv the importance of dimension d for factor v in boosted trees: D = Σ_d ρ_d (1 − H_F(R_d·)), \
      C = Σ_v ρ_v (1 − H_K(R_·v)), weights ρ by importance; I = mean test accuracy (R² of a continuous factor)
      """, source: "Eastwood & Williams 2018 (ICLR)",
    estimator: """
      gradient boosting with scikit-learn's defaults ({trees} stages, depth 3, rate .1), importances by decrease of squared \
      error, as disentanglement_lib; ties between dimensions are drawn by the seed; continuous factors by regression. \
      D and C have no standard error: for one the trees would have to be learnt anew of every set of resampled codes; that \
      of I is over test images, of R² by the delta method
      """, needs: [.means, .factors], settings: [trees, EqualBins.bins], isSlow: true
  ) { measurement in
    let split = try measurement.targetSplit
    let (training, test) = try measurement.splitTargets()
    let models = try BoostedTrees.fit(
      split.training.means,
      training.targets.map { target in
        target.isContinuous
          ? .quantities(target.values.map(Double.init)) : .classes(target.classes, count: target.classCount)
      }, test: split.test.means, stages: measurement.whole(trees), random: measurement.random("trees"),
      pool: measurement.pool,
      isCancelled: measurement.checkCancellation)
    let size = split.training.dimensions
    let matrix = ImportanceMatrix(
      dimensions: size, factors: models.count,
      values: (0..<size).flatMap { d in models.map { $0.importances[d] } })
    var (accuracies, trainingAccuracies): ([Double], [Double]) = ([], [])
    var right = [Double](repeating: 0, count: split.test.count)
    for (index, model) in models.enumerated() {
      let (target, tried) = (training.targets[index], test.targets[index])
      if target.isContinuous {
        let explained = explainedVariance(model.testScores, tried.values)
        accuracies.append(explained.value)
        trainingAccuracies.append(explainedVariance(model.scores, target.values).value)
        for row in right.indices { right[row] += explained.influences[row] / Double(models.count) }
      } else {
        let predicted = model.classes(model.testScores)
        for row in predicted.indices where predicted[row] == tried.classes[row] {
          right[row] += 1 / Double(models.count)
        }
        accuracies.append(share(predicted, tried.classes))
        trainingAccuracies.append(share(model.classes(model.scores), target.classes))
      }
    }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }
    let names = training.targets.map(\.name)
    return MeasureResult(
      .init("disentanglement", matrix.disentanglement),
      [
        .init("completeness", matrix.completeness),
        .init(
          "informativeness", mean(accuracies), standardError: Estimate(meanOf: right).standardError),
        .init("informativeness, training", mean(trainingAccuracies)),
      ],
      tables: [
        .init(
          "importance", rows: measurement.representation.dimensionNames, columns: names, values: matrix.values),
        .init(
          "disentanglement", rows: measurement.representation.dimensionNames, values: matrix.disentanglements),
        .init("completeness", rows: names, values: matrix.completenesses, kind: .byFactor),
        .init("informativeness", rows: names, values: accuracies, kind: .byFactor),
      ],
      sampleSizes: split.sampleSizes + [.init("stage of trees", name: "stages of trees", measurement.whole(trees))],
      notes: split.notes
        + training.targets.filter(\.isContinuous).map {
          "\($0.name) is continuous: predicted by regression, scored by R²"
        }
        + (names.count == 1 ? ["one factor alone: disentanglement is 1 whatever the code"] : []))
  }

  private static func share(_ predicted: [Int32], _ classes: [Int32]) -> Double {
    Double(zip(predicted, classes).count { $0 == $1 }) / Double(max(1, classes.count))
  }

  /// R² of predictions, and how much each image adds to it but for the mean.
  private static func explainedVariance(
    _ predicted: [Double], _ values: [Float]
  ) -> (value: Double, influences: [Double]) {
    let mean = values.reduce(0) { $0 + Double($1) } / Double(max(1, values.count))
    let total = values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    let left = zip(predicted, values).reduce(0) { $0 + ($1.0 - Double($1.1)) * ($1.0 - Double($1.1)) }
    guard total > 0 else { return (0, values.map { _ in 0 }) }
    let share = Double(values.count) / total
    let influences = zip(predicted, values).map { predicted, value in
      let (missed, away) = (predicted - Double(value), Double(value) - mean)
      return share * (left / total * away * away - missed * missed)
    }
    return (1 - left / total, influences)
  }
}
