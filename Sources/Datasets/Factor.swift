/// A known cause of variation in generated images, one value an image.
public struct Factor: Sendable, Hashable {
  /// What varies, for example `slant`.
  public let name: String
  /// One value an image, in the order of the set.
  public let values: [Float]
  /// The number of each value among those that the factor takes, from 0, one an image: as a file states it beside the
  /// values (dSprites' `latents_classes`); nil where none does, as of a continuous factor.
  public let classes: [Int32]?
  /// The values as the 64-bit floats of a file, up to an origin and a unit, one an image; nil where 32-bit floats were all
  /// there was. Which of two bins a value on the edge is in, its last digit decides.
  public let exact: [Double]?

  /// A factor with its values; the caller answers for as many classes, none of them negative, and as many exact values.
  public init(name: String, values: [Float], classes: [Int32]? = nil, exact: [Double]? = nil) {
    self.name = name
    self.values = values
    self.classes = classes
    self.exact = exact
  }

  /// More values than this are no choice.
  static let mostChoices: Int32 = 1000

  /// The classes of a factor that chooses, rather than measures: those a file states, or else the values, where all of
  /// them are whole numbers from 0.
  public var choices: [Int32]? {
    if let classes { return classes }
    let allowed = 0..<Float(Self.mostChoices)
    guard !values.isEmpty, values.allSatisfy({ allowed.contains($0) && $0 == $0.rounded() }) else { return nil }
    return values.map { Int32($0) }
  }

  /// Whether values are classes rather than quantities where nothing states it: few of them, all whole or each met often.
  ///
  /// - Parameters:
  ///   - distinct: how many different ones there are.
  ///   - count: of how many images.
  public static func areClasses(distinct: Int, areWhole: Bool, count: Int) -> Bool {
    distinct <= 256 && (areWhole || distinct <= max(2, count / 20))
  }

  /// The same factor of the images of `indices`, in that order.
  public func subset(_ indices: [Int]) -> Factor {
    Factor(
      name: name, values: indices.map { values[$0] }, classes: classes.map { all in indices.map { all[$0] } },
      exact: exact.map { all in indices.map { all[$0] } })
  }
}
