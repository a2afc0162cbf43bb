import Tensors

/// The negative evidence lower bound (Kingma & Welling 2013, arXiv:1312.6114), with a weight β on the divergence
/// (β-VAE, Higgins 2017, ICLR): `−E log p(x|z) + β·KL(q(z|x) ‖ p(z))`.
public struct EvidenceLowerBound: Objective {
  /// The weight of the divergence, of shape `[]`.
  public let beta: Expression

  /// A bound with this weight; β = 1 is the bound itself.
  public init(beta: Expression) { self.beta = beta }

  /// Terms "reconstruction" and "KL", unweighted.
  public func terms(inference: Trace, generative: Trace) -> ObjectiveTerms {
    let zero = beta.graph.constant(0)
    let reconstruction = generative.reconstruction ?? zero
    let divergence = inference.divergence(from: generative) ?? zero
    return ObjectiveTerms(
      terms: [("reconstruction", reconstruction), ("KL", divergence)], loss: reconstruction + beta * divergence)
  }
}
