/// A data set that people call by its name: a row of the table from which lists, help and refusals follow.
public struct NamedSet: Sendable {
  /// The name to ask for it by.
  public let name: String
  /// One line about it.
  public let summary: String
  /// How many classes its images are of.
  public let classes: Int
  /// The size of its images.
  public let imageShape: ImageShape
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

  /// How many images a half has; of a drawn set, how many are drawn unless a number is asked for.
  public func count(of part: DataPart) -> Int { counts(part) }

  /// Whether its images are drawn by a seed, any number of them, on any machine.
  public var isDrawn: Bool { if case .drawn = source { true } else { false } }

  /// Those that are drawn: a file and a row each.
  fileprivate static let drawn = [DrawnSet.strokes]

  /// Every set, in the order to list them: those that are fetched are rows of `PublishedSet.all`.
  public static let all = PublishedSet.all.map(NamedSet.init) + drawn.map(NamedSet.init)

  /// The names of all of them, or of those that are fetched or are not.
  public static func names(fetched: Bool? = nil) -> [String] {
    all.filter { fetched == nil || fetched != $0.isDrawn }.map(\.name)
  }

  /// The handwritten digits that everybody compares by.
  public static let mnist = NamedSet(.mnist)

  /// The built-in digits.
  public static let strokes = NamedSet(.strokes)

  private init(_ published: PublishedSet) {
    (name, summary, classes, counts) = (published.name, published.summary, published.classes, published.count)
    imageShape = published.imageShape
    source = .published(published)
  }

  private init(_ drawn: DrawnSet) {
    (name, summary, classes, counts) = (drawn.name, drawn.summary, drawn.classes, drawn.count)
    imageShape = drawn.imageShape
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

  /// The factors that a model is told, so that its code need not hold them, where nobody says which: of data that have
  /// several, the first.
  public static let standardAttributes = [ImageSet.rotatedFactor] + drawn.compactMap(\.standardAttribute)

  /// Names of data that have such a factor, for messages: sets that have one of their own, and one that is half-rotated.
  public static let namesWithAttribute =
    drawn.filter { $0.standardAttribute != nil }.map(\.name) + ["\(mnist.name)-\(ImageSet.rotatedFactor)"]

  /// Throws a `DatasetError` where `name` is that of a version that this program does not know.
  static func checkVersion(_ name: String) throws {
    for set in drawn { try set.check(name) }
  }

  private static func row(of name: String) -> NamedSet? {
    all.first { set in
      if set.name == name { return true }
      return if case .drawn(let drawn) = set.source { drawn.isVersion(name) } else { false }
    }
  }
}

extension DataLibrary {
  /// The name that the files of a run give data that a person calls `name`: with the version, where data have one.
  public static func recordedName(_ name: String) -> String {
    NamedSet.drawn.first { $0.name == name }?.recordedName ?? name
  }

  /// What a person calls data that files record as `name`: today's version without its number.
  public static func spokenName(_ name: String) -> String {
    NamedSet.drawn.first { $0.recordedName == name }?.name ?? name
  }

  /// What the files of a run mean by `name`: `strokes` without a version was the first.
  public static func name(recordedAs name: String) -> String {
    NamedSet.drawn.first { $0.name == name }?.unnumberedName ?? name
  }
}
