import CLinux
import Glibc

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
/// A symbolic link is followed, so that it stays one; a device or a pipe is written to, not replaced. Mode and owner of
/// a file that was there stay, as far as this user may set them.
///
/// - Throws: what `body` throws, or `DatasetError` of kind `unwritable`; no temporary file is left behind.
public func writeAtomically(to path: String, _ body: (Int32) throws -> Void) throws {
  var status = stat()
  if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
    return try writeThrough(path, status.st_mode, body)
  }
  let resolved = realpath(path, nil)
  defer { free(resolved) }
  let target = resolved.map { String(cString: $0) } ?? path
  guard !fileName(target).isEmpty else { throw writingError(path, ENOENT) }
  let folder = open(folderName(target), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard folder >= 0 else { throw writingError(path, errno) }
  defer { close(folder) }
  try replaceFile(fileName(target), in: folder, place: path, body)
}

/// Writes into what is no regular file.
private func writeThrough(_ path: String, _ mode: mode_t, _ body: (Int32) throws -> Void) throws {
  // A pipe that nobody reads would make the opening wait, a terminal or a line for its other end.
  let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
  guard descriptor >= 0 else {
    guard errno == ENXIO, mode & S_IFMT == S_IFIFO else { throw writingError(path, errno) }
    throw DatasetError(.unwritable, path, "no program reads this pipe", remedy: "start its reader first")
  }
  defer { close(descriptor) }
  _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
  try body(descriptor)
}

/// Makes `name` in an open folder a file whose content `body` writes: it holds either its old content or all of the new.
///
/// The new file has no name while it is written, where the file system knows such files, so that nothing is left of a
/// program that is killed meanwhile; else a temporary name, which the next write of `name` clears away. A link called
/// `name` is replaced, never followed.
///
/// - Parameter place: what messages call the file.
/// - Throws: what `body` throws, or `DatasetError` of kind `unwritable`.
func replaceFile(_ name: String, in folder: Int32, place: String, _ body: (Int32) throws -> Void) throws {
  removeLeftovers(of: name, in: folder)
  var old = stat()
  let isThere = fstatat(folder, name, &old, AT_SYMLINK_NOFOLLOW) == 0
  if isThere, old.st_mode & S_IFMT == S_IFDIR { throw writingError(place, EISDIR) }
  // The process and a random suffix keep two writers of one path apart.
  let temporary = "\(leftoverStem(name))\(getpid())-\(UInt32.random(in: 0 ... .max)).partial"
  // Files without a name get theirs by way of /proc.
  let nameless = access("/proc/self/fd", X_OK) == 0 ? zscope_open_nameless(folder) : -1
  let descriptor =
    nameless >= 0 ? nameless : openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
  guard descriptor >= 0 else { throw writingError(place, errno) }
  do {
    do {
      defer { close(descriptor) }
      try body(descriptor)
      if isThere, old.st_mode & S_IFMT == S_IFREG { keepOwner(of: old, on: descriptor) }
      guard fsync(descriptor) == 0 else { throw writingError(place, errno) }
      if nameless >= 0 {
        let open = "/proc/self/fd/\(descriptor)"
        guard linkat(AT_FDCWD, open, folder, temporary, AT_SYMLINK_FOLLOW) == 0 else {
          throw writingError(place, errno)
        }
      }
    }
    guard renameat(folder, temporary, folder, name) == 0 else { throw writingError(place, errno) }
  } catch {
    unlinkat(folder, temporary, 0)
    throw error
  }
  // The rename is durable only when its folder is. Some file systems cannot sync folders; the content is safe there.
  fsync(folder)
}

/// Gives a new file the owner and the mode of the one it replaces; where this user may not give files away, the mode
/// without what would act in the name of another owner.
private func keepOwner(of old: stat, on descriptor: Int32) {
  var new = stat()
  guard fstat(descriptor, &new) == 0 else { return }
  var isKept = new.st_uid == old.st_uid && new.st_gid == old.st_gid
  if !isKept { isKept = fchown(descriptor, old.st_uid, old.st_gid) == 0 }
  if !isKept { fchown(descriptor, uid_t.max, old.st_gid) }
  fchmod(descriptor, old.st_mode & (isKept ? 0o7777 : 0o777))
}

/// What the temporary names of `name` begin with; short enough to be a name itself.
private func leftoverStem(_ name: String) -> String { ".\(String(decoding: name.utf8.prefix(200), as: UTF8.self))." }

/// Removes what processes that are no more left behind when they were killed while they wrote `name`.
func removeLeftovers(of name: String, in folder: Int32) {
  let stem = leftoverStem(name)
  for other in folderContents(folder) where other.hasPrefix(stem) && other.hasSuffix(".partial") {
    let numbers = other.dropFirst(stem.count).dropLast(8).split(separator: "-", omittingEmptySubsequences: false)
    guard numbers.count == 2, let process = pid_t(numbers[0]), UInt32(numbers[1]) != nil, process > 0 else { continue }
    if process != getpid(), kill(process, 0) != 0, errno == ESRCH { unlinkat(folder, other, 0) }
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
