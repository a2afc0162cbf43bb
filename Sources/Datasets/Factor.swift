/// A known cause of variation in generated images, one value an image.
public struct Factor: Sendable, Hashable {
  /// What varies, for example `slant`.
  public let name: String
  /// One value an image, in the order of the set.
  public let values: [Float]

  /// A factor with its values.
  public init(name: String, values: [Float]) {
    self.name = name
    self.values = values
  }
}
