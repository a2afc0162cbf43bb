import Tensors

/// CorEx with a variational autoencoder (Gao 2018, arXiv:1802.05822, equation 9): the evidence lower bound, and more mutual
/// information wanted between the image and chosen dimensions a of the code, `R + KL − λ·I(x; z_a)`.
struct CorrelationExplanation: Objective {
  let estimator: AggregateEstimator
  /// The chosen dimensions; nil: all.
  let dimensions: [Int]?

  func terms(_ traces: Traces) -> ObjectiveTerms {
    let information = traces.information(estimator, dimensions: dimensions)
    return ObjectiveTerms([
      .reconstruction(traces.reconstruction),
      .divergence(traces.divergence),
      .init(
        "mutual information of a", symbol: "I(x; z_a)", information,
        weight: .control("lambda", traces.control("lambda")), isWanted: true),
    ])
  }
}

extension ObjectiveKind {
  static let correlationExplanation = ObjectiveKind(
    identifier: "correlationExplanation", name: "corex",
    summary: "the evidence lower bound, and mutual information of chosen dimensions a wanted: −λ·②",
    formula: "R + KL − λ·I(x; z_a)", source: "Gao 2018, arXiv:1802.05822",
    settings: [
      .control("lambda", symbol: "λ", "weight of the mutual information that is wanted", default: 0.5, range: 0...1000),
      LatentGroups.dimensionsSetting, AggregateEstimator.setting,
    ],
    requirements: .init(needsPosterior: true, samples: 1...1, couplesBatch: true),
    check: LatentGroups.checkDimensions
  ) {
    CorrelationExplanation(
      estimator: AggregateEstimator(rawValue: $0.word("estimator")) ?? .hfvae,
      dimensions: LatentGroups.dimensions($0.word("dimensions")))
  }
}

extension LatentGroups {
  /// The setting by which an objective lets one choose dimensions.
  static let dimensionsSetting = Setting(
    ObjectiveConfiguration.dimensionsName, symbol: "a", "the chosen dimensions, such as 0-4 or 0,2,5; all unless said",
    .text(default: "", pattern: "dimensions from 0, as 0-4 or 0,2,5"))

  /// Throws a `ConfigurationError` for dimensions that the codes of a configuration do not have.
  static let checkDimensions: @Sendable (Configuration) throws -> Void = { configuration in
    let (text, latent) = (configuration.objective.word(dimensionsSetting.name), configuration.model.latent)
    guard text.isEmpty || dimensions(text)?.allSatisfy({ $0 < latent }) == true else {
      throw ConfigurationError.outOfRange(
        setting: dimensionsSetting.name, value: text,
        allowed: "some of 0 to \(latent - 1), each once, as 0-4 or 0,2,5")
    }
  }

  /// Reads a list of dimensions: `0-4` or `0,2,5`; nil for nothing, and for what is no list.
  static func dimensions(_ text: String) -> [Int]? {
    var dimensions: [Int] = []
    for part in text.split(separator: ",") {
      // A space within a number parts two: "1 2" is no 12.
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { end -> Int? in
        let numbers = end.split(separator: " ")
        return numbers.count == 1 ? Int(numbers[0]) : nil
      }
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, first >= 0, first <= last,
        last - first < 100_000
      else { return nil }
      dimensions += first...last
    }
    return dimensions.isEmpty || Set(dimensions).count < dimensions.count ? nil : dimensions
  }
}
