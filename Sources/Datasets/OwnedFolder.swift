import CLinux
import Glibc

/// A folder whose files are the program's own: a run's, or a data set's.
///
/// It is held open. So its files stay where they are whatever becomes of its path meanwhile: renamed, made anew, replaced
/// by a link. And none of them leads out of it: a link that somebody put in a file's place is replaced when the file is
/// written, and refused when it is read or appended to and points elsewhere.
public final class OwnedFolder: Sendable {
  /// The path it was opened by.
  public let path: String
  /// The open folder; closed with the object.
  let descriptor: Int32

  /// Opens the folder at `path`.
  ///
  /// - Parameter followingLink: whether a link called so leads to it, as one that a person names may. Where the program
  ///   itself made the folder or gave it its name none does, whenever it was put there.
  /// - Throws: `DatasetError` (missing, unreadable, a link).
  public init(_ path: String, followingLink: Bool = true) throws {
    self.path = path
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (followingLink ? 0 : O_NOFOLLOW))
    guard descriptor >= 0 else {
      let code = errno
      // Of a link the system says that it is no folder.
      guard !followingLink, code == ELOOP || code == ENOTDIR, let target = linkTarget(path) else {
        throw readingError(path, code)
      }
      throw DatasetError(
        .unwritable, path, "this is a link (to \(target)), and nothing is written through one",
        remedy: "remove it, or name another folder")
    }
  }

  deinit { close(descriptor) }

  /// Where the folder is now; the path it was opened by, where the system does not tell.
  public var currentPath: String {
    var (opened, named) = (stat(), stat())
    if fstat(descriptor, &opened) == 0, stat(path, &named) == 0, opened.st_ino == named.st_ino,
      opened.st_dev == named.st_dev
    {
      return path
    }
    return linkTarget("/proc/self/fd/\(descriptor)") ?? path
  }

  /// All names in it, sorted.
  public var names: [String] { folderContents(descriptor).sorted() }

  /// Whether there is something of this name: a file, a link or a folder.
  public func holds(_ name: String) -> Bool {
    var status = stat()
    return fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0
  }

  /// When what has this name was last changed, in seconds since 1970; 0 where there is nothing.
  public func modification(_ name: String) -> Int {
    var status = stat()
    return fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? Int(status.st_mtim.tv_sec) : 0
  }

  /// How many bytes the file of this name has; 0 where there is nothing.
  public func size(_ name: String) -> Int {
    var status = stat()
    return fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? Int(status.st_size) : 0
  }

  /// Whether what has this name is a symbolic link.
  public func isLink(_ name: String) -> Bool {
    var status = stat()
    return fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  /// Reads a whole file of it.
  ///
  /// - Throws: `DatasetError`; also where the name is a link out of the folder, or of no regular file.
  public func read(_ name: String, limit: Int) throws -> [UInt8] {
    let file = try openToRead(name)
    defer { close(file) }
    return try readAll(file, place: place(name), limit: limit)
  }

  /// Reads a file of it line by line, holding one line in memory.
  ///
  /// - Parameters:
  ///   - limit: the most bytes of the file.
  ///   - longest: the most bytes of a line.
  ///   - start: the byte to begin at; of a shorter file there are no lines.
  ///   - body: is given every line without its end, and whether it was ended; the last may not be.
  /// - Throws: `DatasetError`, and what `body` throws.
  public func readLines(
    _ name: String, limit: Int, longest: Int, from start: Int = 0,
    _ body: (_ line: ArraySlice<UInt8>, _ isEnded: Bool) throws -> Void
  ) throws {
    let file = try openToRead(name)
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw readingError(place(name), errno) }
    try checkKind(status.st_mode, place(name), isAnonymous: false)
    guard Int(status.st_size) <= limit else { throw tooLarge(place(name), limit) }
    guard lseek(file, off_t(start), SEEK_SET) >= 0 else { throw readingError(place(name), errno) }
    var rest: [UInt8] = []
    var total = start
    while true {
      let chunk = try readSome(file, place(name))
      total += chunk.count
      guard total <= limit else { throw tooLarge(place(name), limit) }
      if chunk.isEmpty { break }
      rest += chunk
      var start = rest.startIndex
      while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
        try body(rest[start..<end], true)
        start = end + 1
      }
      rest.removeFirst(start - rest.startIndex)
      guard rest.count <= longest else {
        throw DatasetError(.corrupt, place(name), "a line has more than \(longest) bytes")
      }
    }
    if !rest.isEmpty { try body(rest[...], false) }
  }

  /// Opens a file of it for reading, whatever kind of file it is, without waiting; the caller closes it.
  ///
  /// - Throws: `DatasetError`; also where the name is a link out of the folder.
  public func openToRead(_ name: String) throws -> Int32 {
    let file = zscope_open_within(descriptor, name)
    guard file >= 0 else {
      let code = errno
      throw code == EXDEV || code == ELOOP ? leadsAway(name) : readingError(place(name), code)
    }
    return file
  }

  /// Makes `name` a file of these bytes: either its old content is there or all of the new.
  ///
  /// - Throws: `DatasetError` of kind `unwritable`.
  public func write(_ bytes: [UInt8], as name: String) throws {
    try replaceFile(name, in: descriptor, place: place(name)) { file in
      try bytes.withUnsafeBytes { try writeAll($0, to: file, path: place(name)) }
    }
  }

  /// Opens a file of it to be read and changed in place, making it where it is not there; the caller closes it.
  ///
  /// A file that has other names too, as hard links give it, gets a copy of its own first: what those name stays as it is.
  ///
  /// - Throws: `DatasetError`; also where the name is a link or no regular file.
  public func openToChange(_ name: String, appending: Bool = false) throws -> Int32 {
    let file = try openShared(name, appending: appending)
    guard Self.hasOtherNames(file) else { return file }
    defer { close(file) }
    try replaceFile(name, in: descriptor, place: place(name)) { copy in
      lseek(file, 0, SEEK_SET)
      while true {
        let piece = try readSome(file, place(name))
        if piece.isEmpty { break }
        try piece.withUnsafeBytes { try writeAll($0, to: copy, path: place(name)) }
      }
    }
    return try openShared(name, appending: appending)
  }

  /// Opens a file of it to be locked and then given content of this process's, making it where it is not there; the caller
  /// closes it. One that has other names too is replaced by an empty file, once nobody has it locked.
  ///
  /// - Returns: nil where another has it locked.
  /// - Throws: `DatasetError`; also where the name is a link or no regular file.
  public func openToLock(_ name: String) throws -> Int32? {
    // Once is enough, unless somebody gives it another name just now.
    for _ in 0..<3 {
      let file = try openShared(name)
      guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
        close(file)
        return nil
      }
      if !Self.hasOtherNames(file) { return file }
      defer { close(file) }
      try write([], as: name)
    }
    throw DatasetError(.unwritable, place(name), "this file has other names too", remedy: "remove it")
  }

  private static func hasOtherNames(_ file: Int32) -> Bool {
    var status = stat()
    return fstat(file, &status) == 0 && status.st_nlink > 1
  }

  private func openShared(_ name: String, appending: Bool = false) throws -> Int32 {
    let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | (appending ? O_APPEND : 0)
    let file = openat(descriptor, name, flags, 0o666)
    guard file >= 0 else {
      let code = errno
      throw code == ELOOP ? leadsAway(name) : writingError(place(name), code)
    }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(file)
      throw DatasetError(.unwritable, place(name), "this is no regular file", remedy: "remove it")
    }
    return file
  }

  /// Takes the folder for this process, until `unlock()` or the object's end. False where another process, or another
  /// object of this one, has it; true also on file systems that lock no folders.
  public func lock() -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK }

  /// Lets others take the folder.
  public func unlock() { flock(descriptor, LOCK_UN) }

  /// Removes a file, or a link in a file's place, if it is there.
  public func remove(_ name: String) { unlinkat(descriptor, name, 0) }

  /// Gives the file `name` another name; what had that is gone.
  ///
  /// - Throws: `DatasetError` of kind `unwritable`.
  public func rename(_ name: String, to other: String) throws {
    guard renameat(descriptor, name, descriptor, other) == 0 else { throw writingError(place(other), errno) }
    fsync(descriptor)
  }

  /// Removes what processes that are no more left behind when they were killed while they wrote `name`.
  public func removeLeftovers(of name: String) { Datasets.removeLeftovers(of: name, in: descriptor) }

  private func place(_ name: String) -> String { "\(path)/\(name)" }

  private func leadsAway(_ name: String) -> DatasetError {
    DatasetError(
      .unreadable, place(name), "this is a link that leads out of its folder, and is not followed",
      remedy: "put the file itself there, or remove the link")
  }
}
