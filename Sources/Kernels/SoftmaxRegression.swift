import CIntrinsics
import Glibc
import KernelInterface

private typealias DoubleVector = SIMD4<Double>
private let rowsAtOnce = 4

/// Adds the gradient of a multinomial logistic regression over some rows, and returns their summed negative log-likelihood; a
/// few rows at a time, so that weights are loaded once for them.
public func softmaxGradient(_ pass: SoftmaxPass) -> Double {
  let (lanes, dimensions, width) = (SoftmaxPass.lanes, pass.dimensions, pass.width)
  let (features, weights, gradient) = (pass.features, pass.weights, pass.gradient)
  let vectors = width / lanes
  var total = 0.0
  withUnsafeTemporaryAllocation(of: DoubleVector.self, capacity: rowsAtOnce * vectors) { buffer in
    guard let scores = buffer.baseAddress else { return }
    for first in stride(from: pass.rows.lowerBound, to: pass.rows.upperBound, by: rowsAtOnce) {
      let used = min(rowsAtOnce, pass.rows.upperBound - first)
      // Rows beyond the end repeat the last one and are weighed by nothing.
      let last = pass.rows.upperBound - 1
      let r0 = features + first * dimensions
      let r1 = features + min(first + 1, last) * dimensions
      let r2 = features + min(first + 2, last) * dimensions
      let r3 = features + min(first + 3, last) * dimensions
      for v in 0..<vectors {
        var s0 = load(weights + dimensions * width + v * lanes)
        var (s1, s2, s3) = (s0, s0, s0)
        for i in 0..<dimensions {
          let weight = load(weights + i * width + v * lanes)
          s0 = multiplyAdd(weight, r0[i], s0)
          s1 = multiplyAdd(weight, r1[i], s1)
          s2 = multiplyAdd(weight, r2[i], s2)
          s3 = multiplyAdd(weight, r3[i], s3)
        }
        scores[v] = s0
        scores[vectors + v] = s1
        scores[2 * vectors + v] = s2
        scores[3 * vectors + v] = s3
      }
      for row in 0..<rowsAtOnce {
        let ownScores = scores + row * vectors
        guard row < used else {
          for v in 0..<vectors { ownScores[v] = .zero }
          continue
        }
        total += softmax(
          ownScores, target: Int(pass.targets[first + row]), classCount: pass.classCount, vectors: vectors)
      }
      for v in 0..<vectors {
        let p0 = scores[v]
        let p1 = scores[vectors + v]
        let p2 = scores[2 * vectors + v]
        let p3 = scores[3 * vectors + v]
        for i in 0..<dimensions {
          let place = gradient + i * width + v * lanes
          var sum = load(place)
          sum = multiplyAdd(p0, r0[i], sum)
          sum = multiplyAdd(p1, r1[i], sum)
          sum = multiplyAdd(p2, r2[i], sum)
          store(multiplyAdd(p3, r3[i], sum), place)
        }
        let place = gradient + dimensions * width + v * lanes
        store(load(place) + ((p0 + p1) + (p2 + p3)), place)
      }
    }
  }
  return total
}

/// Turns the scores of a row into probabilities minus the target, and returns the negative log-likelihood.
@inline(__always)
private func softmax(
  _ vectors: UnsafeMutablePointer<DoubleVector>, target: Int, classCount: Int, vectors count: Int
) -> Double {
  let scores = UnsafeMutableRawPointer(vectors).assumingMemoryBound(to: Double.self)
  var greatest = scores[0]
  for label in 1..<max(1, classCount) where scores[label] > greatest { greatest = scores[label] }
  // Classes that are only padding have no probability.
  for label in classCount..<max(classCount, count * SoftmaxPass.lanes) { scores[label] = -1000 + greatest }
  let scoreOfTarget = scores[target] - greatest
  var sums = DoubleVector.zero
  for v in 0..<count {
    let value = exponential(vectors[v] - greatest)
    vectors[v] = value
    sums += value
  }
  let sum = sums.sum()
  let share = DoubleVector(repeating: 1 / sum)
  for v in 0..<count { vectors[v] *= share }
  scores[target] -= 1
  return log(sum) - scoreOfTarget
}

@inline(__always) private func load(_ pointer: UnsafePointer<Double>) -> DoubleVector {
  UnsafeRawPointer(pointer).loadUnaligned(as: DoubleVector.self)
}
@inline(__always) private func load(_ pointer: UnsafeMutablePointer<Double>) -> DoubleVector {
  UnsafeRawPointer(pointer).loadUnaligned(as: DoubleVector.self)
}
@inline(__always) private func store(_ value: DoubleVector, _ pointer: UnsafeMutablePointer<Double>) {
  UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: DoubleVector.self)
}
@inline(__always) private func multiplyAdd(_ a: DoubleVector, _ b: Double, _ c: DoubleVector) -> DoubleVector {
  zscope_multiply_add4(a, DoubleVector(repeating: b), c)
}
@inline(__always) private func multiplyAdd(_ a: DoubleVector, _ b: DoubleVector, _ c: Double) -> DoubleVector {
  zscope_multiply_add4(a, b, DoubleVector(repeating: c))
}

/// `exp(x)` for x ≤ 0 in four lanes, 1e-304 below −700: reduction to |r| ≤ ½ log 2 and a Taylor polynomial of degree 12.
@inline(__always) private func exponential(_ x: DoubleVector) -> DoubleVector {
  let x = zscope_at_least4(x, -700)
  // Adding 1.5 · 2⁵² leaves the nearest whole number in the low bits.
  let magic = DoubleVector(repeating: 6_755_399_441_055_744)
  let shifted = multiplyAdd(x, 1.442_695_040_888_963_4, magic)
  let whole = shifted - magic
  let r = multiplyAdd(whole, -1.908_214_929_270_587_7e-10, multiplyAdd(whole, -0.693_147_180_369_123_816_49, x))
  var p = DoubleVector(repeating: 1 / 479_001_600.0)
  p = multiplyAdd(p, r, 1 / 39_916_800.0)
  p = multiplyAdd(p, r, 1 / 3_628_800.0)
  p = multiplyAdd(p, r, 1 / 362_880.0)
  p = multiplyAdd(p, r, 1 / 40_320.0)
  p = multiplyAdd(p, r, 1 / 5_040.0)
  p = multiplyAdd(p, r, 1 / 720.0)
  p = multiplyAdd(p, r, 1 / 120.0)
  p = multiplyAdd(p, r, 1 / 24.0)
  p = multiplyAdd(p, r, 1 / 6.0)
  p = multiplyAdd(p, r, 0.5)
  p = multiplyAdd(p, r, 1)
  p = multiplyAdd(p, r, 1)
  let exponent = unsafeBitCast(shifted, to: SIMD4<Int64>.self) &- unsafeBitCast(magic, to: SIMD4<Int64>.self)
  return unsafeBitCast(unsafeBitCast(p, to: SIMD4<Int64>.self) &+ (exponent &<< 52), to: DoubleVector.self)
}
