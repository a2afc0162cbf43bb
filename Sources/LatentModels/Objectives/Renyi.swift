import Glibc
import Tensors

/// The variational Rényi bound (Li & Turner 2016, arXiv:1602.02311, equation 6):
/// `L_α = (log mean_k exp((1 − α)·log w_k))/(1 − α)`; α → 1 is the evidence lower bound, α = 0 the importance-weighted one,
/// −∞ the largest and ∞ the smallest weight.
struct Renyi: Objective {
  let order: Double

  func terms(_ traces: Traces) -> ObjectiveTerms {
    ObjectiveTerms(
      traces.shownBound, loss: -Self.bound(traces.logWeights, order: order, samples: traces.inference.axis.extent))
  }

  /// The bound of log-weights `[samples, batch]` (or `[batch]` of one sample) → `[batch]`.
  static func bound(_ logWeights: Expression, order: Double, samples: Int) -> Expression {
    guard samples > 1 else { return logWeights }
    let rest = 1 - order
    let batch = [logWeights.shape[1]]
    if rest == .infinity { return logWeights.maximum(axis: 0).reshaped(batch) }
    if rest == -.infinity { return -(-logWeights).maximum(axis: 0).reshaped(batch) }
    // Near α = 1 the quotient loses all digits; the mean and half the variance are the start of its series.
    if abs(rest) < 1e-3 {
      let mean = logWeights.mean(axes: [0])
      let variance = (logWeights - mean.reshaped([1] + batch)).square().mean(axes: [0])
      return mean + variance * Float(rest / 2)
    }
    return ((logWeights * Float(rest)).logSumExp(axis: 0) - Float(log(Double(samples)))) * Float(1 / rest)
  }
}

extension ObjectiveKind {
  static let renyi = ObjectiveKind(
    identifier: "renyi", name: "renyi", summary: "the Rényi bound of order α over K samples",
    formula: "−(log mean_k w_k^(1−α))/(1−α)", source: "Li & Turner 2016, arXiv:1602.02311",
    settings: [
      Setting(
        "alpha", symbol: "α", "the order: 1 is the ELBO, 0 the importance-weighted bound, -inf the largest weight",
        .number(default: 0.5, range: -Double.infinity...Double.infinity, scale: .linear, step: 0.1, isLive: false))
    ],
    requirements: .init(needsPosterior: true, isAdditive: false)
  ) { Renyi(order: $0.number("alpha")) }
}
