import Analysis
import Datasets
import LatentModels
import Tensors

/// The codes of a model's images as the measures take them.
enum MeasuredImages {
  /// The representation of `images` by `model`: the columns of its continuous variables (all columns where there is
  /// none), without variances where they were not trained. Sampled pixels are drawn by `seed`, as `evaluate` draws them.
  static func representation(
    _ images: ImageSet, by model: LatentModel, rotation: Rotation? = nil, seed: UInt64
  ) throws -> Representation {
    let isDrawn = model.configuration.training.treatment == .sampled
    let posterior = try model.encode(isDrawn ? images.withDrawnPixels(seed: seed) : images)
    let continuous = model.variables.columns.filter { !$0.0.isCategorical }.flatMap { Array($0.1) }
    func chosen(_ tensor: Tensor) -> Tensor {
      guard !continuous.isEmpty, continuous.count < tensor.rowCount else { return tensor }
      return Tensor(
        shape: [tensor.shape[0], continuous.count],
        elements: (0..<tensor.shape[0]).flatMap { row in continuous.map { tensor.elements[row * tensor.rowCount + $0] }
        })
    }
    let hasVariances = !model.isDeterministic && !continuous.isEmpty
    let representation = try Representation(
      means: chosen(posterior.mean), logVariances: hasVariances ? chosen(posterior.logVariance) : nil,
      labels: images.labels, classNames: images.classNames, factors: images.factors)
    return rotation.map { representation.rotated($0) } ?? representation
  }

  /// The images that classifiers learn from where `images` are those of the test half of the set called `name`; nil where
  /// they learn from a part of `images`.
  static func training(_ name: String, for images: ImageSet, model: LatentModel) throws -> ImageSet? {
    // Every version of the strokes has both halves, whatever number it goes by.
    guard images.part == .test, DataLibrary().isNamed(name) else { return nil }
    let training = try DataLibrary.open(name, part: .training, asFor: model.configuration.training)
      .fitting(model, count: nil)
    // A half may lack classes that the other has: a class is the same where its name is.
    return training.numberingClasses(as: images.everyClassName)
  }

  /// How far pixels are from one another where codes are turned and turned back before decoding: what shows that no
  /// likelihood notices a turn. Of at most 200 images.
  static func greatestDifference(_ images: ImageSet, by model: LatentModel, turnedBy rotation: Rotation) throws
    -> Double
  {
    let means = try model.encode(images.subset(0..<min(200, images.count))).mean
    let straight = try model.decode(means)
    let turned = try model.decode(rotation.applyInverse(rotation.apply(means)))
    return zip(straight.elements, turned.elements).reduce(0) { max($0, Double(abs($1.0 - $1.1))) }
  }
}
