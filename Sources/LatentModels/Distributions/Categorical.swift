import Tensors

/// One of D classes, as a one-hot vector on the last axis.
public struct Categorical: Distribution {
  /// Unnormalised log-probabilities, `[…, D]`.
  public let logits: Expression
  public let isStandard: Bool

  /// A variable of these unnormalised log-probabilities.
  public init(logits: Expression) { self.init(logits: logits, isStandard: false) }

  private init(logits: Expression, isStandard: Bool) { (self.logits, self.isStandard) = (logits, isStandard) }

  /// Every class equally likely.
  public static func uniform(in graph: Graph, shape: [Int]) -> Categorical {
    Categorical(logits: graph.constant(0).broadcast(to: shape), isStandard: true)
  }

  public var shape: [Int] { logits.shape }

  public var codeForm: CodeForm? { .classes(logits: logits) }

  /// The probabilities, `[…, D]`.
  public var probabilities: Expression { logits.softmax(axis: -1) }

  /// The class of the largest logit + Gumbel noise, one-hot; it carries no gradient.
  public func sample(named name: String, samples: Int?) -> Expression {
    let noisy = logits + gumbelNoise(logits.graph, name: name, shape: shape(samples: samples))
    return noisy.greaterOrEqual(noisy.maximum(axis: -1).broadcast(to: noisy.shape)).stoppingGradient()
  }

  /// `Σ x·log p` for a one-hot (or averaged) `x`.
  public func logProbability(of value: Expression) -> Expression {
    (value * logits.logSoftmax(axis: -1)).sum(axes: [-1])
  }

  /// `p·(log p − log q)` for every class.
  public func divergence(from other: any Distribution) -> Expression? {
    guard let other = other as? Categorical else { return nil }
    return probabilities * (logits.logSoftmax(axis: -1) - other.logits.logSoftmax(axis: -1))
  }
}

/// Standard Gumbel noise, `−log(−log u)`.
func gumbelNoise(_ graph: Graph, name: String, shape: [Int]) -> Expression {
  -(-graph.noise(.uniform, name: name, shape: shape).log()).log()
}
