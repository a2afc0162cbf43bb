import Analysis
import Datasets
import Exports
import LatentModels
import Tensors

/// The codes of a model's images as the measures take them.
enum MeasuredImages {
  /// The representation of `images` by `model` as it sees them: sampled pixels are drawn by `seed`, as `evaluate` and
  /// `report` draw them.
  static func representation(
    _ images: ImageSet, by model: LatentModel, rotation: Rotation? = nil, seed: UInt64
  ) throws -> Representation {
    let posterior = try model.encode(model.seen(images, seed: seed))
    let representation = try Representation(posterior, of: images, by: model)
    return rotation.map { representation.rotated($0) } ?? representation
  }

  /// The images that classifiers learn from where `images` are those of the test half of the set called `name`, read as
  /// these were; nil where they learn from a part of `images`.
  static func training(
    _ name: String, for images: ImageSet, model: LatentModel, _ options: ImageOptions
  ) throws -> ImageSet? {
    // Every version of the strokes has both halves, whatever number it goes by.
    guard images.part == .test, DataLibrary().isNamed(name) else { return nil }
    let training = try options.open(name, part: .training, count: nil, for: model)
    // A half may lack classes that the other has: a class is the same where its name is.
    return training.numberingClasses(as: images.everyClassName)
  }

  /// How far pixels are from one another where codes are turned and turned back before decoding: what shows that no
  /// likelihood notices a turn. Of at most 200 images.
  static func greatestDifference(
    _ images: ImageSet, by model: LatentModel, turnedBy rotation: Rotation, seed: UInt64
  ) throws -> Double {
    let means = try model.encode(model.seen(images.subset(0..<min(200, images.count)), seed: seed)).mean
    let straight = try model.decode(means)
    let turned = try model.decode(rotation.applyInverse(rotation.apply(means)))
    return zip(straight.elements, turned.elements).reduce(0) { max($0, Double(abs($1.0 - $1.1))) }
  }
}

extension ImageSet {
  /// Whether `model` learnt from some of these images, which a person called `name`.
  func includesTraining(of model: LatentModel, as name: String) -> Bool {
    part != .test && DataLibrary.recordedName(name) == model.configuration.training.data
  }
}
