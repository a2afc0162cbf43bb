import Tensors

/// One weighted objective over the decomposition of the divergence, hierarchically (HFVAE, Esmaeili 2018, arXiv:1804.02086,
/// equation 9): `R + α·MI + β·TC between groups + γ·TC within groups + δ·dimension-wise KL`. Unit weights are the
/// Monte-Carlo evidence lower bound. Most objectives of the field are rows of `Preset.all` over this one.
struct WeightedDecomposition: Objective {
  let estimator: AggregateEstimator
  let groups: String

  func terms(_ traces: Traces) -> ObjectiveTerms {
    let variables = traces.programs.variables
    let tree = LatentGroups(groups, variables: variables) ?? .standard(for: variables)
    let parts = traces.decomposition(estimator, groups: tree)
    func weighted(_ name: String, _ symbol: String, _ value: Expression, by control: String) -> ObjectiveTerms.Term {
      .init(name, symbol: symbol, value, weight: .control(control, traces.control(control)))
    }
    return ObjectiveTerms([
      .init("reconstruction", symbol: "R", traces.reconstruction),
      weighted("mutual information", "MI", parts.mutualInformation, by: "alpha"),
      weighted("total correlation", "TC", parts.totalCorrelation, by: "beta"),
      weighted("within groups", "TCw", parts.withinGroups, by: "gamma"),
      weighted("dimension-wise KL", "DW", parts.dimensionWise, by: "delta"),
    ])
  }
}

extension ObjectiveKind {
  static let weightedDecomposition = ObjectiveKind(
    identifier: "weightedDecomposition", name: "hfvae",
    summary: "the divergence in parts, each with a weight; total correlation between and within groups",
    formula: "R + α·MI + β·TC + γ·TCw + δ·DW", source: "Esmaeili 2018, arXiv:1804.02086",
    settings: [
      .control("alpha", symbol: "α", "weight of the mutual information", range: -100...1000),
      .control("beta", symbol: "β", "weight of the total correlation between groups", range: -100...1000),
      .control("gamma", symbol: "γ", "weight of the total correlation within groups", range: -100...1000),
      .control("delta", symbol: "δ", "weight of the dimension-wise divergence", range: -100...1000),
      AggregateEstimator.setting,
      Setting(
        "groups", "groups of the code, such as (0-4) (5-9); every variable one unless said",
        .text(default: "", pattern: "brackets around dimensions and variables, each exactly once")),
    ],
    requirements: .init(needsPosterior: true, samples: 1...1, couplesBatch: true)
  ) {
    WeightedDecomposition(
      estimator: AggregateEstimator(rawValue: $0.word("estimator")) ?? .hfvae, groups: $0.word("groups"))
  }
}
