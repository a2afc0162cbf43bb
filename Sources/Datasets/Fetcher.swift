import Glibc

/// How far a download has come.
public struct DownloadProgress: Sendable {
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
}

/// Where files of a set are: a folder or a server, as people name them.
enum FileSource: Hashable {
  case folder(String)
  case server(String)

  /// A folder by its path or its `file:` address, or an `http:` or `https:` address without a query.
  ///
  /// - Throws: `DatasetError` of kind `unknown` where it is none of these.
  init(_ text: String) throws {
    let refused = DatasetError(
      .unknown, text, "neither a folder nor an http or https address",
      remedy: "give one such as ../mnist or https://example.org/mnist")
    func withoutSlash(_ path: some StringProtocol) -> String {
      String(path.hasSuffix("/") && path.count > 1 ? path.dropLast() : path[...])
    }
    guard let mark = text.firstRange(of: "://") else {
      guard !text.isEmpty else { throw refused }
      self = .folder(withoutSlash(text))
      return
    }
    let rest = text[mark.upperBound...]
    switch text[..<mark.lowerBound].lowercased() {
    case "file": self = .folder(withoutSlash(rest))
    case "http", "https":
      guard let first = rest.first, !"/?#".contains(first),
        !rest.contains(where: { $0.isWhitespace || "?#".contains($0) })
      else { throw refused }
      self = .server(withoutSlash(text))
    default: throw refused
    }
  }
}

/// Gets the files of a published set from folders or servers, and keeps what is right.
struct Fetcher {
  /// No file of a known set is larger than this, packed or not.
  static let limit = 64 << 20

  let progress: (DownloadProgress) -> Void
  let isCancelled: () -> Bool

  /// Gets every file that `folder` lacks from the first of `sources` that has it.
  func get(_ set: PublishedSet, from sources: [String], into folder: String) throws -> String {
    let sources = try sources.map(FileSource.init)
    // What a program that was killed while it kept a file left; none where the folder is not there yet.
    let owned = try? OwnedFolder(folder, followingLink: false)
    for name in set.files.flatMap({ [$0.name, $0.name + ".gz"] }) { owned?.removeLeftovers(of: name) }
    let lacking = set.files.enumerated().filter { !isThere($0.element, in: folder) }
    // Before anything is fetched that could not be kept.
    if !lacking.isEmpty { try checkKeeping(in: folder) }
    for (index, file) in lacking {
      try keep(try get(file, from: sources, position: (index + 1, set.files.count)), as: file, in: folder)
    }
    return folder
  }

  /// Finds out whether files can be put into `folder`: a link in its place, which somebody may have put there, is not
  /// written through.
  private func checkKeeping(in folder: String) throws {
    if let target = linkTarget(folder) {
      throw DatasetError(
        .unwritable, folder, "this is a link (to \(target)), and no data set is written through one",
        remedy: "remove it, or name another place for data sets in ZSCOPE_DATA")
    }
    try checkWritableFolder(folder)
  }

  private func keep(_ bytes: [UInt8], as file: PublishedFile, in folder: String) throws {
    let archive = "\(file.name).gz"
    let isPacked = Inflate.isGzip(bytes)
    try checkKeeping(in: folder)
    try makeFolder(folder)
    // A link may have been put there since.
    let owned = try OwnedFolder(folder, followingLink: false)
    try owned.write(bytes, as: isPacked ? archive : file.name)
    // The other form was found wrong, or is not there; left, it could be read in place of this one.
    owned.remove(isPacked ? file.name : archive)
  }

  /// Whether the file that would be read is there, and right.
  private func isThere(_ file: PublishedFile, in folder: String) -> Bool {
    guard let path = file.path(in: folder) else { return false }
    return (try? file.verify(readFile(path, limit: Self.limit), from: path)) != nil
  }

  private func get(
    _ file: PublishedFile, from sources: [FileSource], position: (index: Int, count: Int)
  ) throws -> [UInt8] {
    var last: (any Error)?
    for source in sources {
      do {
        return try get(file, from: source, position: position)
      } catch let error as DatasetError where error.kind == .cancelled || error.kind == .unwritable {
        throw error
      } catch { last = error }
    }
    throw last ?? DatasetError(.missing, file.name, "there is no place to fetch it from")
  }

  private func get(
    _ file: PublishedFile, from source: FileSource, position: (index: Int, count: Int)
  ) throws -> [UInt8] {
    if isCancelled() { throw Download.cancelled(file.name) }
    let (bytes, place) =
      switch source {
      case .server(let base): try download(file, from: base, position: position)
      case .folder(let folder): try read(file, from: folder, position: position)
      }
    try file.verify(bytes, from: place)
    if isCancelled() { throw Download.cancelled(place) }
    return bytes
  }

  private func download(
    _ file: PublishedFile, from base: String, position: (index: Int, count: Int)
  ) throws -> ([UInt8], String) {
    let start = ContinuousClock.now
    var reported = start
    func report(_ count: Int, _ total: Int?) {
      let now = ContinuousClock.now
      guard now - reported >= .milliseconds(100) || count == total else { return }
      reported = now
      let rate = Double(count) / max((now - start) / .seconds(1), 1e-3)
      progress(DownloadProgress(file: file.name, position: position, bytes: count, total: total, rate: rate))
    }
    let archive = "\(base)/\(file.name).gz"
    do {
      return (try Download(address: archive, limit: Self.limit).run(isCancelled: isCancelled, report: report), archive)
    } catch let error as DatasetError where error.kind == .refusedByServer && file.sha256 != nil {
      // Some mirrors hold the files unpacked; only where their digest is known can they be trusted.
      let plain = "\(base)/\(file.name)"
      let download = Download(address: plain, limit: Self.limit)
      guard let bytes = try? download.run(isCancelled: isCancelled, report: report) else {
        throw isCancelled() ? Download.cancelled(plain) : error
      }
      return (bytes, plain)
    }
  }

  private func read(
    _ file: PublishedFile, from folder: String, position: (index: Int, count: Int)
  ) throws -> ([UInt8], String) {
    let archive = "\(folder)/\(file.name).gz"
    let place = isFile(archive) ? archive : "\(folder)/\(file.name)"
    let bytes = try readFile(place, limit: Self.limit)
    progress(DownloadProgress(file: file.name, position: position, bytes: bytes.count, total: bytes.count, rate: 0))
    return (bytes, place)
  }
}
