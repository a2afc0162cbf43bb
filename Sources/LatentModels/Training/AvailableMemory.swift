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
    let decoded = width + hidden + model.decoderWidth
    let activations = rows * (model.pixelCount + hidden + 2 * width + passes * decoded)
    let own = objectiveParameters.reduce(0) { $0 + $1.shape.reduce(1, *) }
    return MemoryLayout<Float>.stride * (4 * (model.parameterCount + own) + 2 * activations) + pairMemory(rows: rows)
  }

  /// Bytes for pairs of the images of a step, of objectives that take any: plans of two smaller steps tell how many.
  private func pairMemory(rows: Int) -> Int {
    // No width of a layer that people choose.
    let small = 509
    guard objective.row.requirements.couplesBatch, rows > 2 * small else { return 0 }
    func recorded(_ rows: Int) -> Recording {
      let isLabelled = model.row.usesLabels && training.labels == .all
      let composition = BatchComposition(labelled: isLabelled ? rows : 0, unlabelled: isLabelled ? 0 : rows)
      return Recording(completed, composition, total: rows, labelledTotal: composition.labelled)
    }
    let (least, most) = (recorded(small), recorded(2 * small))
    guard least.graph.hasPairs(of: small) else { return 0 }
    func planned(_ recording: Recording) -> Int { recording.compileStep(clipNorm: nil).memorySize }
    // What is there once a row falls out of the difference. Beside the plan's memory stand the weights of pairs in estimates
    // of the aggregate posterior.
    let bytes = Double(planned(most) - 2 * planned(least)) / Double(2 * small * small)
    return Int((max(0, bytes) + Double(MemoryLayout<Float>.stride)) * Double(rows) * Double(rows))
  }
}
