import Glibc
import Tensors

/// A linear probe (Alain & Bengio 2016, 1610.01644): multinomial logistic regression from codes to labels. Its accuracy
/// tells how much of the class is linearly readable from the posterior means.
///
/// Features are standardised by the training points; the weights (not the biases) carry an L2 penalty; the convex
/// objective is minimised to a gradient tolerance by L-BFGS from zero, so that the result depends on nothing but the data.
public struct LinearProbe: Sendable {
  /// The penalty on the squared weights that `zscope evaluate` uses and tells.
  public static let penalty = 1e-4

  /// The gradient that a probe of `count` points is fitted to, and the most steps of the optimiser. A direction that only the
  /// penalty holds, as of few points that are told apart, is known to the gradient over the penalty: few points, which cost
  /// little, are fitted until it does not matter there; many leave no such direction.
  static func effort(count: Int) -> (tolerance: Double, iterations: Int) {
    count < manyPoints ? (1e-8, 2000) : (1e-5, 500)
  }
  /// From so many points on the gradient may be larger.
  private static let manyPoints = 1000

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

  /// Fits a probe on `points` `[n, dimensions]` and their labels; `penalty` multiplies half the squared weights, as a mean
  /// over points. `tolerance` is the largest component of the gradient at its end; nil for 1e-8, from 1000 points on 1e-5.
  ///
  /// Throws `AnalysisError` where `points` is no matrix, not finite, the labels do not match it in number, or all are equal.
  public init(
    points: Tensor, labels: [Int32], penalty: Double = LinearProbe.penalty, tolerance: Double? = nil,
    pool: WorkerPool = .inline
  ) throws {
    let points = try Points(points, atLeast: 2, for: "a linear probe")
    guard labels.count == points.count else {
      throw AnalysisError.labelCount(labels: labels.count, points: points.count)
    }
    let classes = Set(labels).sorted()
    guard classes.count > 1 else { throw AnalysisError.oneClass }
    let (size, classCount) = (points.dimensions, classes.count)
    let standardisation = Standardisation(points)
    let position = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, Int32($0)) })
    let effort = Self.effort(count: points.count)
    let fit = LogisticRegression(
      features: standardisation.apply(points.elements), dimensions: size, targets: labels.map { position[$0] ?? 0 },
      classCount: classCount, penalty: penalty, tolerance: tolerance ?? effort.tolerance,
      maximumIterations: effort.iterations, pool: pool)
    self.classes = classes
    var weights = Tensor(shape: [classCount, size])
    for label in 0..<classCount {
      for i in 0..<size { weights[label, i] = Float(fit.weight(i, label)) }
    }
    self.weights = weights
    biases = (0..<classCount).map { Float(fit.bias($0)) }
    centre = standardisation.centre.map { Float($0) }
    scale = standardisation.scale.map { Float($0) }
    objective = fit.objective
    iterations = fit.iterations
    converged = fit.converged
  }

  /// The most probable class of every row of `points` `[n, dimensions]`; empty where the shape is another one.
  public func predict(_ points: Tensor) -> [Int32] { classify(points).map(\.label) }

  /// The most probable class of every row of `points` `[n, dimensions]`, with its probability; empty where the shape is
  /// another one.
  public func classify(_ points: Tensor) -> [(label: Int32, probability: Float)] {
    let size = centre.count
    guard points.shape.count == 2, points.shape[1] == size else { return [] }
    return (0..<points.shape[0]).map { row in
      var best = (label: 0, score: -Float.infinity)
      var scores: [Float] = []
      for label in classes.indices {
        var score = biases[label]
        for i in 0..<size {
          score += weights.elements[label * size + i] * (points.elements[row * size + i] - centre[i]) / scale[i]
        }
        scores.append(score)
        if score > best.score { best = (label, score) }
      }
      let sum = scores.reduce(0.0) { $0 + exp(Double($1 - best.score)) }
      return (classes[best.label], Float(1 / sum))
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
}

/// Subtracts means and divides by standard deviations, both of the training points.
struct Standardisation: Sendable {
  let centre: [Double]
  /// 1 where a dimension does not vary.
  let scale: [Double]

  init(_ points: Points) {
    let size = points.dimensions
    let mean = points.mean
    var variance = [Double](repeating: 0, count: size)
    points.elements.withUnsafeBufferPointer { elements in
      for row in 0..<points.count {
        for i in 0..<size {
          let difference = Double(elements[row * size + i]) - mean[i]
          variance[i] += difference * difference
        }
      }
    }
    centre = mean
    scale = variance.map { sum in
      let value = (sum / Double(points.count)).squareRoot()
      return value > 1e-12 ? value : 1
    }
  }

  /// Features `[n, dimensions]` of rows of points.
  func apply(_ elements: [Float]) -> [Double] {
    let size = centre.count
    return [Double](unsafeUninitializedCapacity: elements.count) { result, initialized in
      for index in elements.indices {
        result.initializeElement(at: index, to: (Double(elements[index]) - centre[index % size]) / scale[index % size])
      }
      initialized = elements.count
    }
  }
}
