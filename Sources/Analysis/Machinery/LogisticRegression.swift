import Glibc
import KernelInterface
import Tensors

/// Multinomial logistic regression with an L2 penalty on the weights, not on the biases: the mean negative
/// log-likelihood plus `penalty/2 · ‖W‖²`, minimised by L-BFGS from zero.
///
/// The same optimum as scikit-learn's `LogisticRegression(C)` at `penalty = 1 / (C·n)`; with two classes scikit-learn has
/// one weight vector where this has two opposite ones, and the same optimum is at twice the penalty.
struct LogisticRegression: Sendable {
  /// Rows whose gradients are summed in one piece; fixed, so that sums do not depend on the number of threads.
  private static let pieceRows = 512

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

  private static func padded(_ classes: Int) -> Int {
    (classes + SoftmaxPass.lanes - 1) / SoftmaxPass.lanes * SoftmaxPass.lanes
  }

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
    func problem(_ features: [Double], _ targets: [Int32]) -> Problem {
      Problem(
        features: features, dimensions: dimensions, targets: targets, classCount: classCount, width: width,
        penalty: penalties == nil ? penalty : 0, penalties: penalties, pool: pool)
    }
    let curvatures = Self.curvatures(
      features, dimensions, targets, width: width,
      penalties: (0..<dimensions).map { penalties?[$0 * dimensions + $0] ?? penalty })
    var minimiser = LimitedMemoryMinimiser()
    minimiser.maximumIterations = maximumIterations
    var point = start ?? [Double](repeating: 0, count: (dimensions + 1) * width)
    var history: LimitedMemoryMinimiser.History = []
    if targets.count >= Self.manyRows {
      // The optimum of some rows is near that of all, and its curvature nearly the same.
      let rows = Self.spread(over: targets.count)
      let some = problem(
        rows.flatMap { features[$0 * dimensions..<($0 + 1) * dimensions] }, rows.map { targets[$0] })
      minimiser.gradientTolerance = max(tolerance, Self.toleranceOfSome)
      let near = minimiser.minimise(from: point, curvatures: curvatures) { some.loss($0, &$1) }
      (point, history) = (near.point, near.history)
    }
    minimiser.gradientTolerance = tolerance
    let all = problem(features, targets)
    let outcome = minimiser.minimise(from: point, curvatures: curvatures, history: history) { all.loss($0, &$1) }
    self.dimensions = dimensions
    self.classCount = classCount
    parameters = outcome.point
    // The same for all classes changes no probability: of all that fit as well, those that sum to 0.
    for row in 0...dimensions {
      let mean = parameters[row * width..<row * width + classCount].reduce(0, +) / Double(max(1, classCount))
      for label in 0..<classCount { parameters[row * width + label] -= mean }
    }
    objective = outcome.value
    iterations = outcome.iterations
    converged = outcome.converged
  }

  /// From so many rows on, a start is sought with some of them.
  private static let manyRows = 4096
  /// As far as the optimum of some rows tells that of all.
  private static let toleranceOfSome = 2e-3

  /// One row of eight in a golden section's order, whatever order the rows have.
  private static func spread(over count: Int) -> [Int] {
    (0..<count / 8).map { index in
      let turns = Double(index) * 0.618_033_988_749_894_8
      return min(count - 1, Int((turns - turns.rounded(.down)) * Double(count)))
    }
  }

  /// About how the objective curves along each weight, `[dimensions + 1, width]`: a class weighs as its members do, which
  /// is what tells rare classes from frequent ones.
  private static func curvatures(
    _ features: [Double], _ dimensions: Int, _ targets: [Int32], width: Int, penalties: [Double]
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: (dimensions + 1) * width)
    for (row, target) in targets.enumerated() {
      for d in 0..<dimensions {
        let feature = features[row * dimensions + d]
        sums[d * width + Int(target)] += feature * feature
      }
      sums[dimensions * width + Int(target)] += 1
    }
    let share = 0.5 / Double(max(1, targets.count))
    // A class without members, or a feature that is 0 for all of them, still curves a little.
    return sums.indices.map { max(share, sums[$0] * share) + ($0 < dimensions * width ? penalties[$0 / width] : 0) }
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
      let kernel = MeasureKernels.chosen.softmax
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
                  losses[piece] = kernel(
                    SoftmaxPass(
                      features: features, targets: targets, weights: point, gradient: gradients + piece * size,
                      dimensions: dimensions, classCount: classCount, width: width,
                      rows: piece * pieceRows..<min(count, (piece + 1) * pieceRows)))
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
  }
}
