import Datasets
import Tensors

/// How much memory this process may still take.
enum AvailableMemory {
  /// Throws `TrainingError.memory` where the machine, or what limits this process, has less than a training needs: Swift
  /// ends a program that gets no memory.
  static func check(_ needed: Int, threads: Int) throws {
    let most = MemoryBudget.physical / 4 * 3
    guard needed <= most else { throw TrainingError.memory(needed: needed, there: most) }
    guard let left = MemoryBudget.withinLimits else { return }
    // Planning a step, and a checkpoint being written.
    let beside = 32 << 20
    let all = needed + threads * WorkerPool.stackSize + beside
    guard all <= left else { throw TrainingError.memory(needed: all, there: left) }
  }
}

extension Configuration {
  /// Bytes that a training on so many images needs, to a tenth or so: weights with moments and a snapshot, for every row of a
  /// step what its layers compute, forward and backward, and what terms need that hold every image of a step against every other.
  func memory(images: Int) -> Int {
    let rows = min(training.batch, images)
    let hidden = model.hidden.reduce(0, +)
    let width = model.variables.width
    // What is decoded is decoded for every sample, or for every class of a variable that is summed out.
    let passes = max(objective.samples, model.row.usesLabels ? model.classNames.count : 1)
    let activations = rows * (model.pixelCount + hidden + 2 * width + passes * (width + hidden + model.pixelCount))
    let own = objectiveParameters.reduce(0) { $0 + $1.shape.reduce(1, *) }
    return MemoryLayout<Float>.stride * (4 * (model.parameterCount + own) + 2 * activations) + pairMemory(rows: rows)
  }

  /// Bytes for pairs of the images of a step. How many an objective takes for a pair, plans of three small steps tell: what is
  /// there once, or once a row, falls out of their second difference.
  private func pairMemory(rows: Int) -> Int {
    let (least, small) = (1024, 128)
    guard objective.row.requirements.couplesBatch, rows > least else { return 0 }
    func planned(_ rows: Int) -> Int {
      let isLabelled = model.row.usesLabels && training.labels == .all
      let composition = BatchComposition(labelled: isLabelled ? rows : 0, unlabelled: isLabelled ? 0 : rows)
      return Recording(completed, composition, total: rows, labelledTotal: composition.labelled)
        .compileStep(clipNorm: nil).memorySize
    }
    let difference = planned(4 * small) - 3 * planned(2 * small) + 2 * planned(small)
    // Beside the plan's memory stand the weights of pairs in estimates of the aggregate posterior.
    let bytes = Double(difference) / Double(6 * small * small) + Double(MemoryLayout<Float>.stride)
    return Int(max(0, bytes) * Double(rows) * Double(rows))
  }
}
