import CLinux
import Glibc
import Synchronization

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
/// A symbolic link is followed, so that it stays one, also where nothing is at its end yet; a device or a pipe is written
/// to, not replaced, and so is what `/dev/stdout`, `/dev/fd/3` and their like name, behind what was written there before.
/// Mode and owner of a file that was there stay, as far as this user may set them; one that this user may not write is
/// refused.
///
/// - Throws: what `body` throws, or `DatasetError` of kind `unwritable`; no temporary file is left behind.
public func writeAtomically(to path: String, _ body: (Int32) throws -> Void) throws {
  let target = try linkEnd(path)
  if let number = descriptorNumber(target) { return try writeToDescriptor(number, path, body) }
  var status = stat()
  if stat(target, &status) == 0 {
    guard status.st_mode & S_IFMT == S_IFREG else { return try writeThrough(path, status.st_mode, body) }
    try checkReplaceable(target, for: path)
  }
  guard !fileName(target).isEmpty else { throw writingError(path, ENOENT) }
  let folder = open(folderName(target), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard folder >= 0 else { throw writingError(path, errno) }
  defer { close(folder) }
  try replaceFile(fileName(target), in: folder, place: path, body)
}

/// Where the symbolic links at `path` lead, whether or not something is there; a name of an open descriptor is an end, for
/// what it leads to is not to be replaced.
func linkEnd(_ path: String) throws -> String {
  var end = path
  // As many as the system follows.
  for _ in 0..<40 {
    guard descriptorNumber(end) == nil, let target = linkTarget(end) else { return end }
    end = target.hasPrefix("/") ? target : "\(folderName(end))/\(target)"
  }
  throw writingError(path, ELOOP)
}

/// Which of this process's open descriptors `path` names.
func descriptorNumber(_ path: String) -> Int32? {
  switch path {
  case "/dev/stdout": return STDOUT_FILENO
  case "/dev/stderr": return STDERR_FILENO
  default: break
  }
  let folders = ["/dev/fd/", "/proc/self/fd/", "/proc/thread-self/fd/", "/proc/\(getpid())/fd/"]
  guard let folder = folders.first(where: path.hasPrefix) else { return nil }
  return Int32(path.dropFirst(folder.count)).flatMap { $0 >= 0 ? $0 : nil }
}

/// Writes where an open descriptor stands.
private func writeToDescriptor(_ number: Int32, _ path: String, _ body: (Int32) throws -> Void) throws {
  let descriptor = fcntl(number, F_DUPFD_CLOEXEC, 0)
  guard descriptor >= 0 else { throw writingError(path, errno) }
  defer { close(descriptor) }
  try body(descriptor)
}

/// A file that may not be written to is not replaced either, though its folder would let it be.
private func checkReplaceable(_ target: String, for path: String) throws {
  guard access(target, W_OK) != 0 else { return }
  let code = errno
  guard code == EACCES else { throw writingError(path, code) }
  throw DatasetError(
    .unwritable, path, "cannot be written (\(String(cString: strerror(code))))",
    remedy: "it is read-only: choose another name, or allow writing (chmod u+w)")
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
/// The new file has no name while it is written, where the file system knows such files, and a temporary one for a moment
/// before it takes the place of the old; else a temporary name all the while. What a program that was killed left of these
/// the next one clears away. A link called `name` is replaced, never followed.
///
/// - Parameter place: what messages call the file.
/// - Throws: what `body` throws, or `DatasetError` of kind `unwritable`.
func replaceFile(_ name: String, in folder: Int32, place: String, _ body: (Int32) throws -> Void) throws {
  var old = stat()
  let isThere = fstatat(folder, name, &old, AT_SYMLINK_NOFOLLOW) == 0
  if isThere, old.st_mode & S_IFMT == S_IFDIR { throw writingError(place, EISDIR) }
  // The process and a random suffix keep two writers of one path apart.
  let temporary = "\(leftoverStem(name))\(getpid())-\(UInt32.random(in: 0 ... .max)).partial"
  // Files without a name get theirs by way of /proc.
  let nameless = access("/proc/self/fd", X_OK) == 0 ? zscope_open_nameless(folder) : -1
  if nameless < 0 { removeLeftovers(of: name, in: folder) } else { removeLeftoversOnce(in: folder) }
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
func removeLeftovers(of name: String, in folder: Int32) { removeLeftovers(in: folder, from: leftoverStem(name)) }

/// Removes what they left of files of any name, once in a process for every folder: to look at every write would take, of
/// many files, the square of their number.
private func removeLeftoversOnce(in folder: Int32) {
  var place = stat()
  guard fstat(folder, &place) == 0 else { return }
  let isFirst = clearedFolders.withLock { $0.insert([UInt64(place.st_dev), UInt64(place.st_ino)]).inserted }
  if isFirst { removeLeftovers(in: folder, from: ".") }
}

/// Devices and numbers of the folders that were looked through.
private let clearedFolders = Mutex<Set<[UInt64]>>([])

/// Removes files with temporary names of processes that are no more.
private func removeLeftovers(in folder: Int32, from stem: String) {
  for other in folderContents(folder) where other.hasPrefix(stem) && other.hasSuffix(".partial") {
    let end = other.dropLast(8).split(separator: ".", omittingEmptySubsequences: false).last ?? ""
    let numbers = end.split(separator: "-", omittingEmptySubsequences: false)
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
  guard !path.isEmpty else { throw writingError(path, ENOENT) }
  let target = try linkEnd(path)
  if let number = descriptorNumber(target) {
    let flags = fcntl(number, F_GETFL)
    guard flags >= 0 else { throw writingError(path, errno) }
    guard flags & O_ACCMODE != O_RDONLY else { throw writingError(path, EBADF) }
    return
  }
  var status = stat()
  if stat(target, &status) == 0 {
    guard status.st_mode & S_IFMT != S_IFDIR else { throw writingError(path, EISDIR) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      guard access(target, W_OK) == 0 else { throw writingError(path, errno) }
      return
    }
    try checkReplaceable(target, for: path)
  }
  try checkFolder(folderName(target), for: path)
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

/// Appends `bytes` to a file that was opened to be appended to: all of them, or none.
///
/// - Throws: `DatasetError` of kind `unwritable` naming `path`.
public func appendAll(_ bytes: [UInt8], to descriptor: Int32, path: String) throws {
  let before = lseek(descriptor, 0, SEEK_END)
  do { try bytes.withUnsafeBytes { try writeAll($0, to: descriptor, path: path) } } catch {
    ftruncate(descriptor, before)
    throw error
  }
}
