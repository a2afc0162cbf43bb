import Tensors

/// Independent variables that are 1 with probability `sigmoid(logit)`, otherwise 0. Values between 0 and 1 are scored as
/// the expectation over a coin of that probability, as is usual for grey pixels.
public struct Bernoulli: Distribution {
  /// Log-odds, `[…, D]`.
  public let logits: Expression

  /// Variables of these log-odds.
  public init(logits: Expression) { self.logits = logits }

  public var shape: [Int] { logits.shape }

  /// The probabilities, `[…, D]`.
  public var mean: Expression { logits.sigmoid() }

  /// A draw of zeros and ones; it carries no gradient.
  public func sample(named name: String, samples: Int?) -> Expression {
    let uniform = logits.graph.noise(.uniform, name: name, shape: shape(samples: samples))
    return mean.broadcast(to: uniform.shape).greaterOrEqual(uniform).stoppingGradient()
  }

  /// `Σ a·x − max(a, 0) − log(1 + e^{−|a|})` (Kingma & Welling 2013, arXiv:1312.6114, app. C.1).
  public func logProbability(of value: Expression) -> Expression {
    Expression.bernoulliLogLikelihood(logits: logits, targets: value)
  }

  /// `p·(a − b) − softplus(a) + softplus(b)` for log-odds a of this and b of the other.
  public func divergence(from other: any Distribution) -> Expression? {
    guard let other = other as? Bernoulli else { return nil }
    return mean * (logits - other.logits) - logits.softplus() + other.logits.softplus()
  }
}
