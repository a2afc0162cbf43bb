import Glibc

/// Reads a whole file; `-` is standard input.
///
/// What is named must be a file: a pipe that has a name, a device or a socket is refused, for opening or reading it could
/// wait for ever. A pipe without a name, as a shell makes for `<(command)`, is read.
/// - Parameters:
///   - limit: the most bytes that are accepted.
///   - look: is shown the first bytes of the file, and its size where that is known, and says how much is read.
/// - Throws: `DatasetError` (missing, unreadable, too large), and what `look` throws.
public func readFile(
  _ path: String, limit: Int = 1 << 33,
  look: (_ head: [UInt8], _ size: Int?) throws -> FileExtent = { _, _ in .upTo(.max) }
) throws -> [UInt8] {
  let place = inputName(path)
  let isStream = path == "-"
  if !isStream { try checkReadable(path) }
  // Nothing can be made to wait here: between the look and the opening another file may have got the name.
  let descriptor = isStream ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
  guard descriptor >= 0 else { throw readingError(place, errno) }
  defer { close(descriptor) }
  return try readAll(descriptor, place: place, limit: limit, isStream: isStream, look: look)
}

/// Reads a whole file by a path that need not be UTF-8 and ends with 0; see ``readFile(_:limit:look:)``.
///
/// - Parameter place: what messages call it.
/// - Throws: `DatasetError`, and what `look` throws.
func readFile(
  stored path: [CChar], place: String, look: (_ head: [UInt8], _ size: Int?) throws -> FileExtent
) throws -> [UInt8] {
  var status = stat()
  guard stat(path, &status) == 0 else { throw readingError(place, errno) }
  try checkKind(status.st_mode, place, isAnonymous: false)
  let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
  guard descriptor >= 0 else { throw readingError(place, errno) }
  defer { close(descriptor) }
  return try readAll(descriptor, place: place, limit: 1 << 33, look: look)
}

/// The first bytes of a file, by which its kind can be told.
///
/// - Throws: `DatasetError`.
public func readHead(_ path: String) throws -> [UInt8] { try readFile(path) { _, _ in .head } }

/// Reads what an open descriptor gives to its end.
///
/// - Parameters:
///   - isStream: whether it may be anything that bytes come from, as standard input is; else only a regular file or a
///     pipe without a name.
///   - look: is shown the first bytes, and how many there are where that is known, and says how much is read.
/// - Throws: `DatasetError` naming `place`, and what `look` throws.
func readAll(
  _ descriptor: Int32, place: String, limit: Int, isStream: Bool = false,
  look: (_ head: [UInt8], _ size: Int?) throws -> FileExtent = { _, _ in .upTo(.max) }
) throws -> [UInt8] {
  var status = stat()
  guard fstat(descriptor, &status) == 0 else { throw readingError(place, errno) }
  if !isStream || status.st_mode & S_IFMT == S_IFDIR {
    try checkKind(status.st_mode, place, isAnonymous: isAnonymousPipe(descriptor))
  }
  let isFile = status.st_mode & S_IFMT == S_IFREG
  // Files of the kernel claim to be empty. What read a part of standard input before has moved its place.
  let size = isFile && status.st_size > 0 ? Int(status.st_size) - max(0, Int(lseek(descriptor, 0, SEEK_CUR))) : nil
  guard size ?? 0 <= limit else { throw tooLarge(place, limit) }
  var room = FileExtent.headLength
  var bytes = try extended([], to: room, descriptor, place)
  // What does not say its size beforehand is not let grow as far.
  var most = isFile ? limit : min(limit, FileExtent.largestStream)
  var exact: Int?
  switch try look(bytes, size) {
  case .head: return bytes
  case .upTo(let bound): most = min(most, bound)
  case .exactly(let count):
    guard count <= limit else { throw tooLarge(place, limit) }
    (most, exact) = (limit, count)
  }
  if let size, size > most { throw tooLarge(place, most) }
  while true {
    if let exact, bytes.count > exact {
      throw DatasetError(
        .corrupt, place, "goes on after the \(exact) bytes that its header promises",
        remedy: "give one array at a time, as numpy.save writes it")
    }
    guard bytes.count <= most else { throw tooLarge(place, most) }
    if bytes.count < room { return bytes }
    // One byte more than expected, so that the end is seen without another allocation.
    let expected = exact ?? size.flatMap { $0 > bytes.count ? $0 : nil } ?? max(1 << 16, 2 * bytes.count)
    room = min(expected, most) + 1
    try MemoryBudget.require(room, for: place)
    bytes = try extended(bytes, to: room, descriptor, place)
  }
}

/// `bytes` and what follows them, up to `room` bytes: fewer at the end.
private func extended(_ bytes: [UInt8], to room: Int, _ descriptor: Int32, _ place: String) throws -> [UInt8] {
  var failure: Int32 = 0
  let extended = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
    _ = buffer.update(fromContentsOf: bytes)
    count = bytes.count
    while count < room {
      let got = read(descriptor, buffer.baseAddress.map { $0 + count }, room - count)
      if got < 0 && errno == EINTR { continue }
      if got < 0 && errno == EAGAIN {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&waiting, 1, -1)
        continue
      }
      if got < 0 { failure = errno }
      if got <= 0 { break }
      count += got
    }
  }
  if failure != 0 { throw readingError(place, failure) }
  return extended
}

/// The next bytes of an open file; none at its end.
func readSome(_ descriptor: Int32, _ place: String) throws -> [UInt8] {
  let room = 1 << 16
  var failure: Int32 = 0
  let chunk = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
    var got = read(descriptor, buffer.baseAddress, room)
    while got < 0 && errno == EINTR { got = read(descriptor, buffer.baseAddress, room) }
    if got < 0 { failure = errno }
    count = max(0, got)
  }
  if failure != 0 { throw readingError(place, failure) }
  return chunk
}

/// What messages call the file that `readFile` reads from `path`: `-` is standard input.
public func inputName(_ path: String) -> String { path == "-" ? "standard input" : path }

/// Finds out whether `path` is there and of a kind that is read, without opening it: opening a device may already do
/// something.
///
/// - Throws: `DatasetError`.
func checkReadable(_ path: String) throws {
  var status = stat()
  guard stat(path, &status) == 0 else { throw readingError(path, errno) }
  // A shell's pipe has a name only in the folder of open descriptors, and is looked at when it is open.
  if status.st_mode & S_IFMT == S_IFIFO, isDescriptorName(path) { return }
  try checkKind(status.st_mode, path, isAnonymous: false)
}

private func isDescriptorName(_ path: String) -> Bool {
  ["/dev/fd/", "/dev/stdin", "/proc/"].contains(where: path.hasPrefix)
}

private func isAnonymousPipe(_ descriptor: Int32) -> Bool {
  linkTarget("/proc/self/fd/\(descriptor)")?.hasPrefix("pipe:") == true
}

func checkKind(_ mode: mode_t, _ place: String, isAnonymous: Bool) throws {
  func refused(_ kind: String) -> DatasetError {
    DatasetError(
      .unreadable, place, "this is \(kind), not a file",
      remedy: "name a file, or give what it holds on standard input (-)")
  }
  switch mode & S_IFMT {
  case S_IFREG: return
  case S_IFDIR:
    throw DatasetError(.unreadable, place, "this is a folder, not a file", remedy: "name a file in it")
  case S_IFIFO: if !isAnonymous { throw refused("a named pipe") }
  case S_IFSOCK: throw refused("a socket")
  default: throw refused("a device")
  }
}

/// What a symbolic link says; nil where `path` is none.
func linkTarget(_ path: String) -> String? {
  let room = Int(PATH_MAX)
  let bytes = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
    count = buffer.withMemoryRebound(to: CChar.self) { target in
      target.baseAddress.map { max(0, readlink(path, $0, room)) } ?? 0
    }
  }
  return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
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

/// Throws where the system does not let it be seen whether anything is at `path`, so that it is not taken for missing.
///
/// - Throws: `DatasetError` of kind `unreadable`.
public func checkVisible(_ path: String) throws { _ = try fileStatus(Array(path.utf8CString), place: path) }

/// What the system tells of a path that need not be UTF-8 and ends with 0, links followed; nil where nothing is there.
///
/// - Parameter place: what messages call it.
/// - Throws: `DatasetError` of kind `unreadable`.
func fileStatus(_ path: [CChar], place: String) throws -> stat? {
  var status = stat()
  if stat(path, &status) == 0 { return status }
  guard isAbsence(errno) else { throw readingError(place, errno) }
  return nil
}

/// Whether the system's error says that nothing is there, also at the end of links.
func isAbsence(_ code: Int32) -> Bool { [ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG].contains(code) }

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
public func folderContents(_ path: String) -> [String] { names(opendir(path)).sorted() }

/// The names in an open folder, in any order; empty if it cannot be read.
func folderContents(_ descriptor: Int32) -> [String] {
  // Reading a folder moves its descriptor's place, and closing the list closes it: another one is taken.
  let other = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard other >= 0 else { return [] }
  guard let folder = fdopendir(other) else {
    close(other)
    return []
  }
  return names(folder)
}

private func names(_ folder: OpaquePointer?) -> [String] {
  storedNames(folder).map { String(decoding: $0, as: UTF8.self) }
}

/// The names in a folder as the bytes they are, in any order; empty if it cannot be read.
func storedNames(_ folder: OpaquePointer?) -> [[UInt8]] {
  guard let folder else { return [] }
  defer { closedir(folder) }
  var names: [[UInt8]] = []
  while let entry = readdir(folder) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
      tuple.withMemoryRebound(to: UInt8.self, capacity: 256) { start in
        [UInt8](UnsafeBufferPointer(start: start, count: 256).prefix { $0 != 0 })
      }
    }
    if name != [UInt8(ascii: ".")] && name != Array("..".utf8) { names.append(name) }
  }
  return names
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
    : DatasetError(
      .unreadable, path, "cannot be read (\(String(cString: strerror(code))))",
      remedy: remedyOfReading(code))
}

/// What to do where the system refuses to read.
private func remedyOfReading(_ code: Int32) -> String {
  switch code {
  case EACCES, EPERM: "check its permissions and those of its folders"
  case ENOTDIR: "check the path: a part of it is no folder"
  case EIO: "check the disk"
  case EMFILE, ENFILE, ENAMETOOLONG, ELOOP, EBADF: remedyOfWriting(code)
  default: "check what it is"
  }
}

func writingError(_ path: String, _ code: Int32) -> DatasetError {
  DatasetError(
    .unwritable, path, "cannot be written (\(String(cString: strerror(code))))", remedy: remedyOfWriting(code))
}

/// What to do where the system refuses to write, or opens no more files.
private func remedyOfWriting(_ code: Int32) -> String {
  switch code {
  case ENOSPC: "free some space"
  case EDQUOT: "remove files of yours: no more are allowed to you there"
  case EFBIG: "write less: a file may be no larger here (see ulimit -f)"
  case EMFILE: "allow this program more open files (see ulimit -n)"
  case ENFILE: "end other programs: the system has too many files open"
  case ENAMETOOLONG: "choose a shorter name"
  case ELOOP: "name the file itself: the links lead in a circle"
  case EROFS: "choose another folder: nothing can be written on that file system"
  case EIO: "check the disk, or choose another"
  case EISDIR: "name a file: this is a folder"
  case EBADF: "it is closed; open it"
  case EPIPE: "what read it has ended"
  default: "check that the folder exists and can be written"
  }
}

func tooLarge(_ path: String, _ limit: Int) -> DatasetError {
  DatasetError(.tooLarge, path, "more than the limit of \(limit) bytes", remedy: "split it into several files")
}
