import Tensors

/// The semi-supervised objective of Siddharth and others 2017 (arXiv:1706.00400, section 3): all variables are drawn, the
/// class from a Concrete relaxation where it is not known, and the bound is estimated from the samples,
/// `E[log p(x, y, z) − β·(log q − log p)] + (β + α)·log q(y | x)`, the last over labelled images only. Of a model whose class
/// is generated from its code, `p(y | z)` is the classifier.
struct SampledLabels: Objective {
  func terms(_ traces: Traces) -> ObjectiveTerms {
    let (alpha, beta) = (traces.control("alpha"), traces.control("beta"))
    let divergence = traces.sampledDivergence
    var loss = traces.reconstruction + beta * divergence
    var terms: [ObjectiveTerms.Term] = [
      .reconstruction(traces.reconstruction, weight: .shown),
      .divergence(divergence, weight: .control("beta", beta)),
    ]
    // A class that is generated from the code has no prior: it is what the classifier says.
    if !traces.weighsGeneratedClass, let cost = traces.labelCost {
      terms.append(.classPrior(cost, weight: .shown))
      loss = loss + beta * cost
    }
    if let (cost, symbol) = traces.weighedClass {
      terms.append(.init("class", symbol: symbol, cost, weight: .shown))
      loss = loss + (beta + alpha) * cost
    }
    if let accuracy = traces.accuracy { terms.append(.accuracy(accuracy)) }
    return ObjectiveTerms(terms, loss: loss)
  }
}

extension SampledLabels {
  /// The loss in the symbols of the terms that there are.
  static let formula: @Sendable (_ symbols: [String: String]) -> String = { symbols in
    (symbols["class prior"].map { "R + β·(KL − \($0))" } ?? "R + β·KL")
      + (symbols["class"].map { " − (β + α)·\($0)" } ?? "")
  }

  /// As of the semi-supervised bound; a class that is generated has a weight α since labels teach it.
  static let idleReason: @Sendable (_ setting: String, _ configuration: Configuration) -> String? = {
    name, configuration in
    guard name == "alpha", !configuration.training.teachesBesideOwnTerms, !configuration.infersClass else {
      return SemiSupervisedBound.idleReason(name, configuration)
    }
    return Configuration.reasonOfOlderRuns
  }
}

extension Traces {
  /// `log q − log p` of the latent variables at what was drawn, in expectation over the trace, `[batch]`.
  var sampledDivergence: Expression {
    let latent = inference.latent
    let names = Set(latent.map(\.name))
    guard let posterior = inference.expectedLogProbability(latent),
      let prior = generative.expectedLogProbability(generative.subset(names))
    else { return batch.graph.constant(0).broadcast(to: [batch.count]) }
    return posterior - prior
  }

  /// Whether α weighs a class that is generated from the code: in runs from before it did, it goes on to weigh nothing.
  var weighsGeneratedClass: Bool { teachesBesideOwnTerms && !isClassInferred }

  /// What α weighs of a class that is known; nil where there is nothing.
  var weighedClass: (cost: Expression, symbol: String)? { knownClass(isEvidence: !weighsGeneratedClass) }
}

extension ObjectiveKind {
  static let sampledLabels = ObjectiveKind(
    identifier: "sampledLabels", name: "semi-supervised-sampled",
    summary: "all variables drawn, an unknown class from its relaxation",
    formula: SampledLabels.formula(["class prior": "log p(y)", "class": "log q(y|x)"]),
    source: "Siddharth 2017, arXiv:1706.00400",
    settings: [
      .control("beta", symbol: "β", "weight of the divergence from the prior"),
      .control(
        "alpha", symbol: "α", "weight of the classifier on a labelled image, beside β", default: 46, range: 0...100_000,
        step: 1),
    ],
    requirements: .init(needsPosterior: true, isAdditive: false, usesLabels: true, takesEnumeration: true),
    formulaOfTerms: SampledLabels.formula, idleReason: SampledLabels.idleReason
  ) { _ in SampledLabels() }
}
