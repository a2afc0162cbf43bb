/// Limited-memory BFGS (Liu & Nocedal 1989) with a backtracking line search, for smooth convex objectives.
struct LimitedMemoryMinimiser {
  /// Steps remembered.
  var memory = 12
  var maximumIterations = 500
  /// Converged where no component of the gradient is larger.
  var gradientTolerance = 1e-6

  struct Outcome {
    let point: [Double]
    let value: Double
    let iterations: Int
    let converged: Bool
  }

  /// Minimises `objective`, which returns its value at a point and writes its gradient there.
  func minimise(
    from start: [Double], _ objective: (_ point: [Double], _ gradient: inout [Double]) -> Double
  ) -> Outcome {
    var point = start
    var gradient = [Double](repeating: 0, count: start.count)
    var value = objective(point, &gradient)
    var history: [(step: [Double], change: [Double], curvature: Double)] = []
    for iteration in 0..<maximumIterations {
      if gradient.allSatisfy({ abs($0) <= gradientTolerance }) {
        return Outcome(point: point, value: value, iterations: iteration, converged: true)
      }
      let direction = Self.direction(gradient, history)
      let slope = Self.dot(direction, gradient)
      // The first step has no curvature to scale it by.
      var size = history.isEmpty ? 1 / max(1, Self.dot(gradient, gradient).squareRoot()) : 1
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
      if !accepted { return Outcome(point: point, value: value, iterations: iteration, converged: true) }
    }
    return Outcome(point: point, value: value, iterations: maximumIterations, converged: false)
  }

  /// The quasi-Newton direction by the two-loop recursion.
  private static func direction(
    _ gradient: [Double], _ history: [(step: [Double], change: [Double], curvature: Double)]
  ) -> [Double] {
    var result = gradient.map { -$0 }
    var weights: [Double] = []
    for entry in history.reversed() {
      let weight = dot(entry.step, result) / entry.curvature
      weights.append(weight)
      for i in result.indices { result[i] -= weight * entry.change[i] }
    }
    if let last = history.last {
      let scale = last.curvature / dot(last.change, last.change)
      for i in result.indices { result[i] *= scale }
    }
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
