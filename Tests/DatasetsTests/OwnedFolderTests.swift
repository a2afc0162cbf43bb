import Glibc
import Testing

@testable import Datasets

@Suite("Folders whose files are the program's own")
struct OwnedFolderTests {
  @Test("A link in a file's place is replaced when the file is written: what it led to stays as it was")
  func writing() throws {
    let (inside, outside) = (try Scratch(), try Scratch())
    let victim = try outside.write("victim", [7, 7])
    #expect(symlink(victim, "\(inside.path)/model") == 0)
    let folder = try OwnedFolder(inside.path)
    try folder.write([1], as: "model")
    #expect(try readFile(victim) == [7, 7])
    #expect(try folder.read("model", limit: 10) == [1])
    #expect(linkTarget("\(inside.path)/model") == nil)
  }

  @Test("A file is not read or changed through a link out of the folder; within it links are followed")
  func reading() throws {
    let (inside, outside) = (try Scratch(), try Scratch())
    let victim = try outside.write("victim", [7, 7])
    #expect(symlink(victim, "\(inside.path)/far") == 0)
    #expect(symlink("../\(fileName(outside.path))/victim", "\(inside.path)/near") == 0)
    _ = try inside.write("own", [3])
    #expect(symlink("own", "\(inside.path)/alias") == 0)
    let folder = try OwnedFolder(inside.path)
    for name in ["far", "near"] {
      let reading = failure { _ = try folder.read(name, limit: 10) }
      #expect(reading?.description.contains("\(inside.path)/\(name): this is a link that leads out") == true)
      #expect(failure { close(try folder.openToChange(name)) }?.description.contains("link") == true)
    }
    #expect(try folder.read("alias", limit: 10) == [3])
    #expect(try readFile(victim) == [7, 7])
  }

  @Test("A folder that must be none is not opened through a link, whenever that came")
  func linkedFolder() throws {
    let (scratch, outside) = (try Scratch(), try Scratch())
    let link = "\(scratch.path)/run"
    #expect(symlink(outside.path, link) == 0)
    let error = failure { _ = try OwnedFolder(link, followingLink: false) }
    #expect(error?.kind == .unwritable && error?.problem.contains("a link (to \(outside.path))") == true)
    try OwnedFolder(link).write([1], as: "model")
    #expect(outside.contents == ["model"])
    let file = try scratch.write("file", [1])
    #expect(failure { _ = try OwnedFolder(file, followingLink: false) }?.problem.contains("link") == false)
    #expect(failure { _ = try OwnedFolder("\(link)-", followingLink: false) }?.kind == .missing)
  }

  @Test("Pipes and devices in a file's place are refused without waiting")
  func kinds() throws {
    let scratch = try Scratch()
    #expect(mkfifo("\(scratch.path)/fifo", 0o600) == 0)
    let folder = try OwnedFolder(scratch.path)
    #expect(failure { _ = try folder.read("fifo", limit: 10) }?.problem.contains("named pipe") == true)
    #expect(failure { close(try folder.openToChange("fifo")) }?.problem.contains("no regular file") == true)
    #expect(symlink("/dev/zero", "\(scratch.path)/zero") == 0)
    #expect(failure { _ = try folder.read("zero", limit: 10) }?.problem.contains("link") == true)
  }

  @Test("Its files stay its own when it is renamed and another folder gets its path")
  func renaming() throws {
    let scratch = try Scratch()
    let path = "\(scratch.path)/run"
    try makeFolder(path)
    let folder = try OwnedFolder(path)
    #expect(folder.currentPath == path)
    #expect(rename(path, "\(scratch.path)/moved") == 0)
    try makeFolder(path)
    try folder.write([1], as: "model")
    #expect(folderContents(path).isEmpty)
    #expect(folderContents("\(scratch.path)/moved") == ["model"])
    #expect(fileName(folder.currentPath) == "moved")
  }

  @Test("Lines come one by one; a last one without its end is told from the others")
  func lines() throws {
    let scratch = try Scratch()
    let long = String(repeating: "x", count: 100_000)
    _ = try scratch.write("log", Array("one\n\n\(long)\nlast".utf8))
    let folder = try OwnedFolder(scratch.path)
    var lines: [(String, Bool)] = []
    try folder.readLines("log", limit: 1 << 20, longest: 1 << 18) { line, isEnded in
      lines.append((String(decoding: line, as: UTF8.self), isEnded))
    }
    #expect(lines.map(\.0) == ["one", "", long, "last"])
    #expect(lines.map(\.1) == [true, true, true, false])
    let starts: [(Int, [String])] = [(lines[2].0.utf8.count + 6, ["last"]), (200_000, [])]
    for (start, rest) in starts {
      var found: [String] = []
      try folder.readLines("log", limit: 1 << 20, longest: 1 << 18, from: start) { line, _ in
        found.append(String(decoding: line, as: UTF8.self))
      }
      #expect(found == rest)
    }
    #expect(failure { try folder.readLines("log", limit: 1000, longest: 1000) { _, _ in } }?.kind == .tooLarge)
    let corrupt = failure { try folder.readLines("log", limit: 1 << 20, longest: 60_000) { _, _ in } }
    #expect(corrupt?.kind == .corrupt)
  }

  @Test("One object at a time has a folder")
  func locking() throws {
    let scratch = try Scratch()
    let (first, second) = (try OwnedFolder(scratch.path), try OwnedFolder(scratch.path))
    #expect(first.lock() && !second.lock())
    first.unlock()
    #expect(second.lock() && !first.lock())
  }
}
