import LatentModels

/// What the panes need to know about the model under exploration; the model itself stays with the effects.
struct Subject: Sendable, Hashable {
  /// The name it was opened by.
  var name: String
  /// The sizes of its layers, such as `784-256-64-2`.
  var shape: String
  var latentSize: Int { didSet { columns = Self.columns(of: variables, latentSize) } }
  var imageWidth: Int
  var imageHeight: Int
  var epoch: Int
  var step: Int
  /// The bound in nats an image, where a metrics log tells it.
  var bound: Double?
  /// The loss that it was trained for, on the same images as the bound, where a log tells it.
  var loss: Double?
  /// Which images the bound was measured on.
  var boundImages = BoundImages.heldOut
  /// Whether this is the best checkpoint of its run, which may have gone on.
  var isBest = false
  /// Whether these are earlier weights of the run than the newest, which a person went back to.
  var isPast = false
  /// Its latent variables, in the order in which a code joins them.
  var variables: [LatentVariable] = [] { didSet { columns = Self.columns(of: variables, latentSize) } }
  /// How it was made; nil before anything is open.
  var configuration: Configuration?
  /// What is minimised, with the numbers that were in force, as far as a log tells them.
  var formula: String?
  /// Changes whenever the weights do: pictures are made anew.
  var generation: Int
  /// Whether codes are distributions: of an autoencoder only the means were trained.
  var hasPosterior = true
  /// Whether the prior that its programs tell is standard: any other is known to them alone.
  var hasStandardPrior = true
  /// Where the model was read from, to open it again next time.
  var path: String?

  /// Images a bound was measured on.
  enum BoundImages: String, Sendable, Hashable { case heldOut = "held out", training }

  /// Of what a code consists.
  private(set) var columns = CodeColumns(latentSize: 0)

  private static func columns(of variables: [LatentVariable], _ latentSize: Int) -> CodeColumns {
    variables.width == latentSize ? CodeColumns(variables) : CodeColumns(latentSize: latentSize)
  }

  /// The data set it was trained on, by name or path.
  var data: String? { configuration?.training.data }

  /// Whether posteriors are held against a standard prior: else there is no divergence to tell, and no prior to draw from.
  var hasDivergence: Bool { hasPosterior && hasStandardPrior }

  /// What a model without a divergence lacks, in words: for the divergence, and to draw codes from.
  var lackOfDivergence: String { hasPosterior ? "standard prior" : "posterior" }
  var lackOfPrior: String { hasPosterior ? "standard prior" : "prior" }

  /// The epoch the weights are of, in words: `best epoch 51`, `past epoch 10`.
  var epochText: String { "\(isPast ? "past epoch" : isBest ? "best epoch" : "epoch") \(epoch)" }

  /// A description of `model`.
  init(_ model: LatentModel, name: String, path: String?, record: MetricsRecord?, generation: Int) {
    let configuration = model.configuration.model
    self.configuration = model.configuration
    let controls = model.configuration.initialControls.merging(record?.controls ?? [:]) { $1 }
    formula = model.configuration.formula(at: controls)
    variables = model.variables
    isBest = path.map { $0.hasSuffix("/best.safetensors") } ?? false
    let terms = record?.heldOut ?? record?.training
    bound = terms.flatMap { Self.bound(of: $0, towards: model.configuration) }
    loss = terms?["loss"]
    boundImages = record?.heldOut == nil ? .training : .heldOut
    self.name = name
    self.path = path
    self.generation = generation
    shape = configuration.description
    latentSize = model.latentSize
    (hasPosterior, hasStandardPrior) = (model.hasPosterior, model.hasStandardPrior)
    imageWidth = configuration.imageWidth
    imageHeight = configuration.imageHeight
    epoch = model.epoch
    step = model.step
    columns = Self.columns(of: variables, latentSize)
  }

  /// The evidence lower bound that terms tell, in nats an image: with the whole divergence, whatever β is, and with what a
  /// class that was given costs under its prior. Nil for an autoencoder, whose loss is no bound.
  static func bound(of terms: [Term], towards configuration: Configuration) -> Double? {
    guard let reconstruction = configuration.value(of: .reconstruction, in: terms),
      let divergence = configuration.value(of: .divergence, in: terms)
    else { return nil }
    return -(reconstruction + divergence + (configuration.value(of: .classPrior, in: terms) ?? 0))
  }

  /// Where the model lives, whichever checkpoint of its run it is: steering belongs to this place.
  var place: String? { path.map(Self.place) }

  static func place(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return path }
    let isNamedByFolder = ["best", "model", "latest"].contains { path[slash...] == "/\($0).safetensors" }
    return isNamedByFolder ? String(path[..<slash]) : path
  }

  /// Nothing opened yet.
  static let none = Subject(
    name: "no model", shape: "", latentSize: 0, imageWidth: 28, imageHeight: 28, epoch: 0, step: 0, generation: 0)

  /// A subject of the given sizes.
  init(
    name: String, shape: String, latentSize: Int, imageWidth: Int, imageHeight: Int, epoch: Int, step: Int,
    generation: Int
  ) {
    self.name = name
    self.shape = shape
    self.latentSize = latentSize
    self.imageWidth = imageWidth
    self.imageHeight = imageHeight
    self.epoch = epoch
    self.step = step
    self.generation = generation
    columns = Self.columns(of: variables, latentSize)
  }
}

extension LatentModel {
  /// Whether the variances it encodes were trained.
  var hasPosterior: Bool { !isDeterministic }
}
