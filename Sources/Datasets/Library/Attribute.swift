/// A property of images that has a few values, as a class has: a label, or a factor.
public struct Attribute: Sendable, Hashable {
  /// What it is, for example `thickness`.
  public let name: String
  /// What its values are called, by number.
  public let valueNames: [String]
  /// For every image the number of its value, or −1 where it is not known.
  public let values: [Int32]
  /// For a continuous factor that was cut in two: the least value of its upper half.
  public let threshold: Float?
}

extension ImageSet {
  /// A label (`label`) or a factor as an attribute.
  ///
  /// A factor that chooses (see `Factor.choices`) is taken as it is. Any other is cut in two: below `threshold`, or not.
  ///
  /// - Parameter threshold: where to cut; nil: at the median of this set, or above it where nothing lies below. What is judged
  ///   by another set must be cut where that one was.
  /// - Throws: `DatasetError` of kind `unknown` where the set has no such property.
  public func attribute(_ name: String, threshold: Float? = nil) throws -> Attribute {
    if name == "label", let labels {
      return Attribute(
        name: name, valueNames: everyClassName, values: labels, threshold: nil)
    }
    guard let factor = factors.first(where: { $0.name == name }) else {
      let names = (labels == nil ? [] : ["label"]) + factors.map(\.name)
      let there = names.isEmpty ? "it has none: use another data set" : "there are \(names.joined(separator: ", "))"
      let isTurned = name == Self.rotatedFactor && DataLibrary().isNamed(self.name)
      throw DatasetError(
        .unknown, self.name, "its images have no property \(name)",
        remedy: isTurned ? "use \(self.name)-\(name), which has them turned and as they are" : there)
    }
    if threshold == nil, let classes = factor.choices, (classes.max() ?? 0) < Factor.mostChoices {
      let greatest = Int(classes.max() ?? 0)
      return Attribute(
        name: name, valueNames: (0...greatest).map { Self.valueName(name, $0, of: greatest) }, values: classes,
        threshold: nil)
    }
    let sorted = factor.values.sorted()
    let median = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    // Where one value fills half of the set and is its least, the median would leave the lower half empty.
    let cut = threshold ?? (median == sorted.first ? sorted.first { $0 > median } : nil) ?? median
    return Attribute(
      name: name, valueNames: Self.halves[name] ?? ["low \(name)", "high \(name)"],
      values: factor.values.map { $0 < cut ? 0 : 1 }, threshold: cut)
  }

  private static let halves = [
    "thickness": ["thin", "thick"], "width": ["narrow", "wide"], "size": ["small", "large"],
  ]

  private static func valueName(_ name: String, _ value: Int, of greatest: Int) -> String {
    greatest == 1 ? (value == 1 ? name : "not \(name)") : "\(name) \(value)"
  }
}
