import Tensors

/// β-TCVAE (Chen 2018, arXiv:1802.04942, equation 4): the evidence lower bound with its divergence taken apart, and a
/// weight β on the total correlation of the dimensions.
struct BetaTotalCorrelation: Objective {
  let estimator: AggregateEstimator

  func terms(_ traces: Traces) -> ObjectiveTerms {
    let beta = traces.control("beta")
    let variables = traces.programs.variables
    let leaves = LatentGroups.group(LatentGroups.standard(for: variables).allLeaves)
    let parts = traces.decomposition(estimator, groups: leaves)
    return ObjectiveTerms([
      .init("reconstruction", symbol: "R", traces.reconstruction),
      .init("mutual information", symbol: "MI", parts.mutualInformation),
      .init("total correlation", symbol: "TC", parts.totalCorrelation, weight: .control("beta", beta)),
      .init("dimension-wise KL", symbol: "DW", parts.dimensionWise),
    ])
  }
}

extension ObjectiveKind {
  static let betaTotalCorrelation = ObjectiveKind(
    identifier: "betaTotalCorrelation", name: "beta-tcvae",
    summary: "the evidence lower bound, β on the total correlation of the dimensions", formula: "R + MI + β·TC + DW",
    source: "Chen 2018, arXiv:1802.04942",
    settings: [
      .control("beta", symbol: "β", "weight of the total correlation", default: 6), AggregateEstimator.setting,
    ],
    requirements: .init(needsPosterior: true, samples: 1...1, couplesBatch: true)
  ) { BetaTotalCorrelation(estimator: AggregateEstimator(rawValue: $0.word("estimator")) ?? .hfvae) }
}
