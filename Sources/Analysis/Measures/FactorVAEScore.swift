extension Measure {
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
      .init("image", all.count), .init("training group", measurement.whole(FactorSampler.trainingGroups)),
      .init("test group", measurement.whole(FactorSampler.testGroups)),
      .init("image a group", name: "images a group", group),
    ]
    var notes = targets.notes + [Measurement.groupNote]
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
}
