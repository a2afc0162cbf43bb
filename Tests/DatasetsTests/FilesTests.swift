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

  @Test("Reading stops at the limit, also where the size is not known before")
  func limit() throws {
    let scratch = try Scratch()
    let path = try scratch.write("large", [UInt8](repeating: 1, count: 5000))
    #expect(failure { _ = try readFile(path, limit: 4999) }?.kind == .tooLarge)
    #expect(try readFile(path, limit: 5000).count == 5000)
    #expect(failure { _ = try readFile("/dev/zero", limit: 100_000) }?.kind == .tooLarge)
    #expect(failure { _ = try readFile(scratch.path) }?.problem.contains("folder") == true)
  }

  @Test("Digests are those of the standards' examples")
  func digests() {
    #expect(Digest.sha256(Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(Digest.sha256([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(Digest.md5(Array("abc".utf8)) == "900150983cd24fb0d6963f7d28e17f72")
  }
}
