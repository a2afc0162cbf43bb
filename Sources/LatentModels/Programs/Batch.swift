import Tensors

/// What a program sees of a step's data.
public struct Batch {
  /// Pixels, `[batch, pixels]`.
  public let images: Expression
  /// The class of every image, one-hot, `[batch, classes]`; zeros where it is not known. Nil where data carry none.
  public let labels: Expression?
  /// Whether the classes of all images of this batch are known for sure when it is recorded: none of them is then enumerated.
  /// Otherwise programs learn nothing from `labels`, which are there to be compared with.
  public let areAllKnown: Bool
  /// The value of the property that the model is told, one-hot, `[batch, values]`; zeros where it is not known. Nil where
  /// data carry none.
  public let sensitive: Expression?
  /// The number of training images N: estimators of the aggregate posterior need it.
  public let total: Int

  /// A batch of images and what is known of them.
  public init(
    images: Expression, labels: Expression? = nil, areAllKnown: Bool = false, sensitive: Expression? = nil, total: Int
  ) {
    self.images = images
    self.labels = labels
    self.areAllKnown = areAllKnown
    self.sensitive = sensitive
    self.total = total
  }

  /// The number of images.
  public var count: Int { images.shape[0] }
  /// The graph that everything is recorded in.
  public var graph: Graph { images.graph }

  /// The same images seen otherwise, as by a group action.
  public func replacing(images: Expression) -> Batch {
    Batch(images: images, labels: labels, areAllKnown: areAllKnown, sensitive: sensitive, total: total)
  }
}
