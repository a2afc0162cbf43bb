import Glibc
import Tensors

/// Gradient boosting (Friedman 2001) with scikit-learn's defaults: 100 stages of trees of depth 3, rate .1; multinomial
/// or binary log-loss for classes (one tree a class and stage; leaves take one Newton step), squared error for
/// quantities.
///
/// Where dimensions split equally well, one is drawn by the seed, as scikit-learn draws one.
struct BoostedTrees: Sendable {
  /// What is predicted.
  enum Targets: Sendable {
    case classes([Int32], count: Int)
    case quantities([Double])

    /// Trees a stage.
    var trees: Int {
      switch self {
      case .classes(_, let count): count == 2 ? 1 : count
      case .quantities: 1
      }
    }
  }

  /// The decrease of squared error by splits on each dimension, averaged over trees and scaled to the sum 1.
  private(set) var importances: [Double] = []
  /// Predictions of training and test points before the link, `[n, trees]`.
  private(set) var scores: [Double]
  private(set) var testScores: [Double]
  private let targets: Targets
  private let width: Int

  /// Fits several targets of the same points side by side, so that all threads have trees to grow.
  static func fit(
    _ training: Tensor, _ targets: [Targets], test: Tensor, stages: Int, depth: Int = 3, rate: Double = 0.1,
    random: CounterRandom, pool: WorkerPool, isCancelled: () throws -> Void
  ) throws -> [BoostedTrees] {
    let features = SortedFeatures(training.elements, dimensions: training.shape[1])
    var models = targets.map { BoostedTrees($0, count: training.shape[0], testCount: test.shape[0]) }
    // Every tree of a stage: which model, which class.
    let slots = models.indices.flatMap { model in (0..<models[model].width).map { (model, $0) } }
    var sums = models.map { _ in [Double](repeating: 0, count: features.dimensions) }
    for stage in 0..<stages {
      try isCancelled()
      let residuals = models.map { $0.residuals(pool) }
      var grown = [RegressionTree?](repeating: nil, count: slots.count)
      let current = models
      grown.withUnsafeMutableBufferPointer { grown in
        pool.forEachPiece(slots.count) { slot in
          let (model, label) = slots[slot]
          grown[slot] = current[model].tree(
            features, residuals[model][label], depth: depth, random: random.stream(UInt64(stage * slots.count + slot)))
        }
      }
      for (slot, (model, label)) in slots.enumerated() {
        guard let tree = grown[slot] else { continue }
        if tree.isSplit { for d in sums[model].indices { sums[model][d] += tree.importances[d] } }
        models[model].add(tree, label, rate: rate, test: test)
      }
    }
    for model in models.indices {
      let total = sums[model].reduce(0, +)
      models[model].importances = sums[model].map { total > 0 ? $0 / total : 0 }
    }
    return models
  }

  private init(_ targets: Targets, count: Int, testCount: Int) {
    self.targets = targets
    width = targets.trees
    let start: [Double]
    switch targets {
    case .classes(let classes, let classCount):
      // The logarithms of the shares of classes, of two classes their difference.
      let least = 0x1p-23
      let shares = (0..<classCount).map { label in
        min(1 - least, max(least, Double(classes.count { $0 == Int32(label) }) / Double(max(1, count))))
      }
      start = classCount == 2 ? [log(shares[1] / (1 - shares[1]))] : shares.map { log($0) }
    case .quantities(let values): start = [values.reduce(0, +) / Double(max(1, count))]
    }
    scores = (0..<count).flatMap { _ in start }
    testScores = (0..<testCount).flatMap { _ in start }
  }

  /// Target minus prediction for every tree of a stage, `[trees][n]`.
  private func residuals(_ pool: WorkerPool) -> [[Double]] {
    let count = scores.count / width
    switch targets {
    case .quantities(let values): return [(0..<count).map { values[$0] - scores[$0] }]
    case .classes(let classes, _) where width == 1:
      return [(0..<count).map { Double(classes[$0]) - 1 / (1 + exp(-scores[$0])) }]
    case .classes(let classes, let classCount):
      var result = [Double](repeating: 0, count: count * classCount)
      result.withUnsafeMutableBufferPointer { result in
        let size = 500
        pool.forEachPiece((count + size - 1) / size) { piece in
          for row in piece * size..<min(count, (piece + 1) * size) {
            var greatest = -Double.infinity
            for label in 0..<classCount { greatest = max(greatest, scores[row * classCount + label]) }
            var sum = 0.0
            for label in 0..<classCount {
              let value = exp(scores[row * classCount + label] - greatest)
              result[label * count + row] = value
              sum += value
            }
            for label in 0..<classCount {
              result[label * count + row] = (Int(classes[row]) == label ? 1 : 0) - result[label * count + row] / sum
            }
          }
        }
      }
      return (0..<classCount).map { Array(result[$0 * count..<($0 + 1) * count]) }
    }
  }

  /// The tree of one class of one stage, with its leaves.
  private func tree(
    _ features: SortedFeatures, _ residuals: [Double], depth: Int, random: CounterRandom
  ) -> RegressionTree {
    var tree = RegressionTree(features, targets: residuals, depth: depth, random: random)
    switch targets {
    case .quantities: tree.setLeaves(numerators: { residuals[$0] }, denominators: { _ in 1 }) { $1 > 0 ? $0 / $1 : 0 }
    case .classes(_, let count):
      let factor = count == 2 ? 1 : Double(count - 1) / Double(count)
      // A residual r of a 0 or 1 has |r|·(1 − |r|) = p·(1 − p).
      tree.setLeaves(numerators: { residuals[$0] }, denominators: { abs(residuals[$0]) * (1 - abs(residuals[$0])) }) {
        abs($1) < 1e-150 ? 0 : factor * $0 / $1
      }
    }
    return tree
  }

  private mutating func add(_ tree: RegressionTree, _ label: Int, rate: Double, test: Tensor) {
    for row in 0..<scores.count / width { scores[row * width + label] += rate * tree.value(ofTrainingRow: row) }
    let size = test.shape[1]
    test.elements.withUnsafeBufferPointer { elements in
      for row in 0..<testScores.count / width {
        testScores[row * width + label] += rate * tree.value(elements, at: row * size)
      }
    }
  }

  /// The predicted class of each row of `scores`.
  func classes(_ scores: [Double]) -> [Int32] {
    guard width > 1 else { return scores.map { $0 >= 0 ? 1 : 0 } }
    return stride(from: 0, to: scores.count, by: width).map { start in
      var best = 0
      for label in 1..<width where scores[start + label] > scores[start + best] { best = label }
      return Int32(best)
    }
  }
}
