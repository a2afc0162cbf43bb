import Tensors

/// The semi-supervised bound of M2 (Kingma 2014, arXiv:1406.5298, equations 6 to 9): over labelled images
/// `L(x, y) = E log p(x|y,z) + log p(y) − KL(q(z|x,y))`, over others `U(x) = Σ_y q(y|x)·L(x, y) + H(q(y|x))`, and α′ times the
/// classifier's log-probability of the labels that are known.
struct SemiSupervisedBound: Objective {
  func terms(_ traces: Traces) -> ObjectiveTerms {
    var terms: [ObjectiveTerms.Term] = [
      .init("reconstruction", symbol: "R", traces.reconstruction),
      .init("KL", symbol: "KL", traces.divergence, weight: .control("beta", traces.control("beta"))),
    ]
    if let cost = traces.labelCost { terms.append(.init("class prior", symbol: "−log p(y)", cost)) }
    let observed = traces.inference.variables.filter { $0.role == .observed }
    if let classifier = traces.inference.expectedLogProbability(observed) {
      terms.append(
        .init("class", symbol: "−log q(y|x)", -classifier, weight: .control("alpha", traces.control("alpha"))))
    }
    if let accuracy = traces.accuracy { terms.append(.init("accuracy", symbol: "accuracy", accuracy, weight: .shown)) }
    return ObjectiveTerms(terms)
  }
}

extension Traces {
  /// `−log p` of what is observed beside the image, `[batch]`; nil where nothing is.
  var labelCost: Expression? {
    generative.expectedLogProbability(generative.variables.filter { $0.role == .observed && $0.name != "x" }).map {
      -$0
    }
  }

  /// 1 where the likeliest class is the true one, `[batch]`; nil where there is no classifier or no truth.
  var accuracy: Expression? {
    guard let truth = batch.labels else { return nil }
    for variable in inference.variables {
      guard
        let logits = (variable.distribution as? Categorical)?.logits ?? (variable.distribution as? Concrete)?.logits,
        logits.shape == truth.shape
      else { continue }
      let choice = logits.greaterOrEqual(logits.maximum(axis: -1).broadcast(to: logits.shape))
      return (choice * truth).sum(axes: [-1])
    }
    return nil
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
    ],
    requirements: .init(needsPosterior: true, usesLabels: true)
  ) { _ in SemiSupervisedBound() }
}
