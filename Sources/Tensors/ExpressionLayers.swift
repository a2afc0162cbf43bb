/// Matrix products, layers and log-densities.
extension Expression {
  /// Matrix product of the last two axes, `[…, m, k] · […, k, n] → […, m, n]`; leading axes agree or broadcast.
  public func matrixProduct(
    _ other: Expression, transposingLeft: Bool = false, transposingRight: Bool = false
  ) -> Expression {
    precondition(rank >= 2 && other.rank >= 2, "a matrix product needs matrices, not \(shape) and \(other.shape)")
    let leading = broadcastShape(Array(shape.dropLast(2)), Array(other.shape.dropLast(2)))
    let left = broadcast(to: leading + shape.suffix(2))
    let right = other.broadcast(to: leading + other.shape.suffix(2))
    let m = shape[rank - (transposingLeft ? 1 : 2)]
    let k = shape[rank - (transposingLeft ? 2 : 1)]
    let n = other.shape[other.rank - (transposingRight ? 2 : 1)]
    precondition(
      k == other.shape[other.rank - (transposingRight ? 1 : 2)],
      "\(shape) and \(other.shape) do not agree in the summed extent")
    return graph.record(
      .matrixProduct(transposingLeft: transposingLeft, transposingRight: transposingRight),
      [left.index, right.index], leading + [m, n])
  }

  /// `activation(x · weightᵀ + bias)` on the last axis of `[…, in]`, with PyTorch's layout of the weight.
  ///
  /// - Parameters:
  ///   - weight: `[out, in]`.
  ///   - bias: `[out]`, or nil for none.
  /// - Returns: `[…, out]`.
  public func linear(
    weight: Expression, bias: Expression?, activation: Activation = .identity
  ) -> Expression {
    precondition(
      weight.rank == 2 && rank >= 1 && weight.shape[1] == shape[rank - 1],
      "a weight of shape \(weight.shape) does not fit an input of shape \(shape)")
    let rows = count / shape[rank - 1]
    var result = reshaped([rows, shape[rank - 1]]).matrixProduct(weight, transposingRight: true)
    if let bias { result = result + bias }
    return result.activated(activation).reshaped(shape.dropLast() + [weight.shape[0]])
  }

  /// Log-likelihood of targets under independent Bernoulli variables with the given logits, summed over the last axis.
  ///
  /// Kingma & Welling 2013, 1312.6114, app. C, in the form that is exact for large logits:
  /// `Σ a·x − max(a, 0) − log(1 + exp(−|a|))`, in nats.
  /// - Parameters:
  ///   - logits: `[…, D]`.
  ///   - targets: `[…, D]` in [0, 1]; missing leading (sample) axes are repeated.
  /// - Returns: `[…]`.
  public static func bernoulliLogLikelihood(logits: Expression, targets: Expression) -> Expression {
    binary(.bernoulliLogLikelihood, logits, targets).sum(axes: [-1])
  }

  /// Elementwise log-density of a normal distribution, `−½(log 2π + s + (x − μ)²·exp(−s))`, in nats.
  public static func gaussianLogDensity(
    value: Expression, mean: Expression, logVariance: Expression
  ) -> Expression {
    let logTwoPi: Float = 1.837_877_1
    let scaled = (value - mean).square() * (-logVariance).exp()
    return (scaled + logVariance + logTwoPi) * -0.5
  }

  /// Elementwise divergence KL(N(μ, eˢ) ‖ N(0, 1)) = ½(μ² + eˢ − 1 − s), in nats (1312.6114, app. B).
  public static func standardGaussianDivergence(mean: Expression, logVariance: Expression) -> Expression {
    (mean.square() + logVariance.exp() - logVariance - 1) * 0.5
  }
}
