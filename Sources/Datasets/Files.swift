import Glibc

/// Reads a whole file; `-` is standard input.
///
/// - Parameter limit: the most bytes that are accepted.
/// - Throws: `DatasetError` (missing, unreadable, too large).
public func readFile(_ path: String, limit: Int = 1 << 33) throws -> [UInt8] {
  let descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
  let path = inputName(path)
  guard descriptor >= 0 else { throw readingError(path, errno) }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0 else { throw readingError(path, errno) }
  if status.st_mode & S_IFMT == S_IFDIR {
    throw DatasetError(.unreadable, path, "this is a folder, not a file", remedy: "name a file in it")
  }
  let expected = status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : 1 << 16
  guard expected <= limit else { throw tooLarge(path, limit) }
  var bytes: [UInt8] = []
  // One byte more than expected, so that the end of a regular file is seen without another allocation.
  var room = expected + 1
  while true {
    bytes.reserveCapacity(bytes.count + room)
    var failure: Int32 = 0
    let chunk = try [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
      while count < room {
        let got = read(descriptor, buffer.baseAddress.map { $0 + count }, room - count)
        if got < 0 && errno == EINTR { continue }
        if got < 0 { failure = errno }
        if got <= 0 { break }
        count += got
      }
      if failure != 0 { throw readingError(path, failure) }
    }
    if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
    guard bytes.count <= limit else { throw tooLarge(path, limit) }
    if chunk.count < room { return bytes }
    room = max(1 << 16, bytes.count)
  }
}

/// What messages call the file that `readFile` reads from `path`: `-` is standard input.
public func inputName(_ path: String) -> String { path == "-" ? "standard input" : path }

/// Writes `bytes` so that `path` holds either its old content or all of the new: a temporary file in the same folder,
/// synced, renamed, and the folder synced.
///
/// - Throws: `DatasetError` of kind `unwritable`; no temporary file is left behind.
public func writeAtomically(_ bytes: [UInt8], to path: String) throws {
  try bytes.withUnsafeBytes { try writeAtomically($0, to: path) }
}

/// Writes the memory of `bytes` atomically; see ``writeAtomically(_:to:)-([UInt8],_)``.
public func writeAtomically(_ bytes: UnsafeRawBufferPointer, to path: String) throws {
  try writeAtomically(to: path) { descriptor in try writeAll(bytes, to: descriptor, path: path) }
}

/// Writes a file atomically whose content `body` puts into the file descriptor it is given.
///
/// A symbolic link is followed, so that it stays one; a device or a pipe is written to, not replaced.
///
/// - Throws: what `body` throws, or `DatasetError` of kind `unwritable`; no temporary file is left behind.
public func writeAtomically(to path: String, _ body: (Int32) throws -> Void) throws {
  var status = stat()
  if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw writingError(path, errno) }
    defer { close(descriptor) }
    return try body(descriptor)
  }
  let resolved = realpath(path, nil)
  defer { free(resolved) }
  let path = resolved.map { String(cString: $0) } ?? path
  let folder = folderName(path)
  // The process and a random suffix keep two writers of one path apart.
  let temporary = "\(folder)/.\(fileName(path)).\(getpid())-\(UInt32.random(in: 0 ... .max)).partial"
  let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
  guard descriptor >= 0 else { throw writingError(path, errno) }
  do {
    do {
      defer { close(descriptor) }
      try body(descriptor)
      guard fsync(descriptor) == 0 else { throw writingError(path, errno) }
    }
    guard rename(temporary, path) == 0 else { throw writingError(path, errno) }
  } catch {
    unlink(temporary)
    throw error
  }
  // The rename is durable only when its folder is. Some file systems cannot sync folders; the content is safe there.
  let folderDescriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  if folderDescriptor >= 0 {
    fsync(folderDescriptor)
    close(folderDescriptor)
  }
}

/// Finds out, before the work whose result it shall hold, whether `path` can be written: standard output (`-`), or a
/// file in a folder that is there and open to this user.
///
/// - Throws: `DatasetError` of kind `unwritable`.
public func checkWritable(_ path: String) throws {
  guard path != "-" else { return }
  var status = stat()
  if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
    guard status.st_mode & S_IFMT != S_IFDIR else { throw writingError(path, EISDIR) }
    guard access(path, W_OK) == 0 else { throw writingError(path, errno) }
    return
  }
  guard !path.isEmpty else { throw writingError(path, ENOENT) }
  try checkFolder(folderName(path), for: path)
}

/// Finds out whether files can be made in the folder `path`, and it itself where it is not there yet.
///
/// - Throws: `DatasetError` of kind `unwritable`.
public func checkWritableFolder(_ path: String) throws {
  guard !path.isEmpty else { throw writingError(path, ENOENT) }
  var nearest = path
  while access(nearest, F_OK) != 0 && errno == ENOENT && folderName(nearest) != nearest {
    nearest = folderName(nearest)
  }
  try checkFolder(nearest, for: path)
}

private func checkFolder(_ folder: String, for path: String) throws {
  guard !isFile(folder) else { throw writingError(path, ENOTDIR) }
  guard access(folder, W_OK | X_OK) == 0 else { throw writingError(path, errno) }
}

/// Writes to a file atomically, or to standard output when `path` is `-`.
///
/// - Throws: `DatasetError` of kind `unwritable`.
public func writeOutput(_ bytes: [UInt8], to path: String) throws {
  guard path == "-" else { return try writeAtomically(bytes, to: path) }
  try bytes.withUnsafeBytes { try writeAll($0, to: STDOUT_FILENO, path: "standard output") }
}

/// Writes all of `bytes` to a file descriptor, whatever signals or short writes come between.
///
/// - Throws: `DatasetError` of kind `unwritable` naming `path`.
public func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws {
  var done = 0
  while done < bytes.count {
    let written = write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
    if written < 0 && errno == EINTR { continue }
    guard written > 0 else { throw writingError(path, errno) }
    done += written
  }
}

/// Makes a folder and those above it.
///
/// - Throws: `DatasetError` of kind `unwritable`.
public func makeFolder(_ path: String) throws {
  if isFolder(path) { return }
  let above = folderName(path)
  if above != path && above != "." { try makeFolder(above) }
  guard mkdir(path, 0o777) == 0 || (errno == EEXIST && isFolder(path)) else {
    // What exists and is no folder stands in the way.
    throw writingError(path, errno == EEXIST ? ENOTDIR : errno)
  }
}

/// Whether `path` is a file that can be read.
public func isFile(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFDIR
}

/// The file at `path` or, packed, at `path.gz`, whichever is there; the first of them if both are.
func plainOrPacked(_ path: String) -> String? { [path, path + ".gz"].first(where: isFile) }

/// Whether `path` is a folder.
public func isFolder(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// The names in a folder, sorted; empty if it cannot be read.
public func folderContents(_ path: String) -> [String] {
  guard let folder = opendir(path) else { return [] }
  defer { closedir(folder) }
  var names: [String] = []
  while let entry = readdir(folder) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
      tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != "." && name != ".." { names.append(name) }
  }
  return names.sorted()
}

/// The part of a path after the last slash.
public func fileName(_ path: String) -> String {
  String(path.split(separator: "/").last ?? "")
}

/// The part of a path before the last slash; `.` where there is none.
public func folderName(_ path: String) -> String {
  var trimmed = Substring(path)
  while trimmed.count > 1 && trimmed.last == "/" { trimmed.removeLast() }
  guard let slash = trimmed.lastIndex(of: "/") else { return "." }
  return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
}

func readingError(_ path: String, _ code: Int32) -> DatasetError {
  code == ENOENT
    ? DatasetError(.missing, path, "there is no such file", remedy: "check the path")
    : DatasetError(.unreadable, path, "cannot be read (\(String(cString: strerror(code))))")
}

func writingError(_ path: String, _ code: Int32) -> DatasetError {
  DatasetError(
    .unwritable, path, "cannot be written (\(String(cString: strerror(code))))",
    remedy: code == ENOSPC
      ? "free some space" : code == EBADF ? "it is closed; open it" : "check that the folder exists and can be written")
}

private func tooLarge(_ path: String, _ limit: Int) -> DatasetError {
  DatasetError(.tooLarge, path, "more than the limit of \(limit) bytes")
}
