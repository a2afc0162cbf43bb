/// Reductions and what is built on them. Axes may be negative: counted from the last.
extension Expression {
  /// Sum over `axes`.
  public func sum(axes: [Int], keepingDimensions: Bool = false) -> Expression {
    reduced(axes, keepingDimensions) { .sum(axes: $0) }
  }

  /// Mean over `axes`.
  public func mean(axes: [Int], keepingDimensions: Bool = false) -> Expression {
    let number = Set(axes.map(normalised)).reduce(1) { $0 * shape[$1] }
    return sum(axes: axes, keepingDimensions: keepingDimensions) * (1 / Float(number))
  }

  /// Sum of all elements, of shape `[]`. The last axis is summed first, which shares the work out and rounds less.
  public func sum() -> Expression {
    if rank == 0 { return self }
    if rank == 1 { return sum(axes: [0]) }
    return sum(axes: [rank - 1]).sum(axes: Array(0..<rank - 1))
  }

  /// Mean of all elements, of shape `[]`.
  public func mean() -> Expression { sum() * (1 / Float(count)) }

  /// `log Σ exp(x)` over one axis, safe for large, small and infinite elements.
  public func logSumExp(axis: Int, keepingDimensions: Bool = false) -> Expression {
    let axis = normalised(axis)
    let largest = finiteMaximum(axis)
    let result = (self - largest).exp().sum(axes: [axis], keepingDimensions: true).log() + largest
    return keepingDimensions ? result : result.removing([axis])
  }

  /// `exp(x) / Σ exp(x)` over one axis.
  public func softmax(axis: Int) -> Expression {
    let axis = normalised(axis)
    let powers = (self - finiteMaximum(axis)).exp()
    return powers / powers.sum(axes: [axis], keepingDimensions: true)
  }

  /// `x − log Σ exp(x)` over one axis.
  public func logSoftmax(axis: Int) -> Expression {
    self - logSumExp(axis: axis, keepingDimensions: true)
  }

  /// Largest element over one axis, kept with extent 1; equally large ones share the gradient.
  public func maximum(axis: Int) -> Expression { reduced([axis], true) { .maximum(axes: $0) } }

  /// The maximum, limited to finite numbers so that a row of −∞ does not become NaN.
  private func finiteMaximum(_ axis: Int) -> Expression {
    let limit = Float.greatestFiniteMagnitude
    return maximum(axis: axis).clamped(-limit...limit).stoppingGradient()
  }

  private func reduced(
    _ axes: [Int], _ keepingDimensions: Bool, _ operation: ([Int]) -> Operation
  ) -> Expression {
    let axes = Set(axes.map(normalised)).sorted()
    if axes.isEmpty { return self }
    var kept = shape
    for axis in axes { kept[axis] = 1 }
    let trivial = axes.allSatisfy { shape[$0] == 1 }
    let result = trivial ? self : graph.record(operation(axes), [index], kept)
    return keepingDimensions ? result : result.removing(axes)
  }

  private func removing(_ axes: [Int]) -> Expression {
    reshaped(shape.indices.filter { !axes.contains($0) }.map { shape[$0] })
  }
}
