import FoundationEssentials
import Tensors

#if canImport(Glibc)
  import Glibc
#endif

/// A linear probe (Alain & Bengio 2016, 1610.01644): multinomial logistic regression from codes to labels. Its accuracy
/// tells how much of the class is linearly readable from the posterior means.
///
/// Features are standardised by the training points; the weights (not the biases) carry an L2 penalty; the convex
/// objective is minimised to a gradient tolerance by L-BFGS from zero, so that the result depends on nothing but the data.
public struct LinearProbe: Sendable {
  /// The classes in the order of the rows of `weights`.
  public let classes: [Int32]
  /// `[classes, dimensions]`, for standardised features.
  public let weights: Tensor
  /// One a class.
  public let biases: [Float]
  /// What is subtracted from every dimension.
  public let centre: [Float]
  /// What every dimension is then divided by; 1 where a dimension does not vary.
  public let scale: [Float]
  /// The mean negative log-likelihood of the training labels, in nats, with the penalty.
  public let objective: Double
  /// Steps of the optimiser.
  public let iterations: Int
  /// Whether the gradient reached the tolerance within the allowed steps.
  public let converged: Bool

  /// Fits a probe on `points` `[n, dimensions]` and their labels; `penalty` multiplies half the squared weights, as a mean over points.
  ///
  /// Throws `AnalysisError` where `points` is no matrix, not finite, the labels do not match it in number, or all are equal.
  public init(
    points: Tensor, labels: [Int32], penalty: Double = 1e-4, tolerance: Double = 1e-5, maximumIterations: Int = 500
  ) throws {
    let points = try Points(points, atLeast: 2, for: "a linear probe")
    guard labels.count == points.count else {
      throw AnalysisError.labelCount(labels: labels.count, points: points.count)
    }
    let classes = Set(labels).sorted()
    guard classes.count > 1 else { throw AnalysisError.oneClass }
    let (size, classCount) = (points.dimensions, classes.count)
    let mean = points.mean
    var variance = [Double](repeating: 0, count: size)
    for row in 0..<points.count {
      for i in 0..<size {
        let difference = Double(points.elements[row * size + i]) - mean[i]
        variance[i] += difference * difference
      }
    }
    let deviation = variance.map { sum -> Double in
      let value = (sum / Double(points.count)).squareRoot()
      return value > 1e-12 ? value : 1
    }
    // A column of ones carries the bias, so that one loop serves both.
    let width = size + 1
    var features = [Double](repeating: 1, count: points.count * width)
    for row in 0..<points.count {
      for i in 0..<size {
        features[row * width + i] = (Double(points.elements[row * size + i]) - mean[i]) / deviation[i]
      }
    }
    let position = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    let targets = labels.map { position[$0] ?? 0 }

    var minimiser = LimitedMemoryMinimiser()
    minimiser.gradientTolerance = tolerance
    minimiser.maximumIterations = maximumIterations
    let outcome = minimiser.minimise(from: [Double](repeating: 0, count: width * classCount)) { point, gradient in
      Self.loss(
        point, &gradient, features: features, targets: targets, width: width, classCount: classCount, penalty: penalty)
    }
    self.classes = classes
    var weights = Tensor(shape: [classCount, size])
    for label in 0..<classCount {
      for i in 0..<size { weights[label, i] = Float(outcome.point[i * classCount + label]) }
    }
    self.weights = weights
    biases = (0..<classCount).map { Float(outcome.point[size * classCount + $0]) }
    centre = mean.map { Float($0) }
    scale = deviation.map { Float($0) }
    objective = outcome.value
    iterations = outcome.iterations
    converged = outcome.converged
  }

  /// The most probable class of every row of `points` `[n, dimensions]`; empty where the shape is another one.
  public func predict(_ points: Tensor) -> [Int32] {
    let size = centre.count
    guard points.shape.count == 2, points.shape[1] == size else { return [] }
    return (0..<points.shape[0]).map { row in
      var best = (label: 0, score: -Float.infinity)
      for label in classes.indices {
        var score = biases[label]
        for i in 0..<size {
          score += weights.elements[label * size + i] * (points.elements[row * size + i] - centre[i]) / scale[i]
        }
        if score > best.score { best = (label, score) }
      }
      return classes[best.label]
    }
  }

  /// The share of `points` `[n, dimensions]` whose predicted class is their label, in 0…1.
  ///
  /// Throws `AnalysisError` where shapes or numbers do not match.
  public func accuracy(_ points: Tensor, labels: [Int32]) throws -> Double {
    let predicted = predict(points)
    guard predicted.count == labels.count, !labels.isEmpty else {
      throw AnalysisError.labelCount(labels: labels.count, points: predicted.count)
    }
    return Double(zip(predicted, labels).count { $0 == $1 }) / Double(labels.count)
  }

  /// Mean cross-entropy plus penalty and its gradient; parameters are `[features, classes]`, so that the inner loops
  /// run over contiguous classes.
  private static func loss(
    _ point: [Double], _ gradient: inout [Double], features: [Double], targets: [Int], width: Int, classCount: Int,
    penalty: Double
  ) -> Double {
    var total = 0.0
    let share = 1 / Double(targets.count)
    var scores = [Double](repeating: 0, count: classCount)
    point.withUnsafeBufferPointer { point in
      gradient.withUnsafeMutableBufferPointer { gradient in
        features.withUnsafeBufferPointer { features in
          scores.withUnsafeMutableBufferPointer { scores in
            gradient.update(repeating: 0)
            for (row, target) in targets.enumerated() {
              scores.update(repeating: 0)
              for i in 0..<width {
                let feature = features[row * width + i]
                for label in 0..<classCount { scores[label] += feature * point[i * classCount + label] }
              }
              var greatest = -Double.infinity
              for label in 0..<classCount { greatest = max(greatest, scores[label]) }
              var sum = 0.0
              let scoreOfTarget = scores[target] - greatest
              for label in 0..<classCount {
                scores[label] = exp(scores[label] - greatest)
                sum += scores[label]
              }
              total += log(sum) - scoreOfTarget
              for label in 0..<classCount { scores[label] *= share / sum }
              scores[target] -= share
              for i in 0..<width {
                let feature = features[row * width + i]
                for label in 0..<classCount { gradient[i * classCount + label] += feature * scores[label] }
              }
            }
            total *= share
            for index in 0..<(width - 1) * classCount {
              total += 0.5 * penalty * point[index] * point[index]
              gradient[index] += penalty * point[index]
            }
          }
        }
      }
    }
    return total
  }
}
