/// One-dimensional linear support vector machines with squared hinge loss, one against the rest, as liblinear's:
/// `½(w² + b²) + Σ_i C_i · max(0, 1 − y_i(w·x_i + b))²` is minimised for every class.
///
/// In one dimension the points within the margin are the two ends of a sorted list, so that sums over them are
/// differences of running sums: a Newton step takes logarithmic time. The steps, and where they end, are those of
/// liblinear's trust region: a slope at its tolerance is not yet that of the optimum, and images near a boundary are told
/// by it.
struct SquaredHingeMachine: Sendable {
  /// Sorted values with running sums of 1, x and x².
  private struct Sorted {
    let values: [Double]
    private(set) var sums: [Double] = []
    private(set) var squares: [Double] = []

    init(_ values: [Double]) {
      self.values = values
      sums.reserveCapacity(values.count + 1)
      squares.reserveCapacity(values.count + 1)
      var (sum, square) = (0.0, 0.0)
      sums.append(0)
      squares.append(0)
      for value in values {
        sum += value
        square += value * value
        sums.append(sum)
        squares.append(square)
      }
    }

    /// How many values are below `bound`.
    func countBelow(_ bound: Double) -> Int {
      var (lower, upper) = (0, values.count)
      while lower < upper {
        let middle = (lower + upper) / 2
        if values[middle] < bound { lower = middle + 1 } else { upper = middle }
      }
      return lower
    }

    /// The number, sum and sum of squares of the values with `sign·(w·x + b) < 1`.
    func within(_ w: Double, _ b: Double, sign: Double) -> (count: Double, sum: Double, square: Double) {
      // sign·w·x < 1 − sign·b
      let (slope, bound) = (sign * w, 1 - sign * b)
      let range: Range<Int>
      if slope > 0 {
        range = 0..<countBelow(bound / slope)
      } else if slope < 0 {
        range = min(values.count, countBelow((bound / slope).nextUp))..<values.count
      } else {
        range = 0..<(bound > 0 ? values.count : 0)
      }
      return (
        Double(range.count), sums[range.upperBound] - sums[range.lowerBound],
        squares[range.upperBound] - squares[range.lowerBound]
      )
    }
  }

  /// Slope and intercept of every class; with two classes those of the second alone decide.
  private let machines: [(w: Double, b: Double)]

  /// Machines for `values` and their `classes` in 0..<`classCount`, each class weighed by n / (classes · its number) and
  /// the rest by 1 (with two classes both are weighed), times `strength`.
  init(_ values: [Double], classes: [Int32], classCount: Int, strength: Double) {
    self.init(
      order: RankOrder(values).places, values, classes: classes, classCount: classCount, strength: strength)
  }

  /// The same with the rows of `values` in ascending order.
  init(order: [Int], _ values: [Double], classes: [Int32], classCount: Int, strength: Double) {
    var members = [[Double]](repeating: [], count: classCount)
    for row in order { members[Int(classes[row])].append(values[row]) }
    let groups = members.map { Sorted($0) }
    let present = groups.count { !$0.values.isEmpty }
    let total = Double(values.count)
    func weight(_ label: Int) -> Double { total / (Double(present) * Double(max(1, groups[label].values.count))) }
    if classCount == 2 {
      machines = [
        (0, 0),
        Self.minimise(groups[1], groups[0], positive: strength * weight(1), negative: strength * weight(0)),
      ]
    } else {
      let all = Sorted(order.map { values[$0] })
      machines = (0..<classCount).map { label in
        groups[label].values.isEmpty
          ? (0, -.infinity)
          : Self.minimise(groups[label], all, groups[label], positive: strength * weight(label), negative: strength)
      }
    }
  }

  /// The class of greatest decision value; the first of equals.
  func predict(_ value: Double) -> Int32 {
    if machines.count == 2 { return machines[1].w * value + machines[1].b > 0 ? 1 : 0 }
    var best = (label: 0, score: -Double.infinity)
    for (label, machine) in machines.enumerated() {
      let score = machine.w * value + machine.b
      if score > best.score { best = (label, score) }
    }
    return Int32(best.label)
  }

  /// Minimises over slope and intercept; negatives are `negatives` without `excluded`.
  private static func minimise(
    _ positives: Sorted, _ negatives: Sorted, _ excluded: Sorted? = nil, positive: Double, negative: Double
  ) -> (w: Double, b: Double) {
    typealias Sums = (count: Double, sum: Double, square: Double)
    func sums(_ w: Double, _ b: Double) -> (Sums, Sums) {
      var outside = negatives.within(w, b, sign: -1)
      if let inside = excluded?.within(w, b, sign: -1) {
        outside = (outside.count - inside.count, outside.sum - inside.sum, outside.square - inside.square)
      }
      return (positives.within(w, b, sign: 1), outside)
    }
    func objective(_ w: Double, _ b: Double, _ p: Sums, _ n: Sums) -> Double {
      // Σ(1 − wx − b)² and Σ(1 + wx + b)² over the points within the margin.
      let (u, v) = (1 - b, 1 + b)
      let above = u * u * p.count - 2 * u * w * p.sum + w * w * p.square
      let below = v * v * n.count + 2 * v * w * n.sum + w * w * n.square
      return 0.5 * (w * w + b * b) + positive * above + negative * below
    }
    // liblinear's measure of when it is done, which its tolerance is a share of.
    let (members, others) = (
      positives.values.count, negatives.values.count - (excluded?.values.count ?? 0)
    )
    let tolerance = Self.tolerance * Double(max(1, min(members, others))) / Double(members + others)
    var point = TrustRegion.Point.zero
    var (p, n) = sums(0, 0)
    var value = objective(0, 0, p, n)
    func gradient() -> TrustRegion.Point {
      let (w, b) = (point.x, point.y)
      let (u, v) = (1 - b, 1 + b)
      return TrustRegion.Point(
        w + 2 * positive * (w * p.square - u * p.sum) + 2 * negative * (w * n.square + v * n.sum),
        b + 2 * positive * (w * p.sum - u * p.count) + 2 * negative * (w * n.sum + v * n.count))
    }
    var slope = gradient()
    let first = TrustRegion.norm(slope)
    var region = TrustRegion(radius: first)
    for _ in 0..<maximumSteps where TrustRegion.norm(slope) > tolerance * first {
      let curvature = TrustRegion.Curvature(
        xx: 1 + 2 * (positive * p.square + negative * n.square), xy: 2 * (positive * p.sum + negative * n.sum),
        yy: 1 + 2 * (positive * p.count + negative * n.count))
      let (step, rest) = region.step(slope, curvature)
      let next = point + step
      let (nextP, nextN) = sums(next.x, next.y)
      let nextValue = objective(next.x, next.y, nextP, nextN)
      let predicted = -0.5 * (TrustRegion.dot(slope, step) - TrustRegion.dot(step, rest))
      let actual = value - nextValue
      if region.adapt(actual: actual, predicted: predicted, slope: TrustRegion.dot(slope, step), step: step) {
        (point, p, n, value) = (next, nextP, nextN, nextValue)
        slope = gradient()
      }
      // Nothing that a double holds is left to gain.
      if !(max(abs(actual), abs(predicted)) > 1e-12 * abs(value)) { break }
    }
    return (point.x, point.y)
  }

  /// scikit-learn's tolerance and the most steps that it takes, by default.
  private static let tolerance = 1e-4
  private static let maximumSteps = 1000
}
