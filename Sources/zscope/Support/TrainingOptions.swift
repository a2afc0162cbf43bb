import ArgumentParser
import Datasets
import LatentModels
import Tensors

/// Widths of hidden layers, written `256,64`; `none` for no hidden layer.
struct LayerWidths: ExpressibleByArgument, Hashable {
  let widths: [Int]

  init?(argument: String) {
    if argument == "none" {
      widths = []
      return
    }
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    // Widths out of range are named, with the range, when the whole configuration is looked at.
    widths = parts.compactMap { Int($0) }
    guard widths.count == parts.count else { return nil }
  }
}

/// The distribution of pixels, written `bernoulli`, `gaussian` or `gaussian:0.3`.
struct LikelihoodArgument: ExpressibleByArgument {
  let likelihood: Likelihood
  /// A tenth of the range of grey values, unless said.
  private static let deviation: Float = 0.1

  init?(argument: String) {
    switch argument.split(separator: ":", omittingEmptySubsequences: false).map(String.init) {
    case ["bernoulli"]: likelihood = .bernoulli
    case ["gaussian"]: likelihood = .gaussian(deviation: Self.deviation)
    case let parts where parts.count == 2 && parts[0] == "gaussian":
      guard let deviation = Float(parts[1]), deviation > 0, deviation.isFinite else { return nil }
      likelihood = .gaussian(deviation: deviation)
    default: return nil
    }
  }

  static var allValueStrings: [String] { ["bernoulli", "gaussian"] }
  static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
}

/// The objectives by the names people type.
enum ObjectiveArgument: String, CaseIterable, ExpressibleByArgument {
  case elbo
  case iwae
  case autoencoder

  var kind: ObjectiveKind {
    switch self {
    case .elbo: .evidenceLowerBound
    case .iwae: .importanceWeightedBound
    case .autoencoder: .autoencoder
    }
  }
}

extension Activation: ExpressibleByArgument {}
extension PixelTreatment: ExpressibleByArgument {}
extension Schedule.Decay: ExpressibleByArgument {}

/// What is trained, on what and how. Nothing is filled in here, so that a resumed run can tell what was asked for.
struct TrainingOptions: ParsableArguments {
  @Option(
    help: "mnist, fashion-mnist, kmnist, strokes, or a path to IDX, NPY, NPZ or PNG files (default: mnist).",
    completion: Completions.data)
  var data: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Only the first so many images; for strokes, how many to draw (default: 60000).", valueName: "n")
  )
  var count: Int?

  @Option(help: "How bytes become pixels: grey, binarised at ½, or sampled anew every step (default: grey).")
  var treatment: PixelTreatment?

  @Option(
    help: ArgumentHelp(
      "Widths of the encoder's hidden layers; the decoder mirrors them (default: 256,64).", valueName: "n,n"))
  var hidden: LayerWidths?

  @Option(parsing: .unconditional, help: ArgumentHelp("Latent dimensions (default: 2).", valueName: "n"))
  var latent: Int?

  @Option(help: "What follows a hidden layer (default: relu).")
  var activation: Activation?

  @Option(help: "The distribution of pixels: bernoulli, gaussian, or gaussian:DEVIATION (default: bernoulli).")
  var likelihood: LikelihoodArgument?

  @Option(
    help:
      "What is optimised: the evidence lower bound, the importance-weighted bound, or reconstruction alone (default: elbo)."
  )
  var objective: ObjectiveArgument?

  @Option(parsing: .unconditional, help: "The weight of the divergence from the prior (default: 1).")
  var beta: Float?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Codes drawn for every image and step (default: 1).", valueName: "n"))
  var samples: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("Images a step (default: 128).", valueName: "n"))
  var batch: Int?

  @Option(parsing: .unconditional, help: "Adam's learning rate (default: 1e-3).")
  var rate: Float?

  @Option(help: "How the rate goes on: constant, or half a cosine down to 0 (default: constant).")
  var schedule: Schedule.Decay?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Steps over which the rate first rises from 0 (default: 0).", valueName: "steps"))
  var warmUp: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The largest norm of the gradient (default: not clipped).", valueName: "norm"))
  var clip: Float?

  @Option(parsing: .unconditional, help: "Decides initial weights, order, noise and the split (default: 1).")
  var seed: UInt64?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Images set aside to choose the best checkpoint (default: 5000, or a tenth if there are fewer).", valueName: "n"))
  var heldOut: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Epochs between numbered checkpoints; 0 for none (default: 10).", valueName: "n"))
  var checkpointEvery: Int?

  /// The names of the options that were given, as typed.
  var given: [String] {
    [
      ("--data", data != nil), ("--count", count != nil), ("--treatment", treatment != nil),
      ("--hidden", hidden != nil), ("--latent", latent != nil), ("--activation", activation != nil),
      ("--likelihood", likelihood != nil), ("--objective", objective != nil), ("--beta", beta != nil),
      ("--samples", samples != nil), ("--batch", batch != nil), ("--rate", rate != nil),
      ("--schedule", schedule != nil), ("--warm-up", warmUp != nil), ("--clip", clip != nil), ("--seed", seed != nil),
      ("--held-out", heldOut != nil), ("--checkpoint-every", checkpointEvery != nil),
    ].filter(\.1).map(\.0)
  }

  /// The configuration these options ask for, everything else as the module's defaults have it; image sizes and the
  /// held-out share are left to the data.
  func configuration(epochs: Int?) -> Configuration {
    var configuration = Configuration()
    func set<Value>(_ path: WritableKeyPath<Configuration, Value>, _ value: Value?) {
      if let value { configuration[keyPath: path] = value }
    }
    set(\.model.hidden, hidden?.widths)
    set(\.model.latent, latent)
    set(\.model.activation, activation)
    set(\.model.likelihood, likelihood?.likelihood)
    set(\.objective.kind, objective?.kind)
    set(\.objective.beta, beta)
    set(\.objective.samples, samples)
    set(\.training.data, data)
    set(\.training.treatment, treatment)
    set(\.training.epochs, epochs)
    set(\.training.batch, batch)
    set(\.training.rate, rate)
    set(\.training.schedule.decay, schedule)
    set(\.training.schedule.warmUpSteps, warmUp)
    set(\.training.seed, seed)
    set(\.training.checkpointEvery, checkpointEvery)
    configuration.training.count = count
    configuration.training.clipNorm = clip
    return configuration
  }

  /// Holds what was asked for against the ranges of the configuration.
  ///
  /// - Throws: a `ValidationError` that names the option as it is typed.
  func validate(epochs: Int?) throws {
    do {
      try configuration(epochs: epochs).validate()
    } catch ConfigurationError.outOfRange(let setting, let value, let allowed) {
      throw ValidationError("\(Self.optionNames[setting] ?? setting) is \(value); allowed: \(allowed)")
    }
  }

  private static let optionNames = [
    "model.latent": "--latent", "model.hidden": "a width of --hidden",
    "the number of hidden layers": "the length of --hidden",
    "model.likelihood.deviation": "--likelihood gaussian's deviation", "objective.beta": "--beta",
    "objective.samples": "--samples", "training.epochs": "--epochs", "training.batch": "--batch",
    "training.rate": "--rate", "training.clipNorm": "--clip", "training.count": "--count",
    "training.schedule.warmUpSteps": "--warm-up", "training.checkpointEvery": "--checkpoint-every",
  ]
}
