import Tensors

/// A normal variable whose neighbouring dimensions depend on each other: its precision is `L·Lᵀ` with a lower-bidiagonal
/// `L` of diagonal `a > 0` and sub-diagonal `b`. Everything is linear in the number of dimensions; `b = 0` is `Normal`.
public struct GaussianChain: Distribution {
  /// Means, `[…, D]`.
  public let mean: Expression
  /// Logarithms of the diagonal of `L`, `[…, D]`.
  public let logDiagonal: Expression
  /// The sub-diagonal of `L`, `[…, D − 1]`: entry j joins dimensions j and j + 1.
  public let subdiagonal: Expression

  /// A chain with this mean and factor of the precision.
  public init(mean: Expression, logDiagonal: Expression, subdiagonal: Expression) {
    self.mean = mean
    self.logDiagonal = logDiagonal
    self.subdiagonal = subdiagonal
  }

  public var shape: [Int] { mean.shape }

  /// Solves `Lᵀν = ε` from the last dimension to the first: `ν_D = ε_D/a_D`, `ν_j = (ε_j − b_j·ν_{j+1})/a_j`.
  public func sample(named name: String, samples: Int?) -> Expression {
    mean + deviation(noise: mean.graph.noise(.standardNormal, name: name, shape: shape(samples: samples)))
  }

  /// The deviation from the mean that given standard normal noise leads to.
  func deviation(noise: Expression) -> Expression {
    backwards { dimension, next in
      let own = column(noise, dimension)
      guard let next else { return own * reciprocalDiagonal(dimension) }
      return (own - column(subdiagonal, dimension) * next) * reciprocalDiagonal(dimension)
    }
  }

  /// The variance of every dimension alone: `t_D = a_D⁻²`, `t_j = (1 + b_j²·t_{j+1})/a_j²`.
  public var marginalVariance: Expression {
    backwards { dimension, next in
      let scale = reciprocalDiagonal(dimension).square()
      guard let next else { return scale }
      return (column(subdiagonal, dimension).square() * next + 1) * scale
    }
  }

  /// `−½‖Lᵀ(z − μ)‖² + Σ log a − ½D·log 2π`.
  public func logProbability(of value: Expression) -> Expression {
    let deviation = value - mean
    let last = (shape.last ?? 1) - 1
    var projected = logDiagonal.exp() * deviation
    if last > 0 {
      let following = subdiagonal * deviation.sliced(axis: -1, range: 1..<last + 1)
      projected = projected + following.padded(axis: -1, before: 0, after: 1)
    }
    return (logDiagonal - projected.square() * 0.5 - Self.halfLogTwoPi).sum(axes: [-1])
  }

  /// `½(μ² + t − 1) + log a` in every dimension, against the standard normal.
  public func divergence(from other: any Distribution) -> Expression? {
    guard let other = other as? Normal, other.isStandard else { return nil }
    return (mean.square() + marginalVariance - 1) * 0.5 + logDiagonal
  }

  private func column(_ value: Expression, _ index: Int) -> Expression {
    value.sliced(axis: -1, range: index..<index + 1)
  }

  private func reciprocalDiagonal(_ dimension: Int) -> Expression { (-column(logDiagonal, dimension)).exp() }

  /// Columns from the last to the first, each from the one after it.
  private func backwards(_ body: (Int, Expression?) -> Expression) -> Expression {
    var columns: [Expression] = []
    for dimension in (0..<(shape.last ?? 1)).reversed() { columns.insert(body(dimension, columns.first), at: 0) }
    return Expression.concatenated(columns, axis: -1)
  }

  private static let halfLogTwoPi: Float = 0.918_938_5
}
