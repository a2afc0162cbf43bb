import Glibc
import Tensors

/// The variational Rényi bound (Li & Turner 2016, arXiv:1602.02311, equation 6):
/// `L_α = (log mean_k exp((1 − α)·log w_k))/(1 − α)`; α → 1 is the evidence lower bound, α = 0 the importance-weighted one,
/// −∞ the largest and ∞ the smallest weight.
struct Renyi: Objective {
  /// α where it is infinite, which no control leads to; nil: as the control says.
  let limit: Double?

  static let order = "alpha"

  func terms(_ traces: Traces) -> ObjectiveTerms {
    let samples = traces.inference.axis.extent
    let bound =
      limit.map { Self.bound(traces.logWeights, order: $0, samples: samples) }
      ?? Self.bound(traces.logWeights, order: traces.control(Self.order), samples: samples)
    return ObjectiveTerms(traces.shownBound, loss: -bound)
  }

  /// The bound of log-weights `[samples, batch]` (or `[batch]` of one sample) → `[batch]`.
  static func bound(_ logWeights: Expression, order: Double, samples: Int) -> Expression {
    guard samples > 1 else { return logWeights }
    let batch = [logWeights.shape[1]]
    if order == -.infinity { return logWeights.maximum(axis: 0).reshaped(batch) }
    if order == .infinity { return -(-logWeights).maximum(axis: 0).reshaped(batch) }
    return bound(logWeights, order: logWeights.graph.constant(Float(order)), samples: samples)
  }

  /// The same for an order that is a scalar of the graph, `[]`, and finite.
  static func bound(_ logWeights: Expression, order: Expression, samples: Int) -> Expression {
    guard samples > 1 else { return logWeights }
    let batch = [logWeights.shape[1]]
    let rest = 1 - order
    // Near α = 1 the quotient loses all digits; the mean and half the variance are the start of its series. Each has a
    // weight of 0 or 1, so what the other divides by must not be 0.
    let isNear = (Self.nearness - rest.absolute()).step()
    let divisor = rest * (1 - isNear) + isNear
    let quotient =
      ((logWeights * divisor).logSumExp(axis: 0) - Float(log(Double(samples)))) / divisor
    let mean = logWeights.mean(axes: [0])
    let variance = (logWeights - mean.reshaped([1] + batch)).square().mean(axes: [0])
    return quotient * (1 - isNear) + (mean + variance * (rest * 0.5)) * isNear
  }

  private static let nearness: Float = 1e-3
}

extension ObjectiveKind {
  static let renyi = ObjectiveKind(
    identifier: "renyi", name: "renyi", summary: "the Rényi bound of order α over K samples",
    formula: "−(log mean_k w_k^(1−α))/(1−α)", source: "Li & Turner 2016, arXiv:1602.02311",
    settings: [
      Setting(
        Renyi.order, symbol: "α",
        "order: 1 is the ELBO, 0 the importance-weighted bound, -inf the largest weight",
        .number(default: 0.5, range: -1_000_000...1_000_000, scale: .linear, step: 0.1, isLive: true),
        takesInfinity: true)
    ],
    limit: { values in
      guard let order = values[Renyi.order] else { return nil }
      return switch order {
      case 1: "−mean_k log w_k, the ELBO (α = 1)"
      case 0: "−log mean_k w_k, the importance-weighted bound (α = 0)"
      case -.infinity: "−max_k log w_k, the largest weight (the limit α → −∞)"
      case .infinity: "−min_k log w_k, the smallest weight (the limit α → ∞)"
      default: nil
      }
    },
    requirements: .init(needsPosterior: true, isAdditive: false, takesClassAsEvidence: true),
    details: ImportanceWeightedBound.details,
    idleReason: { name, configuration in
      name == Renyi.order && configuration.objective.samples == 1
        ? "of one sample every order is the ELBO: use more samples" : nil
    }
  ) {
    let order = $0.number(Renyi.order)
    return Renyi(limit: order.isInfinite ? order : nil)
  }
}
