import Tensors

/// The negative evidence lower bound (Kingma & Welling 2013, arXiv:1312.6114), with a weight β on the divergence
/// (β-VAE, Higgins 2017, ICLR): `−E log p(x|z) + β·KL(q(z|x) ‖ p(z))`.
struct EvidenceLowerBound: Objective {
  func terms(_ traces: Traces) -> ObjectiveTerms {
    let beta = traces.control("beta")
    let reconstruction = traces.reconstruction
    var terms: [ObjectiveTerms.Term] = [
      .init("reconstruction", symbol: "R", reconstruction),
      .init("KL", symbol: "KL", traces.divergence, weight: .control("beta", beta)),
    ]
    // What is observed beside the image, as a class, is part of the evidence.
    if let cost = traces.labelCost { terms.append(.init("class prior", symbol: "−log p(y)", cost)) }
    return ObjectiveTerms(terms)
  }
}

extension ObjectiveKind {
  static let evidenceLowerBound = ObjectiveKind(
    identifier: ObjectiveConfiguration.defaultKind, name: "elbo",
    summary: "the evidence lower bound, β on its divergence", formula: "R + β·KL",
    source: "Kingma & Welling 2013, arXiv:1312.6114; Higgins 2017, ICLR",
    settings: [.control("beta", symbol: "β", "weight of the divergence from the prior")],
    requirements: .init(takesEnumeration: true)
  ) { _ in EvidenceLowerBound() }
}
