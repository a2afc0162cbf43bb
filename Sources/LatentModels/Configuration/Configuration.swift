import FoundationEssentials
import Tensors

/// Everything that says what is trained, towards what, and how: one value, stored in every checkpoint and run directory.
public struct Configuration: Codable, Sendable, Hashable {
  /// The version of this format that the program writes and reads.
  public static let currentVersion = 1

  /// The format's version; a reader refuses every other.
  public var version = Configuration.currentVersion
  /// The shapes and the likelihood.
  public var model: ModelConfiguration
  /// What is minimised.
  public var objective: ObjectiveConfiguration
  /// The data and the optimisation.
  public var training: TrainingConfiguration

  /// Joins the three parts; `validate()` says whether they make sense.
  public init(
    model: ModelConfiguration = ModelConfiguration(),
    objective: ObjectiveConfiguration = ObjectiveConfiguration(),
    training: TrainingConfiguration = TrainingConfiguration()
  ) {
    self.model = model
    self.objective = objective
    self.training = training
  }

  /// Throws a `ConfigurationError` naming the first setting that is out of range.
  public func validate() throws {
    guard version == Self.currentVersion else { throw ConfigurationError.version(found: version) }
    try model.validate()
    try objective.validate()
    try training.validate()
  }

  /// The configuration as JSON with sorted keys, the same bytes for the same value.
  public func json(pretty: Bool = false) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting =
      pretty ? [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes] : [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }

  /// Reads and validates a configuration; the version is looked at before anything else, so that a file of another
  /// version is named as such. Throws `ConfigurationError`.
  public init(json: String) throws {
    struct Version: Decodable { let version: Int }
    let bytes = Data(json.utf8)
    let decoder = JSONDecoder()
    do {
      let version = try decoder.decode(Version.self, from: bytes).version
      guard version == Self.currentVersion else { throw ConfigurationError.version(found: version) }
      self = try decoder.decode(Configuration.self, from: bytes)
    } catch let error as DecodingError {
      throw ConfigurationError.unreadable(error.explanation)
    }
    try validate()
  }
}

/// The shapes of a latent-variable model of images and the distribution of its pixels.
public struct ModelConfiguration: Codable, Sendable, Hashable, CustomStringConvertible {
  /// Pixels from top to bottom.
  public var imageHeight: Int
  /// Pixels from left to right.
  public var imageWidth: Int
  /// Widths of the encoder's hidden layers, from the image inwards; the decoder mirrors them.
  public var hidden: [Int]
  /// The number of latent dimensions.
  public var latent: Int
  /// What follows every hidden layer.
  public var activation: Activation
  /// How a pixel is distributed around the decoder's output.
  public var likelihood: Likelihood

  /// Defaults: MNIST's size, 784-256-64-2, ReLU, Bernoulli pixels.
  public init(
    imageHeight: Int = 28, imageWidth: Int = 28, hidden: [Int] = [256, 64], latent: Int = 2,
    activation: Activation = .relu, likelihood: Likelihood = .bernoulli
  ) {
    self.imageHeight = imageHeight
    self.imageWidth = imageWidth
    self.hidden = hidden
    self.latent = latent
    self.activation = activation
    self.likelihood = likelihood
  }

  /// Pixels of one image.
  public var pixelCount: Int { imageHeight * imageWidth }

  /// The widths from image to code, as in "784-256-64-2".
  public var description: String { ([pixelCount] + hidden + [latent]).map(String.init).joined(separator: "-") }

  func validate() throws {
    let sizes = 1...Self.largestWidth
    try check(imageHeight, "model.imageHeight", in: sizes)
    try check(imageWidth, "model.imageWidth", in: sizes)
    try check(pixelCount, "model.imageHeight × model.imageWidth", in: sizes)
    try check(latent, "model.latent", in: sizes)
    try check(hidden.count, "the number of hidden layers", in: 0...64)
    for width in hidden { try check(width, "model.hidden", in: sizes) }
    try check(parameterCount, "the number of weights", in: 1...Self.mostParameters)
    if case .gaussian(let deviation) = likelihood {
      guard deviation.isFinite, deviation > 0 else {
        throw ConfigurationError.outOfRange(
          setting: "model.likelihood.deviation", value: "\(deviation)", allowed: "a positive number")
      }
    }
  }

  /// Bounds every width, so that a shape read from a file cannot overflow a product of two of them.
  static let largestWidth = 1 << 24
  /// A gigabyte of weights: more than anything that is trained on a few processors.
  static let mostParameters = 1 << 28
}

/// How the pixels of an image are distributed given the decoder's output.
public enum Likelihood: Sendable, Hashable, Codable {
  /// Every pixel is a coin whose logit the decoder gives (Kingma & Welling 2013, arXiv:1312.6114, app. C.1).
  case bernoulli
  /// Every pixel is normal around the decoder's output with this fixed standard deviation.
  case gaussian(deviation: Float)

  private enum Kind: String, Codable { case bernoulli, gaussian }
  private enum CodingKeys: CodingKey { case kind, deviation }

  /// Reads an object of `kind` and, where pixels are normal, `deviation`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    switch try container.decode(Kind.self, forKey: .kind) {
    case .bernoulli: self = .bernoulli
    case .gaussian: self = .gaussian(deviation: try container.decode(Float.self, forKey: .deviation))
    }
  }

  /// Writes what `init(from:)` reads.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .bernoulli: try container.encode(Kind.bernoulli, forKey: .kind)
    case .gaussian(let deviation):
      try container.encode(Kind.gaussian, forKey: .kind)
      try container.encode(deviation, forKey: .deviation)
    }
  }
}

/// Which objective is minimised.
public enum ObjectiveKind: String, Codable, Sendable, CaseIterable {
  /// The negative evidence lower bound with weight β on the divergence.
  case evidenceLowerBound
  /// The reconstruction alone at the posterior's mean: a plain autoencoder.
  case autoencoder
  /// The negative importance-weighted bound L_K (Burda 2015, arXiv:1509.00519).
  case importanceWeightedBound
}

/// What is minimised.
public struct ObjectiveConfiguration: Codable, Sendable, Hashable {
  /// The objective.
  public var kind: ObjectiveKind
  /// The weight of the divergence from the prior at the start; it can be changed while training.
  public var beta: Float
  /// Samples of the code drawn for every image and step.
  public var samples: Int

  /// Defaults: the evidence lower bound, β = 1, one sample.
  public init(kind: ObjectiveKind = .evidenceLowerBound, beta: Float = 1, samples: Int = 1) {
    self.kind = kind
    self.beta = beta
    self.samples = samples
  }

  func validate() throws {
    guard beta.isFinite, beta >= 0 else {
      throw ConfigurationError.outOfRange(setting: "objective.beta", value: "\(beta)", allowed: "0 or more")
    }
    try check(samples, "objective.samples", in: 1...10_000)
  }
}

/// The data and the optimisation.
public struct TrainingConfiguration: Codable, Sendable, Hashable {
  /// Name or path of the data, as `DataLibrary.open` takes it.
  public var data: String
  /// How stored bytes become pixels.
  public var treatment: PixelTreatment
  /// How many images to draw, for data that is generated; `nil`: the data set's own number.
  public var count: Int?
  /// Passes over the training images.
  public var epochs: Int
  /// Images a step.
  public var batch: Int
  /// Adam's learning rate before the schedule; it can be changed while training.
  public var rate: Float
  /// How the rate changes from step to step.
  public var schedule: Schedule
  /// The largest Euclidean norm of the whole gradient; `nil`: not clipped.
  public var clipNorm: Float?
  /// Decides initial weights, order of the images, noise and the split.
  public var seed: UInt64
  /// Training images set aside to choose the best checkpoint.
  public var heldOut: Int
  /// Epochs between numbered checkpoints; 0: none.
  public var checkpointEvery: Int

  /// Defaults: MNIST at grey values, 30 epochs of batches of 128, Adam at a constant 1e-3, 5,000 images held out.
  public init(
    data: String = "mnist", treatment: PixelTreatment = .grey, count: Int? = nil, epochs: Int = 30, batch: Int = 128,
    rate: Float = 1e-3, schedule: Schedule = .constant, clipNorm: Float? = nil, seed: UInt64 = 1,
    heldOut: Int = 5_000, checkpointEvery: Int = 10
  ) {
    self.data = data
    self.treatment = treatment
    self.count = count
    self.epochs = epochs
    self.batch = batch
    self.rate = rate
    self.schedule = schedule
    self.clipNorm = clipNorm
    self.seed = seed
    self.heldOut = heldOut
    self.checkpointEvery = checkpointEvery
  }

  func validate() throws {
    try check(epochs, "training.epochs", in: 0...1_000_000)
    try check(batch, "training.batch", in: 1...1_000_000)
    try check(heldOut, "training.heldOut", in: 0...Int(Int32.max))
    try check(checkpointEvery, "training.checkpointEvery", in: 0...1_000_000)
    try check(schedule.warmUpSteps, "training.schedule.warmUpSteps", in: 0...1_000_000_000)
    if let count { try check(count, "training.count", in: 1...Int(Int32.max)) }
    guard rate.isFinite, rate > 0 else {
      throw ConfigurationError.outOfRange(setting: "training.rate", value: "\(rate)", allowed: "a positive number")
    }
    if let clipNorm, !(clipNorm.isFinite && clipNorm > 0) {
      throw ConfigurationError.outOfRange(
        setting: "training.clipNorm", value: "\(clipNorm)", allowed: "a positive number, or none")
    }
  }
}

extension Configuration {
  /// The first setting, other than those that may change when a training is resumed, in which this differs from `other`.
  func difference(from other: Configuration) -> String? {
    let settings: [(name: String, isSame: Bool)] = [
      ("objective", objective == other.objective),
      ("training.treatment", training.treatment == other.training.treatment),
      ("training.batch", training.batch == other.training.batch),
      ("training.rate", training.rate == other.training.rate),
      ("training.schedule", training.schedule == other.training.schedule),
      ("training.clipNorm", training.clipNorm == other.training.clipNorm),
      ("training.seed", training.seed == other.training.seed),
    ]
    return settings.first { !$0.isSame }?.name
  }
}

private func check(_ value: Int, _ setting: String, in allowed: ClosedRange<Int>) throws {
  guard allowed.contains(value) else {
    throw ConfigurationError.outOfRange(
      setting: setting, value: "\(value)", allowed: "\(allowed.lowerBound) to \(allowed.upperBound)")
  }
}
