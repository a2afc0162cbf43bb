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

/// Runs one elementwise operation over a strip. The numbers are the raw values of `UnaryOperation` and
/// `BinaryOperation`; a test holds every one of them against its formula.
func runStep(
  _ operation: UInt8, _ vectors: Int, _ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>,
  _ target: UnsafeMutablePointer<Float>
) {
  switch operation {
  case 0: map(vectors, left, target) { $0 }
  case 1: map(vectors, left, target) { -$0 }
  case 2: map(vectors, left, target) { exponential($0) }
  case 3: map(vectors, left, target) { logarithm($0) }
  case 4: map(vectors, left, target) { zscope_square_root16($0) }
  case 5: map(vectors, left, target) { $0 * $0 }
  case 6: map(vectors, left, target) { splat(1) / $0 }
  case 7: map(vectors, left, target) { absolute($0) }
  case 8:
    map(vectors, left, target) { x in
      let sign = choose(splat(0), less: x, splat(1), x)
      return choose(x, less: 0, splat(-1), sign)
    }
  case 9: map(vectors, left, target) { hyperbolicTangent($0) }
  case 10: map(vectors, left, target) { sigmoid($0) }
  case 11: map(vectors, left, target) { softplus($0) }
  case 12: map(vectors, left, target) { choose($0, less: 0, splat(0), $0) }
  case 13: map(vectors, left, target) { exponentialLinear($0) }
  case 14: map(vectors, left, target) { choose(splat(0), less: $0, splat(1), splat(0)) }
  case 15: map(vectors, left, target) { -exponentialMinusOne(-$0) }
  case 32: map(vectors, left, right, target) { $0 + $1 }
  case 33: map(vectors, left, right, target) { $0 - $1 }
  case 34: map(vectors, left, right, target) { $0 * $1 }
  case 35: map(vectors, left, right, target) { $0 / $1 }
  case 36: map(vectors, left, right, target) { maximum($0, $1) }
  case 37: map(vectors, left, right, target) { minimum($0, $1) }
  case 38: map(vectors, left, right, target) { zscope_if_at_least16($0, $1, splat(1), splat(0)) }
  case 39: map(vectors, left, right, target) { bernoulliLogLikelihood($0, $1) }
  default: break
  }
}
