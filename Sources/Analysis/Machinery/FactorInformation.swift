/// Which dimension tells how much of which factor, from counts in bins.
struct FactorInformation: Sendable {
  /// `[K, F]`: the mutual information of the binned dimension and the factor, in nats.
  let matrix: [Double]
  /// The entropy of each factor in nats.
  let entropies: [Double]
  let dimensions: Int
  /// Further factors, which do not vary: nothing tells of them, and they have no column.
  let constants: Int
  var factors: Int { entropies.count }

  init(matrix: [Double], entropies: [Double], dimensions: Int, constants: Int = 0) {
    self.matrix = matrix
    self.entropies = entropies
    self.dimensions = dimensions
    self.constants = constants
  }

  /// Counts `bins` `[K][n]` against `targets`; image i counts `weights[i]` times.
  init(_ bins: [[Int32]], binCount: Int, _ targets: [Target], constants: Int = 0, weights: [Int32]? = nil) {
    dimensions = bins.count
    self.constants = constants
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

  /// The modularity of every dimension; F counts the factors that do not vary too, as disentanglement_lib does.
  var modularities: [Double] {
    (0..<dimensions).map { dimension in
      let squares = (0..<factors).map { matrix[dimension * factors + $0] * matrix[dimension * factors + $0] }
      guard let greatest = squares.max(), greatest > 0, factors + constants > 1 else { return 0 }
      return 1 - (squares.reduce(0, +) - greatest) / (greatest * Double(factors + constants - 1))
    }
  }
}

extension Measurement {
  /// The information of every binned dimension about every target, computed once.
  func factorInformation() throws -> FactorInformation {
    try once("factor information") {
      let found = try targets()
      return FactorInformation(
        try targetedBins(), binCount: whole(EqualBins.bins), found.targets, constants: found.constants.count)
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
    let (bins, found, binCount) = (try targetedBins(), try targets(), whole(EqualBins.bins))
    return try Bootstrap.standardError(count: try targeted.count, self) { weights in
      value(
        FactorInformation(
          bins, binCount: binCount, found.targets, constants: found.constants.count, weights: weights))
    }
  }
}

extension Measure {
  /// What the measures of binned means read.
  static let binSettings = [EqualBins.bins, Bootstrap.resamples]
}
