import Datasets

extension DataLibrary {
  /// Opens a data set as it was opened for a training: where `name` and `part` are what the model learnt from, by the
  /// training's seed and, unless `count` says otherwise, its number of images, so that what is drawn are those images.
  /// Every other data set is opened as a person opens it.
  ///
  /// - Throws: `DatasetError`.
  public static func open(
    _ name: String, part: DataPart, count: Int? = nil, asFor training: TrainingConfiguration
  ) throws -> ImageSet {
    guard part == .training, recordedName(name) == training.data else {
      return try open(name, part: part, count: count)
    }
    return try open(name, part: part, count: count ?? training.count, seed: training.seed)
  }
}
