import Analysis
import ArgumentParser
import Datasets
import Exports
import HarmlessText
import LatentModels
import Tensors

/// What `zscope evaluate` is asked of one model, and the report: experiments ask it too.
struct EvaluationOptions: ParsableArguments {
  @OptionGroup var model: ModelArgument

  @OptionGroup var judged: JudgingImages

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Codes drawn an image for the reconstruction (default: 16).", valueName: "n"))
  var samples: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("K of the importance-weighted bound; 0 leaves it out (default: 50).", valueName: "K"))
  var importanceSamples: Int?

  @Option(parsing: .unconditional, help: "Decides the noise.")
  var seed: UInt64 = 1

  @OptionGroup(title: "Reading images") var options: ImageOptions

  @Flag(inversion: .prefixedNo, help: "Fit a linear probe where there are labels.")
  var probe = true

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      """
      Measures of the representation by name; all: every one that can be computed; usual, or no name: all but those \
      that take long.
      """,
      valueName: "name"),
    completion: Completions.measures)
  var measures: [String] = []

  @OptionGroup var measureOptions: MeasureOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Turn latent space for the measures (random, or degrees): the decoder turns back, no likelihood changes.",
      valueName: "turn"))
  var rotate: Turn?

  func validate() throws {
    let most = 1_000_000
    if let samples, !(1...most ~= samples) { throw ValidationError("--samples is \(samples); allowed: 1 to \(most)") }
    if let importanceSamples, !(0...most ~= importanceSamples) {
      throw ValidationError("--importance-samples is \(importanceSamples); allowed: 0 to \(most)")
    }
    _ = try MeasureOptions.measures(measures)
    if measures.isEmpty, rotate != nil || !measureOptions.assignments.isEmpty {
      throw ValidationError("--rotate and --set are for measures: name some with --measures")
    }
  }

  /// Refuses what is asked of one model only, of a folder of one model a class.
  func refuseWhatOneAClassHasNot() throws {
    let given = [
      ("--measures", !measures.isEmpty), ("--set", !measureOptions.assignments.isEmpty), ("--rotate", rotate != nil),
      ("--no-probe", !probe), ("--no-labels", options.noLabels),
    ].filter(\.1).map(\.0)
    guard !given.isEmpty else { return }
    throw ValidationError(
      "\(given.joined(separator: ", ")) \(given.count == 1 ? "has" : "have") no effect on a folder of one model a class; "
        + "name one of \(model.model.harmlessLine)")
  }

  /// How codes are drawn.
  var sampling: Sampling { Sampling(self) }

  /// How codes are drawn for an evaluation.
  struct Sampling {
    /// Codes an image for the bound.
    let samples: Int
    /// K of the importance-weighted bound; 0: it is left out.
    let importanceSamples: Int
    let seed: UInt64
    private let asked: [(name: String, isGiven: Bool)]

    fileprivate init(_ options: EvaluationOptions) {
      (samples, importanceSamples, seed) = (options.samples ?? 16, options.importanceSamples ?? 50, options.seed)
      // A bound that is to be left out is left out.
      asked = [("--samples", options.samples != nil), ("--importance-samples", options.importanceSamples ?? 0 > 0)]
    }

    /// - Throws: a `ValidationError` where a number of codes was given for models of which none are drawn.
    func check(for model: LatentModel) throws {
      guard model.isDeterministic else { return }
      try ValidationError.refuse(
        asked, because: "no codes of an autoencoder are drawn, for its variances are not trained")
    }
  }

  /// What there is to say of the model, which is opened unless it is open.
  func report(of opened: OpenedModel? = nil) throws -> EvaluationOutput {
    let opened = try opened ?? model.open()
    let name = judged.data ?? opened.model.configuration.training.data
    let images = try options.open(name, part: judged.part, count: judged.count, for: opened.model)
    let line = ProgressLine()
    defer { line.clear() }
    let evaluation = try evaluation(of: opened.model, on: images, line)
    if rotate != nil, opened.model.variables.contains(where: \.isCategorical) {
      throw CommandError(
        "\(opened.name): a part of its code is a class, which cannot be turned", remedy: "leave out --rotate")
    }
    let rotation = rotate?.rotation(of: opened.model.latentSize, seed: seed)
    let settings = try measureOptions.settings
    // Training images are read where something learns from them.
    let learns = probe || !measures.isEmpty
    let training = learns ? try MeasuredImages.training(name, for: images, model: opened.model, options) : nil
    let measurement = try measurement(opened.model, images, training, rotation, settings)
    if probe { line.show(nil, "fitting a linear probe") }
    let (fitted, whyNoProbe) = probe ? try fitProbe(measurement, images) : (nil, nil)
    let reports = try MeasureOutput.all(MeasureOptions.measures(measures), of: measurement, settings: settings) {
      line.show(nil, "measuring \($0)")
    }
    try MeasureOptions.requireNamed(measures, reports, areTurned: rotate != nil)
    let turn = try rotation.map {
      TurnOutput(
        greatestPixelDifference: try MeasuredImages.greatestDifference(
          images, by: opened.model, turnedBy: $0, seed: seed))
    }
    if probe, opened.model.variables.count > 1 { line.show(nil, "fitting probes of every variable") }
    let probes =
      probe
      ? try VariableProbe.all(opened.model, on: images, training: training, seed: seed, pool: measurement.pool) : []
    line.clear()
    let variables = opened.model.variables
    return EvaluationOutput(
      model: opened.name, data: images.name, part: images.part,
      includesTrainingImages: images.includesTraining(of: opened.model, as: name),
      evaluation: Self.byDimension(evaluation, variables), linearProbe: fitted,
      whyNoProbe: whyNoProbe,
      probes: probes.isEmpty ? nil : probes,
      remark: opened.model.remarkOnBounds, turn: turn, measures: measures.isEmpty ? nil : reports,
      variables: variables,
      equivariance: try EquivarianceEvaluation(
        opened.model,
        on: opened.model.seen(images.count > 2_000 ? images.subset(0..<2_000) : images, seed: seed)))
  }

  /// An evaluation that tells of columns, told of dimensions: the columns that are no classes, counted from 0.
  private static func byDimension(_ evaluation: Evaluation, _ variables: [LatentVariable]) -> Evaluation {
    let columns = variables.dimensions
    var own = evaluation
    own.klByDimension = evaluation.klByDimension.map { values in columns.map { values[$0] } }
    own.klByDimensionStandardErrors = evaluation.klByDimensionStandardErrors.map { errors in
      columns.map { errors[$0] }
    }
    own.varianceOfMeans = columns.map { evaluation.varianceOfMeans[$0] }
    own.activeUnits = evaluation.activeUnits.compactMap { columns.firstIndex(of: $0) }
    return own
  }

  /// What the measures, the probe among them, are of.
  private func measurement(
    _ model: LatentModel, _ images: ImageSet, _ training: ImageSet?, _ rotation: Rotation?,
    _ settings: [String: Double]
  ) throws -> Measurement {
    try Measurement(
      of: MeasuredImages.representation(images, by: model, rotation: rotation, seed: seed),
      training: training.map { try MeasuredImages.representation($0, by: model, rotation: rotation, seed: seed) },
      settings: settings, seed: seed, pool: WorkerPool(threads: Machine.threads))
  }

  /// What is lacking of the labels of images for a probe of their classes; nil where nothing is.
  private static func whyNoProbe(_ images: ImageSet) -> String? {
    guard let labels = images.labels else {
      return "the images have no labels; of pictures, the folders in the folder that is named are the classes"
    }
    let classes = Set(labels.filter { $0 >= 0 })
    guard let only = classes.first, classes.count == 1 else { return nil }
    return "all images whose class is known are of class \(images.className(only))"
  }

  /// The evaluation alone. Only here ^C is waited for: what comes before and after, it ends at once.
  private func evaluation(of model: LatentModel, on images: ImageSet, _ line: ProgressLine) throws -> Evaluation {
    let interruption = Interruption()
    let sampling = sampling
    do {
      return try evaluate(
        model, on: images, samples: sampling.samples, importanceSamples: sampling.importanceSamples, seed: seed
      ) {
        line.show($0, "evaluating \(Text.grouped(images.count)) images")
        return interruption.received == nil
      }
    } catch is CancellationError {
      line.clear()
      StandardError.write("zscope: stopped; nothing was evaluated\n")
      throw ExitCode(Interruption.status(interruption.received ?? 2))
    }
  }

  /// The probe's accuracy, or why there is none; neither where labels were to be left unread.
  private func fitProbe(_ measurement: Measurement, _ images: ImageSet) throws -> (ProbeOutput?, String?) {
    guard !options.noLabels else { return (nil, nil) }
    let result: MeasureResult
    do {
      result = try Measure.linearSeparability.evaluate(measurement)
    } catch let error as AnalysisError {
      return (nil, Self.whyNoProbe(images) ?? "\(error)")
    }
    let sizes = result.sampleSizes.map(\.count)
    let fitted = ProbeOutput(
      accuracy: result.value, standardError: result.standardError, fittedOn: sizes[0], testedOn: sizes[1],
      penalty: LinearProbe.penalty,
      split: measurement.training == nil
        ? "two thirds of them, drawn by seed \(seed)" : "the training images",
      mostFrequentClass: result.number("most frequent class"), notes: result.notes)
    return (fitted, nil)
  }
}
