import CIntrinsics
import KernelInterface

typealias Vector = SIMD16<Float>
typealias IntVector = SIMD16<Int32>
typealias WordVector = SIMD16<UInt32>

@inline(__always) func load(_ pointer: UnsafePointer<Float>) -> Vector {
  UnsafeRawPointer(pointer).loadUnaligned(as: Vector.self)
}
@inline(__always) func load(_ pointer: UnsafeMutablePointer<Float>) -> Vector {
  UnsafeRawPointer(pointer).loadUnaligned(as: Vector.self)
}
@inline(__always) func store(_ value: Vector, _ pointer: UnsafeMutablePointer<Float>) {
  UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: Vector.self)
}
@inline(__always) func splat(_ value: Float) -> Vector { Vector(repeating: value) }
@inline(__always) func multiplyAdd(_ a: Vector, _ b: Vector, _ c: Vector) -> Vector {
  zscope_multiply_add16(a, b, c)
}
@inline(__always) func bits(_ value: Vector) -> IntVector { unsafeBitCast(value, to: IntVector.self) }
@inline(__always) func float(bits: IntVector) -> Vector { unsafeBitCast(bits, to: Vector.self) }

/// Choices lane by lane.
@inline(__always) func choose(_ a: Vector, less b: Vector, _ then: Vector, _ otherwise: Vector) -> Vector {
  zscope_if_less16(a, b, then, otherwise)
}
@inline(__always) func choose(_ a: Vector, less b: Float, _ then: Vector, _ otherwise: Vector) -> Vector {
  zscope_if_less16(a, splat(b), then, otherwise)
}
@inline(__always) func choose(_ a: IntVector, less b: Int32, _ then: Vector, _ otherwise: Vector) -> Vector {
  zscope_if_int_less16(a, IntVector(repeating: b), then, otherwise)
}
@inline(__always) func choose(_ a: IntVector, is b: Int32, _ then: Vector, _ otherwise: Vector) -> Vector {
  zscope_if_int_equal16(a, IntVector(repeating: b), then, otherwise)
}
/// `then` in the lanes where `a` is NaN.
@inline(__always) func choose(isNaN a: Vector, _ then: Vector, _ otherwise: Vector) -> Vector {
  zscope_if_different16(a, a, then, otherwise)
}

/// The absolute value, by clearing the sign.
@inline(__always) func absolute(_ x: Vector) -> Vector {
  float(bits: bits(x) & IntVector(repeating: 0x7FFF_FFFF))
}

/// `(exp(r) − 1)` for |r| ≤ ½ log 2 or a little more (coefficients: Cephes, S. Moshier).
@inline(__always) func exponentialMinusOneNearZero(_ r: Vector) -> Vector {
  var p = splat(1.987_569_15e-4)
  p = multiplyAdd(p, r, splat(1.398_199_950_7e-3))
  p = multiplyAdd(p, r, splat(8.333_451_907_3e-3))
  p = multiplyAdd(p, r, splat(4.166_579_589_4e-2))
  p = multiplyAdd(p, r, splat(1.666_666_545_9e-1))
  p = multiplyAdd(p, r, splat(5.000_000_120_1e-1))
  return multiplyAdd(p, r * r, r)
}

/// `exp(x)` by reduction to [−½ log 2, ½ log 2]; ∞ above 88.72, 0 below −103.97, NaN stays.
@inline(__always) func exponential(_ x: Vector) -> Vector {
  var y = choose(x, less: -105, splat(-105), x)
  y = choose(splat(89.5), less: y, splat(89.5), y)
  // Adding 1.5·2²³ rounds to a whole number, which then sits in the low bits.
  let shifted = multiplyAdd(y, splat(1.442_695_04), splat(12_582_912))
  let n = shifted - splat(12_582_912)
  var r = multiplyAdd(n, splat(-0.693_359_375), y)
  r = multiplyAdd(n, splat(2.121_944_4e-4), r)
  let result = exponentialMinusOneNearZero(r) + splat(1)
  // Two factors, because 2ⁿ itself may not be representable where the result is.
  let whole = bits(shifted) &- IntVector(repeating: 0x4B40_0000)
  let half = whole &>> 1
  let firstFactor = float(bits: (half &+ 127) &<< 23)
  let secondFactor = float(bits: (whole &- half &+ 127) &<< 23)
  return choose(isNaN: x, x, result * firstFactor * secondFactor)
}

/// `exp(x) − 1` without cancellation near 0.
@inline(__always) func exponentialMinusOne(_ x: Vector) -> Vector {
  let far = exponential(x) - splat(1)
  return choose(absolute(x), less: 0.35, exponentialMinusOneNearZero(x), far)
}

/// `log(x)` for positive normal or subnormal x; −∞ at 0, NaN below, ∞ at ∞.
@inline(__always) func logarithm(_ x: Vector) -> Vector {
  let raw = bits(x)
  // Subnormal: the bits, read as a whole number, are x·2¹⁴⁹; this works where the processor flushes subnormals too.
  let normal = choose(raw, less: 0x0080_0000, zscope_float_from_int16(raw & 0x7FFF_FFFF), x)
  let yBits = bits(normal)
  var e = zscope_float_from_int16((yBits &>> 23) &- 126)
  e = choose(raw, less: 0x0080_0000, e - splat(149), e)
  var y = float(bits: (yBits & 0x007F_FFFF) | 0x3F00_0000)  // in [½, 1)
  let root = splat(0.707_106_77)
  e = choose(y, less: root, e - splat(1), e)
  y = choose(y, less: root, y + y - splat(1), y - splat(1))
  let z = y * y
  var p = splat(7.037_683_629_2e-2)
  p = multiplyAdd(p, y, splat(-1.151_461_031e-1))
  p = multiplyAdd(p, y, splat(1.167_699_874e-1))
  p = multiplyAdd(p, y, splat(-1.242_014_084_6e-1))
  p = multiplyAdd(p, y, splat(1.424_932_278_7e-1))
  p = multiplyAdd(p, y, splat(-1.666_805_766_5e-1))
  p = multiplyAdd(p, y, splat(2.000_071_476_5e-1))
  p = multiplyAdd(p, y, splat(-2.499_999_399_3e-1))
  p = multiplyAdd(p, y, splat(3.333_333_117_4e-1))
  var result = p * y * z
  result = multiplyAdd(e, splat(-2.121_944_4e-4), result)
  result = multiplyAdd(z, splat(-0.5), result)
  result = multiplyAdd(e, splat(0.693_359_375), y + result)
  result = choose(raw, less: 0x7F80_0000, result, x)  // ∞ and NaN stay
  result = choose(raw, less: 0, splat(.nan), result)
  // Asked of `normal`: the compiler would turn a question to the bits into one to the float, for which a processor that
  // flushes subnormals takes them for zero.
  return zscope_if_different16(normal, splat(0), result, splat(-.infinity))
}

/// `exp(x)` for x ≤ 0: one factor 2ⁿ will do. 0 where the result would be
/// subnormal and such numbers are flushed, as on every worker; NaN stays.
@inline(__always) func exponentialOfNegative(_ x: Vector) -> Vector {
  // The least whose power of 2 is normal still; its exponential is not, and is flushed.
  let y = choose(x, less: -87.4, splat(-87.4), x)
  let shifted = multiplyAdd(y, splat(1.442_695_04), splat(12_582_912))
  let n = shifted - splat(12_582_912)
  var r = multiplyAdd(n, splat(-0.693_359_375), y)
  r = multiplyAdd(n, splat(2.121_944_4e-4), r)
  // What is left of the bits of 1.5·2²³ is shifted out.
  return (exponentialMinusOneNearZero(r) + splat(1)) * float(bits: (bits(shifted) &+ 127) &<< 23)
}

/// `log(1 + u)` for u in [0, 1], exact to rounding for small u: `u + u²·q(u)` with the polynomial of degree 8 whose
/// largest relative error is least, 3e-8 with coefficients of single precision.
@inline(__always) func logarithmOfOnePlus(_ u: Vector) -> Vector {
  var q = splat(-3.318_381_5e-3)
  q = multiplyAdd(q, u, splat(2.020_417_53e-2))
  q = multiplyAdd(q, u, splat(-5.766_367_91e-2))
  q = multiplyAdd(q, u, splat(1.068_047_81e-1))
  q = multiplyAdd(q, u, splat(-1.535_535_16e-1))
  q = multiplyAdd(q, u, splat(1.969_538_48e-1))
  q = multiplyAdd(q, u, splat(-2.495_858_37e-1))
  q = multiplyAdd(q, u, splat(3.333_051_20e-1))
  q = multiplyAdd(q, u, splat(-4.999_993_15e-1))
  return multiplyAdd(q, u * u, u)
}

/// `log(1 + exp(x))`.
@inline(__always) func softplus(_ x: Vector) -> Vector {
  choose(x, less: 0, splat(0), x) + logarithmOfOnePlus(exponentialOfNegative(-absolute(x)))
}

/// `1 / (1 + exp(−x))`, with full relative precision on both sides.
@inline(__always) func sigmoid(_ x: Vector) -> Vector {
  let e = exponentialOfNegative(-absolute(x))
  let s = splat(1) / (e + splat(1))
  return choose(x, less: 0, e * s, s)
}

/// Hyperbolic tangent.
@inline(__always) func hyperbolicTangent(_ x: Vector) -> Vector {
  let size = absolute(x)
  let far = splat(1) - splat(2) / (exponential(size + size) + splat(1))
  let sign = bits(x) & IntVector(repeating: Int32(bitPattern: 0x8000_0000))
  let signed = float(bits: bits(far) | sign)
  let z = x * x
  var p = splat(-5.704_988_727_45e-3)
  p = multiplyAdd(p, z, splat(2.063_908_879_54e-2))
  p = multiplyAdd(p, z, splat(-5.373_971_555_31e-2))
  p = multiplyAdd(p, z, splat(1.333_144_220_36e-1))
  p = multiplyAdd(p, z, splat(-3.333_328_194_22e-1))
  let near = multiplyAdd(p * z, x, x)
  return choose(size, less: 0.625, near, signed)
}

/// Exponential linear unit with α = 1.
@inline(__always) func exponentialLinear(_ x: Vector) -> Vector {
  choose(x, less: 0, exponentialMinusOne(x), x)
}

/// Larger of two; NaN wins.
@inline(__always) func maximum(_ a: Vector, _ b: Vector) -> Vector {
  choose(isNaN: b, b, choose(a, less: b, b, a))
}

/// Smaller of two; NaN wins.
@inline(__always) func minimum(_ a: Vector, _ b: Vector) -> Vector {
  choose(isNaN: b, b, choose(b, less: a, b, a))
}

/// `a·x − max(a, 0) − log(1 + exp(−|a|))`.
@inline(__always) func bernoulliLogLikelihood(_ a: Vector, _ x: Vector) -> Vector {
  // a·(x − 1) for positive a cancels exactly at x = 1, and the certain outcome of an infinite logit costs nothing.
  let factor = x - choose(splat(0), less: a, splat(1), splat(0))
  let linear = zscope_if_different16(factor, splat(0), a * factor, factor)
  return linear - logarithmOfOnePlus(exponentialOfNegative(-absolute(a)))
}

/// The sum of the lanes in a fixed order: halves are added until one number is left.
@inline(__always) func sumOfLanes(_ x: Vector) -> Float {
  let eight = x.lowHalf + x.highHalf
  let four = eight.lowHalf + eight.highHalf
  let two = four.lowHalf + four.highHalf
  return two[0] + two[1]
}

/// `x` where it is positive, otherwise a fifth of it.
@inline(__always) func leakyRectified(_ x: Vector) -> Vector {
  choose(x, less: 0, x * splat(UnaryOperation.leakySlope), x)
}

/// Sine and cosine of 2πu for u in [−½, 1): the quarter turn is taken off, the rest is a polynomial (Cephes).
@inline(__always) func sineAndCosineOfTurns(_ u: Vector) -> (Vector, Vector) {
  let shifted = multiplyAdd(u, splat(4), splat(12_582_912))
  let x = (u - (shifted - splat(12_582_912)) * splat(0.25)) * splat(6.283_185_307)
  return sineAndCosine(x, quarter: bits(shifted) & IntVector(repeating: 3))
}

/// Sine and cosine of `x`; the error grows with |x|, to 1e-6 at 1,000.
@inline(__always) func sineAndCosine(_ x: Vector) -> (Vector, Vector) {
  let shifted = multiplyAdd(x, splat(0.636_619_772), splat(12_582_912))
  let n = shifted - splat(12_582_912)
  // π/2 in three parts, the first of few bits so that its multiples are exact.
  var r = multiplyAdd(n, splat(-1.570_312_5), x)
  r = multiplyAdd(n, splat(-4.837_512_969_970_703e-4), r)
  r = multiplyAdd(n, splat(-7.549_789_948_768_648e-8), r)
  return sineAndCosine(r, quarter: bits(shifted) & IntVector(repeating: 3))
}

/// Sine and cosine of an angle in [−π/4, π/4] plus so many quarter turns.
@inline(__always) private func sineAndCosine(_ x: Vector, quarter: IntVector) -> (Vector, Vector) {
  let z = x * x
  var s = splat(-1.951_529_589_1e-4)
  s = multiplyAdd(s, z, splat(8.332_160_873_6e-3))
  s = multiplyAdd(s, z, splat(-1.666_665_461_1e-1))
  let sine = multiplyAdd(s * z, x, x)
  var c = splat(2.443_315_711_809_948e-5)
  c = multiplyAdd(c, z, splat(-1.388_731_625_493_765e-3))
  c = multiplyAdd(c, z, splat(4.166_664_568_298_827e-2))
  let cosine = multiplyAdd(c * z, z, multiplyAdd(splat(-0.5), z, splat(1)))
  let first = choose(quarter & 1, is: 1, cosine, sine)
  let second = choose(quarter & 1, is: 1, sine, cosine)
  return (
    choose(quarter & 2, is: 2, -first, first), choose((quarter &+ 1) & 2, is: 2, -second, second)
  )
}

/// `2ʸ` for y ≤ 126, and 2⁻¹²⁵ for everything below −125; NaN stays. Half the work of `exponential`, for arguments that
/// were made at most 0 before (coefficients: Cephes).
@inline(__always) func powerOfTwo(_ y: Vector) -> Vector {
  let x = choose(y, less: -125, splat(-125), y)
  let shifted = x + splat(12_582_912)
  let f = x - (shifted - splat(12_582_912))
  var p = splat(1.535_336_188_319_5e-4)
  p = multiplyAdd(p, f, splat(1.339_887_440_266_574e-3))
  p = multiplyAdd(p, f, splat(9.618_437_357_674_64e-3))
  p = multiplyAdd(p, f, splat(5.550_332_471_162_809e-2))
  p = multiplyAdd(p, f, splat(2.402_264_791_363_012e-1))
  p = multiplyAdd(p, f, splat(6.931_472_028_550_421e-1))
  p = multiplyAdd(p, f, splat(1))
  return float(bits: bits(p) &+ (bits(shifted) &<< 23))
}

/// The activation at the end of a matrix product.
@inline(__always) func activated(_ x: Vector, _ activation: UnaryOperation) -> Vector {
  switch activation {
  case .tanh: hyperbolicTangent(x)
  case .sigmoid: sigmoid(x)
  case .softplus: softplus(x)
  case .relu: choose(x, less: 0, splat(0), x)
  case .elu: exponentialLinear(x)
  case .leakyRelu: leakyRectified(x)
  default: x
  }
}
