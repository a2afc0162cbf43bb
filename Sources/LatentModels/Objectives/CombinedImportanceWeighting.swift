import Datasets
import Glibc
import Tensors

/// MIWAE and CIWAE (Rainforth 2018, arXiv:1802.04537): the S samples of an image are cut into M parts of K = S/M, the bound
/// is the mean of M bounds L_K (MIWAE); CIWAE mixes it with the evidence lower bound, `β·ELBO + (1 − β)·L_{M,K}`.
struct CombinedImportanceWeighting: Objective {
  let parts: Int

  /// Throws a `ConfigurationError` where the samples do not come out even.
  static let checkParts: @Sendable (Configuration) throws -> Void = { configuration in
    let (samples, parts) = (configuration.objective.samples, configuration.objective.count(partsSetting.name))
    let isSaid = configuration.objective.settings[partsSetting.name] != nil
    guard !isSaid || samples % max(1, parts) == 0 else {
      // Parts of one sample each would be the evidence lower bound.
      let fewer = (1...min(parts, max(1, samples / 2))).last { samples % $0 == 0 } ?? 1
      let more = max(2, samples / parts + 1) * parts
      throw ConfigurationError.refused(
        "\(counted(samples, "sample")) cannot be shared out evenly to \(counted(parts, "part")): use --\(partsSetting.name) \(fewer)"
          + (configuration.objective.row.requirements.samples.contains(more) ? " or --samples \(more)" : ""))
    }
  }

  static let partsSetting = Setting(
    "parts", symbol: "M", "bounds that are averaged; must divide --samples", .count(default: 1, range: 1...10_000))

  /// How many bounds there are, and the samples of each.
  static let details: @Sendable (ObjectiveConfiguration) -> [String] = { objective in
    let parts = max(1, objective.count(partsSetting.name))
    return ["\(partsSetting.symbol) = \(parts)", "K = \(objective.samples / parts)"]
  }

  static let shareName = "share"

  func terms(_ traces: Traces) -> ObjectiveTerms {
    let weights = traces.logWeights
    let samples = traces.inference.axis.extent
    let share = traces.control(Self.shareName)
    let bound = Self.bound(weights, samples: samples, parts: parts)
    let evidence = samples > 1 ? weights.mean(axes: [0]) : weights
    return ObjectiveTerms(
      traces.shownBound, loss: -(share * evidence + (1 - share) * bound))
  }

  /// The mean of the bounds of `parts` groups of samples, `[samples, batch]` → `[batch]`.
  static func bound(_ weights: Expression, samples: Int, parts: Int) -> Expression {
    guard samples > 1 else { return weights }
    let size = samples / parts
    guard size > 1 else { return weights.mean(axes: [0]) }
    let bounds = (0..<parts).map { part in
      weights.sliced(axis: 0, range: part * size..<(part + 1) * size).logSumExp(axis: 0) - Float(log(Double(size)))
    }
    return bounds.dropFirst().reduce(bounds[0], +) * (1 / Float(parts))
  }
}

extension ObjectiveKind {
  static let combinedImportanceWeighting = ObjectiveKind(
    identifier: "combinedImportanceWeighting", name: "miwae",
    summary: "the mean of M importance-weighted bounds, mixed with the ELBO",
    formula: "−(β·ELBO + (1 − β)·mean_m L_K)", source: "Rainforth 2018, arXiv:1802.04537",
    settings: [
      CombinedImportanceWeighting.partsSetting,
      .control(
        CombinedImportanceWeighting.shareName, symbol: "β", "share of the evidence lower bound (CIWAE)", default: 0,
        range: 0...1, step: 0.05),
    ],
    requirements: .init(needsPosterior: true, isAdditive: false, takesClassAsEvidence: true),
    check: CombinedImportanceWeighting.checkParts, details: CombinedImportanceWeighting.details,
    idleReason: { name, configuration in
      guard name == CombinedImportanceWeighting.shareName else { return nil }
      let parts = configuration.objective.count(CombinedImportanceWeighting.partsSetting.name)
      return configuration.objective.samples == max(1, parts)
        ? "every part is of one sample, whose bound is the ELBO: use more samples" : nil
    }
  ) { CombinedImportanceWeighting(parts: $0.count("parts")) }
}
