import Tensors

/// Draws images that share the value of one factor, from the images at hand.
struct FactorSampler: Sendable {
  /// Settings of the scores by sets of images that share a factor.
  static let groupSize = MeasureSetting(
    "group", "images, or pairs of images, that share a factor", default: 64, 2...4096)
  static let trainingGroups = MeasureSetting(
    "training-groups", "groups that a classifier learns from", default: 10_000, 10...1_000_000)
  static let testGroups = MeasureSetting(
    "test-groups", "groups that it is tried on", default: 5_000, 10...1_000_000)
  static let settings = [groupSize, trainingGroups, testGroups, EqualBins.bins]

  private let targets: [Target]
  /// For every target the rows of each class, one after the other, and where each class starts.
  private let rows: [[Int32]]
  private let starts: [[Int]]
  let count: Int

  init(_ targets: [Target], count: Int) {
    self.targets = targets
    self.count = count
    var rows: [[Int32]] = []
    var starts: [[Int]] = []
    for target in targets {
      var sizes = [Int](repeating: 0, count: target.classCount + 1)
      for label in target.classes { sizes[Int(label) + 1] += 1 }
      for label in 0..<target.classCount { sizes[label + 1] += sizes[label] }
      var next = sizes
      var sorted = [Int32](repeating: 0, count: count)
      for (row, label) in target.classes.enumerated() {
        sorted[next[Int(label)]] = Int32(row)
        next[Int(label)] += 1
      }
      rows.append(sorted)
      starts.append(sizes)
    }
    self.rows = rows
    self.starts = starts
  }

  /// A random image whose value of `factor` is that of `row`.
  @inline(__always)
  func companion(of row: Int, sharing factor: Int, _ random: CounterRandom, _ index: UInt64) -> Int {
    let label = Int(targets[factor].classes[row])
    let start = starts[factor][label]
    return Int(rows[factor][start + random.integer(below: starts[factor][label + 1] - start, index)])
  }
}

extension Measurement {
  fileprivate static let note =
    "groups are drawn, with replacement, from the images given: other factors follow their values among these images"

  fileprivate func sampler() throws -> FactorSampler {
    let (targets, count) = (try targets().targets, try targeted.count)
    return once("factor sampler") { FactorSampler(targets, count: count) }
  }

  /// Calls `group` for each number in 0..<`count` with a factor drawn at random, in parallel.
  fileprivate func forEachGroup(
    _ purpose: String, _ count: Int, factors: Int, _ group: (_ index: Int, _ factor: Int, CounterRandom) -> Void
  ) {
    let random = random(purpose)
    let size = 50
    pool.forEachPiece((count + size - 1) / size) { piece in
      for index in piece * size..<min(count, (piece + 1) * size) {
        let stream = random.stream(UInt64(index))
        group(index, stream.integer(below: factors, .max), stream)
      }
    }
  }
}

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
        .init("images", all.count), .init("training groups", training.factors.count),
        .init("test groups", test.factors.count), .init("pairs a group", pairs),
      ],
      notes: targets.notes + [Measurement.note]
        + (fit.converged ? [] : ["the regression had not converged after \(fit.iterations) steps"]))
  }

  /// The FactorVAE score.
  static let factorVAEScore = Measure(
    "factor-vae", title: "FactorVAE score",
    summary: "whether the dimension that varies least tells which factor a group of images shares",
    definition: """
      test accuracy of the majority vote: of {group} images that share a factor, the dimension with the smallest variance \
      relative to its variance over all images votes for the factor; dimensions of deviation below .05 do not vote
      """, source: "Kim & Mnih 2018, arXiv:1802.05983, as disentanglement_lib",
    estimator: """
      {training-groups} groups to learn from, {test-groups} to try on; groups drawn from the images given, not generated; standard error of \
      a share of independent groups
      """, needs: [.means, .factors], settings: FactorSampler.settings
  ) { measurement in
    let (all, targets) = (try measurement.targeted, try measurement.targets())
    let sampler = try measurement.sampler()
    let group = measurement.whole(FactorSampler.groupSize)
    let (size, factors) = (all.dimensions, targets.targets.count)
    guard factors > 1 else { throw AnalysisError.undefined(onlyOneFactor("the FactorVAE score", targets)) }
    let variances = Covariance(of: all.means, pool: measurement.pool).variances(divisor: .unbiased)
    let scale = measurement.representation.units.scale
    let active = variances.indices.filter { variances[$0].squareRoot() * scale >= 0.05 }
    let sizes: [MeasureResult.SampleSize] = [
      .init("images", all.count), .init("training groups", measurement.whole(FactorSampler.trainingGroups)),
      .init("test groups", measurement.whole(FactorSampler.testGroups)), .init("images a group", group),
    ]
    var notes = targets.notes + [Measurement.note]
    if active.count < size {
      notes.append("\(size - active.count) of \(size) dimensions have a deviation below .05 and do not vote")
    }
    guard !active.isEmpty else {
      return MeasureResult(.init("test accuracy", 0), [.init("training accuracy", 0)], sampleSizes: sizes, notes: notes)
    }
    func votes(_ purpose: String, _ count: Int) -> [[Int]] {
      var drawn = [(factor: Int32, dimension: Int32)](repeating: (0, 0), count: count)
      drawn.withUnsafeMutableBufferPointer { drawn in
        all.means.elements.withUnsafeBufferPointer { means in
          measurement.forEachGroup(purpose, count, factors: factors) { index, factor, random in
            let first = random.integer(below: all.count, 0)
            let rows = (0..<group).map { sampler.companion(of: first, sharing: factor, random, UInt64($0 + 1)) }
            var best = (dimension: 0, ratio: Double.infinity)
            for d in active {
              var (sum, squares) = (0.0, 0.0)
              // Relative to one of the group, so that a far mean takes no digits.
              let centre = Double(means[rows[0] * size + d])
              for row in rows {
                let value = Double(means[row * size + d]) - centre
                sum += value
                squares += value * value
              }
              let variance = (squares - sum * sum / Double(group)) / Double(group - 1)
              if variance / variances[d] < best.ratio { best = (d, variance / variances[d]) }
            }
            drawn[index] = (Int32(factor), Int32(best.dimension))
          }
        }
      }
      var votes = [[Int]](repeating: [Int](repeating: 0, count: size), count: factors)
      for vote in drawn { votes[Int(vote.factor)][Int(vote.dimension)] += 1 }
      return votes
    }
    let training = votes("factor-vae training", measurement.whole(FactorSampler.trainingGroups))
    try measurement.checkCancellation()
    let test = votes("factor-vae test", measurement.whole(FactorSampler.testGroups))
    // The factor that each dimension votes for: the first of the most frequent.
    let choice = (0..<size).map { d in
      (0..<factors).reduce(0) { training[$1][d] > training[$0][d] ? $1 : $0 }
    }
    func accuracy(_ votes: [[Int]]) -> Double {
      let right = (0..<size).reduce(0) { $0 + votes[choice[$1]][$1] }
      return Double(right) / Double(max(1, votes.joined().reduce(0, +)))
    }
    return MeasureResult(
      .init("test accuracy", Estimate(share: accuracy(test), of: measurement.whole(FactorSampler.testGroups))),
      [.init("training accuracy", accuracy(training))],
      tables: [
        .init(
          "votes", rows: measurement.representation.dimensionNames, columns: targets.targets.map(\.name),
          values: (0..<size).flatMap { d in (0..<factors).map { Double(training[$0][d]) } })
      ], sampleSizes: sizes, notes: notes)
  }

  private static func onlyOneFactor(_ measure: String, _ targets: TargetSet) -> String {
    "\(measure) tells factors apart and needs at least two that vary; here is \(targets.targets[0].name) alone"
  }
}
