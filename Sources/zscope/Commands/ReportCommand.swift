import ArgumentParser
import Datasets
import Exports
import HarmlessText
import LatentModels
import Tensors

/// `zscope report`: one page about a model, to send to somebody.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write one HTML page about a model: what it is, learnt, draws, and every measure.",
    discussion: """
      The page holds the configuration, training curves, samples, reconstructions, the latent plane or traversals, a \
      map of the codes, what each dimension tells, and all measures with their definitions. What learns, learns from the \
      training half where there is one, as in `evaluate` and `compare`. The page needs no network and no script, and \
      follows the reader's light or dark theme. --pictures writes every picture also as SVG, PNG and CSV.

      Examples:
        zscope report mnist-10d --data mnist --output report.html
        zscope report runs/a --count 2000 --output a.html --pictures a-pictures
      """)

  @OptionGroup var model: ModelArgument

  @OptionGroup var judged: JudgingImages

  @OptionGroup(title: "Reading images") var reading: ImageOptions

  @Option(parsing: .unconditional, help: "Decides samples and noise.")
  var seed: UInt64 = 1

  @Flag(help: "Compute the measures that take long too.")
  var thorough = false

  @Option(
    name: [.short, .long], help: ArgumentHelp("Where to write the page; - is standard output.", valueName: "file.html"),
    completion: .file(extensions: ["html"]))
  var output: String

  @Option(
    help: ArgumentHelp("Write every picture into this folder as SVG, PNG and CSV.", valueName: "folder"),
    completion: .directory)
  var pictures: String?

  func validate() throws {
    try Outputs.check([("--output", output)], reading: [("", model.model), ("--data", judged.data)])
  }

  func run() throws {
    let format = try ExportFormat.of(output, asked: output == "-" ? .html : nil, forms: [.document])
    try checkWritable(output)
    if let pictures { try checkWritableFolder(pictures) }
    let opened = try ModelLibrary.open(model.model)
    for problem in opened.problems { StandardError.complain(problem) }
    let name = judged.data ?? opened.model.configuration.training.data
    let images = try reading.open(name, part: judged.part, count: judged.count, for: opened.model)
    let training = try MeasuredImages.training(name, for: images, model: opened.model, reading)
    let report = try report(on: opened, images, training)
    try format.write(Exhibit(name: report.title, document: { try report.html() }), to: output)
    if let pictures {
      try makeFolder(pictures)
      // The names in it are ours: what stands under one of them is replaced, never followed.
      let folder = try OwnedFolder(pictures)
      for figure in report.figures {
        for format in ExportFormat.holding([.drawing, .table]) {
          try format.write(Exhibit(figure), as: "\(figure.name).\(format.name)", in: folder)
        }
      }
    }
    guard output != "-" else { return }
    let folder = pictures.map { ", and each as SVG, PNG and CSV in \($0)" } ?? ""
    try StandardOutput.write("wrote \(output): \(Text.counted(report.figures.count, "picture"))\(folder)\n")
  }

  /// The report. ^C ends it with nothing written.
  private func report(on opened: OpenedModel, _ images: ImageSet, _ training: ImageSet?) throws -> Report {
    let interruption = Interruption()
    let line = ProgressLine()
    defer { line.clear() }
    do {
      line.show(0, "encoding \(Text.grouped(images.count)) images")
      let subject = try ReportSubject(
        name: opened.name, model: opened.model, facts: ModelOutput(opened).printedRows, metrics: opened.metrics,
        images: images, training: training, seed: seed, isThorough: thorough, pool: WorkerPool(threads: Machine.threads)
      ) { interruption.received != nil }
      return try Report(about: subject) { line.show($1, $0) }
    } catch is CancellationError {
      line.clear()
      StandardError.write("zscope: stopped; nothing was written\n")
      throw ExitCode(Interruption.status(interruption.received ?? 2))
    }
  }
}
