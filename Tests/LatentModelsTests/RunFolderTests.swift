import Datasets
import Foundation
import Glibc
import Tensors
import Testing

@testable import LatentModels

/// Files of others in the place of a run's, and outputs that are links, descriptors or read-only.
@Suite("Whose files are written over")
struct RunFolderTests {
  private func write(_ text: String, _ path: String) throws { try Data(text.utf8).write(to: URL(filePath: path)) }

  private func text(_ path: String) throws -> String { String(decoding: try readFile(path), as: UTF8.self) }

  private func complaint(_ body: () throws -> Void) -> String {
    do {
      try body()
      return ""
    } catch { return "\(error)" }
  }

  @Test(
    "A file that only has the name of one of a run is not written over",
    arguments: ["config.json", "metrics.jsonl", "diverged.json", ".lock"])
  func occupied(name: String) throws {
    let folder = try TemporaryFolder()
    let mine = "{\"mine\":1}"
    try write(mine, folder.file(name))
    let configuration = Fixture.configuration()
    for body in [
      { try RunDirectory.checkNew(folder.path) },
      { _ = try RunDirectory.create(folder.path, configuration: configuration) },
    ] {
      let said = complaint(body)
      #expect(said.contains("\(folder.file(name)) is there") && said.contains("move it away"), "\(said)")
    }
    #expect(try text(folder.file(name)) == mine)
    #expect(folderContents(folder.path) == [name])
  }

  @Test("One run, and one run a class, are not made in one folder, and none of a class leads out of it")
  func classes() throws {
    let folder = try TemporaryFolder()
    let (one, many) = (folder.file("one"), folder.file("many"))
    let configuration = Fixture.configuration()
    _ = try RunDirectory.create(one, configuration: configuration)
    #expect(throws: RunDirectoryError.exists(one)) { try RunDirectory.checkNewClasses(in: one) }

    try RunDirectory.checkNewClasses(in: many)
    for label in [0, 10, 2] {
      _ = try RunDirectory.create(RunDirectory.classPath(in: many, label), configuration: configuration)
    }
    // What has nearly such a name is none.
    for name in ["class-02", "class-+2", "class--2", "class-x"] {
      _ = try RunDirectory.create("\(many)/\(name)", configuration: configuration)
    }
    #expect(RunDirectory.classRuns(in: many).map(\.label) == [0, 2, 10])
    #expect(throws: RunDirectoryError.oneAClass(many)) { try RunDirectory.checkNew(many) }
    #expect(throws: RunDirectoryError.oneAClass(many)) {
      try RunDirectory.create(many, configuration: configuration)
    }
    // Of trainings that never began nothing is lost.
    try RunDirectory.checkNewClasses(in: "\(many)/")
    try write("{}", "\(many)/class-10/best.safetensors")
    #expect(throws: RunDirectoryError.exists("\(many)/class-10")) { try RunDirectory.checkNewClasses(in: many) }

    #expect(unlink("\(many)/class-10/best.safetensors") == 0)
    for target in ["../one", "class-2", "nowhere"] {
      #expect(symlink(target, "\(many)/class-1") == 0)
      let link = RunDirectoryError.link("\(many)/class-1")
      #expect(throws: link) { try RunDirectory.checkClasses(in: many) }
      #expect(throws: link) { try RunDirectory.checkNewClasses(in: many) }
      // Nor where it came after the look.
      #expect(throws: DatasetError.self) { try RunDirectory(path: "\(many)/class-1").held() }
      #expect(unlink("\(many)/class-1") == 0)
    }
    try RunDirectory.checkClasses(in: many)
  }

  @Test("A run that a person names may be a link: its files are written where that leads")
  func namedLink() throws {
    let folder = try TemporaryFolder()
    let run = try RunDirectory.create(folder.file("run"), configuration: Fixture.configuration())
    run.lock?.release()
    #expect(symlink("run", folder.file("newest")) == 0)
    let held = try RunDirectory.open(folder.file("newest")).held()
    #expect(RunDirectory(path: run.path).otherHolder == nil, "held by this very process")
    #expect(throws: RunDirectoryError.self) { try RunDirectory.open(run.path).held() }
    held.lock?.release()
  }

  @Test("What a training that never began left is written over")
  func neverBegan() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("run")
    let first = try RunDirectory.create(path, configuration: Fixture.configuration(seed: 1))
    first.lock?.release()
    let second = try RunDirectory.create(path, configuration: Fixture.configuration(seed: 2))
    #expect(try second.configuration().training.seed == 2)
  }

  @Test("Files that have other names too get new ones of the run's own: what those name stays as it is")
  func hardLinks() throws {
    let folder = try TemporaryFolder()
    let configuration = Fixture.configuration()
    let run = try RunDirectory.create(folder.file("run"), configuration: configuration)
    run.lock?.release()
    try write("keep", folder.file("victim"))
    #expect(unlink("\(run.path)/.lock") == 0)
    #expect(link(folder.file("victim"), "\(run.path)/.lock") == 0)
    let held = try RunDirectory.open(run.path).held()
    #expect(try text("\(run.path)/.lock") == "process \(getpid())")
    #expect(throws: RunDirectoryError.self) { try RunDirectory.open(run.path).held() }

    func record(_ epoch: Int) -> MetricsRecord {
      MetricsRecord(
        epoch: epoch, step: 7 * epoch, images: 100 * epoch, seconds: 1, learningRate: 0.01, controls: [:], training: [],
        heldOut: nil)
    }
    try held.append(record(1))
    #expect(link(run.metricsPath, folder.file("backup")) == 0)
    let before = try text(folder.file("backup"))
    try held.append(record(2))
    #expect(try text(folder.file("backup")) == before)
    #expect(try held.metrics().map(\.epoch) == [1, 2])
    #expect(try text(run.metricsPath).hasPrefix(before))
    #expect(link(run.metricsPath, folder.file("second")) == 0)
    try held.cutLog(held.log(), after: 7)
    #expect(try held.metrics().map(\.epoch) == [1])
    #expect(try text(folder.file("second")).count > before.count)
    #expect(try text(folder.file("victim")) == "keep")
  }

  @Test("An infinite setting stands in a record, as a string, and is read back; records without are too")
  func infiniteControls() throws {
    let record = MetricsRecord(
      epoch: 1, step: 7, images: 100, seconds: 1, learningRate: 0.01,
      controls: ["alpha": -.infinity, "other": .infinity, "rate": 0.25], training: [], heldOut: nil)
    let text = String(decoding: try JSONEncoder().encode(record), as: UTF8.self)
    #expect(text.contains("\"alpha\":\"-inf\"") && text.contains("\"other\":\"inf\""), "\(text)")
    #expect(try JSONDecoder().decode(MetricsRecord.self, from: Data(text.utf8)) == record)
    let former = text.replacing("\"alpha\":\"-inf\",", with: "")
    #expect(try JSONDecoder().decode(MetricsRecord.self, from: Data(former.utf8)).epoch == 1)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(MetricsRecord.self, from: Data(text.replacing("-inf", with: "no number").utf8))
    }
    var configuration = Fixture.configuration(
      objective: ObjectiveConfiguration(kind: "renyi", samples: 4, settings: ["alpha": .number(.infinity)]))
    #expect(configuration.limits == ["alpha": .infinity] && configuration.initialControls["alpha"] == nil)
    configuration.objective.settings["alpha"] = .number(2)
    #expect(configuration.limits.isEmpty)
  }

  @Test("A name of an open descriptor is written to where it stands: what is there already stays")
  func descriptors() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("log")
    try write("before\n", path)
    let descriptor = open(path, O_WRONLY | O_APPEND)
    defer { close(descriptor) }
    for name in ["/dev/fd/\(descriptor)", "/proc/self/fd/\(descriptor)"] {
      try checkWritable(name)
      try writeAtomically(Array("more\n".utf8), to: name)
    }
    #expect(symlink("/dev/fd/\(descriptor)", folder.file("link")) == 0)
    try writeAtomically(Array("last\n".utf8), to: folder.file("link"))
    #expect(try text(path) == "before\nmore\nmore\nlast\n")
    let reading = open(path, O_RDONLY)
    defer { close(reading) }
    #expect(!complaint { try checkWritable("/dev/fd/\(reading)") }.isEmpty)
    for body in [{ try checkWritable("/dev/fd/9999") }, { try writeAtomically([1], to: "/dev/fd/9999") }] {
      #expect(complaint(body).contains("it is closed"))
    }
  }

  @Test("A link to what is not there yet stays a link, and its target is made; a circle of links is named")
  func danglingLinks() throws {
    let folder = try TemporaryFolder()
    try makeFolder(folder.file("deep"))
    #expect(symlink("deep/next", folder.file("link")) == 0)
    #expect(symlink("../real", folder.file("deep/next")) == 0)
    try checkWritable(folder.file("link"))
    for content in ["one", "two"] {
      try writeAtomically(Array(content.utf8), to: folder.file("link"))
      #expect(try text(folder.file("real")) == content)
    }
    for name in ["link", "deep/next"] {
      var status = stat()
      #expect(lstat(folder.file(name), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    }
    #expect(symlink("nowhere/real", folder.file("lost")) == 0)
    #expect(!complaint { try checkWritable(folder.file("lost")) }.isEmpty)
    #expect(symlink("circle", folder.file("circle")) == 0)
    for body in [
      { try checkWritable(folder.file("circle")) }, { try writeAtomically([1], to: folder.file("circle")) },
    ] { #expect(complaint(body).contains("circle")) }
  }

  @Test("A read-only file is not replaced", .enabled(if: geteuid() != 0, "the administrator may write everything"))
  func readOnly() throws {
    let folder = try TemporaryFolder()
    try write("keep", folder.file("model"))
    #expect(chmod(folder.file("model"), 0o444) == 0)
    for body in [
      { try checkWritable(folder.file("model")) }, { try writeAtomically([1], to: folder.file("model")) },
    ] { #expect(complaint(body).contains("it is read-only")) }
    #expect(try text(folder.file("model")) == "keep")
  }

  @Test("Advice is about what is wrong, not about a folder that is there")
  func advice() throws {
    let full = complaint { try writeAtomically([1], to: "/dev/full") }
    #expect(full.contains("free some space"))
    let long = complaint { try writeAtomically([1], to: String(repeating: "n", count: 256)) }
    #expect(long.contains("choose a shorter name"), "\(long)")
  }
}
