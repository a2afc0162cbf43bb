import Foundation
import Glibc
import Testing

/// What somebody else put in the place of a run's files, or of the files a command is given.
@Suite struct FilesOfOthersTests {
  private static let settings = "--data strokes --count 200 --hidden 8 --latent 2 --batch 50"

  private func link(_ runner: CommandRunner, _ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: runner.path(name), withDestinationPath: target)
  }

  @Test(arguments: [".lock", "config.json", "metrics.jsonl", "latest.safetensors", "best.safetensors"])
  func aTrainingWritesThroughNoLink(name: String) throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try runner.write("victim", Data("keep".utf8))
    try FileManager.default.createDirectory(atPath: runner.path("run"), withIntermediateDirectories: true)
    try link(runner, "run/\(name)", to: "../victim")
    let result = try runner.type("train run \(Self.settings) --epochs 2")
    #expect(try runner.read("victim") == Data("keep".utf8), "\(result.errors)")
    // A link in the place of the configuration alone is replaced; others are refused, and named.
    #expect(result.status == (name == "config.json" ? 0 : 1), "\(result.errors)")
  }

  @Test func aRunIsNotReadOutOfItsFolder() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    try FileManager.default.moveItem(atPath: runner.path("run/metrics.jsonl"), toPath: runner.path("log"))
    try link(runner, "run/metrics.jsonl", to: "../log")
    let result = try runner.type("train --resume run --epochs 3")
    #expect(
      result.status == 1 && result.errors.contains("run/metrics.jsonl: this is a link that leads out of its folder"))
    try link(runner, "run/codes.npy", to: "/dev/zero")
    let info = try runner.type("info run")
    #expect(info.status == 0 && info.errors.contains("run/codes.npy: this is a link"), "\(info.errors)")
  }

  @Test func aDataFolderIsNotWrittenThroughALink() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try FileManager.default.createDirectory(atPath: runner.path("elsewhere"), withIntermediateDirectories: true)
    try FileManager.default.createDirectory(atPath: runner.path("data"), withIntermediateDirectories: true)
    try link(runner, "data/mnist", to: "../elsewhere")
    let result = try runner.type("data get mnist --from .", environment: ["ZSCOPE_DATA": runner.path("data")])
    #expect(
      result.status == 1 && result.errors.contains("data/mnist: this is a link (to ../elsewhere)"), "\(result.errors)")
  }

  @Test func pipesAndDevicesInTheirPlaceAreRefusedAtOnce() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    #expect(mkfifo(runner.path("pipe"), 0o600) == 0)
    for command in [
      "show pipe", "info pipe", "train new --data pipe", "decode run --codes pipe", "evaluate run --data pipe",
    ] {
      let result = try runner.type(command)
      #expect(
        result.status == 1 && result.errors.contains("pipe: this is a named pipe, not a file"), "\(result.errors)")
    }
    #expect(try runner.type("show /dev/zero").errors.contains("this is a device"))
    let output = try runner.type("sample run --count 1 --format npy --output pipe")
    #expect(output.status == 1 && output.errors.contains("no program reads this pipe"), "\(output.errors)")
  }

  @Test func filesOfOtherKindsAreCalledByTheirNames() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    func bytes(_ head: [UInt8], _ text: String) -> [UInt8] { head + Array(text.utf8) }
    let zip: [UInt8] = [0x50, 0x4B, 3, 4]
    let files: [(String, [UInt8], String)] = [
      ("m.pt", bytes(zip, "                          m/data.pkl"), "PyTorch"),
      ("old.pt", [0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC], "a Python pickle"),
      ("m.npy", bytes([0x93], "NUMPY"), "an NPY file"),
      ("m.h5", bytes([0x89], "HDF\r\n"), "an HDF5 file"),
      ("m.json", bytes([], "{\"a\": 1}"), "JSON text"),
    ]
    for (name, bytes, kind) in files {
      try runner.write(name, Data(bytes))
      let result = try runner.type("info \(name)")
      #expect(result.status == 1 && result.errors.contains(name) && result.errors.contains(kind), "\(result.errors)")
    }
  }
}
