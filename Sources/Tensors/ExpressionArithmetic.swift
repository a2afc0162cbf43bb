import KernelInterface

/// Elementwise arithmetic. Shapes follow numpy's broadcasting: aligned at the last axis, extents equal or 1.
extension Expression {
  /// Elementwise sum.
  public static func + (left: Expression, right: Expression) -> Expression {
    if left.graph.uniformConstant(right.index) == 0, right.broadcasts(to: left.shape) { return left }
    if left.graph.uniformConstant(left.index) == 0, left.broadcasts(to: right.shape) { return right }
    return binary(.add, left, right)
  }
  /// Elementwise difference.
  public static func - (left: Expression, right: Expression) -> Expression {
    if left.graph.uniformConstant(right.index) == 0, right.broadcasts(to: left.shape) { return left }
    return binary(.subtract, left, right)
  }
  /// Elementwise product.
  public static func * (left: Expression, right: Expression) -> Expression {
    if left.graph.uniformConstant(right.index) == 1, right.broadcasts(to: left.shape) { return left }
    if left.graph.uniformConstant(left.index) == 1, left.broadcasts(to: right.shape) { return right }
    return binary(.multiply, left, right)
  }
  /// Elementwise quotient.
  public static func / (left: Expression, right: Expression) -> Expression {
    if left.graph.uniformConstant(right.index) == 1, right.broadcasts(to: left.shape) { return left }
    return binary(.divide, left, right)
  }

  /// Adds a number to every element.
  public static func + (left: Expression, right: Float) -> Expression { left + left.graph.constant(right) }
  /// Adds a number to every element.
  public static func + (left: Float, right: Expression) -> Expression { right.graph.constant(left) + right }
  /// Subtracts a number from every element.
  public static func - (left: Expression, right: Float) -> Expression { left - left.graph.constant(right) }
  /// Subtracts every element from a number.
  public static func - (left: Float, right: Expression) -> Expression { right.graph.constant(left) - right }
  /// Multiplies every element by a number.
  public static func * (left: Expression, right: Float) -> Expression { left * left.graph.constant(right) }
  /// Multiplies every element by a number.
  public static func * (left: Float, right: Expression) -> Expression { right.graph.constant(left) * right }
  /// Divides every element by a number.
  public static func / (left: Expression, right: Float) -> Expression { left / left.graph.constant(right) }
  /// Divides a number by every element.
  public static func / (left: Float, right: Expression) -> Expression { right.graph.constant(left) / right }
  /// Elementwise negation.
  public static prefix func - (value: Expression) -> Expression { value.unary(.negate) }

  /// Elementwise `exp`.
  public func exp() -> Expression { unary(.exp) }
  /// Elementwise natural logarithm.
  public func log() -> Expression { unary(.log) }
  /// Elementwise natural logarithm of probabilities. Of those that were made as `y.exp()` it is y itself, however far below
  /// the least float they lie; of others one that no float tells from 0 counts as the least normal one.
  public func logOfProbability() -> Expression {
    let node = graph.nodes[index]
    if case .unary(.exp) = node.operation { return graph.expression(node.operands[0]) }
    return maximum(.leastNormalMagnitude).log()
  }
  /// Elementwise square root.
  public func sqrt() -> Expression { unary(.squareRoot) }
  /// Elementwise square.
  public func square() -> Expression { unary(.square) }
  /// Elementwise `1 / x`.
  public func reciprocal() -> Expression { unary(.reciprocal) }
  /// Elementwise absolute value; its gradient at 0 is 0.
  public func absolute() -> Expression { unary(.absolute) }
  /// Elementwise hyperbolic tangent.
  public func tanh() -> Expression { unary(.tanh) }
  /// Elementwise `1 / (1 + exp(−x))`.
  public func sigmoid() -> Expression { unary(.sigmoid) }
  /// Elementwise `log(1 + exp(x))`.
  public func softplus() -> Expression { unary(.softplus) }
  /// Elementwise `max(x, 0)`; its gradient at 0 is 0.
  public func relu() -> Expression { unary(.relu) }
  /// Elementwise exponential linear unit with α = 1.
  public func elu() -> Expression { unary(.elu) }
  /// Elementwise `max(x, x / 5)`; its gradient at 0 is a fifth.
  public func leakyRelu() -> Expression { unary(.leakyRelu) }
  /// Elementwise sine; arguments up to some thousands keep its precision.
  public func sine() -> Expression { unary(.sine) }
  /// Elementwise cosine; arguments up to some thousands keep its precision.
  public func cosine() -> Expression { unary(.cosine) }
  /// 1 where an element is positive, otherwise 0; it carries no gradient.
  public func step() -> Expression { unary(.step) }

  /// The activation function applied to every element.
  public func activated(_ activation: Activation) -> Expression {
    switch activation {
    case .identity: self
    case .relu: relu()
    case .elu: elu()
    case .leakyRelu: leakyRelu()
    case .softplus: softplus()
    case .tanh: tanh()
    case .sigmoid: sigmoid()
    }
  }

  /// The elements limited to `range`; no gradient flows where the limit is active.
  public func clamped(_ range: ClosedRange<Float>) -> Expression {
    maximum(range.lowerBound).minimum(range.upperBound)
  }
  /// Elementwise larger of two; where they are equal the gradient goes to `self`.
  public func maximum(_ other: Expression) -> Expression { Self.binary(.maximum, self, other) }
  /// Elementwise smaller of two; where they are equal the gradient goes to `self`.
  public func minimum(_ other: Expression) -> Expression { Self.binary(.minimum, self, other) }
  /// Elementwise larger of the element and a number.
  public func maximum(_ other: Float) -> Expression { maximum(graph.constant(other)) }
  /// Elementwise smaller of the element and a number.
  public func minimum(_ other: Float) -> Expression { minimum(graph.constant(other)) }
  /// 1 where `self` ≥ `other`, otherwise 0; it carries no gradient.
  public func greaterOrEqual(_ other: Expression) -> Expression { Self.binary(.greaterOrEqual, self, other) }

  /// The same value as seen by the gradient: a constant.
  public func stoppingGradient() -> Expression { graph.record(.stopGradient, [index], shape) }

  func unary(_ operation: UnaryOperation) -> Expression { graph.record(.unary(operation), [index], shape) }

  static func binary(_ operation: BinaryOperation, _ left: Expression, _ right: Expression) -> Expression {
    precondition(left.graph === right.graph, "both operands must belong to one graph")
    let shape = broadcastShape(left.shape, right.shape)
    return left.graph.record(
      .binary(operation), [left.broadcast(to: shape).index, right.broadcast(to: shape).index], shape)
  }
}
