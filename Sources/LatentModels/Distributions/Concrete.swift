import Glibc
import Tensors

/// A differentiable relaxation of a categorical variable: a point of the simplex that tends to a corner as the
/// temperature falls (Maddison 2016, arXiv:1611.00712; Jang 2016, arXiv:1611.01144).
public struct Concrete: Distribution {
  /// Unnormalised log-probabilities, `[…, D]`.
  public let logits: Expression
  /// The temperature τ, of shape `[]`; a scalar of the graph if it is to be annealed.
  public let temperature: Expression
  public let isStandard: Bool

  /// A variable of these log-probabilities at `temperature`.
  public init(logits: Expression, temperature: Expression) {
    self.init(logits: logits, temperature: temperature, isStandard: false)
  }

  private init(logits: Expression, temperature: Expression, isStandard: Bool) {
    (self.logits, self.temperature, self.isStandard) = (logits, temperature, isStandard)
  }

  /// The relaxation of a variable of which every class is equally likely.
  public static func uniform(in graph: Graph, shape: [Int], temperature: Expression) -> Concrete {
    Concrete(logits: graph.constant(0).broadcast(to: shape), temperature: temperature, isStandard: true)
  }

  public var shape: [Int] { logits.shape }

  public var codeForm: CodeForm? { .classes(logits: logits) }

  /// `softmax((logits + g)/τ)` with Gumbel noise g.
  public func sample(named name: String, samples: Int?) -> Expression {
    relaxed(gumbel: gumbelNoise(logits.graph, name: name, shape: shape(samples: samples)))
  }

  /// The value that given Gumbel noise leads to. It is made from its logarithm (the appendix of arXiv:1611.00712 on
  /// log-space), by which it is scored: at a low temperature most of it is less than any float.
  func relaxed(gumbel: Expression) -> Expression {
    let noisy = logits + gumbel
    // What is large is taken off before the temperature makes it larger: the softmax is the same.
    let below = noisy - noisy.maximum(axis: -1).stoppingGradient()
    return (below / temperature).logSoftmax(axis: -1).exp()
  }

  /// The density on the simplex, arXiv:1611.00712, equation 10:
  /// `log (D−1)! + (D−1)·log τ + Σ(aᵢ − (τ+1)·log xᵢ) − D·lse(aᵢ − τ·log xᵢ)`. Exact of what was drawn from such a variable,
  /// this one or another.
  public func logProbability(of value: Expression) -> Expression {
    let classes = Float(shape.last ?? 1)
    let logValue = value.logOfProbability()
    let joint = (logits - (temperature + 1) * logValue).sum(axes: [-1])
    let normalizer = (logits - temperature * logValue).logSumExp(axis: -1)
    return joint - normalizer * classes + temperature.log() * (classes - 1) + Float(lgamma(Double(classes)))
  }
}
