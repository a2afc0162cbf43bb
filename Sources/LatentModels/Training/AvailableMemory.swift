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
  ///
  /// - Parameter areKnown: whether every image comes with its class, so that none is gone through.
  func memory(images: Int, areKnown: Bool = false) -> Int {
    let rows = min(training.batch, images)
    // The last step of an epoch, where it is smaller, is a plan beside the others'.
    let rest = images % max(1, rows)
    let own = objectiveParameters.reduce(0) { $0 + $1.shape.reduce(1, *) }
    return MemoryLayout<Float>.stride * 4 * (model.parameterCount + own)
      + activationMemory(rows + rest, passes: max(objective.samples, areKnown ? 1 : model.passes))
      + pairMemory(of: [rows, rest])
  }

  /// Bytes that held-out images need: what is computed forward alone takes three quarters of a step of as many images at most.
  ///
  /// - Parameters:
  ///   - coupled: how many are held against each other, where any are.
  ///   - areKnown: whether every one comes with its class.
  func heldOutMemory(images: Int, coupled: Int, areKnown: Bool) -> Int {
    let rows = HeldOutEvaluator.rows(self, of: images, coupled: coupled, areKnown: areKnown)
    let rest = images % max(1, rows)
    var activations = activationMemory(rows + rest, passes: max(objective.samples, areKnown ? 1 : model.passes))
    if !model.programs().isDeterministic {
      // What is measured once an epoch decodes samples of some images, or fewer images for every class, and encodes more.
      let passes = max(HeldOutMeasurement.evidenceSamples, model.passes)
      activations += activationMemory(
        min(images, HeldOutMeasurement.evidenceImages(passes: passes)), passes: passes)
      activations += activationMemory(min(images, HeldOutMeasurement.mostCodes), passes: 0)
    }
    return activations / 4 * 3 + pairMemory(of: [rows, rest], isStep: false)
  }

  /// Bytes of what layers compute for so many images. What is decoded is decoded for every sample, or for every class of a
  /// variable that is summed out.
  private func activationMemory(_ rows: Int, passes: Int) -> Int {
    let hidden = model.hidden.reduce(0, +)
    let width = model.variables.width
    let decoded = width + hidden + model.decoderWidth
    return MemoryLayout<Float>.stride * 2 * rows * (model.pixelCount + hidden + 2 * width + passes * decoded)
  }

  /// Bytes for pairs of the images of each of these steps, of objectives that take any: plans of two smaller steps tell how many.
  private func pairMemory(of steps: [Int], isStep: Bool = true) -> Int {
    // No width of a layer that people choose.
    let small = 509
    let large = steps.filter { $0 > 2 * small }
    guard objective.row.requirements.couplesBatch, !large.isEmpty else { return 0 }
    func recorded(_ rows: Int) -> Recording {
      let isLabelled = model.row.usesLabels && training.labels == .all
      let composition = BatchComposition(labelled: isLabelled ? rows : 0, unlabelled: isLabelled ? 0 : rows)
      return Recording(completed, composition, total: rows, labelledTotal: composition.labelled)
    }
    let (least, most) = (recorded(small), recorded(2 * small))
    guard least.graph.hasPairs(of: small) else { return 0 }
    func planned(_ recording: Recording) -> Int {
      (isStep ? recording.compileStep(clipNorm: nil) : recording.compileTerms()).memorySize
    }
    // What is there once a row falls out of the difference. Beside the plan's memory stand the weights of pairs in estimates
    // of the aggregate posterior.
    let bytes = Double(planned(most) - 2 * planned(least)) / Double(2 * small * small)
    let pair = max(0, bytes) + Double(MemoryLayout<Float>.stride)
    return large.reduce(0) { $0 + Int(pair * Double($1) * Double($1)) }
  }
}

extension ModelConfiguration {
  /// How often an image is decoded of which the class is not known: once for every class that is gone through.
  var passes: Int { programs().enumerates ? max(1, classNames.count) : 1 }

  /// So many images at once, or fewer where many classes are gone through for each of them.
  func atOnce(_ images: Int) -> Int { max(1, min(images, Self.mostAtOnce / passes)) }

  /// As many as 512 images take with 64 classes: noise is of an image's place among those of one run, and so many have been
  /// looked at together before.
  private static let mostAtOnce = 512 * 64
}
