import Tensors

/// The reconstruction alone: with a deterministic code, a plain autoencoder (the bound at β = 0 without noise).
public struct Autoencoder: Objective {
  /// The objective has nothing to set.
  public init() {}

  /// The one term "reconstruction".
  public func terms(inference: Trace, generative: Trace) -> ObjectiveTerms {
    guard let reconstruction = generative.reconstruction else {
      preconditionFailure("an autoencoder needs an observed variable in the generative program")
    }
    return ObjectiveTerms(terms: [("reconstruction", reconstruction)], loss: reconstruction)
  }
}
