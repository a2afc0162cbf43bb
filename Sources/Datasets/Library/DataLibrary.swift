/// A data set the library knows by name.
public struct DataEntry: Sendable, Hashable {
  /// The name to ask for it by.
  public let name: String
  /// One line about it.
  public let summary: String
  /// The folder of its files, if they are on this machine; nil for a generated set.
  public let path: String?
  /// Whether it can be opened now.
  public let isAvailable: Bool
}

/// The data sets on this machine, by name.
public struct DataLibrary: Sendable {
  /// Where `get` puts data sets: `$ZSCOPE_DATA`, else `$XDG_DATA_HOME/zscope`, else `~/.local/share/zscope`; nil where there
  /// is no home folder either, and where that variable is not UTF-8.
  public let directory: String?
  private let otherDirectories: [String]
  private let mnistDirectories: [String]

  /// The library of this user, or only that of one folder. This user's MNIST may also lie in `$ZSCOPE_DATA` itself, or
  /// in `mnist`, `shared/mnist` or `../shared/mnist` of the working folder.
  public init(directory: String? = nil) {
    if let directory {
      self.directory = directory
      (otherDirectories, mnistDirectories) = ([], [])
      return
    }
    let own = environmentVariable("ZSCOPE_DATA")
    self.directory = OutsideText.isUnusable(variable: "ZSCOPE_DATA") ? nil : own ?? UserHome.data
    otherDirectories = own == nil ? [] : [UserHome.data].compactMap(\.self)
    mnistDirectories = (own.map { [$0] } ?? []) + ["mnist", "shared/mnist", "../shared/mnist"]
  }

  /// Opens a data set by name (a row of `NamedSet.all`, or a version of one, as `strokes-1`) or by path
  /// (IDX, NPY, NPZ, PNG, JPEG, folder; `-` is standard input): the one way to images, for every command.
  ///
  /// - Parameters:
  ///   - count: for a drawn set, as `strokes`, how many to draw (`NamedSet.count(of:)` unless said); for others, the first
  ///     so many.
  ///   - seed: for a drawn set, which stream of samples.
  ///   - reading: what was said about scale, shape, fit and labels of files.
  ///   - expected: the size the images are needed in.
  /// - Throws: `DatasetError`.
  public static func open(
    _ nameOrPath: String, part: DataPart = .training, count: Int? = nil, seed: UInt64 = 1,
    reading: ImageReading = ImageReading(), expecting expected: ImageShape? = nil
  ) throws -> ImageSet {
    try DataLibrary().open(
      nameOrPath, part: part, count: count, seed: seed, reading: reading, expecting: expected)
  }

  /// Opens several files as one set, or what a single name says; see the function for one.
  public static func open(
    _ namesOrPaths: [String], part: DataPart = .training, count: Int? = nil, seed: UInt64 = 1,
    reading: ImageReading = ImageReading(), expecting expected: ImageShape? = nil
  ) throws -> ImageSet {
    if namesOrPaths.count == 1 {
      return try open(
        namesOrPaths[0], part: part, count: count, seed: seed, reading: reading, expecting: expected)
    }
    let library = DataLibrary()
    if let name = namesOrPaths.first(where: { library.isNamed($0) && !isFile($0) && !isFolder($0) }) {
      throw DatasetError(
        .mismatch, name, "this is a data set's name, which stands alone, and not beside \(namesOrPaths.count - 1) more",
        remedy: "name it alone, or files and folders alone (zscope data export makes a file of a data set)")
    }
    return try ImageSet.read(namesOrPaths, part: part, reading: reading, expecting: expected).first(count)
  }

  /// Opens a data set from this library; see the static function of this name.
  public func open(
    _ nameOrPath: String, part: DataPart = .training, count: Int? = nil, seed: UInt64 = 1,
    reading: ImageReading = ImageReading(), expecting expected: ImageShape? = nil
  ) throws -> ImageSet {
    if let asked = NamedSet.asked(by: nameOrPath) {
      let images = try images(asked, part: part, count: count, seed: seed)
      return try (asked.isHalfRotated ? images.halfRotated(seed: Self.rotationSeed) : images)
        .suited(to: reading, expecting: expected)
    }
    try NamedSet.checkVersion(nameOrPath)
    if nameOrPath != "-", !nameOrPath.contains("/"), !nameOrPath.contains("."), !isFile(nameOrPath),
      !isFolder(nameOrPath)
    {
      throw DatasetError(
        .unknown, nameOrPath, "no data set has this name, and no file\(suggestion(for: nameOrPath))",
        remedy: "there are \(NamedSet.names().joined(separator: ", ")), or give a path")
    }
    return try ImageSet.read(nameOrPath, part: part, reading: reading, expecting: expected).first(count)
  }

  /// The images of a set as they were published or are drawn.
  private func images(_ asked: NamedSet.Asked, part: DataPart, count: Int?, seed: UInt64) throws -> ImageSet {
    switch asked.set.source {
    case .drawn(let drawn):
      return try drawn.images(asked.name, count ?? asked.set.count(of: part), seed, part)
    case .published(let published):
      guard let folder = folder(of: published) else {
        throw DatasetError(
          .missing, published.name,
          "this data set is not on this machine ("
            + (directory.map { "looked in \($0)" } ?? UserHome.problem) + ")",
          remedy: "fetch it with: zscope data get \(published.name), or use \(NamedSet.strokes.name), which is built in"
        )
      }
      return try ImageSet.read(folder, part: part).named(published.name).first(count)
    }
  }

  /// Throws what `open` would for a name or a path of which nothing is here, without reading what is.
  ///
  /// - Throws: `DatasetError`.
  public static func checkPresence(of nameOrPath: String) throws {
    let library = DataLibrary()
    let isHere =
      if let asked = NamedSet.asked(by: nameOrPath) {
        library.entry(asked.set).isAvailable
      } else {
        nameOrPath == "-" || isFile(nameOrPath) || isFolder(nameOrPath) || file(of: nameOrPath) != nil
      }
    if !isHere { _ = try open(nameOrPath) }
  }

  /// The file that is read for `path` where that leads into an archive, as `digits.zip/train` does; nil where it does not.
  public static func file(of path: String) -> String? { ArchiveFolders.archive(above: path) }

  /// Whether `name` is that of a set with halves, rather than a path.
  public func isNamed(_ name: String) -> Bool { NamedSet(askedBy: name) != nil }

  /// Whether the images called `name` are drawn by a seed, half of them rotated or none.
  public func isDrawn(_ name: String) -> Bool { NamedSet(askedBy: name)?.isDrawn ?? false }

  /// Which half is turned is the same for everybody.
  private static let rotationSeed: UInt64 = 1

  /// What can be asked for by name: every set, and every set of which half the images are turned.
  public static func names() -> [String] {
    let names = NamedSet.names()
    return names + names.map { "\($0)-\(ImageSet.rotatedFactor)" }
  }

  /// The sets that there are, and what of them is here.
  public func list() -> [DataEntry] { NamedSet.all.map(entry) }

  private func entry(_ set: NamedSet) -> DataEntry {
    let folder = if case .published(let published) = set.source { folder(of: published) } else { String?.none }
    return DataEntry(name: set.name, summary: set.summary, path: folder, isAvailable: set.isDrawn || folder != nil)
  }

  /// What may have been meant by a name that is none.
  private func suggestion(for name: String) -> String {
    Nearest.suggestion(for: name, among: Self.names())
  }

  /// The first folder that holds all files of a set.
  private func folder(of published: PublishedSet) -> String? {
    let folders =
      ([directory].compactMap(\.self) + otherDirectories).map { "\($0)/\(published.name)" }
      + (published == .mnist ? mnistDirectories : [])
    return folders.first { folder in
      published.files.allSatisfy { $0.path(in: folder) != nil }
    }
  }

  /// Fetches a data set into `directory`. Every file is checked before it is kept, and put there whole; files that are
  /// there already and are right are not fetched again.
  ///
  /// - Parameters:
  ///   - source: a folder or URL that holds the files, instead of the published places.
  ///   - progress: called at most some ten times a second, on the calling thread.
  ///   - isCancelled: asked several times a second; `true` stops, and leaves no partial file.
  /// - Returns: the folder of the set.
  /// - Throws: `DatasetError`.
  @discardableResult
  public func get(
    _ name: String, from source: String? = nil, progress: @escaping @Sendable (DownloadProgress) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> String {
    let asked = NamedSet.asked(by: name).flatMap { $0.isHalfRotated ? nil : $0.set }
    if asked?.isDrawn ?? false {
      throw DatasetError(.unknown, name, "this data set is built in; there is nothing to fetch")
    }
    guard case .published(let published) = asked?.source else {
      let names = NamedSet.names(fetched: true)
      throw DatasetError(
        .unknown, name, "no data set has this name\(Nearest.suggestion(for: name, among: names))",
        remedy: "there are \(names.joined(separator: ", "))")
    }
    guard let directory else {
      throw DatasetError(
        .unwritable, name, "cannot be kept: \(UserHome.problem)", remedy: "name a place for data sets in ZSCOPE_DATA")
    }
    let fetcher = Fetcher(progress: progress, isCancelled: isCancelled)
    return try fetcher.get(published, from: source.map { [$0] } ?? published.mirrors, into: "\(directory)/\(name)")
  }
}

extension ImageSet {
  /// The first `count` images; all where nil.
  ///
  /// - Throws: `DatasetError` of kind `mismatch` where `count` is negative.
  func first(_ count: Int?) throws -> ImageSet {
    guard let count, count < self.count else { return self }
    guard count >= 0 else { throw DatasetError(.mismatch, name, "\(count) images cannot be taken") }
    return subset(0..<count)
  }

  /// A set whose pixels are known, in the size that is needed and without labels where nobody wants them.
  fileprivate func suited(to reading: ImageReading, expecting expected: ImageShape?) throws -> ImageSet {
    let set = reading.readsLabels ? self : withoutLabels()
    try reading.checkFit(
      of: [ImageShape(height: height, width: width)].compactMap(\.self), to: expected, name: name)
    if let fit = reading.fit { return try set.fitted(fit, to: expected ?? reading.shape ?? .mnist) }
    if let found = ImageShape(height: height, width: width) { try reading.check(found, name: name) }
    guard let expected else { return set }
    return try set.requiring(width: expected.width, height: expected.height)
  }
}
