import Tensors

/// Independent normal variables, one for every element of the mean.
public struct Normal: Distribution {
  /// Means, `[…, D]`.
  public let mean: Expression
  /// Logarithms of the variances, of the same shape.
  public let logVariance: Expression
  public let isStandard: Bool

  /// Normal variables of these means and log-variances, which have one shape or broadcast to one.
  public init(mean: Expression, logVariance: Expression) {
    self.mean = mean
    self.logVariance = logVariance
    isStandard = false
  }

  /// Normal variables of a network's two heads: means, then log-variances, side by side `[…, 2·D]`.
  init(heads: Expression) {
    let width = heads.shape[heads.rank - 1] / 2
    self.init(
      mean: heads.sliced(axis: -1, range: 0..<width), logVariance: heads.sliced(axis: -1, range: width..<2 * width))
  }

  private init(standardIn graph: Graph, shape: [Int]) {
    mean = graph.constant(0).broadcast(to: shape)
    logVariance = mean
    isStandard = true
  }

  /// Mean 0 and variance 1 in every element of `shape`.
  public static func standard(in graph: Graph, shape: [Int]) -> Normal { Normal(standardIn: graph, shape: shape) }

  public var shape: [Int] { mean.shape }

  public var codeForm: CodeForm? { .normal(self) }

  /// The columns of a code whose first part is known as it is, as probabilities of a class are, and has no variance:
  /// `known` and the means, zeros and the log-variances.
  func columns(after known: Expression) -> (mean: Expression, logVariance: Expression) {
    let certain = known.graph.constant(0).broadcast(to: known.shape)
    return (
      Expression.concatenated([known, mean], axis: -1), Expression.concatenated([certain, logVariance], axis: -1)
    )
  }

  /// `μ + e^{s/2}·ε` (Kingma & Welling 2013, arXiv:1312.6114, section 2.4).
  public func sample(named name: String, samples: Int?) -> Expression {
    let noise = mean.graph.noise(.standardNormal, name: name, shape: shape(samples: samples))
    return isStandard ? noise : mean + (logVariance * 0.5).exp() * noise
  }

  /// Log-density of `value`, summed over the last axis: `[..., K]` to `[...]`, in nats.
  public func logProbability(of value: Expression) -> Expression {
    if isStandard { return (value.square() + Self.logTwoPi).sum(axes: [-1]) * -0.5 }
    return Expression.gaussianLogDensity(value: value, mean: mean, logVariance: logVariance).sum(axes: [-1])
  }

  /// `½(s₂ − s₁ + (e^{s₁} + (μ₁ − μ₂)²)·e^{−s₂} − 1)`; from the standard normal, arXiv:1312.6114, app. B.
  public func divergence(from other: any Distribution) -> Expression? {
    guard let other = other as? Normal else { return nil }
    if other.isStandard { return Expression.standardGaussianDivergence(mean: mean, logVariance: logVariance) }
    let scaled = (logVariance.exp() + (mean - other.mean).square()) * (-other.logVariance).exp()
    return (other.logVariance - logVariance + scaled - 1) * 0.5
  }

  private static let logTwoPi: Float = 1.837_877_1
}
