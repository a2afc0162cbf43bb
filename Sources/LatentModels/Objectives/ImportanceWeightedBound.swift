import Glibc
import Tensors

/// The negative importance-weighted bound `−L_K`, `L_K = lse_k(log w_k) − log K`, `log w = log p(x, z) − log q(z|x)`
/// (Burda 2015, arXiv:1509.00519). Its plain gradient weighs the samples by their normalised weights; that of the inference
/// program can be doubly reparameterised, or that of both be taken of one sample, drawn by its weight: a third of the work
/// for a noisier gradient of the same mean.
struct ImportanceWeightedBound: Objective {
  var gradient = GradientEstimator.reparameterised

  /// Terms "reconstruction" and "KL", shown only, as in the evidence lower bound on the same samples; the loss is `−L_K`.
  func terms(_ traces: Traces) -> ObjectiveTerms {
    switch gradient {
    case .doublyReparameterised: return doublyReparameterised(traces)
    case .resampled:
      let weights = traces.logWeights
      let loss = -Self.bound(logWeights: weights, of: traces.inference)
      return ObjectiveTerms(
        traces.shownBound, loss: loss.withGradient(of: -traces.resampled(by: weights).logWeights))
    case .reparameterised, .scoreFunction:
      return ObjectiveTerms(
        traces.shownBound, loss: -Self.bound(logWeights: traces.logWeights, of: traces.inference))
    }
  }

  private func doublyReparameterised(_ traces: Traces) -> ObjectiveTerms {
    let seen = DetachedTraces(traces)
    let weights = seen.logWeights
    let loss = -Self.bound(logWeights: weights, of: traces.inference)
    let shares = (traces.inference.sampleAxis == nil ? weights * 0 + 1 : weights.softmax(axis: 0)).stoppingGradient()
    return ObjectiveTerms(
      seen.traces.shownBound,
      loss: loss.withGradient(of: loss + seen.path(of: loss, responsibility: shares, factor: shares)))
  }

  /// `L_K` of log-weights `[samples, batch]` of a trace's samples → `[batch]`.
  static func bound(logWeights: Expression, of trace: Trace) -> Expression {
    guard let samples = trace.sampleAxis else { return logWeights }
    return logWeights.logSumExp(axis: 0) - Float(log(Double(samples)))
  }
}

extension ImportanceWeightedBound {
  /// The samples that a bound is of, beside its formula.
  static let details: @Sendable (ObjectiveConfiguration) -> [String] = { ["K = \($0.samples)"] }
}

extension Traces {
  /// The parts of the evidence lower bound on these samples, shown beside a bound that is no sum of them.
  var shownBound: [ObjectiveTerms.Term] {
    [
      .reconstruction(reconstruction, weight: .shown),
      .divergence(divergence, weight: .shown),
    ]
  }
}

extension ObjectiveKind {
  static let importanceWeightedBound = ObjectiveKind(
    identifier: "importanceWeightedBound", name: "iwae", summary: "the importance-weighted bound of K samples",
    formula: "−L_K, L_K = log mean_k p(x,z_k)/q(z_k|x)",
    source: "Burda 2015, arXiv:1509.00519; Tucker 2018, arXiv:1810.04152",
    settings: [GradientEstimator.setting([.reparameterised, .doublyReparameterised, .resampled])],
    requirements: .init(needsPosterior: true, isAdditive: false, takesClassAsEvidence: true),
    details: ImportanceWeightedBound.details,
    idleReason: { name, configuration in
      name == GradientEstimator.settingName && configuration.objective.samples == 1
        && configuration.objective.word(name) == GradientEstimator.resampled.rawValue
        ? "of one sample there is none to choose: use more samples" : nil
    }
  ) { ImportanceWeightedBound(gradient: GradientEstimator(rawValue: $0.word("gradient")) ?? .reparameterised) }
}
