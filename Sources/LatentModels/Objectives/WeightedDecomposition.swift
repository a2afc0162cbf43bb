import Tensors

/// One weighted objective over the decomposition of the divergence, hierarchically (HFVAE, Esmaeili 2018, arXiv:1804.02086,
/// equation 9): `R + α·MI + β·TC between groups + γ·TC within groups + δ·dimension-wise KL`. Unit weights are the
/// Monte-Carlo evidence lower bound. The rows of the field's table are this one with fewer weights.
struct WeightedDecomposition: Objective {
  /// What a part is weighed by.
  enum Weight: Sendable, Hashable {
    /// Always so much.
    case constant(Float)
    /// As much as the control of this name says.
    case control(String)
  }

  /// The weights of the four parts.
  struct Weights: Sendable, Hashable {
    var mutualInformation: Weight = .constant(1)
    var betweenGroups: Weight = .constant(1)
    var withinGroups: Weight = .constant(1)
    var dimensionWise: Weight = .constant(1)
  }

  let estimator: AggregateEstimator
  /// The groups as a person wrote them; nil: every dimension and every variable for itself, with nothing within.
  let groups: String?
  let weights: Weights

  func terms(_ traces: Traces) -> ObjectiveTerms {
    let variables = traces.programs.variables
    let standard = LatentGroups.standard(for: variables)
    let tree = groups.map { LatentGroups($0, variables: variables) ?? standard } ?? .group(standard.allLeaves)
    let parts = traces.decomposition(estimator, groups: tree)
    func term(
      _ name: String, _ symbol: String, _ value: Expression, _ weight: Weight,
      role: TermDescription.Role = .information
    ) -> ObjectiveTerms.Term {
      let weight: ObjectiveTerms.Weight =
        switch weight {
        case .constant(0): .shown
        case .constant(let weight): .constant(weight)
        case .control(let control): .control(control, traces.control(control))
        }
      return .init(name, symbol: symbol, value, weight: weight, role: role)
    }
    var terms: [ObjectiveTerms.Term] = [
      .reconstruction(traces.reconstruction),
      term(TermDescription.informationName, "MI", parts.mutualInformation, weights.mutualInformation),
      term("total correlation", "TC", parts.totalCorrelation, weights.betweenGroups),
    ]
    if groups != nil { terms.append(term("within groups", "TCw", parts.withinGroups, weights.withinGroups)) }
    terms.append(term("dimension-wise KL", "DW", parts.dimensionWise, weights.dimensionWise, role: .other))
    return ObjectiveTerms(terms + traces.taughtTerms())
  }
}

extension LatentGroups {
  /// The setting by which an objective lets one group dimensions and variables.
  static let setting = Setting(
    "groups",
    "groups of the code, such as (0-4) (5-9), or (0-9), one of all; unless said, every variable one, or, of one variable, every dimension",
    .text(default: "", pattern: "brackets around dimensions, from 0, and names of variables, each exactly once"))

  /// Throws a `ConfigurationError` for groups that are none of the codes of a configuration.
  static func check(_ configuration: Configuration) throws {
    let (text, model) = (configuration.objective.word(setting.name), configuration.model)
    guard !text.isEmpty, LatentGroups(text, variables: model.variables) == nil else { return }
    throw ConfigurationError.outOfRange(
      setting: setting.name, value: text.count > 200 ? "\(text.prefix(200))…" : text,
      allowed: "brackets, ( ) or { }, around 0 to \(model.latent - 1)"
        + model.variables.map { ", \($0.name)\($0.isCategorical ? "" : " for all its dimensions")" }.joined()
        + ", each exactly once, \(mostDepth) brackets deep at most")
  }
}

extension LatentGroups {
  /// That there is no total correlation, of one dimension, or none within groups, of which none has several members.
  ///
  /// - Parameter within: what weighs it within groups; a control only of an objective that has groups.
  static func remark(
    _ configuration: Configuration, within: WeightedDecomposition.Weight = .constant(1)
  ) -> String? {
    let variables = configuration.model.variables
    let standard = standard(for: variables)
    guard standard.allLeaves.count > 1 else {
      return "the code is one dimension, which has no total correlation: what weighs that has no effect; use more "
        + "dimensions (--latent)"
    }
    // At 1, where everything is weighed alike, nobody asked for it.
    guard case .control(let name) = within,
      configuration.initialControls[name] != 1 || configuration.objective.annealing[name] != nil,
      case let tree = LatentGroups(configuration.objective.word(setting.name), variables: variables) ?? standard,
      tree.inner.allSatisfy({ $0.allLeaves.count < 2 })
    else { return nil }
    return "no group has several members, so there is nothing within groups and \(name) has no effect: say what "
      + "belongs together, as in --groups \"(0 1) (2 3)\""
  }
}

extension ObjectiveKind {
  /// A row over the decomposition.
  private static func decomposition(
    identifier: String, name: String, summary: String, formula: String, source: String, weights: [Setting],
    parts: WeightedDecomposition.Weights, hasGroups: Bool = false
  ) -> ObjectiveKind {
    ObjectiveKind(
      identifier: identifier, name: name, summary: summary, formula: formula, source: source,
      settings: weights + [labelWeight, AggregateEstimator.setting] + (hasGroups ? [LatentGroups.setting] : []),
      requirements: .init(needsPosterior: true, samples: 1...1, couplesBatch: true),
      check: { if hasGroups { try LatentGroups.check($0) } },
      remark: {
        // What weighs the dimension-wise divergence besides has an effect all the same.
        parts.betweenGroups == parts.dimensionWise ? nil : LatentGroups.remark($0, within: parts.withinGroups)
      }
    ) {
      WeightedDecomposition(
        estimator: AggregateEstimator(rawValue: $0.word("estimator")) ?? .hfvae,
        groups: hasGroups ? $0.word(LatentGroups.setting.name) : nil, weights: parts)
    }
  }

  static let weightedDecomposition = decomposition(
    identifier: "weightedDecomposition", name: "hfvae",
    summary: "the divergence in parts, each with a weight; total correlation between and within groups",
    formula: "R + α·MI + β·TC + γ·TCw + δ·DW", source: "Esmaeili 2018, arXiv:1804.02086",
    weights: [
      .control("alpha", symbol: "α", "weight of the mutual information", range: -100...1000),
      .control("beta", symbol: "β", "weight of the total correlation between groups", range: -100...1000),
      .control("gamma", symbol: "γ", "weight of the total correlation within groups", range: -100...1000),
      .control("delta", symbol: "δ", "weight of the dimension-wise divergence", range: -100...1000),
    ],
    parts: .init(
      mutualInformation: .control("alpha"), betweenGroups: .control("beta"), withinGroups: .control("gamma"),
      dimensionWise: .control("delta")), hasGroups: true)

  /// β-TCVAE (Chen 2018, arXiv:1802.04942, equation 4).
  static let betaTotalCorrelation = decomposition(
    identifier: "betaTotalCorrelation", name: "beta-tcvae",
    summary: "the evidence lower bound, β on the total correlation of the dimensions", formula: "R + MI + β·TC + DW",
    source: "Chen 2018, arXiv:1802.04942",
    weights: [.control("beta", symbol: "β", "weight of the total correlation", default: 6)],
    parts: .init(betweenGroups: .control("beta")))

  /// Information dropout (Achille & Soatto 2018, arXiv:1611.01353, equation 3): no pull towards the prior.
  static let informationDropout = decomposition(
    identifier: "informationDropout", name: "information-dropout",
    summary: "weights on mutual information ② and total correlation Ⓐ, none on the dimensions' divergence",
    formula: "R + β·MI + γ·TC", source: "Achille & Soatto 2018, arXiv:1611.01353",
    weights: [
      .control("beta", symbol: "β", "weight of the mutual information", default: 2),
      .control("gamma", symbol: "γ", "weight of the total correlation", default: 2),
    ],
    parts: .init(
      mutualInformation: .control("beta"), betweenGroups: .control("gamma"), dimensionWise: .constant(0)))

  /// InfoVAE with the divergence of the aggregate posterior itself in place of a discrepancy (Zhao 2017,
  /// arXiv:1706.02262, equation 6 at α = 1): λ·④ and no mutual information.
  static let infoDivergence = decomposition(
    identifier: "infoDivergence", name: "info-vae-kl",
    summary: "codes distributed as the prior: λ·KL(q(z) ‖ p(z)), which is ④, and no weight on mutual information",
    formula: "R + λ·(TC + DW)", source: "Zhao 2017, arXiv:1706.02262",
    weights: [.control("lambda", symbol: "λ", "weight of the aggregate posterior's divergence", default: 10)],
    parts: .init(
      mutualInformation: .constant(0), betweenGroups: .control("lambda"), dimensionWise: .control("lambda")))

  /// Kumar's penalty as the table of the field has it: a weight on ④ beside the mutual information.
  static let aggregateDivergence = decomposition(
    identifier: "aggregateDivergence", name: "dip",
    summary: "the evidence lower bound with λ on the aggregate posterior's divergence ④",
    formula: "R + MI + λ·(TC + DW)", source: "Kumar 2017, arXiv:1711.00848",
    weights: [.control("lambda", symbol: "λ", "weight of the aggregate posterior's divergence", default: 10)],
    parts: .init(betweenGroups: .control("lambda"), dimensionWise: .control("lambda")))
}
