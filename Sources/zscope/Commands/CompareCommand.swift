import Analysis
import ArgumentParser
import Datasets
import HarmlessText
import LatentModels
import Tensors

/// `zscope compare`: several models by the same measures on the same images.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare models by measures of what they have learnt, in one table.",
    discussion: """
      All models see the same images (those of the data set that the first was trained on, unless --data names others). \
      A dash marks what a model does not have: an autoencoder has no posterior. What none of them has is told below the \
      table; where it was asked for by name, that is an error. `zscope measures` tells what each measure is.

      Examples:
        zscope compare runs/vae runs/beta4 --measures mutual-information mig
        zscope compare mnist-2d strokes-10d --data strokes --json
      """)

  @Argument(help: "Checkpoints, run directories, or bundled models' names.", completion: Completions.models)
  var models: [String]

  @OptionGroup var judged: JudgingImages

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Measures by name; all: also those that take long; usual, as where none is named: all but those.",
      valueName: "name"),
    completion: Completions.measures)
  var measures: [String] = []

  @OptionGroup var options: MeasureOptions

  @OptionGroup(title: "Reading images") var reading: ImageOptions

  @Option(parsing: .unconditional, help: "Decides splits, samples and pairs.")
  var seed: UInt64 = 1

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    _ = try chosen()
    if models.count < 2 { throw ValidationError("name at least two models to compare") }
  }

  private func chosen() throws -> [Measure] {
    try MeasureOptions.measures(measures.isEmpty ? [Measure.usualName] : measures)
  }

  func run() throws {
    let opened = try models.map { try ModelArgument.open($0) }
    let name = judged.data ?? opened[0].model.configuration.training.data
    let (chosen, settings) = (try chosen(), try options.settings)
    let pool = WorkerPool(threads: Machine.threads)
    let line = ProgressLine()
    defer { line.clear() }
    var columns: [Column] = []
    var shown: (name: String, count: Int, part: DataPart?) = (name, 0, nil)
    for model in opened {
      let images = try reading.open(name, part: judged.part, count: judged.count, for: model.model)
      shown = (images.name, images.count, images.part)
      let training = try MeasuredImages.training(name, for: images, model: model.model, reading)
      let measurement = try Measurement(
        of: MeasuredImages.representation(images, by: model.model, seed: seed),
        training: training.map { try MeasuredImages.representation($0, by: model.model, seed: seed) },
        settings: settings,
        seed: seed, pool: pool)
      let reports = try MeasureOutput.all(chosen, of: measurement, settings: settings) {
        line.show(Double(columns.count) / Double(opened.count), "\(model.name): \($0)")
      }
      columns.append(
        Column(
          model: model.name, path: model.path,
          includesTrainingImages: images.includesTraining(of: model.model, as: name), measures: reports))
    }
    line.clear()
    try requireNamed(chosen, columns)
    if json {
      return try JSONOutput.print(
        Output(data: shown.name, part: shown.part, images: shown.count, seed: seed, models: columns))
    }
    // Not every data set has halves.
    try StandardOutput.write(
      "\(shown.name.harmlessLine): \(Text.counted(shown.count, "image"))\(Text.half(shown.part))\n"
        + Self.noteOnTraining(columns) + table(chosen, columns))
  }

  private struct Column: Encodable {
    let model: String
    let path: String
    /// Whether the model learnt from some of the images, so that it does better on them than on others.
    let includesTrainingImages: Bool
    let measures: [MeasureOutput]
  }

  private struct Output: Encodable {
    let data: String
    /// Which half of the data set; nil where it has none.
    let part: DataPart?
    let images: Int
    let seed: UInt64
    let models: [Column]
  }

  /// Which of the models learnt from some of the images, in a line; nothing where none did.
  private static func noteOnTraining(_ columns: [Column]) -> String {
    let names = columns.filter(\.includesTrainingImages).map(\.model.harmlessLine)
    guard !names.isEmpty else { return "" }
    return "\(names.joined(separator: ", ")) learnt from some of these images: on others "
      + "\(names.count == 1 ? "it does" : "they do") worse\n"
  }

  /// Stops at the first measure that was asked for by name and that no model has.
  private func requireNamed(_ chosen: [Measure], _ columns: [Column]) throws {
    let missing = chosen.indices.filter { index in columns.allSatisfy { $0.measures[index].why != nil } }
    try MeasureOptions.requireNamed(measures, missing.map { columns[0].measures[$0] }, areTurned: false)
  }

  /// One row a measure, one column a model; below stands what must be known where all have the same number, and why no
  /// model has a measure.
  private func table(_ measures: [Measure], _ columns: [Column]) -> String {
    var rows: [(heading: String, cells: [String])] = []
    var left: [(reason: String, names: [String])] = []
    var notes: [(note: String, names: [String])] = []
    for (index, measure) in measures.enumerated() {
      let cells = columns.map { column -> String? in
        guard case .success(let result) = column.measures[index].outcome else { return nil }
        return Text.telling(result.value, measure.decimals(3))
          + Text.tellingError(result.standardError, of: result.value, 3)
      }
      guard cells.contains(where: { $0 != nil }) else {
        let why = columns.first?.measures[index].why ?? ""
        // A reason that begins with the measure's name is the same of others.
        let reason = why.hasPrefix(measure.name + " ") ? String(why.dropFirst(measure.name.count + 1)) : why
        if let place = left.firstIndex(where: { $0.reason == reason }) {
          left[place].names.append(measure.name)
        } else {
          left.append((reason, [measure.name]))
        }
        continue
      }
      rows.append((measure.title, cells.map { $0 ?? "–" }))
      // A number that is the same of all models may be so whatever their codes are: what must be known of it is said.
      guard Set(cells).count == 1 else { continue }
      let told = columns.compactMap { try? $0.measures[index].outcome.get().notes }
      for note in told.first ?? [] where told.allSatisfy({ $0.contains(note) }) {
        if let place = notes.firstIndex(where: { $0.note == note }) {
          notes[place].names.append(measure.name)
        } else {
          notes.append((note, [measure.name]))
        }
      }
    }
    let first = max(rows.map(\.heading.count).max() ?? 0, 8)
    let names = columns.map { String($0.model.harmlessLine.suffix(28)) }
    let widths = columns.indices.map { column in
      max(names[column].count, rows.map { $0.cells[column].count }.max() ?? 0) + 2
    }
    func line(_ heading: String, _ cells: [String]) -> String {
      Text.padded(heading, first) + zip(cells, widths).map { Text.rightAligned($0, $1) }.joined() + "\n"
    }
    let omitted = left.map { "left out: \($0.names.joined(separator: ", ")): \($0.reason.harmlessLine)\n" }
    let known = notes.map { "\($0.names.joined(separator: ", ")): \($0.note.harmlessLine)\n" }
    return line("", names) + rows.map { line($0.heading, $0.cells) }.joined() + known.joined() + omitted.joined()
  }
}
