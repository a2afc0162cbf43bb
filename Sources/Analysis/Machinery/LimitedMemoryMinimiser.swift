/// Limited-memory BFGS (Liu & Nocedal 1989) with a backtracking line search, for smooth convex objectives.
struct LimitedMemoryMinimiser {
  /// Steps remembered.
  var memory = 12
  var maximumIterations = 500
  /// Converged where no component of the gradient is larger.
  var gradientTolerance = 1e-6

  /// Steps with the changes of the gradient that they made: what is known of the curvature.
  typealias History = [(step: [Double], change: [Double], curvature: Double)]

  struct Outcome {
    let point: [Double]
    let value: Double
    let iterations: Int
    let converged: Bool
    let history: History
  }

  /// Minimises `objective`, which returns its value at a point and writes its gradient there.
  ///
  /// - Parameters:
  ///   - curvatures: a guess at the curvature along each coordinate, up to a common factor.
  ///   - history: that of an objective of nearly the same curvature.
  func minimise(
    from start: [Double], curvatures: [Double]? = nil, history: History = [],
    _ objective: (_ point: [Double], _ gradient: inout [Double]) -> Double
  ) -> Outcome {
    var point = start
    var gradient = [Double](repeating: 0, count: start.count)
    var value = objective(point, &gradient)
    var history = history
    let sizes = curvatures.map { $0.map { 1 / $0 } } ?? [Double](repeating: 1, count: start.count)
    func outcome(after iterations: Int, converged: Bool) -> Outcome {
      Outcome(point: point, value: value, iterations: iterations, converged: converged, history: history)
    }
    for iteration in 0..<maximumIterations {
      if gradient.allSatisfy({ abs($0) <= gradientTolerance }) {
        return outcome(after: iteration, converged: true)
      }
      let direction = Self.direction(gradient, history, sizes)
      let slope = Self.dot(direction, gradient)
      // The first step has no curvature to scale it by.
      var size = history.isEmpty ? 1 / max(1, Self.dot(direction, direction).squareRoot()) : 1
      var accepted = false
      for _ in 0..<40 {
        let trial = zip(point, direction).map { $0 + size * $1 }
        var trialGradient = [Double](repeating: 0, count: start.count)
        let trialValue = objective(trial, &trialGradient)
        if trialValue <= value + 1e-4 * size * slope {
          let step = zip(trial, point).map { $0 - $1 }
          let change = zip(trialGradient, gradient).map { $0 - $1 }
          let curvature = Self.dot(step, change)
          if curvature > 1e-12 * Self.dot(change, change) {
            history.append((step, change, curvature))
            if history.count > memory { history.removeFirst() }
          }
          (point, gradient, value) = (trial, trialGradient, trialValue)
          accepted = true
          break
        }
        size /= 2
      }
      // No descent left within rounding: this is the minimum.
      if !accepted { return outcome(after: iteration, converged: true) }
    }
    return outcome(after: maximumIterations, converged: false)
  }

  /// The quasi-Newton direction by the two-loop recursion.
  private static func direction(_ gradient: [Double], _ history: History, _ sizes: [Double]) -> [Double] {
    var result = gradient.map { -$0 }
    var weights: [Double] = []
    for entry in history.reversed() {
      let weight = dot(entry.step, result) / entry.curvature
      weights.append(weight)
      for i in result.indices { result[i] -= weight * entry.change[i] }
    }
    var scale = 1.0
    if let last = history.last {
      var square = 0.0
      for i in sizes.indices { square += last.change[i] * last.change[i] * sizes[i] }
      scale = last.curvature / square
    }
    for i in result.indices { result[i] *= scale * sizes[i] }
    for (entry, weight) in zip(history, weights.reversed()) {
      let correction = weight - dot(entry.change, result) / entry.curvature
      for i in result.indices { result[i] += correction * entry.step[i] }
    }
    return result
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in a.indices { sum += a[i] * b[i] }
    return sum
  }
}
