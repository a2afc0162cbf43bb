import Tensors

/// What a program sees of a step's data.
public struct Batch {
  /// Pixels, `[batch, pixels]`.
  public let images: Expression
  /// The class of every image, one-hot, `[batch, classes]`; zeros where it is not known. Nil where data carry none.
  public let labels: Expression?
  /// 1 where the class is known, otherwise 0, `[batch]`.
  public let isKnown: Expression?
  /// Whether all (true), none (false) or some (nil) of the classes of this batch are known for sure when it is recorded:
  /// a labelled image is then never enumerated.
  public let areAllKnown: Bool?
  /// The value of the property that the model is told, one-hot, `[batch, values]`; nil where it is not known.
  public let sensitive: Expression?
  /// The number of training images N: estimators of the aggregate posterior need it.
  public let total: Int

  /// A batch of images and what is known of them.
  public init(
    images: Expression, labels: Expression? = nil, isKnown: Expression? = nil, areAllKnown: Bool? = nil,
    sensitive: Expression? = nil, total: Int
  ) {
    self.images = images
    self.labels = labels
    self.isKnown = isKnown
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
    Batch(
      images: images, labels: labels, isKnown: isKnown, areAllKnown: areAllKnown, sensitive: sensitive, total: total)
  }
}
