import Tensors

extension ObjectiveConfiguration {
  /// The extent of the sample axis; one sample needs none.
  var sampleAxis: Int? { samples > 1 ? samples : nil }

  /// Records the objective of a model on images `[batch, pixels]`: its terms and total, `[batch]`.
  func record(_ model: ModelConfiguration, images: Expression) -> ObjectiveTerms {
    let programs = VariationalAutoencoder(model, isDeterministic: kind == .autoencoder)
    let inference = programs.infer(images, samples: kind == .autoencoder ? nil : sampleAxis)
    let generative = programs.generate(images, given: inference)
    let objective: any Objective =
      switch kind {
      case .evidenceLowerBound: EvidenceLowerBound(beta: images.graph.scalar("beta", initially: beta))
      case .autoencoder: Autoencoder()
      case .importanceWeightedBound: ImportanceWeightedBound()
      }
    return objective.terms(inference: inference, generative: generative)
  }

  /// Names of the terms, the total last.
  var termNames: [String] {
    (kind == .autoencoder ? ["reconstruction"] : ["reconstruction", "KL"]) + ["loss"]
  }

  /// Whether the objective has a weight to change while training.
  var hasBeta: Bool { kind == .evidenceLowerBound }
}
