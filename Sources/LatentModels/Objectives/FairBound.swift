import Tensors

/// The objective of the variational fair autoencoder (Louizos 2015, arXiv:1511.00830, section 2.4): the evidence lower bound, λ
/// times the distance of the mean random features of the code between the values of the property (fast MMD, Zhao & Meng
/// 2015), and α times the class's log-probability given the code, where the class is known.
struct FairBound: Objective {
  /// γ of the kernel `exp(−d²/γ)`; 0: twice the latent dimensions, the mean squared distance of two prior samples.
  let bandwidth: Double

  private static let features = 500

  func terms(_ traces: Traces) -> ObjectiveTerms {
    var terms: [ObjectiveTerms.Term] = [
      .reconstruction(traces.reconstruction),
      .divergence(traces.divergence, weight: .control("beta", traces.control("beta"))),
    ]
    if let sensitive = traces.batch.sensitive {
      let distance = discrepancy(traces.continuousCode, sensitive)
      terms.append(
        .init(
          "MMD", symbol: "MMD", distance.broadcast(to: [traces.batch.count]),
          weight: .control("lambda", traces.control("lambda")), burden: .light, unit: .none))
    }
    // The classifier of the property beside the model.
    if let property = traces.propertyTerm() { terms.append(property) }
    if let (cost, symbol) = traces.knownClass() {
      terms.append(.classifier(cost, symbol: symbol, by: "alpha", traces))
    }
    if let accuracy = traces.accuracy { terms.append(.accuracy(accuracy)) }
    return ObjectiveTerms(terms)
  }

  /// `‖mean ψ(z | s = 0) − mean ψ(z | s = 1)‖²`, of more values the sum of each against all, `[]`, with
  /// `ψ = √(2/F)·cos(√(2/γ)·zW + b)`, W and b drawn anew in every step.
  private func discrepancy(_ code: Expression, _ sensitive: Expression) -> Expression {
    let (graph, size) = (code.graph, code.shape[1])
    let weights = graph.noise(.standardNormal, name: "random features", shape: [size, Self.features])
    let offsets = graph.noise(.uniform, name: "random offsets", shape: [1, Self.features]) * (2 * Float.pi)
    return Self.discrepancy(
      code, sensitive, weights: weights, offsets: offsets,
      bandwidth: Float(bandwidth > 0 ? bandwidth : 2 * Double(size)))
  }

  /// The same with given features: W `[K, F]`, b `[1, F]`.
  static func discrepancy(
    _ code: Expression, _ sensitive: Expression, weights: Expression, offsets: Expression, bandwidth: Float
  ) -> Expression {
    let (values, features) = (sensitive.shape[1], Float(weights.shape[1]))
    let projected = code.matrixProduct(weights) * (2 / bandwidth).squareRoot()
    let mapped = (projected + offsets).cosine() * (2 / features).squareRoot()
    let counts = sensitive.sum(axes: [0]).reshaped([values, 1])
    let means = sensitive.matrixProduct(mapped, transposingLeft: true) / counts.maximum(1)
    // A value that no image of the batch has is at no distance.
    let isThere = counts.minimum(1)
    func row(_ tensor: Expression, _ value: Int) -> Expression { tensor.sliced(axis: 0, range: value..<value + 1) }
    if values == 2 {
      return ((row(means, 0) - row(means, 1)).square() * row(isThere, 0) * row(isThere, 1)).sum()
    }
    let all = mapped.mean(axes: [0], keepingDimensions: true)
    return ((means - all).square() * isThere).sum()
  }
}

extension ObjectiveKind {
  static let fairBound = ObjectiveKind(
    identifier: "fairBound", name: "fair",
    summary: "the evidence lower bound, and codes alike for every value of a property",
    formula: "R + β·KL + λ·MMD − log q(s|x) − α·log p(y|z)", source: "Louizos 2015, arXiv:1511.00830",
    settings: [
      .control("beta", symbol: "β", "weight of the divergence from the prior"),
      .control(
        "lambda", symbol: "λ", "weight of the discrepancy between values of the property", default: 1000,
        range: 0...1_000_000, step: 10),
      .control(
        "alpha", symbol: "α", "weight of the classifier on a labelled image", default: 46, range: 0...100_000, step: 1),
      Setting(
        "bandwidth", symbol: "γ", "of the kernel exp(−d²/γ); 0: twice the latent dimensions",
        .number(default: 0, range: 0...1_000_000, scale: .linear, step: 1, isLive: false)),
    ],
    requirements: .init(
      needsPosterior: true, samples: 1...1, couplesBatch: true, usesLabels: true, usesAttribute: true),
    idleReason: SemiSupervisedBound.idleReason
  ) { FairBound(bandwidth: $0.number("bandwidth")) }
}
