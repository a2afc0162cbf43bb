import Glibc
import Tensors

/// The negative importance-weighted bound `−L_K`, `L_K = lse_k(log w_k) − log K`, `log w = log p(x, z) − log q(z|x)`
/// (Burda 2015, arXiv:1509.00519). Its plain gradient weighs the samples by their normalised weights.
public struct ImportanceWeightedBound: Objective {
  /// The objective takes K from the traces' samples.
  public init() {}

  /// Terms "reconstruction" and "KL" as in the evidence lower bound on the same samples; the total is `−L_K`.
  public func terms(inference: Trace, generative: Trace) -> ObjectiveTerms {
    guard let weights = Self.logWeights(inference: inference, generative: generative),
      let reconstruction = generative.reconstruction, let divergence = inference.divergence(from: generative)
    else { preconditionFailure("an importance-weighted bound needs latent and observed variables") }
    return ObjectiveTerms(
      terms: [("reconstruction", reconstruction), ("KL", divergence)], loss: -Self.bound(logWeights: weights))
  }

  /// `log w`, `[samples…, batch]`; nil for traces without variables.
  public static func logWeights(inference: Trace, generative: Trace) -> Expression? {
    guard let joint = generative.logProbability, let posterior = inference.logProbability else { return nil }
    return joint - posterior
  }

  /// `L_K` of log-weights `[samples, batch]` (or `[batch]`, one sample) → `[batch]`.
  public static func bound(logWeights: Expression) -> Expression {
    guard logWeights.rank == 2 else { return logWeights }
    return logWeights.logSumExp(axis: 0) - Float(log(Double(logWeights.shape[0])))
  }
}
