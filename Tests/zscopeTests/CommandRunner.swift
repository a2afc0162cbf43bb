import Foundation
import Glibc
import Testing

/// What a person sees after typing a command.
struct CommandResult {
  let status: Int32
  let output: Data
  let errors: String

  var text: String { String(decoding: output, as: UTF8.self) }
  var lines: [String] { text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init) }

  /// The JSON object that was printed.
  func object() throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: output) as? [String: Any], "\(errors)")
  }
}

/// Types commands: runs the binary that was built with the tests, in a folder of its own.
struct CommandRunner {
  /// Where commands run; files are named relative to it.
  let folder: URL

  /// The program beside the test bundle.
  static let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .appendingPathComponent("zscope")

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("zscope-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  /// Runs `zscope` with the words of `line` (no quoting) and returns when it has ended.
  func type(_ line: String, input: Data? = nil, environment: [String: String] = [:]) throws -> CommandResult {
    let running = try start(line, input: input, environment: environment)
    return try running.finish()
  }

  /// Starts `zscope` and returns at once; without `input` its standard input is empty, with a pipe it stays open.
  func start(
    _ line: String, input: Data? = nil, pipe: Pipe? = nil, environment: [String: String] = [:]
  ) throws -> RunningCommand {
    try RunningCommand(line.split(separator: " ").map(String.init), folder, input, pipe, environment)
  }

  /// Starts `zscope` with words that may hold anything.
  func start(words: [String]) throws -> RunningCommand { try RunningCommand(words, folder, nil, nil, [:]) }

  /// Runs a line of bash in the folder, for what only a shell can arrange: limits, closed descriptors, pipes.
  func shell(_ line: String) throws -> CommandResult {
    try RunningCommand(["-c", line], folder, nil, nil, [:], program: URL(fileURLWithPath: "/bin/bash")).finish()
  }

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }
  func read(_ name: String) throws -> Data { try Data(contentsOf: folder.appendingPathComponent(name)) }
  func write(_ name: String, _ data: Data) throws { try data.write(to: folder.appendingPathComponent(name)) }
  func remove() { try? FileManager.default.removeItem(at: folder) }
}

/// A command that has been started.
final class RunningCommand {
  let process = Process()
  private let streams: URL

  fileprivate init(
    _ arguments: [String], _ folder: URL, _ input: Data?, _ pipe: Pipe?, _ environment: [String: String],
    program: URL = CommandRunner.program
  ) throws {
    // Streams go through files: nothing can fill up and stall.
    streams = folder.appendingPathComponent(".streams-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: streams, withIntermediateDirectories: true)
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    var variables = ["LC_ALL": "C.UTF-8", "HOME": folder.path, "TERM": "xterm-256color", "PATH": "/usr/bin:/bin"]
    variables.merge(environment) { $1 }
    process.environment = variables
    try (input ?? Data()).write(to: streams.appendingPathComponent("input"))
    process.standardInput = try pipe ?? FileHandle(forReadingFrom: streams.appendingPathComponent("input")) as Any
    process.standardOutput = try handle("output")
    process.standardError = try handle("errors")
    try process.run()
  }

  private func handle(_ name: String) throws -> FileHandle {
    let file = streams.appendingPathComponent(name)
    try Data().write(to: file)
    return try FileHandle(forWritingTo: file)
  }

  /// What has come on standard output so far.
  var outputSoFar: String {
    (try? Data(contentsOf: streams.appendingPathComponent("output"))).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// Waits until standard output holds `text`; false after half a minute without it or at the command's end.
  func waitForOutput(_ text: String) -> Bool {
    for _ in 0..<600 {
      if outputSoFar.contains(text) { return true }
      guard process.isRunning else { return outputSoFar.contains(text) }
      usleep(50_000)
    }
    return false
  }

  /// Waits for the end; a command that takes longer than a minute is ended, with status 137.
  func finish() throws -> CommandResult {
    for _ in 0..<1200 where process.isRunning { usleep(50_000) }
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    let output = try Data(contentsOf: streams.appendingPathComponent("output"))
    let errors = try Data(contentsOf: streams.appendingPathComponent("errors"))
    try? FileManager.default.removeItem(at: streams)
    let ending = process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
    return CommandResult(status: ending, output: output, errors: String(decoding: errors, as: UTF8.self))
  }
}

/// A small trained run that tests copy from: trained once, on the built-in data.
enum TrainedRun {
  static let settings = "--data strokes --count 1000 --hidden 32 --latent 3 --batch 50 --seed 5"
  private static let trained: Result<CommandRunner, any Error> = Result {
    let runner = try CommandRunner()
    let result = try runner.type("train run \(settings) --epochs 2")
    guard result.status == 0 else { throw TrainingFailed(errors: result.errors) }
    return runner
  }

  struct TrainingFailed: Error {
    let errors: String
  }

  /// A fresh folder that holds the trained run as `run`.
  static func runner() throws -> CommandRunner {
    let runner = try CommandRunner()
    try FileManager.default.copyItem(
      at: trained.get().folder.appendingPathComponent("run"), to: runner.folder.appendingPathComponent("run"))
    return runner
  }
}
