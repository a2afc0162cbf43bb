import CIntrinsics
import KernelInterface

/// Applies `body` to `vectors` vectors.
@inline(__always) private func map(
  _ vectors: Int, _ left: UnsafeMutablePointer<Float>, _ target: UnsafeMutablePointer<Float>,
  _ body: (Vector) -> Vector
) {
  for index in 0..<vectors { store(body(load(left + index &* 16)), target + index &* 16) }
}

@inline(__always) private func map(
  _ vectors: Int, _ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>,
  _ target: UnsafeMutablePointer<Float>, _ body: (Vector, Vector) -> Vector
) {
  for index in 0..<vectors {
    store(body(load(left + index &* 16), load(right + index &* 16)), target + index &* 16)
  }
}

/// Runs one elementwise function over a strip; a test holds every one of them against its formula.
func runStep(
  _ function: ElementwiseFunction, _ vectors: Int, _ left: UnsafeMutablePointer<Float>,
  _ right: UnsafeMutablePointer<Float>, _ target: UnsafeMutablePointer<Float>
) {
  switch function {
  case .unary(let operation): runUnary(operation, vectors, left, target)
  case .binary(let operation): runBinary(operation, vectors, left, right, target)
  }
}

private func runUnary(
  _ operation: UnaryOperation, _ vectors: Int, _ operand: UnsafeMutablePointer<Float>,
  _ target: UnsafeMutablePointer<Float>
) {
  switch operation {
  case .copy: map(vectors, operand, target) { $0 }
  case .negate: map(vectors, operand, target) { -$0 }
  case .exp: map(vectors, operand, target) { exponential($0) }
  case .log: map(vectors, operand, target) { logarithm($0) }
  case .squareRoot: map(vectors, operand, target) { zscope_square_root16($0) }
  case .square: map(vectors, operand, target) { $0 * $0 }
  case .reciprocal: map(vectors, operand, target) { splat(1) / $0 }
  case .absolute: map(vectors, operand, target) { absolute($0) }
  case .sign:
    map(vectors, operand, target) { x in
      let sign = choose(splat(0), less: x, splat(1), x)
      return choose(x, less: 0, splat(-1), sign)
    }
  case .tanh: map(vectors, operand, target) { hyperbolicTangent($0) }
  case .sigmoid: map(vectors, operand, target) { sigmoid($0) }
  case .softplus: map(vectors, operand, target) { softplus($0) }
  case .relu: map(vectors, operand, target) { choose($0, less: 0, splat(0), $0) }
  case .elu: map(vectors, operand, target) { exponentialLinear($0) }
  case .leakyRelu: map(vectors, operand, target) { leakyRectified($0) }
  case .sine: map(vectors, operand, target) { sineAndCosine($0).0 }
  case .cosine: map(vectors, operand, target) { sineAndCosine($0).1 }
  case .step: map(vectors, operand, target) { choose(splat(0), less: $0, splat(1), splat(0)) }
  case .leakyStep:
    map(vectors, operand, target) { choose(splat(0), less: $0, splat(1), splat(UnaryOperation.leakySlope)) }
  case .softplusSlope: map(vectors, operand, target) { -exponentialMinusOne(-$0) }
  }
}

private func runBinary(
  _ operation: BinaryOperation, _ vectors: Int, _ left: UnsafeMutablePointer<Float>,
  _ right: UnsafeMutablePointer<Float>, _ target: UnsafeMutablePointer<Float>
) {
  switch operation {
  case .add: map(vectors, left, right, target) { $0 + $1 }
  case .subtract: map(vectors, left, right, target) { $0 - $1 }
  case .multiply: map(vectors, left, right, target) { $0 * $1 }
  case .divide: map(vectors, left, right, target) { $0 / $1 }
  case .maximum: map(vectors, left, right, target) { maximum($0, $1) }
  case .minimum: map(vectors, left, right, target) { minimum($0, $1) }
  case .greaterOrEqual: map(vectors, left, right, target) { zscope_if_at_least16($0, $1, splat(1), splat(0)) }
  case .bernoulliLogLikelihood: map(vectors, left, right, target) { bernoulliLogLikelihood($0, $1) }
  }
}
