import Analysis
import ArgumentParser
import Datasets
import LatentModels

/// `zscope evaluate`: what a model is worth on images it was not trained on.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a model on images it was not trained on, in nats an image.",
    discussion: """
      Prints the evidence lower bound with its terms, the importance-weighted bound on the log-likelihood, the active \
      units, the divergence of every dimension, and how well a linear probe reads the class from the posterior means \
      (fitted on the training images of the same data set; on files, on every second image). A file has no halves: all \
      its images are used, those the model learnt from among them. Of a plain autoencoder \
      only the reconstruction, the active units and the probe: its variances are not trained. Dimensions count from 0, \
      in JSON too: dimension 0 is the explorer's z1.

      Examples:
        zscope evaluate mnist-2d --data mnist
        zscope evaluate runs/a --importance-samples 5000 --count 1000 --json
      """)

  @OptionGroup var model: ModelArgument

  @Option(
    help: ArgumentHelp("A data set's name or a path (default: what the model was trained on).", valueName: "data"),
    completion: Completions.data)
  var data: String?

  @Option(help: "Which half of a data set.")
  var part: DataPart = .test

  @Option(parsing: .unconditional, help: ArgumentHelp("Only the first so many images.", valueName: "n"))
  var count: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("Codes drawn an image for the reconstruction.", valueName: "n"))
  var samples: Int = 16

  @Option(
    parsing: .unconditional, help: ArgumentHelp("K of the importance-weighted bound; 0 leaves it out.", valueName: "K"))
  var importanceSamples: Int = 50

  @Option(parsing: .unconditional, help: "Decides the noise.")
  var seed: UInt64 = 1

  @Flag(inversion: .prefixedNo, help: "Fit a linear probe where there are labels.")
  var probe = true

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    let most = 1_000_000
    guard 1...most ~= samples else { throw ValidationError("--samples is \(samples); allowed: 1 to \(most)") }
    guard 0...most ~= importanceSamples else {
      throw ValidationError("--importance-samples is \(importanceSamples); allowed: 0 to \(most)")
    }
    if let count, count < 1 { throw ValidationError("--count is \(count); allowed: 1 or more") }
  }

  func run() throws {
    let opened = try model.open()
    let name = data ?? opened.model.configuration.training.data
    let images = try open(name, part, for: opened.model, count: count)
    let line = ProgressLine()
    defer { line.clear() }
    let evaluation = try evaluation(of: opened.model, on: images, line)
    if probe { line.show(nil, "fitting a linear probe") }
    let probe = probe ? try fitProbe(opened.model, name, images) : nil
    line.clear()
    let report = EvaluationReport(
      model: opened.name, data: images.name, part: images.part,
      includesTrainingImages: images.part != .test
        && DataLibrary.recordedName(name) == opened.model.configuration.training.data,
      evaluation: evaluation, linearProbe: probe)
    if json { try JSONOutput.print(report) } else { try StandardOutput.write(report.text) }
  }

  /// The evaluation alone. Only here ^C is waited for: what comes before and after, it ends at once.
  private func evaluation(of model: LatentModel, on images: ImageSet, _ line: ProgressLine) throws -> Evaluation {
    let interruption = Interruption()
    do {
      return try evaluate(model, on: images, samples: samples, importanceSamples: importanceSamples, seed: seed) {
        line.show($0, "evaluating \(Text.grouped(images.count)) images")
        return interruption.received == nil
      }
    } catch is CancellationError {
      line.clear()
      StandardError.write("zscope: stopped; nothing was evaluated\n")
      throw ExitCode(Interruption.status(interruption.received ?? 2))
    }
  }

  private func open(_ name: String, _ part: DataPart, for model: LatentModel, count: Int?) throws -> ImageSet {
    try DataLibrary.open(name, part: part, count: count, asFor: model.configuration.training).fitting(
      model, count: count)
  }

  /// The probe's accuracy on `images`, or nil where they carry no labels or only one.
  private func fitProbe(_ model: LatentModel, _ name: String, _ images: ImageSet) throws -> ProbeReport? {
    guard images.labels != nil else { return nil }
    let isNamed = DataLibrary().list().contains { $0.name == name }
    var (fitted, tested): (ImageSet, ImageSet)
    if isNamed, part == .test {
      (fitted, tested) = (try open(name, .training, for: model, count: nil), images)
    } else {
      let rows = Array(0..<images.count)
      (fitted, tested) = (images.subset(rows.filter { $0 % 2 == 0 }), images.subset(rows.filter { $0 % 2 == 1 }))
    }
    (fitted, tested) = (fitted.labelled(), tested.labelled())
    guard let fittedLabels = fitted.labels, let testedLabels = tested.labels, tested.count > 0,
      Set(fittedLabels).count > 1
    else { return nil }
    let probe = try LinearProbe(points: try model.encode(fitted).mean, labels: fittedLabels)
    let accuracy = try probe.accuracy(try model.encode(tested).mean, labels: testedLabels)
    return ProbeReport(
      accuracy: accuracy, fittedOn: fitted.count, testedOn: tested.count, iterations: probe.iterations,
      converged: probe.converged)
  }
}

/// How a linear probe did.
struct ProbeReport: Encodable {
  /// The share of test images labelled rightly, in 0…1.
  let accuracy: Double
  let fittedOn: Int
  let testedOn: Int
  let iterations: Int
  let converged: Bool
}

/// An evaluation with what it is of: one flat JSON object, or text.
struct EvaluationReport: Encodable {
  let model: String
  let data: String
  /// Which half of the data set; nil where it has none.
  let part: DataPart?
  /// Whether the model learnt from some of the images, so that it does better on them than on others.
  let includesTrainingImages: Bool
  let evaluation: Evaluation
  let linearProbe: ProbeReport?

  private enum CodingKeys: CodingKey { case model, data, part, includesTrainingImages, linearProbe }

  func encode(to encoder: any Encoder) throws {
    try evaluation.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(model, forKey: .model)
    try container.encode(data, forKey: .data)
    try container.encodeIfPresent(part, forKey: .part)
    try container.encode(includesTrainingImages, forKey: .includesTrainingImages)
    try container.encodeIfPresent(linearProbe, forKey: .linearProbe)
  }

  var text: String {
    func nats(_ value: Double) -> String { Text.rightAligned(Text.fixed(value, 3), 10) }
    var lines = [
      "\(model) on \(Text.counted(evaluation.images, "image")) of \(data)\(part.map { " (\($0.rawValue))" } ?? ""), nats an image"
    ]
    if includesTrainingImages {
      lines.append("  the model learnt from some of these images; on others it does worse")
    }
    if let elbo = evaluation.elbo { lines.append("  ELBO            \(nats(elbo))") }
    let codes = evaluation.samples.map { "\($0) codes an image" } ?? "z the mean"
    lines.append("  reconstruction  \(nats(evaluation.reconstruction))   −log p(x|z), \(codes)")
    if let kl = evaluation.kl { lines.append("  KL              \(nats(kl))") }
    if let bound = evaluation.importanceWeighted, let count = evaluation.importanceSamples {
      lines.append("  L_\(Text.padded("\(count)", 13)) \(nats(bound))   importance-weighted bound on log p(x)")
    }
    let active = evaluation.activeUnits
    lines.append(
      "  active units    \(Text.rightAligned("\(active.count)", 10))   of \(evaluation.varianceOfMeans.count)")
    if let probe = linearProbe {
      lines.append(
        "  linear probe    \(Text.rightAligned(Text.fixed(100 * probe.accuracy, 2), 8)) %   of \(Text.grouped(probe.testedOn)) labels, fitted on \(Text.grouped(probe.fittedOn))"
      )
    }
    guard let klByDimension = evaluation.klByDimension else {
      lines.append("  no bound and no KL: an autoencoder's variances are not trained, so these would mean nothing")
      return lines.joined(separator: "\n") + "\n"
    }
    lines.append("  KL by dimension, largest first; dimension 0 is the explorer's z1")
    for (dimension, value) in klByDimension.enumerated().sorted(by: { $0.element > $1.element }) {
      lines.append(
        "    \(Text.rightAligned("\(dimension)", 3))  z\(Text.padded("\(dimension + 1)", 5)) \(nats(value))\(active.contains(dimension) ? "" : "   inactive")"
      )
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
