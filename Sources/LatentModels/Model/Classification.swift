import Datasets
import Tensors

/// What a model with a class says of images.
public struct Classification: Sendable, Hashable {
  /// The probability of every class, `[n, classes]`.
  public let probabilities: Tensor
  /// What the classes are called.
  public let classNames: [String]

  /// Probabilities `[n, classes]` of named classes.
  public init(probabilities: Tensor, classNames: [String]) {
    self.probabilities = probabilities
    self.classNames = classNames
  }

  /// The number of images.
  public var count: Int { probabilities.shape.first ?? 0 }

  /// The likeliest class of every image.
  public var predictions: [Int32] {
    (0..<count).map { row in
      let values = probabilities.row(row)
      let best = values.indices.max { values[$0] < values[$1] } ?? values.startIndex
      return Int32(best - values.startIndex)
    }
  }

  /// The probability of the likeliest class of every image.
  public var confidences: [Float] { (0..<count).map { probabilities.row($0).max() ?? 0 } }

  /// How often the likeliest class is the true one, of the images of one of the classes; nil where there are none. `labels`:
  /// −1 where it is not known.
  public func accuracy(against labels: [Int32]) -> ClassAccuracy? {
    ClassAccuracy(predictions: predictions, labels: labels, classes: classNames.count)
  }

  /// How many images of each class (row) were taken for each (column), `[classes][classes]`; images of unknown or other
  /// classes are left out.
  public func confusion(against labels: [Int32]) -> [[Int]] {
    let classes = classNames.count
    var counts = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
    for (prediction, label) in zip(predictions, labels) where (0..<Int32(classes)).contains(label) {
      counts[Int(label)][Int(prediction)] += 1
    }
    return counts
  }
}

/// The share of images whose class was told rightly.
public struct ClassAccuracy: Codable, Sendable, Hashable {
  /// In 0…1.
  public var accuracy: Double
  /// The standard error over the images; nil where all or none are told rightly, for then no spread is seen to estimate
  /// it by.
  public var standardError: Double?
  /// Images whose class is known, and one that can be told.
  public var images: Int

  /// Nil where no label counts.
  ///
  /// - Parameter classes: how many classes can be told: images of others are left out, for whatever is said of them is
  ///   wrong. Nil: none is.
  public init?(predictions: [Int32], labels: [Int32], classes: Int? = nil) {
    let known = zip(predictions, labels).filter { $1 >= 0 && Int($1) < classes ?? .max }
    guard !known.isEmpty else { return nil }
    images = known.count
    accuracy = Double(known.count { $0 == $1 }) / Double(known.count)
    standardError = standardErrorOfShare(accuracy, of: known.count)
  }
}

extension LatentModel {
  /// Whether it has a classifier.
  public var hasClasses: Bool { configuration.model.row.usesLabels && !configuration.model.classNames.isEmpty }

  /// Whether labels taught its classifier anything, beside a variable of the code that is the class.
  public var hasLearntClasses: Bool {
    let row = configuration.objective.row
    return hasClasses && configuration.training.labels != .none
      && (row.teachesItself || row.requirements.takesClassAsEvidence || configuration.isTaughtBeside)
  }

  /// What its classifier says of images; nil of a model without one. Throws a `ModelError` for images of another size.
  public func classify(_ images: ImageSet) throws -> Classification? {
    hasClasses ? try classified(images).classification : nil
  }

  /// The codes of images, and what `classify` says of them, by one pass. Throws a `ModelError` for images of another size.
  public func classified(_ images: ImageSet) throws -> (posterior: Posterior, classification: Classification?) {
    let found = try encoding(images)
    return (
      found.posterior,
      found.classes.map { Classification(probabilities: $0, classNames: configuration.model.classNames) }
    )
  }
}
