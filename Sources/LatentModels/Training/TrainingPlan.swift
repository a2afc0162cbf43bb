import Datasets
import Glibc
import Tensors

/// Where a training begins: everything checked and loaded, nothing of it tied to a thread.
struct TrainingPlan: Sendable {
  let configuration: Configuration
  let training: ImageSet
  let heldOut: ImageSet?
  let run: RunDirectory?
  let lock: RunLock?
  let threads: Int
  let model: LatentModel
  let moments: [String: (first: Tensor, second: Tensor)]
  let state: TrainingState
  let metrics: [MetricsRecord]

  init(
    configuration: Configuration, training: ImageSet, heldOut: ImageSet?, run: RunDirectory?, resuming: Bool,
    threads: Int
  ) throws {
    try configuration.validate()
    guard training.count > 0 else { throw TrainingError.noImages }
    for images in [training, heldOut].compactMap({ $0 }) {
      guard images.height == configuration.model.imageHeight, images.width == configuration.model.imageWidth else {
        throw TrainingError.images(
          "\(images.name) has \(images.height)×\(images.width) pixels, the model takes "
            + "\(configuration.model.imageHeight)×\(configuration.model.imageWidth)")
      }
    }
    if configuration.objective.row.requirements.couplesBatch, let heldOut, heldOut.count > 0 {
      let batch = min(configuration.training.batch, training.count)
      guard heldOut.count >= batch else {
        throw TrainingError.images(
          "\(heldOut.count) held-out images are fewer than the \(batch) of a batch, over which the objective "
            + "\(configuration.objective.row.name) takes its terms: hold out \(batch) or more, or none")
      }
    }
    guard run != nil || !resuming else { throw TrainingError.nothingToResume }
    let (needed, memory) = (configuration.memory(images: training.count), Self.physicalMemory)
    guard needed <= memory / 4 * 3 else { throw TrainingError.memory(needed: needed, there: memory) }
    self.configuration = configuration
    self.training = training
    self.heldOut = heldOut.flatMap { $0.count > 0 ? $0 : nil }
    self.run = run
    self.threads = max(1, threads)
    lock = try run?.lock()
    run?.removeLeftovers()
    let digest = training.digest
    let resumption = resuming ? try run?.resumption() : nil
    try run?.settleBest(epoch: resumption?.state.best?.epoch)
    if let resumption, let run {
      let old = resumption.model
      guard old.configuration.model == configuration.model else {
        throw RunDirectoryError.mismatch(
          path: run.path, problem: "its model is \(old.configuration.model), not \(configuration.model)")
      }
      guard old.dataDigest == digest else {
        throw RunDirectoryError.mismatch(
          path: run.path, problem: "it was trained on other images than the \(training.count) of \(training.name)")
      }
      if let setting = configuration.difference(from: old.configuration) {
        throw RunDirectoryError.mismatch(
          path: run.path,
          problem: "\(setting) is not what it was trained with: only the number of epochs can change (see config.json)")
      }
      let reached = (resumption.state.step - 1) / Self.stepsPerEpoch(configuration, training) + 1
      guard resumption.state.step == 0 || reached <= configuration.training.epochs else {
        throw RunDirectoryError.mismatch(
          path: run.path,
          problem: "it has come to epoch \(reached) and cannot end after epoch \(configuration.training.epochs): "
            + "ask for more epochs")
      }
      model = LatentModel(
        trusting: old.parameters, configuration: configuration, step: old.step, epoch: old.epoch, dataDigest: digest)
      moments = resumption.moments
      state = resumption.state
      metrics = resumption.metrics
    } else {
      model = LatentModel(
        trusting: Initialization.parameters(configuration.model.parameters, seed: configuration.training.seed),
        configuration: configuration, step: 0, epoch: 0, dataDigest: digest)
      moments = [:]
      state = TrainingState(configuration)
      metrics = []
    }
    // A resumed run may have been given more epochs.
    if let run, try run.configuration() != configuration { try run.write(configuration) }
    try run?.write(metrics)
  }

  /// Bytes of memory that the machine has.
  private static var physicalMemory: Int { sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)) }

  /// What a training that took no step ends with.
  func outcome(_ state: SessionState) -> TrainingOutcome {
    TrainingOutcome(state: state, model: model, metrics: metrics, best: nil, checkpoint: nil)
  }

  /// Images of every full step.
  var batch: Int { min(configuration.training.batch, training.count) }
  /// Steps of an epoch; the last has the images that are left, unless the objective couples the images of a batch: then
  /// they are left out, others in every epoch.
  var stepsPerEpoch: Int { Self.stepsPerEpoch(configuration, training) }

  private static func stepsPerEpoch(_ configuration: Configuration, _ training: ImageSet) -> Int {
    let batch = min(configuration.training.batch, training.count)
    // Terms that couple the images of a batch are only ever of whole batches.
    if configuration.objective.row.requirements.couplesBatch { return training.count / batch }
    return (training.count + batch - 1) / batch
  }
  /// Steps of the whole training.
  var totalSteps: Int { stepsPerEpoch * configuration.training.epochs }

  /// The images of an epoch in their order: a function of seed and epoch alone (Fisher & Yates, Durstenfeld's form).
  func order(epoch: Int) -> [Int32] {
    CounterRandom(seed: configuration.training.seed, stream: 0x6f72_6465_72).stream(UInt64(epoch))
      .permutation(of: training.count)
  }
}

extension Configuration {
  /// Bytes that a training on so many images needs, to a tenth or so: weights with moments and a snapshot, and for every row of a
  /// step what its layers compute, forward and backward.
  func memory(images: Int) -> Int {
    let rows = min(training.batch, images)
    let hidden = model.hidden.reduce(0, +)
    let width = model.variables.width
    // What is decoded is decoded for every sample, or for every class of a variable that is summed out.
    let passes = max(objective.samples, model.row.usesLabels ? model.classNames.count : 1)
    let activations = rows * (model.pixelCount + hidden + 2 * width + passes * (width + hidden + model.pixelCount))
    return MemoryLayout<Float>.stride * (4 * model.parameterCount + 2 * activations)
  }
}
