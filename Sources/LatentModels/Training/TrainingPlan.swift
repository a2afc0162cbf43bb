import Datasets
import Tensors

/// What a training is given, checked: nothing is locked, read or written for it, and nothing of it is tied to a thread.
struct TrainingPlan: Sendable {
  let configuration: Configuration
  let training: ImageSet
  let heldOut: ImageSet?
  /// The classes that the training is told, −1 elsewhere; nil for a model that asks for none.
  let labels: [Int32]?
  /// The value of the property that the model is told, of every image; nil for a model that is told none.
  let sensitive: [Int32]?
  /// The order of labelled and unlabelled images, where there are labels.
  let mixed: MixedOrder?
  let threads: Int

  /// Checks what a training is given.
  ///
  /// - Parameter resuming: whether it goes on, with a configuration as it was recorded.
  /// - Throws: `ConfigurationError` or `TrainingError`.
  init(
    checking configuration: Configuration, training: ImageSet, heldOut: ImageSet?, resuming: Bool, threads: Int
  ) throws {
    try configuration.validate(asRecorded: resuming)
    guard training.count > 0 else { throw TrainingError.noImages }
    for images in [training, heldOut].compactMap({ $0 }) {
      guard images.height == configuration.model.imageHeight, images.width == configuration.model.imageWidth else {
        throw TrainingError.images(
          "\(images.name) has \(images.height)×\(images.width) pixels, the model takes "
            + "\(configuration.model.imageHeight)×\(configuration.model.imageWidth)")
      }
    }
    let isCoupled = configuration.objective.row.requirements.couplesBatch
    // A batch has no more images than there are.
    guard !isCoupled || resuming || training.count > 1 else {
      throw TrainingError.images(
        "the objective \(configuration.objective.row.name) holds the images of a batch against each other, and there is one "
          + "to learn from: learn from 2 images or more")
    }
    self.configuration = configuration
    self.training = training
    let labels = try Self.knownLabels(configuration, training)
    self.labels = labels
    if configuration.model.programs().enumerates, !configuration.objective.row.requirements.takesEnumeration {
      let areKnown = [training, heldOut].compactMap(\.self).allSatisfy { $0.labels?.allSatisfy { $0 >= 0 } ?? false }
      guard areKnown else {
        throw TrainingError.images(
          "the objective \(configuration.objective.row.name) takes no class that is gone through, and not every image of "
            + "\(training.name) has its label: use the \(configuration.model.row.drawingWords)")
      }
    }
    sensitive = try Self.sensitiveValues(configuration, [training, heldOut].compactMap(\.self)).first
    let mixed = try labels.map { try Self.mixedOrder(configuration, $0) }
    self.mixed = mixed
    self.heldOut = heldOut.flatMap { $0.count > 0 ? $0 : nil }
    self.threads = max(1, threads)
    if let images = self.heldOut?.count, let problem = configuration.problem(holdingOut: images, batch: heldOutBatch) {
      throw TrainingError.images("\(images) held-out images are \(problem)")
    }
    try AvailableMemory.check(memory, threads: self.threads)
  }

  /// Bytes that it needs, to a tenth or so.
  var memory: Int {
    configuration.memory(images: training.count, areKnown: areAllKnown)
      + (heldOut.map { images in
        configuration.heldOutMemory(
          images: images.count, coupled: heldOutBatch,
          areKnown: holdsOutWithClasses)
      } ?? 0)
  }

  /// Images of every full step.
  var batch: Int { min(configuration.training.batch, training.count) }
  /// Images of every full step that are held against each other: the labelled are apart from the others.
  var parts: [Int] { mixed?.parts ?? [batch] }
  /// Held-out images that are held against each other: as many as of the unlabelled of a step, which they stand for.
  var heldOutBatch: Int { configuration.training.holdsOutByPart ? parts.last ?? batch : batch }
  /// Steps of an epoch; the last has the images that are left, unless the objective couples the images of a batch: then
  /// they are left out, others in every epoch.
  var stepsPerEpoch: Int {
    if let mixed { return mixed.stepsPerEpoch }
    // Terms that couple the images of a batch are only ever of whole batches.
    if configuration.objective.row.requirements.couplesBatch { return training.count / batch }
    return (training.count + batch - 1) / batch
  }

  /// What an epoch consists of.
  var epochShape: EpochShape {
    let steps = stepsPerEpoch
    let images = mixed?.steps(epoch: 0).reduce(0) { $0 + $1.rows.count } ?? min(training.count, steps * batch)
    return EpochShape(batch: batch, stepsPerEpoch: steps, imagesPerEpoch: images)
  }

  /// Steps of the whole training.
  var totalSteps: Int { stepsPerEpoch * configuration.training.epochs }

  /// The order of images of which some have their class. Throws a `ConfigurationError` where a step has a single image of a kind
  /// and the objective has nothing to hold it against.
  private static func mixedOrder(_ configuration: Configuration, _ labels: [Int32]) throws -> MixedOrder {
    let known = Double(labels.filter { $0 >= 0 }.count) / Double(labels.count)
    let row = configuration.objective.row
    let isCoupled = row.requirements.couplesBatch && configuration.training.wholeBatches
    let order = try MixedOrder(
      labels: labels, share: configuration.training.labelledShare ?? max(known, 0.2),
      batch: configuration.training.batch, areWhole: isCoupled, seed: configuration.training.seed)
    let others = order.batch - order.labelledPerStep
    if isCoupled, order.labelledPerStep == 1 || others == 1 {
      throw ConfigurationError.refused(
        "the objective \(row.name) holds images of a batch against each other, the labelled apart from the others, but of "
          + "the \(order.batch) of a batch \(order.labelledPerStep) \(order.labelledPerStep == 1 ? "is" : "are") labelled: "
          + "each kind needs 2 or more (a larger batch, or another labelled share)")
    }
    return order
  }

  /// The labels that a model with a variable for the class is told; nil where there are none to tell.
  private static func knownLabels(_ configuration: Configuration, _ training: ImageSet) throws -> [Int32]? {
    let policy = configuration.training.labels
    guard configuration.model.row.usesLabels, policy != .none else { return nil }
    guard let labels = training.labels else {
      throw TrainingError.images("\(training.name) has no labels: use none (labels none), or labelled data")
    }
    let classes = configuration.model.classNames.count
    if let label = labels.first(where: { $0 >= Int32(classes) }) {
      throw TrainingError.images(
        "\(training.name) has images of the class \(training.className(label)), but the model has \(counted(classes, "class", plural: "classes"))"
      )
    }
    var known = [Int32](repeating: -1, count: labels.count)
    for place in try policy.kept(of: labels, seed: configuration.training.seed, name: training.name) {
      known[place] = labels[place]
    }
    return known
  }

  /// The property that a model is told, of the images of every set; empty for a model that is told none.
  private static func sensitiveValues(_ configuration: Configuration, _ sets: [ImageSet]) throws -> [[Int32]] {
    guard let attribute = configuration.model.attribute else { return [] }
    return try sets.map { images in
      guard let values = attribute.values(of: images) else {
        throw TrainingError.images("\(images.name) does not say the \(attribute.name) of its images")
      }
      return values
    }
  }

  /// The steps of an epoch, images by their place in the training set, the labelled ones first.
  func steps(epoch: Int) -> [MixedOrder.Step] {
    if let mixed { return mixed.steps(epoch: epoch) }
    let order = order(epoch: epoch)
    return (0..<stepsPerEpoch).map { step in
      MixedOrder.Step(rows: Array(order[step * batch..<min(order.count, (step + 1) * batch)]), labelled: 0)
    }
  }

  /// How many of the training images come with their class.
  var labelledTotal: Int { labels?.filter { $0 >= 0 }.count ?? 0 }
  /// Whether all of them do.
  var areAllKnown: Bool { labelledTotal == training.count }
  /// Whether the held-out images, if there are any, come with their classes as the training images do.
  var holdsOutWithClasses: Bool { areAllKnown && heldOut?.labels?.allSatisfy { $0 >= 0 } == true }

  /// The images of an epoch in their order: a function of seed and epoch alone (Fisher & Yates, Durstenfeld's form).
  func order(epoch: Int) -> [Int32] {
    CounterRandom(seed: configuration.training.seed, stream: 0x6f72_6465_72).stream(UInt64(epoch))
      .permutation(of: training.count)
  }
}

extension Configuration {
  /// Why so many held-out images are too few, after what they are; nil where they are enough, or none.
  ///
  /// - Parameter batch: how many are held against each other where the objective couples them.
  public func problem(holdingOut images: Int, batch: Int) -> String? {
    guard objective.row.requirements.couplesBatch, images > 0, images < batch else { return nil }
    return
      "fewer than the \(batch) of a batch, over which the objective \(objective.row.name) takes its terms: hold out "
      + "\(batch) or more, or none"
  }
}
