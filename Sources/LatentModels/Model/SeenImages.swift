import Datasets

extension LatentModel {
  /// `images` as this model saw those that it learnt from: every pixel drawn once, by `seed`, where its training drew
  /// pixels anew each time; otherwise as they are. Numbers about a model that stand beside each other are of the same
  /// pixels where all are of these.
  ///
  /// - Parameter seed: the one that commands draw by unless they are told another.
  /// - Throws: a `DatasetError`.
  public func seen(_ images: ImageSet, seed: UInt64 = 1) throws -> ImageSet {
    configuration.training.treatment == .sampled ? try images.withDrawnPixels(seed: seed) : images
  }
}
