import Datasets

extension ModelConfiguration {
  /// The size of the images that a model reads; nil where no picture can have it.
  public var imageShape: ImageShape? { ImageShape(height: imageHeight, width: imageWidth) }
}
