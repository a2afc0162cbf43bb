/// SAP: how much better the best dimension predicts a factor than the second best.
extension Measure {
  /// The inverse strength of the machine's penalty, as the paper's.
  private static let strength = 0.01

  public static let separatedAttributePredictability = Measure(
    "sap", title: "SAP", summary: "how much better the best dimension predicts each factor than the second best",
    definition: """
      mean over factors of the gap between the two best dimensions: in test accuracy of a one-dimensional linear support \
      vector machine (C = .01, balanced classes), or in r² of a continuous factor
      """, source: "Kumar 2017, arXiv:1711.00848",
    estimator: """
      scikit-learn's LinearSVC (squared hinge, one against rest, the primal's trust region to a tolerance of 1e-4) as in \
      disentanglement_lib; standard error of the gap between the two that were found best: over test images by pairs, of r² \
      over training images by the delta method
      """, needs: [.means, .factors], dependsOnScale: true
  ) { measurement in
    let split = try measurement.targetSplit
    let (training, test) = try measurement.splitTargets()
    let size = split.training.dimensions
    let names = training.targets.map(\.name)
    // A machine draws its intercept towards 0: where that is matters.
    let columns = (0..<size).map { split.training.plainColumn($0) }
    let testColumns = (0..<size).map { split.test.plainColumn($0) }
    let factorCount = names.count
    var orders = [[Int]](repeating: [], count: size)
    orders.withUnsafeMutableBufferPointer { orders in
      measurement.pool.forEachPiece(size) { d in
        orders[d] = RankOrder(columns[d]).places
      }
    }
    var scores = [Double](repeating: 0, count: size * factorCount)
    // Whether each test image was told rightly, for each dimension and discrete factor.
    var hits = [[Bool]](repeating: [], count: size * factorCount)
    scores.withUnsafeMutableBufferPointer { scores in
      hits.withUnsafeMutableBufferPointer { hits in
        measurement.pool.forEachPiece(size * factorCount) { piece in
          let (d, f) = (piece / factorCount, piece % factorCount)
          let target = training.targets[f]
          if target.isContinuous {
            scores[piece] = squaredCorrelation(columns[d], target.values)
          } else {
            let machine = SquaredHingeMachine(
              order: orders[d], columns[d], classes: target.classes, classCount: target.classCount, strength: strength)
            let tried = test.targets[f].classes
            hits[piece] = tried.indices.map { machine.predict(testColumns[d][$0]) == tried[$0] }
            scores[piece] = Double(hits[piece].count { $0 }) / Double(max(1, tried.count))
          }
        }
      }
    }
    try measurement.checkCancellation()
    var gaps: [Double] = []
    var differences = [Double](repeating: 0, count: split.test.count)
    var trainingDifferences = [Double](repeating: 0, count: split.training.count)
    for f in 0..<factorCount {
      let ranked = (0..<size).sorted {
        (-scores[$0 * factorCount + f], $0) < (-scores[$1 * factorCount + f], $1)
      }
      let best = ranked[0]
      let second = ranked.count > 1 ? ranked[1] : nil
      gaps.append(scores[best * factorCount + f] - (second.map { scores[$0 * factorCount + f] } ?? 0))
      if training.targets[f].isContinuous {
        for (place, sign) in [(best, 1.0), (second, -1)] {
          guard let place else { continue }
          let influences = influencesOnSquaredCorrelation(columns[place], training.targets[f].values)
          for index in influences.indices {
            trainingDifferences[index] += sign * influences[index] / Double(factorCount)
          }
        }
        continue
      }
      for index in differences.indices {
        let first = hits[best * factorCount + f][index] ? 1.0 : 0
        let other = second.map { hits[$0 * factorCount + f][index] ? 1.0 : 0 } ?? 0
        differences[index] += (first - other) / Double(factorCount)
      }
    }
    // Test and training images are independent.
    let errors = [differences, trainingDifferences].compactMap { Estimate(meanOf: $0).standardError }
    return MeasureResult(
      .init(
        "SAP", gaps.reduce(0, +) / Double(factorCount),
        standardError: errors.isEmpty ? nil : errors.reduce(0) { $0 + $1 * $1 }.squareRoot()),
      tables: [
        .init("gap", rows: names, values: gaps, kind: .byFactor),
        .init("score", rows: measurement.representation.dimensionNames, columns: names, values: scores),
      ], sampleSizes: split.sampleSizes,
      notes: split.notes
        + training.targets.filter(\.isContinuous).map {
          "\($0.name) is continuous: its score is r² over the training images"
        }
        + (size == 1 ? ["the code has one dimension: the second best counts as 0"] : []))
  }

  /// How much each pair of numbers adds to their squared correlation but for the mean: r(2xy − r(x² + y²)) of standardised
  /// numbers (Hampel 1974).
  private static func influencesOnSquaredCorrelation(_ first: [Double], _ second: [Float]) -> [Double] {
    let (firstMean, secondMean, xx, yy, xy) = moments(first, second)
    guard varies(first, xx), yy > 0 else { return first.map { _ in 0 } }
    let (r, count) = (xy / (xx * yy).squareRoot(), Double(first.count))
    let (firstScale, secondScale) = ((count / xx).squareRoot(), (count / yy).squareRoot())
    return zip(first, second).map { first, second in
      let (x, y) = ((first - firstMean) * firstScale, (Double(second) - secondMean) * secondScale)
      return r * (2 * x * y - r * (x * x + y * y))
    }
  }

  /// cov² / (var·var), 0 where the first does not vary.
  private static func squaredCorrelation(_ first: [Double], _ second: [Float]) -> Double {
    let (_, _, xx, yy, xy) = moments(first, second)
    return varies(first, xx) && yy > 0 ? xy * xy / (xx * yy) : 0
  }

  /// Whether a column with so large a sum of squares about its mean varies.
  private static func varies(_ column: [Double], _ squares: Double) -> Bool {
    squares / max(1, Double(column.count) - 1) > 1e-12
  }

  /// Means, and sums of products about them.
  private static func moments(
    _ first: [Double], _ second: [Float]
  ) -> (firstMean: Double, secondMean: Double, xx: Double, yy: Double, xy: Double) {
    let count = Double(first.count)
    let firstMean = first.reduce(0, +) / count
    let secondMean = second.reduce(0) { $0 + Double($1) } / count
    var (xx, yy, xy) = (0.0, 0.0, 0.0)
    for index in first.indices {
      let (x, y) = (first[index] - firstMean, Double(second[index]) - secondMean)
      xx += x * x
      yy += y * y
      xy += x * y
    }
    return (firstMean, secondMean, xx, yy, xy)
  }
}
