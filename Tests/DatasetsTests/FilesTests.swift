import Glibc
import Testing

@testable import Datasets

@Suite("Files and digests")
struct FilesTests {
  @Test("A write replaces the whole file and leaves nothing else in the folder")
  func replaces() throws {
    let scratch = try Scratch()
    let path = try scratch.write("model", [1, 2, 3])
    try writeAtomically([9], to: path)
    #expect(try readFile(path) == [9])
    #expect(scratch.contents == ["model"])
  }

  @Test("A write that fails half-way keeps the old content and leaves no partial file")
  func keepsOld() throws {
    let scratch = try Scratch()
    let path = try scratch.write("model", [1, 2, 3])
    struct Interrupted: Error {}
    #expect(throws: Interrupted.self) {
      try writeAtomically(to: path) { descriptor in
        try [UInt8](repeating: 7, count: 1000).withUnsafeBytes { try writeAll($0, to: descriptor, path: path) }
        throw Interrupted()
      }
    }
    #expect(try readFile(path) == [1, 2, 3])
    #expect(scratch.contents == ["model"])
  }

  @Test("A folder that does not exist gives one error that names the file")
  func unwritable() throws {
    let path = "\(try Scratch().path)/nowhere/file"
    let error = try #require(failure { try writeAtomically([1], to: path) })
    #expect(error.kind == .unwritable && error.place == path)
  }

  @Test("Whether a file could be written is known beforehand, and asking leaves nothing")
  func writable() throws {
    let scratch = try Scratch()
    for path in ["-", "/dev/null", "\(scratch.path)/new", try scratch.write("old", [1])] { try checkWritable(path) }
    for path in ["", scratch.path, "\(scratch.path)/nowhere/file", "\(scratch.path)/old/file", "/proc/nothing/x"] {
      #expect(failure { try checkWritable(path) }?.kind == .unwritable, "\(path)")
    }
    for path in [".", scratch.path, "\(scratch.path)/a/b", "new"] { try checkWritableFolder(path) }
    for path in ["", "\(scratch.path)/old", "\(scratch.path)/old/a"] {
      #expect(failure { try checkWritableFolder(path) }?.kind == .unwritable, "\(path)")
    }
    #expect(failure { try checkWritable("") }?.description.hasPrefix("''") == true)
    #expect(failure { try makeFolder("\(scratch.path)/old") }?.problem.contains("Not a directory") == true)
    #expect(scratch.contents == ["old"])
  }

  @Test("A device is written to and stays a device, a link stays a link")
  func notReplaced() throws {
    let scratch = try Scratch()
    let fifo = "\(scratch.path)/fifo"
    #expect(mkfifo(fifo, 0o600) == 0)
    let reader = open(fifo, O_RDONLY | O_NONBLOCK)
    defer { close(reader) }
    try writeAtomically([1, 2], to: fifo)
    var received = [UInt8](repeating: 0, count: 3)
    #expect(read(reader, &received, 3) == 2 && received == [1, 2, 0])
    let path = try scratch.write("target", [3])
    #expect(symlink(path, "\(scratch.path)/link") == 0)
    try writeAtomically([4], to: "\(scratch.path)/link")
    #expect(try readFile(path) == [4])
    var status = stat()
    #expect(lstat("\(scratch.path)/link", &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    #expect(scratch.contents == ["fifo", "link", "target"])
  }

  @Test("What is no file of images is refused by its first bytes, and no header gets more memory than there is")
  func heads() throws {
    let scratch = try Scratch()
    // Three gigabytes of nothing, and of what a header promises: no byte of them is on the disk.
    func sparse(_ name: String, _ head: [UInt8], _ size: Int) throws -> String {
      let path = try scratch.write(name, head)
      #expect(truncate(path, size) == 0)
      return path
    }
    let nothing = try sparse("nothing.npy", [], 3 << 30)
    #expect(failure { _ = try ImageSet.read(nothing) }?.kind == .unsupported)
    #expect(failure { _ = try NPY.read(nothing) }?.kind == .corrupt)
    #expect(failure { _ = try NPZ(path: nothing) }?.kind == .unsupported)
    #expect(try readHead(nothing).count == FileExtent.headLength)
    let header = NPY.header(type: "|u1", shape: [1 << 18, 1 << 18])
    let large = try sparse("large.npy", header, header.count + (1 << 36))
    for error in [failure { _ = try NPY.read(large) }, failure { _ = try ImageSet.read(large) }] {
      #expect(error?.kind == .tooLarge && error?.place == large)
    }
    let long = try sparse("long.npy", NPY.header(type: "|u1", shape: [3]), 3 << 30)
    #expect(failure { _ = try NPY.read(long) }?.problem.contains("bytes after its data") == true)
    let cut = try sparse("cut-idx3-ubyte", idx([60_000, 28, 28], []), 5000)
    #expect(failure { _ = try ImageSet.read(cut) }?.kind == .truncated)
  }

  @Test("What memory does not hold is said with what can be had, and little is not asked for")
  func memory() throws {
    let error = try #require(failure { try MemoryBudget.require(5 << 20, for: "a", left: 4 << 20) })
    #expect(error.kind == .tooLarge && error.problem == "takes 5 MiB of memory where 4 MiB can be had")
    #expect(error.remedy?.contains("ulimit -v") == true)
    try MemoryBudget.require(5 << 20, for: "a", left: 5 << 20)
    try MemoryBudget.require(1 << 20, for: "a", left: 0)
    #expect(failure { try MemoryBudget.require(.max, of: 2, for: "a") }?.kind == .tooLarge)
    #expect(failure { _ = try Strokes.generate(count: -1) }?.kind == .mismatch)
  }

  @Test("A pipe gives as much as its header promises, and no more is waited for")
  func promised() throws {
    let file = NPY.encode([UInt8](repeating: 7, count: 20_000), shape: [20_000])
    func read(_ bytes: [UInt8]) throws -> [UInt8] {
      let ends = try pipeEnds()
      defer { close(ends.reading) }
      try bytes.withUnsafeBytes { try writeAll($0, to: ends.writing, path: "pipe") }
      close(ends.writing)
      return try readAll(ends.reading, place: "pipe", limit: 1 << 30, isStream: true) {
        try FileExtent.ofImages($0, $1, name: "pipe")
      }
    }
    #expect(try read(file) == file)
    #expect(failure { _ = try read(file + [1, 2]) }?.problem.contains("goes on after the \(file.count) bytes") == true)
    #expect(try read(file.dropLast()).count == file.count - 1)
    #expect(failure { _ = try read([UInt8](repeating: 0, count: 30_000)) }?.kind == .unsupported)
  }

  @Test("Reading stops at the limit, also where the size is not known before")
  func limit() throws {
    let scratch = try Scratch()
    let path = try scratch.write("large", [UInt8](repeating: 1, count: 5000))
    #expect(failure { _ = try readFile(path, limit: 4999) }?.kind == .tooLarge)
    #expect(try readFile(path, limit: 5000).count == 5000)
    let ends = try pipeEnds()
    defer { close(ends.reading) }
    let bytes = [UInt8](repeating: 1, count: 5000)
    #expect(bytes.withUnsafeBytes { write(ends.writing, $0.baseAddress, 5000) } == 5000)
    close(ends.writing)
    #expect(failure { _ = try readFile("/dev/fd/\(ends.reading)", limit: 4999) }?.kind == .tooLarge)
    #expect(failure { _ = try readFile(scratch.path) }?.problem.contains("folder") == true)
  }

  @Test("A shell's pipe is read; a pipe with a name, a device and a socket are refused without waiting, and named")
  func otherKinds() throws {
    let scratch = try Scratch()
    let ends = try pipeEnds()
    defer { close(ends.reading) }
    #expect(write(ends.writing, "abc", 3) == 3)
    close(ends.writing)
    #expect(try readFile("/dev/fd/\(ends.reading)") == Array("abc".utf8))

    // Nobody writes to it, so reading it would never end.
    let fifo = "\(scratch.path)/fifo"
    #expect(mkfifo(fifo, 0o600) == 0)
    #expect(failure { _ = try readFile(fifo) }?.description.contains("this is a named pipe, not a file") == true)
    #expect(failure { try writeAtomically([1], to: fifo) }?.description.contains("no program reads this pipe") == true)
    for device in ["/dev/zero", "/dev/null", "/dev/tty"] {
      #expect(failure { _ = try readFile(device) }?.description.contains("this is a device, not a file") == true)
    }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let name = "\(scratch.path)/socket"
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name.utf8) }
    let socket = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    let isBound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, length) == 0 }
    }
    #expect(isBound)
    #expect(failure { _ = try readFile(name) }?.description.contains("this is a socket, not a file") == true)
  }

  @Test("A file that is written anew keeps its mode and its owner")
  func keepsOwner() throws {
    let scratch = try Scratch()
    let path = try scratch.write("model", [1])
    #expect(chmod(path, 0o640) == 0)
    // Only the administrator can give files away.
    let isAdministrator = geteuid() == 0
    if isAdministrator { #expect(chown(path, 12_345, 54_321) == 0) }
    try writeAtomically([2, 3], to: path)
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o7777 == 0o640)
    if isAdministrator { #expect(status.st_uid == 12_345 && status.st_gid == 54_321) }
    #expect(try readFile(path) == [2, 3])
  }

  @Test("What killed processes left of a file is cleared away, and nothing else")
  func leftovers() throws {
    let scratch = try Scratch()
    // No process has so high a number.
    let dead = ".model.4194999-17.partial"
    let others = [".model.\(getppid())-17.partial", ".model2.4194999-17.partial", ".model.notes-of.partial"]
    for name in [dead] + others { _ = try scratch.write(name, [9]) }
    let folder = try OwnedFolder(scratch.path)
    folder.removeLeftovers(of: "model")
    #expect(scratch.contents == others.sorted())
  }

  @Test("While a file is written it has no name that a kill could leave behind")
  func nameless() throws {
    let scratch = try Scratch()
    var seen: [String] = []
    try writeAtomically(to: "\(scratch.path)/model") { descriptor in
      try [1, 2].withUnsafeBytes { try writeAll($0, to: descriptor, path: "model") }
      seen = scratch.contents
    }
    // File systems without such files give a temporary name, which the next write clears away.
    #expect(seen.isEmpty || seen.allSatisfy { $0.hasSuffix(".partial") })
    #expect(scratch.contents == ["model"])
  }

  @Test("A name of the longest kind can be written")
  func longName() throws {
    let scratch = try Scratch()
    let name = String(repeating: "n", count: 255)
    try writeAtomically([1], to: "\(scratch.path)/\(name)")
    try writeAtomically([2], to: "\(scratch.path)/\(name)")
    #expect(try readFile("\(scratch.path)/\(name)") == [2])
  }

  @Test("Digests are those of the standards' examples")
  func digests() {
    #expect(Digest.sha256(Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(Digest.sha256([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(Digest.md5(Array("abc".utf8)) == "900150983cd24fb0d6963f7d28e17f72")
  }
}

/// A new pipe.
private func pipeEnds() throws -> (reading: Int32, writing: Int32) {
  var ends: [Int32] = [-1, -1]
  try #require(pipe(&ends) == 0)
  return (ends[0], ends[1])
}
