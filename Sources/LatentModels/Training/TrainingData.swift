import Datasets

/// The data of a training, opened and divided: the one way in which command line, explorer and resumed runs do it.
public struct TrainingData: Sendable {
  /// What is trained, with what only the data can tell filled in.
  public let configuration: Configuration
  /// The images to learn from.
  public let training: ImageSet
  /// The images that choose the best checkpoint.
  public let heldOut: ImageSet

  /// Opens the training part of the data of a new configuration, takes image size and classes from it, and sets images
  /// aside by the configuration's seed.
  ///
  /// - Parameters:
  ///   - heldOut: how many; nil: as many as the configuration says, but at most a share of all.
  ///   - largestShare: one in so many at most, where `heldOut` is nil.
  /// - Throws: a `DatasetError`; a `ConfigurationError`; a `TrainingError` if too few images would be left.
  public static func prepare(_ configuration: Configuration, heldOut: Int? = nil, largestShare: Int = 10) throws
    -> TrainingData
  {
    var configuration = configuration
    let images = try openImages(configuration.training)
    guard images.count > 0 else {
      throw DatasetError(.mismatch, images.name, "holds no images", remedy: "give some")
    }
    configuration.training.heldOut = heldOut ?? min(configuration.training.heldOut, images.count / largestShare)
    configuration.model.imageHeight = images.height
    configuration.model.imageWidth = images.width
    if configuration.model.row.usesLabels {
      configuration.model.classNames = (0..<Int32(images.classCount)).map(images.className)
    }
    try configuration.validate()
    return try divided(images, configuration)
  }

  /// Opens the data that a configuration names, as it was divided when the run was begun.
  ///
  /// - Throws: a `DatasetError`, or a `TrainingError` if too few images would be left.
  public static func open(_ configuration: Configuration) throws -> TrainingData {
    try divided(openImages(configuration.training), configuration)
  }

  private static func openImages(_ configuration: TrainingConfiguration) throws -> ImageSet {
    try DataLibrary.open(
      configuration.data, part: .training, count: configuration.count, seed: configuration.seed,
      reading: configuration.reading ?? ImageReading())
  }

  private static func divided(_ images: ImageSet, _ configuration: Configuration) throws -> TrainingData {
    let heldOut = configuration.training.heldOut
    guard images.count > heldOut else {
      throw TrainingError.images(
        "\(heldOut) held-out images leave none of the \(images.count) of \(images.name) to learn from: hold out fewer")
    }
    let parts = try images.split(heldOut: heldOut, seed: configuration.training.seed)
    return TrainingData(configuration: configuration, training: parts.training, heldOut: parts.heldOut)
  }
}
