import Tensors

/// The negative evidence lower bound (Kingma & Welling 2013, arXiv:1312.6114), with a weight β on the divergence
/// (β-VAE, Higgins 2017, ICLR): `−E log p(x|z) + β·KL(q(z|x) ‖ p(z))`.
struct EvidenceLowerBound: Objective {
  var gradient = GradientEstimator.reparameterised

  func terms(_ traces: Traces) -> ObjectiveTerms {
    let beta = traces.control("beta")
    let score = gradient == .scoreFunction ? ScoreFunction(traces) : nil
    let reconstruction = score?.reconstruction ?? traces.reconstruction
    let divergence = score?.divergence ?? traces.divergence
    var terms: [ObjectiveTerms.Term] = [
      .reconstruction(reconstruction),
      .divergence(divergence, weight: .control("beta", beta)),
    ]
    // What is observed beside the image, as a class, is part of the evidence.
    if let cost = traces.labelCost {
      terms.append(
        traces.classCost == nil ? .classPrior(cost, named: "class", symbol: "−log p(y|z)") : .classPrior(cost))
    }
    return ObjectiveTerms(terms, memories: score.map { [$0.baseline] } ?? [])
  }
}

extension ObjectiveKind {
  static let evidenceLowerBound = ObjectiveKind(
    identifier: ObjectiveConfiguration.defaultKind, name: "elbo",
    summary: "the evidence lower bound, β on its divergence", formula: "R + β·KL",
    source: "Kingma & Welling 2013, arXiv:1312.6114; Higgins 2017, ICLR",
    settings: [
      .control("beta", symbol: "β", "weight of the divergence from the prior"),
      GradientEstimator.setting([.reparameterised, .scoreFunction]),
    ],
    requirements: .init(needsPosterior: true, takesEnumeration: true, takesClassAsEvidence: true)
  ) { EvidenceLowerBound(gradient: GradientEstimator(rawValue: $0.word("gradient")) ?? .reparameterised) }
}
