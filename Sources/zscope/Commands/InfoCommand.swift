import ArgumentParser
import Datasets
import HarmlessText
import LatentModels

/// `zscope info`: what a model is.
struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Tell what a model is and how it was trained; without MODEL, list the bundled ones.",
    discussion: """
      Examples:
        zscope info
        zscope info mnist-2d
        zscope info runs/a --json
      """)

  @Argument(help: "A checkpoint, a run directory, or a bundled model's name.", completion: Completions.models)
  var model: String?

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    guard let model else { return try listBundled() }
    let opened = try ModelLibrary.open(model)
    for problem in opened.problems { StandardError.complain(problem) }
    let report = ModelOutput(opened)
    if json { try JSONOutput.print(report) } else { try StandardOutput.write(report.text) }
  }

  private func listBundled() throws {
    let models = ModelLibrary.bundled()
    if json { return try JSONOutput.print(["models": models.map { ModelName(name: $0.name, path: $0.path) }]) }
    guard !models.isEmpty else {
      throw CommandError(
        "no bundled models were found", remedy: "set ZSCOPE_ASSETS to the folder assets of zscope, or name a checkpoint"
      )
    }
    let width = models.map(\.name.count).max() ?? 0
    for model in models {
      let summary = (try? ModelLibrary.open(model.path)).map { ModelOutput($0).summary } ?? "cannot be read"
      try StandardOutput.write("\(Text.padded(model.name.harmlessLine, width))  \(summary)\n")
    }
  }

  private struct ModelName: Encodable {
    let name: String
    let path: String
  }
}

/// What there is to say about a model without running it.
struct ModelOutput: Encodable {
  let name: String
  let path: String
  let architecture: String
  let parameterCount: Int
  let epoch: Int
  let step: Int
  let dataDigest: String?
  let configuration: Configuration
  /// What the controls of the training were set to, by name; an infinite α among them, as a string.
  let controls: [String: SettingValue]
  /// What they were at this step: of what is annealed, as far as it had come.
  let controlsInForce: [String: SettingValue]
  /// What is minimised, with the numbers that are in force.
  let formula: String
  /// How each control that is annealed stands, in words.
  let annealing: [String]
  /// What a person set after this checkpoint was written, in words.
  let setSince: [String]
  /// What the run ended by, if it diverged.
  let divergence: Divergence?
  let lastEpoch: MetricsRecord?
  let codes: CodesOutput?

  struct CodesOutput: Encodable {
    let count: Int
    let dataset: String
  }

  init(_ opened: OpenedModel) {
    let model = opened.model
    name = opened.name
    path = opened.path
    architecture = model.configuration.model.description
    parameterCount = model.parameters.names.reduce(0) { $0 + (model.parameters.shape(of: $1)?.reduce(1, *) ?? 0) }
    epoch = model.epoch
    step = model.step
    dataDigest = model.dataDigest
    configuration = model.configuration
    let limits = configuration.limits
    controls = opened.controls.merging(limits) { $1 }.mapValues(SettingValue.number)
    controlsInForce = opened.controlsInForce.merging(limits) { $1 }.mapValues(SettingValue.number)
    annealing = opened.annealing
    let details = configuration.objectiveDetails(at: opened.controlsInForce)
    formula = ([configuration.formula(at: opened.controlsInForce)] + details).joined(separator: ", ")
    let run = RunDirectory(path: folderName(opened.path))
    setSince = opened.isForeign ? [] : run.controlsSetSince(opened.controls, held: opened.held)
    divergence = opened.isForeign ? nil : run.divergence
    // A run goes on after its best epoch; what counts is the record of this checkpoint.
    lastEpoch = opened.metrics.last(upTo: model.step)
    codes = opened.codes.map { CodesOutput(count: $0.posterior.count, dataset: $0.dataset) }
  }

  /// What a control was set to.
  private func number(_ name: String) -> Double? {
    if case .number(let number) = controls[name] { number } else { nil }
  }

  /// One line for a list.
  var summary: String {
    let loss = lastEpoch?.heldOut?["loss"].map { ", held-out loss \(Text.fixed($0, 2))" } ?? ""
    return "\(architecture), \(configuration.training.data), \(objective), epoch \(epoch)\(loss)".harmlessLine
  }

  private var objective: String {
    let (row, model) = (configuration.objective.row, configuration.model.row)
    // A model and the objective that it is meant for may be called the same.
    let isSaid = model.identifier == ModelConfiguration.defaultKind || model.name == row.name
    return "\(isSaid ? "" : "\(model.name), ")\(row.name): \(formula)"
  }

  /// All of it for people.
  var text: String {
    "\(name.harmlessLine)\n" + rows.map { "  \(Text.padded($0.name, 10)) \($0.value.harmlessLine)\n" }.joined()
  }

  /// What there is to say, each with its name.
  var rows: [(name: String, value: String)] {
    let model = configuration.model
    let training = configuration.training
    let size = ImageShape.text(height: model.imageHeight, width: model.imageWidth)
    let onlyClass = training.onlyClassName.map { ", class \($0) only" } ?? ""
    // As a person set it by now; its schedule stands beside it.
    let rate = number(Control.rate.name).map { Float($0) } ?? training.rate
    var rows: [(name: String, value: String)] = [
      ("model", "\(architecture), \(model.activation.rawValue), \(Text.grouped(parameterCount)) parameters"),
      ("images", "\(size), \(model.likelihood.words), \(training.treatment.rawValue)"),
      ("objective", "\(objective), \(Text.counted(configuration.objective.samples, "sample"))"),
      ("data", "\(training.data)\(onlyClass), \(Text.grouped(training.heldOut)) held out"),
      ("training", "batch \(training.batch), rate \(rate.brief) \(training.schedule), seed \(training.seed)"),
      ("reached", "epoch \(epoch) of \(training.epochs), step \(Text.grouped(step))"),
    ]
    if let labels { rows.insert(("labels", labels), at: 4) }
    if let property { rows.insert(("property", property), at: 4) }
    if !annealing.isEmpty { rows.insert(("annealing", annealing.joined(separator: "; ")), at: 3) }
    if let beneath { rows.insert(("codes of", beneath), at: 1) }
    let initial = configuration.initialControls
    let live = controls.keys.sorted().compactMap { name -> String? in
      guard let began = initial[name], let value = number(name), Float(began) != Float(value) else { return nil }
      return "\(name) \(Float(value).brief), which began at \(Float(began).brief)"
    }
    if !live.isEmpty { rows.append(("set live", live.joined(separator: "; "))) }
    if !setSince.isEmpty {
      rows.append(("now", "\(setSince.joined(separator: ", ")), set by hand after this checkpoint"))
    }
    if let divergence {
      rows.append(
        (
          "diverged",
          "\(divergence.term) was not finite at step \(Text.grouped(divergence.step)); go on with: "
            + divergence.advice(folderName(path))
        ))
    }
    if let record = lastEpoch {
      rows.append(("terms", terms(record.training)))
      if let heldOut = record.heldOut { rows.append(("held out", terms(heldOut))) }
      if let measured = record.measured, !measured.isEmpty {
        rows.append(("measured", text(measured, decimals: 3)))
      }
      for warning in record.warnings { rows.append(("warning", warning)) }
    }
    if let codes { rows.append(("codes", "\(Text.grouped(codes.count)) of \(codes.dataset)")) }
    rows.append(("file", path))
    return rows
  }

  /// How many labels a model with a variable for the class was told, of how many classes; nil for any other.
  private var labels: String? {
    let (model, training) = (configuration.model, configuration.training)
    guard model.row.usesLabels, !model.classNames.isEmpty else { return nil }
    let kept =
      switch training.labels {
      case .all: "all there are"
      case .none: "none"
      case .count(let count): "\(Text.grouped(count)) kept"
      }
    let share = labelledShare.map { "; \(Text.percent($0)) of every batch" } ?? ""
    let classes = model.classNames.count
    return "\(kept), \(Text.grouped(classes)) class\(classes == 1 ? "" : "es")\(share)"
  }

  /// What the share of a batch that was asked for comes to in whole images; nil where images are of one kind alone.
  private var labelledShare: Double? {
    let training = configuration.training
    guard let share = training.labelledShare, training.labels != .none, configuration.reasonWithoutUnlabelled == nil
    else { return nil }
    // What files hold, only they tell.
    let all = training.count ?? NamedSet(askedBy: training.data)?.count(of: .training)
    let images = all.map { $0 - training.heldOut } ?? .max
    let batch = max(1, min(training.batch, images))
    return Double(MixedOrder.labelled(share, of: batch)) / Double(batch)
  }

  /// The property of images that the model is told, with what its values are called; nil for a model that is told none.
  private var property: String? {
    configuration.model.attribute.map { attribute in
      let values = attribute.valueNames.joined(separator: ", ")
      let threshold = attribute.threshold.map { " (from \($0.brief))" } ?? ""
      return "\(attribute.name): \(values)\(threshold)"
    }
  }

  /// The trained model whose codes the model takes, and how many of them; nil for a model of images alone.
  private var beneath: String? {
    configuration.model.codes.map { codes in
      let shape = ([configuration.model.pixelCount] + codes.hidden + [codes.latent]).map(String.init)
      return "\(shape.joined(separator: "-")), of which \(codes.kept.count) of "
        + "\(Text.counted(codes.latent, "dimension")) tell something"
    }
  }

  /// The rows as they are printed in a document, where a minus is longer than a hyphen.
  var printedRows: [(name: String, value: String)] {
    rows.map { row in
      guard ["terms", "held out", "measured"].contains(row.name) else { return row }
      return (row.name, row.value.replacing(" -", with: " −"))
    }
  }

  private func terms(_ terms: [Term]) -> String {
    func unit(_ term: Term) -> TermUnit { configuration.unit(of: term.name) }
    // What is counted in nats goes before their name; shares, counts and what has no unit come behind.
    let nats = terms.filter { unit($0) == .nats }
    let others = terms.filter { unit($0) != .nats }
    return [nats.isEmpty ? "" : text(nats, decimals: 2) + "  nats an image", text(others, decimals: 2)]
      .filter { !$0.isEmpty }.joined(separator: "  ")
  }

  /// What is counted has no decimals.
  private func text(_ terms: [Term], decimals: Int) -> String {
    terms.map { "\($0.name) \(Text.fixed($0.value, configuration.unit(of: $0.name) == .count ? 0 : decimals))" }
      .joined(separator: "  ")
  }
}
