import Datasets
import Tensors

/// The data of a training, opened and divided: the one way in which command line, explorer and resumed runs do it.
public struct TrainingData: Sendable {
  /// What is trained, with what only the data can tell filled in.
  public private(set) var configuration: Configuration
  /// The images to learn from.
  public let training: ImageSet
  /// The images that choose the best checkpoint.
  public let heldOut: ImageSet
  /// Weights that are not to be drawn: those of the model whose codes are taken.
  public private(set) var given: Parameters?

  /// What there is to say of the data as they were read and will be used.
  public var notes: [String] { training.notes + notesOfClasses + notesOfProperty }

  /// Opens the training part of the data of a new configuration, takes image size and classes from it, and sets images
  /// aside by the configuration's seed.
  ///
  /// - Parameters:
  ///   - heldOut: how many; nil: as many as the configuration says, but at most a share of all.
  ///   - largestShare: one in so many at most, where `heldOut` is nil.
  ///   - codesOf: the trained model whose codes are taken in place of images.
  ///   - images: the training part of the data where it is open already, of all classes.
  /// - Throws: a `DatasetError`; a `ConfigurationError`; a `TrainingError` if too few images would be left.
  public static func prepare(
    _ configuration: Configuration, heldOut: Int? = nil, largestShare: Int = 10, codesOf: LatentModel? = nil,
    images: ImageSet? = nil
  ) throws -> TrainingData {
    var configuration = configuration
    let all = try images ?? Self.images(configuration.training)
    let images = try all.ofOnlyClass(configuration.training)
    guard images.count > 0 else {
      throw DatasetError(.mismatch, images.name, "holds no images", remedy: "give some")
    }
    configuration.training.noteDataPath()
    if configuration.training.onlyClass != nil {
      configuration.training.division = ClassDivision(names: all.everyClassName, heldOut: heldOut)
    }
    configuration.training.heldOut = heldOut ?? min(configuration.training.heldOut, images.count / largestShare)
    configuration.model.imageHeight = images.height
    configuration.model.imageWidth = images.width
    let row = configuration.model.row
    if row.usesLabels {
      configuration.model.classNames = row.needsClasses(configuration.training.labels) ? images.everyClassName : []
    }
    if let codesOf {
      // What one model says of images is said as it was learnt.
      let own = codesOf.configuration
      (configuration.model.activation, configuration.model.likelihood) = (own.model.activation, own.model.likelihood)
      configuration.training.treatment = own.training.treatment
      let some = images.subset(0..<min(images.count, largestLook))
      configuration.model.codes = try CodesConfiguration(of: codesOf, on: some)
    }
    configuration.training.everyClassIsKnown = nil
    do {
      if row.usesAttribute, let name = configuration.model.attribute?.name ?? SensitiveAttribute.standard(of: images) {
        configuration.model.attribute = try SensitiveAttribute(name, of: images)
      }
      try configuration.validate()
    } catch  where row.usesLabels || row.usesAttribute { throw images.explaining(error) }
    var data = try divided(images, configuration)
    data.noteKnownClasses()
    data.given = codesOf.map(CodesConfiguration.weights)
    return data
  }

  /// Records that every image to learn from has its class, where it has, and leaves out the annealing and the share of a step
  /// that then change nothing. Of one class alone nothing is recorded: the runs of other classes begin with what its run says.
  private mutating func noteKnownClasses() {
    let policy = configuration.training.labels
    guard configuration.model.row.usesLabels, configuration.training.onlyClass == nil, let labels = training.labels,
      let kept = try? policy.kept(of: labels, seed: configuration.training.seed, name: training.name),
      kept.count == labels.count
    else { return }
    (configuration.training.labels, configuration.training.everyClassIsKnown) = (.all, true)
    configuration.training.labelledShare = nil
    let known = configuration
    configuration.objective.annealing = known.objective.annealing.filter {
      known.reasonWithoutEffect(of: $0.key) == nil
    }
  }

  /// So many images tell which dimensions of a code vary.
  private static let largestLook = 5_000

  /// Opens the data that a configuration names, as it was divided when the run was begun.
  ///
  /// - Parameter images: the training part of the data where it is open already, of all classes.
  /// - Throws: a `DatasetError`, or a `TrainingError` if too few images would be left.
  public static func open(_ configuration: Configuration, images: ImageSet? = nil) throws -> TrainingData {
    try divided((images ?? Self.images(configuration.training)).ofOnlyClass(configuration.training), configuration)
  }

  /// The training part of the data that a configuration names, of all classes, which have the numbers that they had when one
  /// of them was taken.
  ///
  /// - Throws: a `DatasetError`.
  public static func images(_ configuration: TrainingConfiguration) throws -> ImageSet {
    try DataLibrary.open(
      configuration.data, part: .training, count: configuration.count, seed: configuration.seed,
      reading: configuration.reading ?? ImageReading()
    ).numberingClasses(as: configuration.division?.names ?? [])
  }

  private static func divided(_ images: ImageSet, _ configuration: Configuration) throws -> TrainingData {
    let heldOut = configuration.training.heldOut
    guard images.count > heldOut else {
      throw TrainingError.images(
        "\(heldOut) held-out images leave none of the \(images.count) of \(images.name) to learn from: hold out fewer")
    }
    // What is gone on with was begun with these numbers of the classes.
    let parts = try images.numberingClasses(for: configuration.model)
      .split(heldOut: heldOut, seed: configuration.training.seed)
    return TrainingData(configuration: configuration, training: parts.training, heldOut: parts.heldOut)
  }
}

extension ImageSet {
  /// What stands against a training, with why the images have no labels where they were read without those they have.
  fileprivate func explaining(_ error: any Error) -> any Error {
    // Notes on what a file has and the set has not say so with these words; others are of how its pixels were read.
    let leftOut = notes.filter { $0.contains("left out") }
    guard labels == nil, !leftOut.isEmpty else { return error }
    let why = " (\(leftOut.joined(separator: "; ")))"
    return switch error {
    case ConfigurationError.refused(let problem): ConfigurationError.refused(problem + why)
    case let error as DatasetError:
      DatasetError(error.kind, error.place, error.problem + why, remedy: error.remedy)
    default: error
    }
  }

  /// The images of the one class that a training takes, or all. Throws a `TrainingError` where there is none.
  func ofOnlyClass(_ training: TrainingConfiguration) throws -> ImageSet {
    guard let label = training.onlyClass else { return self }
    let chosen = subset((labels ?? []).indices.filter { labels?[$0] == Int32(label) })
    guard chosen.count > 0 else {
      throw TrainingError.images("\(name) has no images of class \(training.onlyClassName ?? className(Int32(label)))")
    }
    return chosen
  }
}
