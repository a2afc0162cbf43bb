import Foundation
import Testing

@Suite struct UsageTests {
  static let commands = [
    "explore", "train", "encode", "decode", "traverse", "sample", "reconstruct", "evaluate", "info", "data", "show",
    "bench",
  ]

  @Test func helpNamesEveryCommand() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let help = try runner.type("--help")
    #expect(help.status == 0 && help.errors.isEmpty)
    for command in Self.commands { #expect(help.text.contains("\n  \(command) "), "\(command) is missing") }
  }

  @Test(arguments: commands) func everyCommandsHelpHasExamples(command: String) throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let help = try runner.type("\(command) --help")
    #expect(help.status == 0)
    #expect(help.text.contains("Examples:\n  zscope \(command)"))
    #expect(help.lines.allSatisfy { $0.count <= 80 || $0.hasPrefix("USAGE") }, "a line is wider than 80 columns")
  }

  @Test(
    arguments: [
      ("trian", "did you mean 'train'?"),
      ("frobnicate", "commands: explore"),
      ("decode", "model"),
      ("decode m", "--codes"),
      ("encode m", "--images is missing"),
      ("train r --latent two", "two"),
      ("train r --hidden 12,,3", "12,,3"),
      ("train r --frob", "--frob"),
      ("train --resume r --beta 2 --rate 1", "--beta, --rate cannot change when resuming"),
      ("train r --threads 0", "--threads is 0"),
      ("train r --rate -1", "--rate is -1"),
      ("train r --rate nan", "--rate is nan"),
      ("train r --latent 0", "--latent is 0; allowed: 1 to"),
      ("train r --hidden 64,0", "a width of --hidden is 0"),
      ("train r --held-out -1", "--held-out is -1"),
      ("train r --likelihood gaussian:-1", "gaussian:-1"),
      ("traverse m", "--dimension"),
      ("traverse m --dimension 0 --steps 0", "--steps is 0"),
      ("show", "image"),
      ("show a.png --size 0x4", "0x4"),
      ("show a.png --color 7", "7"),
      ("sample m --count 0", "--count is 0"),
      ("evaluate m --samples 0", "--samples is 0"),
    ])
  func wrongUseEndsWithTwoAndSaysWhatAndWhereToLook(line: String, message: String) throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let result = try runner.type(line)
    #expect(result.status == 2)
    #expect(result.output.isEmpty)
    #expect(result.errors.hasPrefix("zscope: ") && result.errors.contains(message), "\(result.errors)")
    #expect(result.errors.contains("--help` tells more"))
    #expect(result.errors.split(separator: "\n").count <= 3)
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func completionsKnowTheCommands(shell: String) throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let script = try runner.type("--generate-completion-script \(shell)")
    #expect(script.status == 0)
    for word in ["traverse", "held-out", "binarised"] { #expect(script.text.contains(word)) }
  }
}
