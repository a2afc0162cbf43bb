import Datasets
import Foundation
import Glibc
import Testing

/// Names and files may hold anything: what is printed of them neither acts on a terminal nor forges a line.
@Suite struct OutsideTextTests {
  /// A line of its own, a sequence that clears the screen, an 8-bit one, a mark that turns the direction of writing.
  private static let name = "a\nepoch 9\u{1B}[2Jb\u{9B}2J\u{202E}c.npy"
  private static let shown = "a?epoch 9?[2Jb?2J?c.npy"

  private func runner() throws -> CommandRunner {
    let runner = try TrainedRun.runner()
    try runner.write(Self.name, Data(NPY.encode([UInt8](repeating: 9, count: 40 * 784), shape: [40, 28, 28])))
    return runner
  }

  private func type(_ runner: CommandRunner, _ words: [String]) throws -> CommandResult {
    try runner.start(words: words).finish()
  }

  private func isHarmless(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
      if scalar == "\n" { return true }
      let isControl = scalar.value < 0x20 || (scalar.value >= 0x7F && scalar.value <= 0x9F)
      return !isControl && scalar.value != 0x202E
    }
  }

  @Test func standardOutputShowsNamesOnOneLineAndHarmless() throws {
    let runner = try runner()
    defer { runner.remove() }
    let commands = [
      ["data", "show", Self.name, "--count", "0"],
      ["evaluate", "run", "--data", Self.name, "--importance-samples", "0"],
      ["train", "second\u{1B}[2J\n", "--data", Self.name, "--epochs", "1", "--hidden", "4"],
      ["info", "second\u{1B}[2J\n"],
    ]
    for words in commands {
      let result = try type(runner, words)
      #expect(result.status == 0, "\(result.errors)")
      #expect(isHarmless(result.text) && isHarmless(result.errors), "\(words): \(result.text)")
      #expect(result.text.contains(Self.shown), "\(words): \(result.text)")
      #expect(!result.lines.contains { $0.hasPrefix("epoch 9") })
    }
  }

  @Test func errorsAreOneLine() throws {
    let runner = try runner()
    defer { runner.remove() }
    for words in [
      ["info", "x" + Self.name], ["show", "x" + Self.name], ["decode", "run", "--codes", "x" + Self.name],
    ] {
      let result = try type(runner, words)
      #expect(result.status == 1 && result.errors.hasSuffix("\n") && isHarmless(result.errors), "\(result.errors)")
      #expect(result.errors.dropLast().allSatisfy { $0 != "\n" } && result.errors.contains("x" + Self.shown))
    }
    let usage = try type(runner, ["show", "--wrong\nzscope: \u{1B}[2J"])
    #expect(usage.status == 2 && isHarmless(usage.errors) && usage.errors.split(separator: "\n").count == 2)
  }

  @Test func jsonEscapesWhatCannotBeSeenAndKeepsItsValue() throws {
    let runner = try runner()
    defer { runner.remove() }
    let words = ["evaluate", "run", "--data", Self.name, "--importance-samples", "0", "--json"]
    let result = try type(runner, words)
    #expect(result.status == 0 && isHarmless(result.text), "\(result.errors)")
    #expect(result.text.contains("\\u009b") && result.text.contains("\\u202e"))
    let object = try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
    #expect(object["data"] as? String == Self.name)
  }

  @Test func theAccountInLinesHoldsNoForgedLine() throws {
    let runner = try runner()
    defer { runner.remove() }
    let result = try type(runner, ["explore", "run", "--data", Self.name, "--plain", "--keys", "right"])
    #expect(isHarmless(result.text) && !result.lines.contains { $0.hasPrefix("epoch 9") }, "\(result.text)")
  }
}
