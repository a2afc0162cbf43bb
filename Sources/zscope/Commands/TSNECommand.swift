import Analysis
import ArgumentParser
import Canvas
import Datasets
import Exports
import LatentModels
import Tensors

/// `zscope tsne`: codes laid out in the plane by their neighbours.
struct TSNECommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tsne",
    abstract: "Lay out codes in the plane by who is whose neighbour (t-SNE).",
    discussion: """
      SOURCE is a model, whose posterior means of --data are laid out (of pixels as `evaluate` draws them by default), \
      or a matrix [n, dimensions] from anywhere, .npy, .json or .csv (all columns count, but one that a .csv file \
      heads class, label or nothing: write codes with `encode --mean-only`). Points of more than 50 dimensions are first \
      projected on 50 principal components. Distances between clusters, and their sizes, mean nothing. The same seed \
      gives the same layout, whatever --threads says. KL is that of scikit-learn's kl_divergence_, in nats.

      Examples:
        zscope tsne mnist-10d --data mnist --output tsne.npy
        zscope tsne mnist-10d --data mnist --output tsne.png
        zscope tsne codes.npy --perplexity 50 --output layout.csv
      """)

  @Argument(
    help: "A checkpoint, a run directory, a bundled model's name, or a file of codes (- is standard input).",
    completion: Completions.models)
  var source: String

  @Option(
    help: ArgumentHelp(
      "Images to encode, a data set's name or a path (default: the model's stored codes, or what it was trained on); beside a file of codes, where their classes come from.",
      valueName: "data"),
    completion: Completions.data)
  var data: String?

  @Option(help: "Which half of a data set (default: test).")
  var part: DataPart?

  @Option(parsing: .unconditional, help: ArgumentHelp("Only the first so many points.", valueName: "n"))
  var count: Int?

  @Option(parsing: .unconditional, help: "About how many neighbours a point is close to.")
  var perplexity: Double = 30

  @Option(parsing: .unconditional, help: "Steps of gradient descent.")
  var iterations: Int = 1000

  @Option(parsing: .unconditional, help: "How much stronger neighbours attract each other at first.")
  var exaggeration: Double = 12

  @Option(parsing: .unconditional, help: ArgumentHelp("How many steps they do so.", valueName: "n"))
  var exaggeratedIterations: Int = 250

  @Option(
    parsing: .unconditional, help: "The step's length (default: points / (4 · exaggeration), at least 50).")
  var learningRate: Double?

  @Option(parsing: .unconditional, help: "How coarsely far points are summed up; 0 is exact and slow.")
  var angle: Double = 0.5

  @Option(parsing: .unconditional, help: "Decides the jitter of the start.")
  var seed: UInt64 = 1

  @Option(parsing: .unconditional, help: "Threads to compute with (default: one a processor, at most 8).")
  var threads: Int?

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Where to write: .npy holds [n, 2] float32, .csv, .json, .png and .svg as their names say; - is standard output. Without it a scatter is printed.",
      valueName: "file"), completion: .file())
  var output: String?

  @Option(help: "The format, where the file's ending does not say it; without --output, of standard output.")
  var format: FormatChoice<LayoutForms>?

  @Flag(help: "Print one JSON object about the layout.")
  var json = false

  @OptionGroup(title: "Reading images") var reading: ImageOptions

  @OptionGroup(title: "Printing") var picture: PictureOptions

  func validate() throws {
    func require(_ holds: Bool, _ name: String, _ value: Any, _ allowed: String) throws {
      guard holds else { throw ValidationError("--\(name) is \(value); allowed: \(allowed)") }
    }
    if let count { try require(count >= 1, "count", count, "1 or more") }
    try require(perplexity >= 1 && perplexity.isFinite, "perplexity", perplexity, "1 or more")
    try require(1...1_000_000 ~= iterations, "iterations", iterations, "1 to 1000000")
    try require(exaggeration >= 1 && exaggeration <= 1000, "exaggeration", exaggeration, "1 to 1000")
    try require(exaggeratedIterations >= 0, "exaggerated-iterations", exaggeratedIterations, "0 or more")
    if let learningRate {
      try require(learningRate > 0 && learningRate <= 1e9, "learning-rate", learningRate, "above 0, up to 1e9")
    }
    try require(angle >= 0 && angle <= 1, "angle", angle, "0 to 1")
    try Machine.check(threads: threads)
    try format?.check(beside: output)
    try picture.check(beside: path)
    if json, path == nil || path == "-" {
      throw ValidationError("--json and the layout cannot both go to standard output: add --output FILE")
    }
    try Outputs.check([("--output", path)], reading: [("", source), ("--data", data)])
  }

  /// Where the layout is written; nil where it is printed. A format without a file is for standard output.
  private var path: String? { output ?? (format == nil ? nil : "-") }

  private var options: TSNE.Options {
    var options = TSNE.Options()
    options.perplexity = perplexity
    options.iterations = iterations
    options.exaggeration = exaggeration
    options.exaggeratedIterations = exaggeratedIterations
    options.learningRate = learningRate
    options.angle = angle
    options.seed = seed
    options.threads = threads ?? WorkerPool.machineThreads
    return options
  }

  func run() throws {
    let output = path
    let format = try output.map { try ExportFormat.of($0, asked: self.format?.format, forms: LayoutForms.forms) }
    if let output { try checkWritable(output) }
    let cloud = try CodeCloudSource(source: source, data: data, part: part, count: count, reading: reading).read()
    let started = monotonicSeconds()
    let result = try layout(cloud.points)
    let report = LayoutOutput(
      source: cloud.name, points: cloud.points.shape[0], dimensions: cloud.points.shape[1], contents: cloud.contents,
      perplexity: perplexity,
      iterations: result.iterations, seed: seed, divergence: result.divergence,
      seconds: monotonicSeconds() - started, output: output)
    var scatter = ScatterFigure(points: result.layout)
    scatter.title = "t-SNE of \(cloud.name)"
    scatter.labels = cloud.labels.map(Int.init)
    scatter.classNames = cloud.classNames
    if let format, let output {
      let figure = scatter.figure
      try format.write(
        Exhibit(name: figure.title, array: { result.layout }, table: { figure.table }, drawing: { figure.drawing }),
        to: output)
    } else {
      try show(result.layout, cloud)
    }
    if result.divergence > 0.99 * result.initialDivergence {
      StandardError.complain(
        "the layout is no better than what it began with (KL \(Text.fixed(result.divergence, 2)) nats after "
          + "\(Text.fixed(result.initialDivergence, 2))): "
          + (isDescentCut ? "give it more --iterations" : "lower --learning-rate"))
    }
    if json { return try JSONOutput.print(report) }
    if output == "-" { StandardError.write(report.text) } else { try picture.write(report.text) }
  }

  /// Whether the descent ended among its exaggerated steps, which do not lower the divergence that is told.
  private var isDescentCut: Bool { iterations <= exaggeratedIterations }

  /// Prints the layout as a scatter of glyphs.
  private func show(_ layout: Tensor, _ cloud: CodeCloudSource.Cloud) throws {
    let size =
      picture.size
      ?? CellSize(width: min(100, StandardOutput.columns), height: min(100, StandardOutput.columns) * 2 / 5)
    let points = (0..<layout.shape[0]).map { SIMD2(layout[$0, 0], layout[$0, 1]) }
    var plot = ScatterPlot(
      points: points, labels: cloud.labels,
      window: PlotWindow.enclosing(points).withEqualScale(width: size.width, height: size.height))
    plot.showsAxes = false
    plot.marks = ClassMarks(names: cloud.classNames, unicode: picture.rendition.unicode)
    try StandardOutput.write(
      drawing: picture.text(plot.frame(width: size.width, height: size.height, rendition: picture.rendition)))
  }

  /// The layout. ^C stops it between two steps.
  private func layout(_ points: Tensor) throws -> TSNE.Result {
    let interruption = Interruption()
    let line = ProgressLine()
    defer { line.clear() }
    var reached = 0
    let started = monotonicSeconds()
    var shown = started
    do {
      return try TSNE.run(points: points, options: options) { progress in
        reached = progress.iteration
        let now = monotonicSeconds()
        if now - shown >= 0.1 {
          shown = now
          let left = (now - started) * (1 / max(progress.fraction, 1e-6) - 1)
          line.show(
            progress.fraction,
            progress.stage == .neighbours
              ? "searching neighbours" : "iteration \(Text.grouped(reached)) of \(Text.grouped(iterations))",
            progress.fraction > 0.1 ? "\(NumberText.duration(left)) left" : "")
        }
        return interruption.received == nil
      }
    } catch let error as EmbeddingError {
      guard case .diverged = error else { throw error }
      throw CommandError("\(error)", remedy: "lower --learning-rate")
    } catch is CancellationError {
      line.clear()
      StandardError.write(
        "zscope: stopped after \(Text.grouped(reached)) of \(Text.counted(iterations, "iteration")); nothing was written\n"
      )
      throw ExitCode(Interruption.status(interruption.received ?? 2))
    }
  }
}

/// What there is to say about a layout.
struct LayoutOutput: Encodable {
  let source: String
  let points: Int
  /// Columns of a point; of a model with classes, these are among them.
  let dimensions: Int
  /// What the columns are, where some are classes.
  let contents: String?
  let perplexity: Double
  let iterations: Int
  let seed: UInt64
  /// KL(P ‖ Q) in nats.
  let divergence: Double
  let seconds: Double
  let output: String?

  private var perplexityText: String {
    perplexity == perplexity.rounded() ? Text.fixed(perplexity, 0) : "\(perplexity)"
  }

  var text: String {
    "\(Text.counted(points, "point")) of \(contents ?? Text.counted(dimensions, "dimension")), perplexity \(perplexityText), "
      + "\(Text.counted(iterations, "iteration")): KL \(Text.fixed(divergence, 4)) nats, \(Text.fixed(seconds, 1)) s"
      + (output.map { $0 == "-" ? "" : "; wrote \($0)" } ?? "") + "\n"
  }
}
