import Tensors

#if canImport(Glibc)
  import Glibc
#endif

/// Multinomial logistic regression with an L2 penalty on the weights, not on the biases: the mean negative
/// log-likelihood plus `penalty/2 · ‖W‖²`, minimised by L-BFGS from zero.
///
/// The same optimum as scikit-learn's `LogisticRegression(C)` at `penalty = 1 / (C·n)`; with two classes scikit-learn has
/// one weight vector where this has two opposite ones, and the same optimum is at twice the penalty.
struct LogisticRegression: Sendable {
  private typealias Vector = SIMD4<Double>
  private static let lanes = 4
  /// Rows whose gradients are summed in one piece; fixed, so that sums do not depend on the number of threads.
  private static let pieceRows = 512
  private static let rowsAtOnce = 4

  let dimensions: Int
  let classCount: Int
  /// `[dimensions + 1, paddedClasses]`: the last row are biases.
  private(set) var parameters: [Double]
  /// The minimised objective in nats.
  let objective: Double
  let iterations: Int
  let converged: Bool
  /// Classes rounded up to whole vectors.
  private var paddedClasses: Int { Self.padded(classCount) }

  private static func padded(_ classes: Int) -> Int { (classes + lanes - 1) / lanes * lanes }

  /// The penalty at which the optimum is scikit-learn's of inverse strength `strength`, for `count` points.
  static func penalty(strength: Double, count: Int, classes: Int) -> Double {
    (classes == 2 ? 2 : 1) / (strength * Double(max(1, count)))
  }

  /// Fits `features` `[n, dimensions]` to `targets` in 0..<`classCount`, from `start` where given.
  ///
  /// - Parameter penalties: what stands in place of `penalty · I`, `[dimensions, dimensions]` and symmetric.
  init(
    features: [Double], dimensions: Int, targets: [Int32], classCount: Int, penalty: Double, penalties: [Double]? = nil,
    tolerance: Double = 1e-5, maximumIterations: Int = 500, start: [Double]? = nil, pool: WorkerPool = .inline
  ) {
    let width = Self.padded(classCount)
    let problem = Problem(
      features: features, dimensions: dimensions, targets: targets, classCount: classCount, width: width,
      penalty: penalties == nil ? penalty : 0, penalties: penalties, pool: pool)
    var minimiser = LimitedMemoryMinimiser()
    minimiser.gradientTolerance = tolerance
    minimiser.maximumIterations = maximumIterations
    let zero = [Double](repeating: 0, count: (dimensions + 1) * width)
    let outcome = minimiser.minimise(from: start ?? zero) { problem.loss($0, &$1) }
    self.dimensions = dimensions
    self.classCount = classCount
    parameters = outcome.point
    objective = outcome.value
    iterations = outcome.iterations
    converged = outcome.converged
  }

  func weight(_ dimension: Int, _ label: Int) -> Double { parameters[dimension * paddedClasses + label] }
  func bias(_ label: Int) -> Double { parameters[dimensions * paddedClasses + label] }

  /// The parameters of a regression with one more feature, which counts for nothing yet.
  var withAnotherDimension: [Double] {
    let width = paddedClasses
    return Array(parameters[..<(dimensions * width)]) + [Double](repeating: 0, count: width)
      + Array(parameters[(dimensions * width)...])
  }

  /// Scores (logits) of `features` `[n, dimensions]`, `[n, classes]`.
  func scores(_ features: [Double], pool: WorkerPool = .inline) -> [Double] {
    let count = dimensions > 0 ? features.count / dimensions : 0
    var result = [Double](repeating: 0, count: count * classCount)
    let width = paddedClasses
    result.withUnsafeMutableBufferPointer { result in
      features.withUnsafeBufferPointer { features in
        parameters.withUnsafeBufferPointer { parameters in
          pool.forEachPiece((count + Self.pieceRows - 1) / Self.pieceRows) { piece in
            for row in piece * Self.pieceRows..<min(count, (piece + 1) * Self.pieceRows) {
              for label in 0..<classCount { result[row * classCount + label] = parameters[dimensions * width + label] }
              for i in 0..<dimensions {
                let feature = features[row * dimensions + i]
                for label in 0..<classCount {
                  result[row * classCount + label] += feature * parameters[i * width + label]
                }
              }
            }
          }
        }
      }
    }
    return result
  }

  /// Probabilities of classes, `[n, classes]`.
  func probabilities(_ features: [Double], pool: WorkerPool = .inline) -> [Double] {
    var result = scores(features, pool: pool)
    for start in stride(from: 0, to: result.count, by: classCount) {
      let greatest = result[start..<start + classCount].max() ?? 0
      var sum = 0.0
      for index in start..<start + classCount {
        result[index] = exp(result[index] - greatest)
        sum += result[index]
      }
      for index in start..<start + classCount { result[index] /= sum }
    }
    return result
  }

  /// The most probable class of every row; the first of equals.
  func predict(_ features: [Double], pool: WorkerPool = .inline) -> [Int32] {
    let scores = scores(features, pool: pool)
    return stride(from: 0, to: scores.count, by: classCount).map { start in
      var best = 0
      for label in 1..<max(1, classCount) where scores[start + label] > scores[start + best] { best = label }
      return Int32(best)
    }
  }

  /// The objective and its gradient.
  private struct Problem {
    let features: [Double]
    let dimensions: Int
    let targets: [Int32]
    let classCount: Int
    let width: Int
    let penalty: Double
    /// What is added to it for every two features.
    let penalties: [Double]?
    let pool: WorkerPool

    func loss(_ point: [Double], _ gradient: inout [Double]) -> Double {
      let count = targets.count
      let pieces = (count + pieceRows - 1) / pieceRows
      let size = (dimensions + 1) * width
      var losses = [Double](repeating: 0, count: pieces)
      var gradients = [Double](repeating: 0, count: pieces * size)
      point.withUnsafeBufferPointer { point in
        features.withUnsafeBufferPointer { features in
          targets.withUnsafeBufferPointer { targets in
            losses.withUnsafeMutableBufferPointer { losses in
              gradients.withUnsafeMutableBufferPointer { gradients in
                guard let point = point.baseAddress, let features = features.baseAddress,
                  let targets = targets.baseAddress, let gradients = gradients.baseAddress
                else { return }
                pool.forEachPiece(pieces) { piece in
                  losses[piece] = partial(
                    point, features, targets, piece * pieceRows..<min(count, (piece + 1) * pieceRows),
                    gradients + piece * size)
                }
              }
            }
          }
        }
      }
      var total = losses.reduce(0, +)
      for index in gradient.indices { gradient[index] = 0 }
      for piece in 0..<pieces { for index in 0..<size { gradient[index] += gradients[piece * size + index] } }
      let share = 1 / Double(max(1, count))
      total *= share
      for index in gradient.indices { gradient[index] *= share }
      for index in 0..<dimensions * width {
        total += 0.5 * penalty * point[index] * point[index]
        gradient[index] += penalty * point[index]
      }
      if let penalties {
        for i in 0..<dimensions {
          for label in 0..<width {
            var sum = 0.0
            for j in 0..<dimensions { sum += penalties[i * dimensions + j] * point[j * width + label] }
            total += 0.5 * sum * point[i * width + label]
            gradient[i * width + label] += sum
          }
        }
      }
      return total
    }

    /// The summed negative log-likelihood of `rows`, a few rows at a time so that weights are loaded once for them; adds
    /// its gradient to `gradient`.
    private func partial(
      _ point: UnsafePointer<Double>, _ features: UnsafePointer<Double>, _ targets: UnsafePointer<Int32>,
      _ rows: Range<Int>, _ gradient: UnsafeMutablePointer<Double>
    ) -> Double {
      let vectors = width / lanes
      var total = 0.0
      withUnsafeTemporaryAllocation(of: Vector.self, capacity: rowsAtOnce * vectors) { scores in
        for first in stride(from: rows.lowerBound, to: rows.upperBound, by: rowsAtOnce) {
          let used = min(rowsAtOnce, rows.upperBound - first)
          // Rows beyond the end repeat the last one and are weighed by nothing.
          let r0 = features + first * dimensions
          let r1 = features + min(first + 1, rows.upperBound - 1) * dimensions
          let r2 = features + min(first + 2, rows.upperBound - 1) * dimensions
          let r3 = features + min(first + 3, rows.upperBound - 1) * dimensions
          for v in 0..<vectors {
            var s0 = load(point + dimensions * width + v * lanes)
            var (s1, s2, s3) = (s0, s0, s0)
            for i in 0..<dimensions {
              let weight = load(point + i * width + v * lanes)
              s0 += weight * r0[i]
              s1 += weight * r1[i]
              s2 += weight * r2[i]
              s3 += weight * r3[i]
            }
            scores[v] = s0
            scores[vectors + v] = s1
            scores[2 * vectors + v] = s2
            scores[3 * vectors + v] = s3
          }
          for row in 0..<rowsAtOnce {
            let base = UnsafeMutableRawPointer(scores.baseAddress.unsafelyUnwrapped + row * vectors)
              .assumingMemoryBound(to: Double.self)
            guard row < used else {
              for label in 0..<width { base[label] = 0 }
              continue
            }
            total += softmax(base, target: Int(targets[first + row]), vectors: vectors)
          }
          for v in 0..<vectors {
            let p0 = scores[v]
            let p1 = scores[vectors + v]
            let p2 = scores[2 * vectors + v]
            let p3 = scores[3 * vectors + v]
            for i in 0..<dimensions {
              let place = gradient + i * width + v * lanes
              let sum = (p0 * r0[i] + p1 * r1[i]) + (p2 * r2[i] + p3 * r3[i])
              store(load(place) + sum, place)
            }
            let place = gradient + dimensions * width + v * lanes
            store(load(place) + ((p0 + p1) + (p2 + p3)), place)
          }
        }
      }
      return total
    }

    /// Turns scores into probabilities minus the target, and returns the negative log-likelihood.
    @inline(__always)
    private func softmax(_ scores: UnsafeMutablePointer<Double>, target: Int, vectors: Int) -> Double {
      var greatest = scores[0]
      for label in 1..<max(1, classCount) where scores[label] > greatest { greatest = scores[label] }
      // Classes that are only padding have no probability.
      for label in classCount..<max(classCount, width) { scores[label] = -1000 + greatest }
      let scoreOfTarget = scores[target] - greatest
      var sums = Vector.zero
      for v in 0..<vectors {
        let value = exponential(load(scores + v * lanes) - greatest)
        store(value, scores + v * lanes)
        sums += value
      }
      let sum = sums.sum()
      let share = Vector(repeating: 1 / sum)
      for v in 0..<vectors { store(load(scores + v * lanes) * share, scores + v * lanes) }
      scores[target] -= 1
      return log(sum) - scoreOfTarget
    }
  }
}

@inline(__always) private func load(_ pointer: UnsafePointer<Double>) -> SIMD4<Double> {
  UnsafeRawPointer(pointer).loadUnaligned(as: SIMD4<Double>.self)
}
@inline(__always) private func load(_ pointer: UnsafeMutablePointer<Double>) -> SIMD4<Double> {
  UnsafeRawPointer(pointer).loadUnaligned(as: SIMD4<Double>.self)
}
@inline(__always) private func store(_ value: SIMD4<Double>, _ pointer: UnsafeMutablePointer<Double>) {
  UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: SIMD4<Double>.self)
}

/// `exp(x)` for x ≤ 0 in four lanes, 0 below −700: reduction to |r| ≤ ½ log 2 and a Taylor polynomial of degree 12.
@inline(__always) private func exponential(_ x: SIMD4<Double>) -> SIMD4<Double> {
  typealias Vector = SIMD4<Double>
  let isTiny = x .< -700
  let x = x.replacing(with: -700, where: isTiny)
  // Adding 1.5 · 2⁵² leaves the nearest whole number in the low bits.
  let magic = Vector(repeating: 6_755_399_441_055_744)
  let shifted = x * 1.442_695_040_888_963_4 + magic
  let whole = shifted - magic
  let r = x - whole * 0.693_147_180_369_123_816_49 - whole * 1.908_214_929_270_587_7e-10
  var p = r * (1 / 479_001_600.0) + (1 / 39_916_800.0)
  p = p * r + (1 / 3_628_800.0)
  p = p * r + (1 / 362_880.0)
  p = p * r + (1 / 40_320.0)
  p = p * r + (1 / 5_040.0)
  p = p * r + (1 / 720.0)
  p = p * r + (1 / 120.0)
  p = p * r + (1 / 24.0)
  p = p * r + (1 / 6.0)
  p = p * r + 0.5
  p = p * r + 1
  p = p * r + 1
  let exponent = unsafeBitCast(shifted, to: SIMD4<Int64>.self) &- unsafeBitCast(magic, to: SIMD4<Int64>.self)
  let result = unsafeBitCast(unsafeBitCast(p, to: SIMD4<Int64>.self) &+ (exponent &<< 52), to: Vector.self)
  return result.replacing(with: 0, where: isTiny)
}
