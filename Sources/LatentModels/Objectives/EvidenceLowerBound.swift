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
      terms.append(.classPrior(cost, symbol: traces.classCost == nil ? "−log p(y|z)" : "−log p(y)"))
    }
    return ObjectiveTerms(terms, memories: score.map { [$0.baseline] } ?? [])
  }
}

/// The score-function estimator of a bound's gradient (Williams 1992; Ranganath 2013, arXiv:1401.0118): `(f − b)·∇log q(z|x)`
/// with the cost f = −log p(x|z) of what was drawn and a moving average b of it, `b ← .9·b + .1·f`. A divergence in closed
/// form has its own gradient; any other is scored as the cost is.
struct ScoreFunction {
  /// The reconstruction with the estimator's gradient, `[batch]`.
  let reconstruction: Expression
  /// The divergence, `[batch]`.
  let divergence: Expression
  /// b, from step to step.
  let baseline: ObjectiveTerms.Memory

  static let baselineName = "baseline"

  init(_ traces: Traces) {
    let seen = DetachedTraces(traces)
    let graph = traces.batch.graph
    let observed = seen.traces.generative.variables.filter { $0.subject == .image }
    let zero = graph.constant(0).broadcast(to: [traces.batch.count])
    let cost = -(seen.traces.generative.logProbability(observed) ?? zero)
    let baseline = graph.scalar(Self.baselineName, initially: 0)
    let signal = (cost - baseline).stoppingGradient()
    let inference = traces.inference
    reconstruction = inference.expectation(of: cost).withGradient(
      of: inference.expectation(of: cost + signal * seen.logPosterior))
    let isClosed = seen.traces.inference.latent.allSatisfy { variable in
      seen.traces.generative[variable.name].map {
        variable.distribution.divergence(from: $0.distribution) != nil
      } ?? true
    }
    if isClosed {
      divergence = traces.divergence
    } else {
      let prior = seen.traces.generative.logProbability(seen.traces.generative.latent) ?? zero
      let ratio = seen.logPosterior - prior
      divergence = inference.expectation(of: ratio).withGradient(
        of: inference.expectation(of: ratio.stoppingGradient() * seen.logPosterior - prior))
    }
    self.baseline = .init(name: Self.baselineName, next: baseline * 0.9 + cost.stoppingGradient().mean() * 0.1)
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
