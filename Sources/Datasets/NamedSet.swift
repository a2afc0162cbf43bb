/// A data set that people call by its name: a row of the table from which lists, help and refusals follow.
public struct NamedSet: Sendable {
  /// The name to ask for it by.
  public let name: String
  /// One line about it.
  public let summary: String
  /// How many classes its images are of.
  public let classes: Int
  /// Where its images come from.
  let source: Source
  private let counts: @Sendable (DataPart) -> Int

  /// Where the images of a set come from.
  enum Source: Sendable {
    /// Files that are fetched once.
    case published(PublishedSet)
    /// Nowhere: they are drawn by a seed.
    case drawn(DrawnSet)
  }

  /// How images are drawn that no file holds. A set has its name, and may have more, for its versions.
  struct DrawnSet: Sendable {
    /// Whether a name is one of the set's.
    let isName: @Sendable (String) -> Bool
    /// Throws a `DatasetError` for a name that is a version's of which this program knows nothing.
    let check: @Sendable (String) throws -> Void
    /// The names of the factors that the set of a name records, in its order.
    let factorNames: @Sendable (String) -> [String]
    /// Draws the first so many images of a seed.
    let images: @Sendable (_ name: String, _ count: Int, _ seed: UInt64, DataPart) throws -> ImageSet
  }

  /// How many images a half has; of a drawn set, how many are drawn unless a number is asked for.
  public func count(of part: DataPart) -> Int { counts(part) }

  /// Whether its images are drawn by a seed, any number of them, on any machine.
  public var isDrawn: Bool { if case .drawn = source { true } else { false } }

  /// Every set, in the order to list them: those that are fetched are rows of `PublishedSet.all`.
  public static let all = PublishedSet.all.map(NamedSet.init) + [strokes]

  /// The names of all of them, or of those that can be fetched.
  public static func names(fetched: Bool = false) -> [String] { all.filter { !fetched || !$0.isDrawn }.map(\.name) }

  /// The handwritten digits that everybody compares by.
  public static let mnist = NamedSet(.mnist)

  /// The built-in digits.
  public static let strokes = NamedSet(
    Strokes.name, Strokes.summary, classes: Alphabet.digits.count, counts: { $0 == .training ? 60_000 : 10_000 },
    DrawnSet(
      isName: { StrokesVersion(name: $0) != nil },
      check: StrokesVersion.checkNumber,
      factorNames: { StrokesVersion(name: $0)?.factorNames ?? [] },
      images: { name, count, seed, part in
        try Strokes.generate(count: count, seed: seed, part: part, version: StrokesVersion(name: name) ?? .current)
      }))

  private init(_ published: PublishedSet) {
    (name, summary, classes, counts) = (published.name, published.summary, published.classes, published.count)
    source = .published(published)
  }

  private init(
    _ name: String, _ summary: String, classes: Int, counts: @escaping @Sendable (DataPart) -> Int, _ drawn: DrawnSet
  ) {
    (self.name, self.summary, self.classes, self.counts) = (name, summary, classes, counts)
    source = .drawn(drawn)
  }
}

extension NamedSet {
  /// What a name asks for: a set, in which version, and whether half of its images are to be turned.
  struct Asked {
    let set: NamedSet
    /// The set's own name, or that of a version of it.
    let name: String
    let isHalfRotated: Bool

    /// The names of the factors that are known before the images are; none of a set whose files tell.
    var factorNames: [String] {
      let own = if case .drawn(let drawn) = set.source { drawn.factorNames(name) } else { [String]() }
      return own + (isHalfRotated ? [ImageSet.rotatedFactor] : [])
    }
  }

  /// What `name` asks for; nil where it is no name of a set: then it is a path.
  static func asked(by name: String) -> Asked? {
    let ending = "-\(ImageSet.rotatedFactor)"
    if let set = row(of: name) { return Asked(set: set, name: name, isHalfRotated: false) }
    guard name.hasSuffix(ending) else { return nil }
    let base = String(name.dropLast(ending.count))
    return row(of: base).map { Asked(set: $0, name: base, isHalfRotated: true) }
  }

  /// The set that `name` asks for, whatever version of it and whether half of its images are turned; nil for a path.
  public init?(askedBy name: String) {
    guard let asked = Self.asked(by: name) else { return nil }
    self = asked.set
  }

  /// The names of the factors of the set that `name` asks for, as far as they are known without its images.
  public static func factorNames(ofDataNamed name: String) -> [String] { asked(by: name)?.factorNames ?? [] }

  /// Throws a `DatasetError` where `name` is that of a version that this program does not know.
  static func checkVersion(_ name: String) throws {
    for set in all { if case .drawn(let drawn) = set.source { try drawn.check(name) } }
  }

  private static func row(of name: String) -> NamedSet? {
    all.first { set in
      if set.name == name { return true }
      return if case .drawn(let drawn) = set.source { drawn.isName(name) } else { false }
    }
  }
}
