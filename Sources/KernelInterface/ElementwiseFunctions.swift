/// Elementwise functions of one operand.
public enum UnaryOperation: UInt8, Sendable, Hashable {
  case copy, negate, exp, log, squareRoot, square, reciprocal, absolute, sign
  case tanh, sigmoid, softplus, relu, elu
  /// `x` where it is positive, otherwise a fifth of it.
  case leakyRelu
  case sine, cosine
  /// 1 where the operand is positive, otherwise 0.
  case step
  /// 1 where the operand is positive, otherwise a fifth: the derivative of the leaky relu written in its value.
  case leakyStep
  /// `1 − exp(−y)`: the derivative of softplus written in its value `y`.
  case softplusSlope

  /// The slope of the leaky relu where its operand is negative (as in Kim & Mnih 2018, 1802.05983).
  public static var leakySlope: Float { 0.2 }
}

/// Elementwise functions of two operands of equal shape.
public enum BinaryOperation: UInt8, Sendable, Hashable {
  case add, subtract, multiply, divide, maximum, minimum
  /// 1 where left ≥ right, otherwise 0.
  case greaterOrEqual
  /// `a·x − max(a, 0) − log(1 + exp(−|a|))` for a logit `a` and a target `x`.
  case bernoulliLogLikelihood
}

/// What one step of a strip program does.
public enum ElementwiseFunction: Sendable, Hashable {
  case unary(UnaryOperation)
  case binary(BinaryOperation)
}
