import ArgumentParser
import Canvas
import Datasets
import HarmlessText
import LatentModels

/// `zscope reproduce`: the figures of the table of experiments, from the training on.
struct ReproduceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reproduce",
    abstract: "Train what a figure is of, and print it beside the one of its source.",
    discussion: """
      Every training of an experiment goes into a run directory of its own, DIRECTORY/TRAINING-seedS, and is kept: \
      what is there already is not trained again, what was interrupted goes on, and what was trained with other settings \
      is refused. The commands are printed first, so that each can be \
      given by hand. --list tells what there is and how long it takes.

      Examples:
        zscope reproduce --list
        zscope reproduce m2-3000
        zscope reproduce split fair --seeds 1 --json
      """)

  @Argument(
    help: ArgumentHelp("Experiments by name.", valueName: "name"),
    completion: .list(Experiment.all.map(\.name)))
  var names: [String] = []

  @Flag(help: "List the experiments.")
  var list = false

  @Option(parsing: .unconditional, help: ArgumentHelp("How many seeds, from 1.", valueName: "n"))
  var seeds: Int = 3

  @Option(help: ArgumentHelp("Where runs are kept.", valueName: "directory"), completion: .directory)
  var folder: String = "runs/reproduce"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Threads; results do not depend on it (default: all processors, at most 8).", valueName: "n"))
  var threads: Int?

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard list || !names.isEmpty else {
      throw ValidationError("name an experiment (--list tells which there are)")
    }
    guard 1...1000 ~= seeds else { throw ValidationError("--seeds is \(seeds); allowed: 1 to 1000") }
    try Machine.check(threads: threads)
    if folder.isEmpty { throw ValidationError("the name of the --folder is empty") }
    for name in names where Experiment.named(name) == nil {
      let known = Experiment.all.map(\.name)
      throw ValidationError(
        "there is no experiment \(name.harmlessLine.visibleName)\(Nearest.suggestion(for: name, among: known)); there are "
          + known.joined(separator: ", "))
    }
  }

  func run() throws {
    if list {
      let rows = (names.isEmpty ? Experiment.all : names.compactMap(Experiment.named)).map(ExperimentRow.init)
      return json
        ? try JSONOutput.print(["experiments": rows])
        : try StandardOutput.write(rows.map(\.text).joined(separator: "\n"))
    }
    var results: [Reproduction] = []
    for experiment in names.compactMap(Experiment.named) {
      let result = try reproduce(experiment)
      results.append(result)
      if !json { try StandardOutput.write(result.text) }
    }
    if json { try JSONOutput.print(["experiments": results]) }
  }

  private func reproduce(_ experiment: Experiment) throws -> Reproduction {
    var values = experiment.figures.map { _ in [Double?]() }
    var seconds: [Double] = []
    if !json {
      let commands = experiment.trainings.map { "  " + line($0, of: experiment, seed: 1) }
      try StandardOutput.write(
        "\(experiment.name): \(experiment.summary) (\(experiment.source))\n\(commands.joined(separator: "\n"))\n")
    }
    for seed in 1...UInt64(seeds) {
      var runs: [String: String] = [:]
      for training in experiment.trainings {
        let path = path(training, seed: seed)
        let title = training.name == experiment.name ? training.name : "\(experiment.name) \(training.name)"
        try train(arguments(training, of: experiment, seed: seed), path, "\(title), seed \(seed)")
        runs[training.name] = path
      }
      let results = ExperimentResults(runs: runs, seed: seed)
      for (place, figure) in experiment.figures.enumerated() { values[place].append(try figure.value(results)) }
      seconds.append(try results.seconds())
    }
    return Reproduction(
      name: experiment.name, summary: experiment.summary, source: experiment.source, secondsTrained: seconds,
      figures: zip(experiment.figures, values).map { Reproduction.Figure($0, $1) })
  }

  private func path(_ training: Experiment.Training, seed: UInt64) -> String {
    "\(folder)/\(training.name)-seed\(seed)"
  }

  private func arguments(_ training: Experiment.Training, of experiment: Experiment, seed: UInt64) -> [String] {
    training.arguments.map { word in
      experiment.trainings.first { word == "{\($0.name)}" }.map { path($0, seed: seed) } ?? word
    } + ["--seed", "\(seed)"]
  }

  private func line(_ training: Experiment.Training, of experiment: Experiment, seed: UInt64) -> String {
    let words = [path(training, seed: seed)] + arguments(training, of: experiment, seed: seed)
    return "zscope train " + words.map { $0.hasPrefix("--") ? $0 : $0.shellWord }.joined(separator: " ")
  }

  private static func command(_ words: [String]) throws -> TrainCommand {
    try TrainCommand.parse(Array(TrainingOptions.expanding(["train"] + words).dropFirst()))
  }

  /// Throws a `CommandError` where the run in the folder is another training than the command would begin there; returns
  /// the epochs it is to come to.
  private static func checkSame(_ command: TrainCommand, in path: String) throws -> Int {
    let run = RunDirectory(path: path)
    let (asked, begun) = (try command.configuration(), try run.configuration())
    let difference = asked.difference(fromBegun: begun, heldOut: command.options.heldOut)
    let set = run.controlsSetSince(begun.initialControls, held: []).joined(separator: ", ")
    if let what = difference ?? (set.isEmpty ? nil : "\(set), set by hand") {
      throw CommandError(
        "\(path.harmlessLine) was trained with other settings (\(what)) than are reproduced",
        remedy: "remove it, or give another --folder")
    }
    return asked.training.epochs
  }

  /// Trains what is not trained yet; what asks the program to end makes it save and stop.
  private func train(_ arguments: [String], _ path: String, _ title: String) throws {
    let threads = threads.map { ["--threads", "\($0)"] } ?? []
    var command = try Self.command([path] + arguments + threads)
    if isFile(RunDirectory(path: path).configurationPath) {
      let epochs = try Self.checkSame(command, in: path)
      command = try Self.command([path, "--resume", "--epochs", "\(epochs)"] + threads)
    }
    let (session, _) = try command.prepare { StandardError.complain($0) }
    let interruption = Interruption()
    let line = ProgressLine()
    defer { line.clear() }
    try session.start()
    while !session.state.isOver {
      interruption.wait(for: [session.snapshots.fileDescriptor], milliseconds: 500)
      if interruption.received != nil { session.stop() }
      guard let snapshot = session.snapshots.take() else { continue }
      let terms = snapshot.metrics.last?.heldOut ?? snapshot.terms
      line.show(
        Double(snapshot.step) / Double(max(1, snapshot.totalSteps)),
        [title]
          + terms.filter { $0.name == "loss" || session.configuration.unit(of: $0.name) == .share }
          .map { "\($0.name) \(Text.fixed($0.value, 2))" })
    }
    line.clear()
    switch session.wait().state {
    case .finished: return
    case .failed(let message): throw CommandError("\(title): training stopped: \(message)")
    default:
      StandardError.complain("stopped in \(title); the same command goes on")
      throw ExitCode(Interruption.status(interruption.received ?? 2))
    }
  }
}

/// An experiment as it is listed.
private struct ExperimentRow: Encodable {
  let name: String
  let summary: String
  let source: String
  let minutesASeed: Double
  let trainings: [[String]]
  let figures: [String]

  init(_ experiment: Experiment) {
    name = experiment.name
    summary = experiment.summary
    source = experiment.source
    minutesASeed = experiment.minutes
    trainings = experiment.trainings.map(\.arguments)
    figures = experiment.figures.map(\.name)
  }

  var text: String {
    "\(name)  \(summary)\n  \(source); about \(Text.fixed(minutesASeed, 0)) min a seed\n  "
      + figures.joined(separator: "; ") + "\n"
  }
}

/// What came of an experiment.
struct Reproduction: Encodable {
  struct Figure: Encodable {
    let name: String
    /// One a seed, from seed 1.
    let values: [Double?]
    let mean: Double?
    /// Over the seeds; nil of one.
    let standardDeviation: Double?
    let published: Double?
    /// What the mean must come to: `≥ 95`.
    let asked: String?
    /// Whether it does; nil where nothing is asked.
    let isMet: Bool?

    init(_ figure: Experiment.Figure, _ values: [Double?]) {
      name = figure.name
      self.values = values
      published = figure.published
      let known = values.compactMap(\.self)
      let mean = known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
      self.mean = mean
      standardDeviation =
        known.count < 2
        ? nil
        : mean.map { mean in
          (known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(known.count - 1)).squareRoot()
        }
      switch figure.bound {
      case .atLeast(let least): asked = "≥ \(Text.fixed(least, 1))"
      case .atMost(let most): asked = "≤ \(Text.fixed(most, 1))"
      case .none: asked = nil
      }
      isMet = asked == nil ? nil : mean.map(figure.bound.isMet) ?? false
    }
  }

  let name: String
  let summary: String
  let source: String
  /// Of all trainings of a seed.
  let secondsTrained: [Double]
  let figures: [Figure]

  var text: String {
    let width = figures.map(\.name.count).max() ?? 0
    let rows = figures.map { figure in
      let values = figure.values.map { $0.map { Text.fixed($0, 2) } ?? "–" }.joined(separator: " ")
      let spread = Text.error(figure.standardDeviation, 2)
      let notes = [
        figure.published.map { "published \(Text.fixed($0, 2))" },
        figure.asked.map { "asked \($0): \(figure.isMet == true ? "met" : "not met")" },
      ].compactMap(\.self).joined(separator: ", ")
      let mean = figure.mean.map { Text.fixed($0, 2) } ?? "–"
      return "  \(Text.padded(figure.name, width))  \(Text.rightAligned(mean, 8))\(spread)"
        + "\(figure.values.count > 1 ? "   (\(values))" : "")\(notes.isEmpty ? "" : "   \(notes)")\n"
    }
    let seconds = secondsTrained.map { NumberText.duration($0) }.joined(separator: ", ")
    return rows.joined() + "  trained for \(seconds)\n"
  }
}
