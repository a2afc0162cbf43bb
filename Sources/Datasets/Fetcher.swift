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

/// Gets the files of a published set from folders or servers, and keeps what is right.
struct Fetcher {
  /// No file of a known set is larger than this, packed or not.
  static let limit = 64 << 20

  let progress: (DownloadProgress) -> Void
  let isCancelled: () -> Bool

  /// Gets every file that `folder` lacks from the first of `sources` that has it.
  func get(_ set: PublishedSet, from sources: [String], into folder: String) throws -> String {
    for (index, file) in set.files.enumerated() where !isThere(file, in: folder) {
      let bytes = try get(file, from: sources, position: (index + 1, set.files.count))
      try makeFolder(folder)
      try writeAtomically(bytes, to: "\(folder)/\(file.name)\(Inflate.isGzip(bytes) ? ".gz" : "")")
    }
    return folder
  }

  private func isThere(_ file: PublishedFile, in folder: String) -> Bool {
    ["", ".gz"].map { "\(folder)/\(file.name)\($0)" }.contains { path in
      (try? file.verify(readFile(path, limit: Self.limit), from: path)) != nil
    }
  }

  private func get(_ file: PublishedFile, from sources: [String], position: (index: Int, count: Int)) throws -> [UInt8]
  {
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

  private func get(_ file: PublishedFile, from source: String, position: (index: Int, count: Int)) throws -> [UInt8] {
    if isCancelled() { throw Download.cancelled(file.name) }
    let isAddress = source.hasPrefix("http://") || source.hasPrefix("https://")
    guard isAddress || !source.contains("://") || source.hasPrefix("file://") else {
      throw DatasetError(.unknown, source, "not a folder nor an http or https address")
    }
    let base = source.hasSuffix("/") ? String(source.dropLast()) : source
    let (bytes, place) =
      isAddress ? try download(file, from: base, position: position) : try read(file, from: base, position: position)
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
    _ file: PublishedFile, from base: String, position: (index: Int, count: Int)
  ) throws -> ([UInt8], String) {
    let folder = base.hasPrefix("file://") ? String(base.dropFirst(7)) : base
    let archive = "\(folder)/\(file.name).gz"
    let place = isFile(archive) ? archive : "\(folder)/\(file.name)"
    let bytes = try readFile(place, limit: Self.limit)
    progress(DownloadProgress(file: file.name, position: position, bytes: bytes.count, total: bytes.count, rate: 0))
    return (bytes, place)
  }
}
