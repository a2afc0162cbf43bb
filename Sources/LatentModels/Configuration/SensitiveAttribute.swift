import Datasets

/// A property of images that a model is told beside them, so that its code need not hold it: a label, or a factor.
public struct SensitiveAttribute: Codable, Sendable, Hashable {
  /// Its name in the data: `label`, or a factor such as `thickness`.
  public var name: String
  /// What its values are called.
  public var valueNames: [String]
  /// Where a continuous factor is cut in two: the least value of the upper half.
  public var threshold: Float?

  /// What the class is called where it is the property.
  static let label = "label"

  /// A property of all fields.
  public init(name: String, valueNames: [String], threshold: Float? = nil) {
    self.name = name
    self.valueNames = valueNames
    self.threshold = threshold
  }

  private enum CodingKeys: CodingKey { case name, valueNames, threshold }

  /// Reads all fields.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.require(String.self, forKey: .name)
    valueNames = try container.require([String].self, forKey: .valueNames)
    threshold = try container.read(Float.self, forKey: .threshold)
  }

  /// A property as the images of a training have it.
  ///
  /// - Throws: a `DatasetError` where they do not, or all have the same value of it.
  public init(_ name: String, of images: ImageSet) throws {
    let attribute = try images.attribute(name)
    guard Set(attribute.values.lazy.filter { $0 >= 0 }).count > 1 else {
      throw DatasetError(
        .mismatch, images.name, "no two of its images differ in \(name), so that there is nothing to forget",
        remedy: "name another property")
    }
    self.init(name: name, valueNames: attribute.valueNames, threshold: attribute.threshold)
  }

  /// What it is of images where nobody says: the first of `NamedSet.standardAttributes` that they have; nil: none.
  public static func standard(of images: ImageSet) -> String? { standard(among: images.factors.map(\.name)) }

  /// The same of data whose factors their name tells, such as `strokes` and `mnist-rotated`; nil for all others.
  public static func standard(ofDataNamed name: String) -> String? {
    standard(among: NamedSet.factorNames(ofDataNamed: name))
  }

  private static func standard(among factors: [String]) -> String? {
    NamedSet.standardAttributes.first(where: factors.contains)
  }

  /// The number of the value of every image, −1 where it is not known; nil where the images have no such property.
  public func values(of images: ImageSet) -> [Int32]? {
    guard let values = try? images.attribute(name, threshold: threshold).values else { return nil }
    return values.map { (0..<Int32(valueNames.count)).contains($0) ? $0 : -1 }
  }

  func checkRanges() throws {
    try check(valueNames.count, "the number of values of \(name)", in: 2...ModelConfiguration.mostClasses)
    if let threshold, !threshold.isFinite {
      throw ConfigurationError.outOfRange(
        setting: "model.attribute.threshold", value: "\(threshold)", allowed: "a number")
    }
  }
}
