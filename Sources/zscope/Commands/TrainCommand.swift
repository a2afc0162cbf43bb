import ArgumentParser
import Datasets
import Explorer
import HarmlessText
import LatentModels

/// `zscope train`: a new run, or one that goes on.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model into a run directory, or resume one.",
    discussion: """
      The run directory gets config.json, metrics.jsonl (one object an epoch), latest.safetensors, best.safetensors and \
      numbered checkpoints. Whatever ends it but SIGKILL saves and says where; --resume goes on as if nothing had \
      happened. A training that diverged goes on from its last good checkpoint at another --rate.

      Examples:
        zscope train runs/a --data mnist --hidden 256,64 --latent 2 --epochs 30
        zscope train runs/b --data strokes --beta 4 --latent 10 --seed 7 --threads 2
        zscope train --resume runs/a                    go on after an interruption
        zscope train --resume runs/a --epochs 60        and longer
        zscope train --resume runs/a --rate 1e-4        after a divergence
        zscope train runs/c --explore                   watch the latent space form
        zscope train runs/d --model semi-supervised --labels 3000
        zscope train runs/e --by-class                  one model for every digit
      """)

  @Argument(help: ArgumentHelp("The run directory.", valueName: "run"), completion: .directory)
  var folder: String

  @Flag(help: "Go on with the run from its last checkpoint, bit for bit.")
  var resume = false

  @Option(parsing: .unconditional, help: ArgumentHelp("Passes over the training images (default: 30).", valueName: "n"))
  var epochs: Int?

  @OptionGroup(title: "What to train") var options: TrainingOptions

  @OptionGroup(title: "Reading images") var images: ImageOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Threads; results do not depend on it (default: all processors, at most 8).", valueName: "n"))
  var threads: Int?

  @Flag(help: "Train one model a class, side by side, into RUN/class-0, RUN/class-1 …")
  var byClass = false

  @Flag(help: "Open the explorer on the run while it trains.")
  var explore = false

  @OptionGroup(title: "With --explore") var display: ExplorerDisplayOptions

  func validate() throws {
    let fixed = (options.given + images.given).filter { $0 != "--rate" }
    if resume, !fixed.isEmpty {
      throw ValidationError(
        "\(fixed.joined(separator: ", ")) cannot change when resuming: only --epochs, --threads and, after a divergence, "
          + "--rate can")
    }
    if !explore, !display.given.isEmpty {
      let verb = display.given.count == 1 ? "is" : "are"
      throw ValidationError("\(display.given.joined(separator: ", ")) \(verb) for watching a run: add --explore")
    }
    if explore { try display.check() }
    try Machine.check(threads: threads)
    if let heldOut = options.heldOut, heldOut < 0 {
      throw ValidationError("--held-out is \(heldOut); allowed: 0 or more")
    }
    if byClass, explore {
      throw ValidationError("--explore watches one run: leave it out, or --by-class")
    }
    if byClass, !resume { try checkByClass() }
    if folder.isEmpty { throw ValidationError("the run directory's name is empty") }
    try options.validate(epochs: epochs, shape: images.shape)
    if !resume { try options.checkHeldOut(byClass: byClass) }
  }

  /// A model of one class is neither told the class nor can it do without labels to choose its images by.
  private func checkByClass() throws {
    if let name = options.model, let row = ModelKind.named(name), row.usesLabels || row.usesAttribute {
      let others = ModelKind.all.filter { !$0.usesLabels && !$0.usesAttribute }.map(\.name)
      throw ValidationError(
        "the model \(row.name) is told what --by-class divides by: leave out --by-class, or use --model "
          + others.joined(separator: " or "))
    }
    if images.noLabels { throw ValidationError("--by-class needs labels: leave it out, or --no-labels") }
  }

  func run() throws {
    if byClass {
      let plan = try resume ? begunByClass() : configuration()
      let training = try ByClassTraining(
        plan, heldOut: options.heldOut, folder: folder, resuming: resume,
        rate: options.rate.map { Double($0.value) }, epochs: epochs)
      return try training.follow(threads: threads ?? Machine.threads)
    }
    if explore {
      // What is learnt is what is shown: the explorer opens no other data beside it. The screen does not wait for the data;
      // what can be wrong without them is told before it is taken.
      let configuration = try resume ? resumed().configuration : configuration()
      if !resume { try RunDirectory.checkNew(folder) }
      try DataLibrary.checkPresence(of: configuration.training.data)
      var options = display.options(model: nil, data: nil)
      let command = self
      options.training = ExplorerOptions.PendingRun(configuration: configuration, path: folder) { tell in
        try command.prepare(tell: tell)
      }
      let status = try Explorer.run(options)
      if status != 0 { throw ExitCode(status) }
      return
    }
    let (session, run) = try prepare { StandardError.complain($0) }
    try TrainingConsole(session: session, run: run).follow()
  }

  /// What the runs of `--by-class` were begun with.
  private func begunByClass() throws -> Configuration {
    guard let begun = try ByClass.open(folder) else {
      let isOne = isFile(RunDirectory(path: folder).configurationPath)
      throw CommandError(
        "\(folder.harmlessLine) holds \(isOne ? "one run of all classes" : "no runs of train --by-class")",
        remedy: isOne ? "leave out --by-class" : "begin them without --resume")
    }
    try checkRate(of: begun.runs.map { RunDirectory(path: $0.path) })
    var configuration = try RunDirectory.open(begun.runs[0].path).configuration()
    if let epochs { configuration.training.epochs = epochs }
    return configuration
  }

  /// Throws a `ValidationError` where a rate is given for runs of which none diverged: those go on at their own.
  private func checkRate(of runs: [RunDirectory]) throws {
    guard options.rate != nil, runs.allSatisfy({ $0.divergence == nil }) else { return }
    let what =
      byClass ? "none of the runs in \(folder.harmlessLine) diverged" : "\(folder.harmlessLine) did not diverge"
    throw ValidationError("--rate has no effect: \(what); leave it out")
  }

  /// What was asked for, with how its files are read.
  func configuration() throws -> Configuration {
    var configuration = try options.configuration(epochs: epochs)
    try images.checkUse(for: [configuration.training.data])
    if !images.reading.isPlain { configuration.training.reading = images.reading }
    return configuration
  }

  /// The run that is to go on, as it was configured, with as many epochs as are asked for now.
  private func resumed() throws -> (directory: RunDirectory, configuration: Configuration, plannedEpochs: Int) {
    let directory = try RunDirectory.open(folder)
    try checkRate(of: [directory])
    var configuration = try directory.configuration()
    let planned = configuration.training.epochs
    if let epochs { configuration.training.epochs = epochs }
    try configuration.validate(asRecorded: true)
    return (directory, configuration, planned)
  }

  /// The session that was asked for, not yet started; `tell` hears what there is to say of it.
  func prepare(tell: (String) -> Void) throws -> (TrainingSession, RunDirectory) {
    let threads = threads ?? Machine.threads
    if resume {
      let (directory, configuration, planned) = try resumed()
      let data = try TrainingData.open(configuration)
      for note in data.notes { tell(note) }
      let session = try TrainingSession(
        configuration: configuration, training: data.training, heldOut: data.heldOut, run: directory, resuming: true,
        rate: options.rate.map { Double($0.value) }, threads: threads)
      if let note = session.noteOnLength(planned: planned) { tell(note) }
      if let note = session.note { tell(note) }
      for note in session.notesOnSettings { tell(note) }
      return (session, directory)
    }
    try RunDirectory.checkNew(folder)
    let codesOf = try options.codesOf.map { try ModelArgument.open($0).model }
    let data = try TrainingData.prepare(configuration(), heldOut: options.heldOut, codesOf: codesOf)
    // Whether every image has its class, of files only they tell. An inference that draws may have been needed until then.
    for note in data.notes + options.withoutEffect(in: data.configuration) { tell(note) }
    let directory = try RunDirectory.create(folder, configuration: data.configuration)
    let session = try TrainingSession(
      configuration: data.configuration, training: data.training, heldOut: data.heldOut, run: directory,
      given: data.given, threads: threads)
    for note in session.notesOnSettings { tell(note) }
    return (session, directory)
  }
}
