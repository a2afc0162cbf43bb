import Datasets
import LatentModels
import Tensors

/// Whether images decoded for a class look like that class to a classifier that never saw the model: that of another model,
/// trained on real images with all their labels.
struct ConditionalAgreement: Sendable {
  /// Of images decoded from a class and a style drawn from the prior, in per cent.
  let samples: Double
  /// Of images decoded from a class and the style of a test image, in per cent.
  let transfers: Double

  private static let styles = 500

  /// - Throws: a `CommandError` of a model without a class, or of a judge without a classifier.
  init(of model: LatentModel, judge: LatentModel, seed: UInt64) throws {
    guard let columns = model.variables.classColumns?.range else {
      throw CommandError("the model has no variable for the class")
    }
    let training = model.configuration.training
    let test = try DataLibrary.open(training.data, part: .test, count: Self.styles, asFor: training)
    func share(_ styles: Tensor) throws -> Double {
      let width = styles.rowCount
      var (codes, classes): ([Float], [Int32]) = ([], [])
      for row in 0..<styles.shape[0] {
        for label in 0..<columns.count {
          var code = Array(styles.elements[row * width..<(row + 1) * width])
          for column in columns { code[column] = column == columns.lowerBound + label ? 1 : 0 }
          codes += code
          classes.append(Int32(label))
        }
      }
      let images = try model.decode(Tensor(shape: [classes.count, width], elements: codes))
      let decoded = try ImageSet(
        name: "decoded images", width: test.width, height: test.height,
        pixels: images.elements.map { UInt8((min(max($0, 0), 1) * 255).rounded()) })
      guard let told = try judge.classify(decoded)?.accuracy(against: classes) else {
        throw CommandError("the judge has no classifier", remedy: "train it with --model semi-supervised --labels all")
      }
      return 100 * told.accuracy
    }
    samples = try share(model.priorCodes(count: Self.styles, seed: seed))
    transfers = try share(model.encode(test).mean)
  }
}
