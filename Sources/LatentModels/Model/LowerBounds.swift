import Datasets
import Glibc
import Tensors

/// The evidence lower bound of every image, in nats, whatever the model was trained towards; of pixels that its training
/// drew, on the images as `seen` draws them. An autoencoder has no bound, for its variances are not trained: of it `log p(x | z)`
/// with z the mean.
///
/// - Parameters:
///   - knowingClass: of a model with a variable for the class: the bound is on `log p(x | y)` of the labels.
///   - samples: codes an image, averaged over; an autoencoder has one.
/// - Throws: `ModelError` for images of another size, or without the labels that are to be known.
public func lowerBounds(
  _ model: LatentModel, on images: ImageSet, knowingClass: Bool = false, samples: Int = 4, seed: UInt64 = 1
) throws -> [Double] {
  guard images.pixelCount == model.pixelCount else {
    throw ModelError.shape(
      what: "images", found: [images.count, images.pixelCount], expected: "[n, \(model.pixelCount)]")
  }
  let classes = model.configuration.model.classNames.count
  let labels = knowingClass ? images.labels : nil
  if knowingClass {
    guard model.hasClasses, let labels, labels.allSatisfy({ (0..<Int32(classes)).contains($0) }) else {
      throw ModelError.shape(
        what: "labels", found: [images.labels?.count ?? 0], expected: "the class of every image, one of \(classes)")
    }
  }
  let images = try model.seen(images)
  var configuration = model.configuration
  configuration.objective =
    model.isDeterministic
    ? ObjectiveConfiguration(kind: ObjectiveKind.reconstruction.identifier) : ObjectiveConfiguration()
  let samples = model.isDeterministic ? 1 : samples
  // What labels teach is no part of the bound.
  (configuration.training.teachesLabels, configuration.training.teachesBesideOwnTerms) = (false, false)
  // What was drawn is seen as it is.
  if configuration.training.treatment == .sampled { configuration.training.treatment = .grey }
  let sensitive = configuration.model.attribute?.values(of: images)
  let batch = max(1, min(knowingClass ? 256 : configuration.model.atOnce(256), images.count))
  let composition =
    knowingClass ? BatchComposition(labelled: batch, unlabelled: 0) : BatchComposition(unlabelled: batch)
  let recording = Recording(configuration, composition, total: images.count, labelledTotal: images.count)
  let program = recording.compileTerms()
  // What the prior says of a class is not of the image given the class.
  let ofClass = labels == nil ? 0 : log(Double(classes))
  var bounds = [Double](repeating: ofClass, count: images.count)
  for start in stride(from: 0, to: images.count, by: batch) {
    let range = start..<min(start + batch, images.count)
    func padded(_ values: [Int32]) -> [Int32] {
      Array(values[range]) + [Int32](repeating: 0, count: batch - range.count)
    }
    let (image, property) =
      knowingClass
      ? (Recording.Input.labelledImages, Recording.Input.labelledSensitive)
      : (Recording.Input.images, Recording.Input.sensitive)
    program.bindImages(image, to: images.storage.base, rows: Array(images.rows[range]))
    if let labels { program.mark(Recording.Input.labels, padded(labels)) }
    if let sensitive { program.mark(property, padded(sensitive)) }
    for sample in 0..<samples {
      SharedWorkers.withPool {
        program.run(model.parameters, seed: seed, step: UInt64(start / batch) << 24 | UInt64(sample), pool: $0)
      }
      program.withOutput("loss") { values in
        for row in range { bounds[row] -= Double(values[row - start]) / Double(samples) }
      }
    }
  }
  return bounds
}
