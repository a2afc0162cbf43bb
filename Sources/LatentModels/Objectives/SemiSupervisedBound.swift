import Tensors

/// The semi-supervised bound of M2 (Kingma 2014, arXiv:1406.5298, equations 6 to 9): over labelled images
/// `L(x, y) = E log p(x|y,z) + log p(y) − KL(q(z|x,y))`, over others `U(x) = Σ_y q(y|x)·L(x, y) + H(q(y|x))`, and α′ times the
/// classifier's log-probability of the labels that are known. Of a model whose class is generated from its code,
/// `p(y | z)` is the classifier.
struct SemiSupervisedBound: Objective {
  func terms(_ traces: Traces) -> ObjectiveTerms {
    var terms: [ObjectiveTerms.Term] = [
      .reconstruction(traces.reconstruction),
      .divergence(traces.divergence, weight: .control("beta", traces.control("beta"))),
    ]
    let known = traces.knownClass()
    // A class that is generated from the code has no prior.
    if traces.isClassInferred, let cost = traces.labelCost {
      terms.append(.classPrior(cost))
    }
    if let (cost, symbol) = known { terms.append(.classifier(cost, symbol: symbol, by: "alpha", traces)) }
    if let accuracy = traces.accuracy { terms.append(.accuracy(accuracy)) }
    let plain = ObjectiveTerms(terms)
    guard !traces.batch.areAllKnown else { return plain }
    // γ slows what is learnt from images without a label, and changes no value: what is minimised stays the bound.
    let value = plain.loss.stoppingGradient()
    return ObjectiveTerms(terms, loss: value + traces.control("gamma") * (plain.loss - value))
  }
}

extension SemiSupervisedBound {
  /// Why the weight α of a classifier, or γ of images without a label, changes nothing of a training; nil where it does.
  static let idleReason: @Sendable (_ setting: String, _ configuration: Configuration) -> String? = {
    name, configuration in
    switch name {
    case "alpha": configuration.reasonWithoutLabels
    case "gamma": configuration.reasonWithoutUnlabelled
    default: nil
    }
  }
}

extension ObjectiveKind {
  static let semiSupervisedBound = ObjectiveKind(
    identifier: "semiSupervisedBound", name: "semi-supervised",
    summary: "the bounds of labelled and unlabelled images, and α for the classifier",
    formula: "R + β·KL − log p(y) − α·log q(y|x)", source: "Kingma 2014, arXiv:1406.5298",
    settings: [
      .control("beta", symbol: "β", "weight of the divergence from the prior"),
      .control(
        "alpha", symbol: "α", "weight of the classifier on a labelled image", default: 46, range: 0...100_000, step: 1),
      .control(
        "gamma", symbol: "γ", "weight of the gradient of images without a label", default: 1,
        range: 0...1, step: 0.05, changesLoss: false),
    ],
    requirements: .init(needsPosterior: true, usesLabels: true, takesEnumeration: true),
    idleReason: SemiSupervisedBound.idleReason
  ) { _ in SemiSupervisedBound() }
}
