/// What a node of a `Graph` computes. Everything a user records is expressed in these few operations, so gradients,
/// fusion and lowering have few cases to know.
enum Operation: Hashable, Sendable {
  case input(String)
  case images(String, PixelTreatment)
  case parameter(String)
  case scalar(String)
  case constant(Tensor)
  case noise(NoiseKind, String)
  case unary(UnaryOperation)
  case binary(BinaryOperation)
  /// Sum over the axes, which stay with extent 1.
  case sum(axes: [Int])
  /// Maximum over the axes, which stay with extent 1.
  case maximum(axes: [Int])
  case reshape
  case broadcast
  case transpose([Int])
  case slice(axis: Int, start: Int)
  /// Zeros around the operand along one axis: the gradient of a slice.
  case pad(axis: Int, before: Int)
  case concatenate(axis: Int)
  /// Matrix product of the last two axes; leading axes agree.
  case matrixProduct(transposingLeft: Bool, transposingRight: Bool)
  case stopGradient
}

/// Elementwise functions of one operand.
enum UnaryOperation: UInt8, Sendable, Hashable {
  case copy = 0
  case negate, exp, log, squareRoot, square, reciprocal, absolute, sign
  case tanh, sigmoid, softplus, relu, elu
  /// 1 where the operand is positive, otherwise 0.
  case step
  /// `1 − exp(−y)`: the derivative of softplus written in its value `y`.
  case softplusSlope
}

/// Elementwise functions of two operands of equal shape.
enum BinaryOperation: UInt8, Sendable, Hashable {
  case add = 32
  case subtract, multiply, divide, maximum, minimum
  /// 1 where left ≥ right, otherwise 0.
  case greaterOrEqual
  /// `a·x − max(a, 0) − log(1 + exp(−|a|))` for a logit `a` and a target `x`.
  case bernoulliLogLikelihood
}

/// One recorded operation.
struct Node: Hashable, Sendable {
  let operation: Operation
  let operands: [Int]
  let shape: [Int]
  var count: Int { shape.reduce(1, *) }
}
