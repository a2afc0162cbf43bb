import Datasets

extension DataLibrary {
  /// Opens a data set as it was opened for a training: where `name` and `part` are what the model learnt from, by the
  /// training's seed and, unless `count` says otherwise, its number of images, so that what is drawn are those images.
  /// Every other data set is opened as a person opens it.
  ///
  /// - Throws: `DatasetError`.
  public static func open(
    _ name: String, part: DataPart, count: Int? = nil, asFor training: TrainingConfiguration,
    reading: ImageReading? = nil, expecting expected: ImageShape? = nil
  ) throws -> ImageSet {
    let isOwn = recordedName(name) == training.data
    // What a run was told about its own files holds for them, unless something else is said now.
    let reading = reading ?? (isOwn ? training.reading : nil) ?? ImageReading()
    guard part == .training, isOwn else {
      return try open(name, part: part, count: count, reading: reading, expecting: expected)
    }
    return try open(
      name, part: part, count: count ?? training.count, seed: training.seed, reading: reading, expecting: expected)
  }
}

extension ImageSet {
  /// The same images, their classes numbered as `model` learnt them, by their names.
  public func numberingClasses(for model: ModelConfiguration) -> ImageSet {
    let label = model.attribute.flatMap { $0.name == SensitiveAttribute.label ? $0.valueNames : nil }
    return numberingClasses(as: model.classNames.isEmpty ? label ?? [] : model.classNames)
  }
}
