/// Which dimension tells how much of which factor, from counts in bins.
struct FactorInformation: Sendable {
  /// `[K, F]`: the mutual information of the binned dimension and the factor, in nats.
  let matrix: [Double]
  /// The entropy of each factor in nats.
  let entropies: [Double]
  let dimensions: Int
  var factors: Int { entropies.count }

  init(matrix: [Double], entropies: [Double], dimensions: Int) {
    self.matrix = matrix
    self.entropies = entropies
    self.dimensions = dimensions
  }

  /// Counts `bins` `[K][n]` against `targets`; image i counts `weights[i]` times.
  init(_ bins: [[Int32]], binCount: Int, _ targets: [Target], weights: [Int32]? = nil) {
    dimensions = bins.count
    entropies = targets.map { target in
      let one = [Int32](repeating: 0, count: target.classes.count)
      // The information of a variable about itself is its entropy; against a constant it is counted alone.
      let counts = Contingency(target.classes, rows: target.classCount, one, columns: 1, weights: weights).counts
      return Entropy.of(counts: counts.map(Int.init))
    }
    matrix = bins.flatMap { column in
      targets.map { target in
        Contingency(column, rows: binCount, target.classes, columns: target.classCount, weights: weights)
          .mutualInformation
      }
    }
  }

  /// The mean over factors of (best − second best information) / entropy; a code of one dimension has no second.
  var gap: Double { gaps.reduce(0, +) / Double(max(1, gaps.count)) }

  /// The gap of every factor.
  var gaps: [Double] {
    (0..<factors).map { factor in
      let column = (0..<dimensions).map { matrix[$0 * factors + factor] }.sorted(by: >)
      guard let best = column.first, entropies[factor] > 0 else { return 0 }
      return (best - (column.count > 1 ? column[1] : 0)) / entropies[factor]
    }
  }

  /// The mean over dimensions of 1 − (Σ m² − max m²) / (max m² · (F − 1)); 0 of a dimension without information.
  var modularity: Double { modularities.reduce(0, +) / Double(max(1, dimensions)) }

  /// The modularity of every dimension.
  var modularities: [Double] {
    (0..<dimensions).map { dimension in
      let squares = (0..<factors).map { matrix[dimension * factors + $0] * matrix[dimension * factors + $0] }
      guard let greatest = squares.max(), greatest > 0, factors > 1 else { return 0 }
      return 1 - (squares.reduce(0, +) - greatest) / (greatest * Double(factors - 1))
    }
  }
}

extension Measurement {
  /// The information of every binned dimension about every target, computed once.
  func factorInformation() throws -> FactorInformation {
    try once("factor information") {
      FactorInformation(try targetedBins(), binCount: whole(EqualBins.bins), try targets().targets)
    }
  }

  /// The bins of the images with known targets, `[K][n]`.
  func targetedBins() throws -> [[Int32]] {
    let all = try targeted
    if all.count == representation.count { return binnedMeans() }
    return once("targeted bins") {
      (0..<all.dimensions).map { all.bins(of: $0, count: whole(EqualBins.bins)) }
    }
  }

  /// The standard error over images of a number of the factor information.
  func bootstrapped(_ value: (FactorInformation) -> Double) throws -> Double? {
    let (bins, targets, binCount) = (try targetedBins(), try targets().targets, whole(EqualBins.bins))
    return Bootstrap.standardError(count: try targeted.count, self) { weights in
      value(FactorInformation(bins, binCount: binCount, targets, weights: weights))
    }
  }
}

extension Measure {
  static let binSettings = [EqualBins.bins, Bootstrap.resamples]

  /// MIG.
  public static let mutualInformationGap = Measure(
    "mig", title: "MIG", summary: "whether each factor is told by one dimension alone",
    definition: "mean over factors of (I(μ_best; v) − I(μ_second; v)) / H(v)",
    source: "Chen 2018, arXiv:1802.04942",
    estimator: """
      counts of equal-width bins of the means, as disentanglement_lib; values of continuous factors are binned too; \
      standard error by bootstrap
      """, needs: [.means, .factors], settings: binSettings, isByFactor: true
  ) { measurement in
    let information = try measurement.factorInformation()
    let targets = try measurement.targets()
    let names = targets.targets.map(\.name)
    return MeasureResult(
      .init("MIG", information.gap, standardError: try measurement.bootstrapped(\.gap)),
      tables: [
        .init("gap", rows: names, values: information.gaps),
        .init("H(v)", rows: names, values: information.entropies),
        .init(
          "I(μ_d; v)", rows: measurement.representation.dimensionNames, columns: names, values: information.matrix),
      ],
      sampleSizes: [.init("images", try measurement.targeted.count)],
      notes: targets.notes
        + (information.dimensions == 1 ? ["the code has one dimension: the second best counts as 0"] : []))
  }

  /// Modularity.
  static let modularity = Measure(
    "modularity", title: "modularity", summary: "whether each dimension tells of one factor alone",
    definition: "mean over dimensions of 1 − (Σ_v m² − max_v m²) / (max_v m² · (F − 1)), m = I(μ_d; v)",
    source: "Ridgeway & Mozer 2018, arXiv:1802.05312",
    estimator: "counts of equal-width bins of the means, as disentanglement_lib; standard error by bootstrap",
    needs: [.means, .factors], settings: binSettings
  ) { measurement in
    let information = try measurement.factorInformation()
    let targets = try measurement.targets()
    guard information.factors > 1 else {
      throw AnalysisError.undefined(
        "modularity compares factors and needs at least two that vary; here is \(targets.targets[0].name) alone")
    }
    return MeasureResult(
      .init("modularity", information.modularity, standardError: try measurement.bootstrapped(\.modularity)),
      tables: [
        .init("modularity", rows: measurement.representation.dimensionNames, values: information.modularities)
      ], sampleSizes: [.init("images", try measurement.targeted.count)], notes: targets.notes)
  }
}
