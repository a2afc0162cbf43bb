import ArgumentParser
import Explorer

/// `zscope`: the explorer without arguments, everything else by name.
struct ZscopeCommand: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "zscope",
    abstract: "Train variational autoencoders on images and explore their latent spaces.",
    discussion: """
      Without a command, zscope opens the explorer on the bundled model mnist-2d (or where the last session ended).
      MODEL is a checkpoint, a run directory, or the name of a bundled model (`zscope info` lists them).

      Examples:
        zscope                                       explore the bundled model
        zscope train runs/a --data strokes           train on the built-in digits
        zscope traverse strokes-10d --dimension 3    print a strip of digits
        zscope explore runs/a                        explore what was trained

      Shell completions: zscope --generate-completion-script bash|zsh|fish
      """,
    version: version,
    subcommands: [
      ExploreCommand.self, TrainCommand.self, EncodeCommand.self, DecodeCommand.self, TraverseCommand.self,
      SampleCommand.self, ReconstructCommand.self, EvaluateCommand.self, CompareCommand.self,
      MeasureCommand.self, MeasuresCommand.self, InfoCommand.self, DataCommand.self, TSNECommand.self,
      ReportCommand.self, SheetCommand.self, ShowCommand.self, ModelsCommand.self, ObjectivesCommand.self,
      PresetsCommand.self, ReproduceCommand.self, BenchCommand.self,
    ])

  func run() throws {
    let status = try Explorer.run(ExplorerOptions())
    if status != 0 { throw ExitCode(status) }
  }
}
