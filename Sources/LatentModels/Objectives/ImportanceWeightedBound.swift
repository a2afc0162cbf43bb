import Glibc
import Tensors

/// The negative importance-weighted bound `−L_K`, `L_K = lse_k(log w_k) − log K`, `log w = log p(x, z) − log q(z|x)`
/// (Burda 2015, arXiv:1509.00519). Its plain gradient weighs the samples by their normalised weights.
struct ImportanceWeightedBound: Objective {
  /// Terms "reconstruction" and "KL", shown only, as in the evidence lower bound on the same samples; the loss is `−L_K`.
  func terms(_ traces: Traces) -> ObjectiveTerms {
    let weights = traces.logWeights
    return ObjectiveTerms(
      [
        .init("reconstruction", symbol: "R", traces.reconstruction, weight: .shown),
        .init("KL", symbol: "KL", traces.divergence, weight: .shown),
      ], loss: -Self.bound(logWeights: weights, of: traces.inference))
  }

  /// `L_K` of log-weights `[samples, batch]` of a trace's samples → `[batch]`.
  static func bound(logWeights: Expression, of trace: Trace) -> Expression {
    guard let samples = trace.sampleAxis else { return logWeights }
    return logWeights.logSumExp(axis: 0) - Float(log(Double(samples)))
  }
}

extension ObjectiveKind {
  static let importanceWeightedBound = ObjectiveKind(
    identifier: "importanceWeightedBound", name: "iwae", summary: "the importance-weighted bound of K samples",
    formula: "−L_K, L_K = log mean_k p(x,z_k)/q(z_k|x)", source: "Burda 2015, arXiv:1509.00519",
    requirements: .init(needsPosterior: true, isAdditive: false)
  ) { _ in ImportanceWeightedBound() }
}
