import Tensors

/// The shapes of a latent-variable model of images and the distribution of its pixels.
public struct ModelConfiguration: Codable, Sendable, Hashable, CustomStringConvertible {
  /// Which pair of programs: the identifier of a row of `ModelKind.all`.
  public var kind: String
  /// Pixels from top to bottom.
  public var imageHeight: Int
  /// Pixels from left to right.
  public var imageWidth: Int
  /// Widths of the encoder's hidden layers, from the image inwards; the decoder mirrors them.
  public var hidden: [Int]
  /// The number of continuous latent dimensions.
  public var latent: Int
  /// What follows every hidden layer.
  public var activation: Activation
  /// How a pixel is distributed around the decoder's output.
  public var likelihood: Likelihood
  /// Names of the classes that the data's labels tell apart, where the model has a variable for them.
  public var classNames: [String]
  /// What the model's row lets one set, by name; what is not named has its default.
  public var settings: [String: SettingValue]
  /// The property of images that the model is told beside them, if its row uses one.
  public var attribute: SensitiveAttribute?
  /// The trained model whose codes the model takes in place of images, if its row uses one.
  public var codes: CodesConfiguration?

  /// The model where nothing is said.
  public static let defaultKind = "variationalAutoencoder"

  /// Defaults: MNIST's size, 784-256-64-2, ReLU, Bernoulli pixels.
  public init(
    kind: String = ModelConfiguration.defaultKind, imageHeight: Int = 28, imageWidth: Int = 28,
    hidden: [Int] = [256, 64], latent: Int = 2, activation: Activation = .relu, likelihood: Likelihood = .bernoulli,
    classNames: [String] = [], settings: [String: SettingValue] = [:], attribute: SensitiveAttribute? = nil,
    codes: CodesConfiguration? = nil
  ) {
    self.kind = kind
    self.imageHeight = imageHeight
    self.imageWidth = imageWidth
    self.hidden = hidden
    self.latent = latent
    self.activation = activation
    self.likelihood = likelihood
    self.classNames = classNames
    self.settings = settings
    self.attribute = attribute
    self.codes = codes
  }

  private enum CodingKeys: CodingKey {
    case kind, imageHeight, imageWidth, hidden, latent, activation, likelihood, classNames, settings, attribute, codes
  }

  /// Reads a file of any version: what it does not name has its default.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      kind: try container.read(String.self, forKey: .kind) ?? Self.defaultKind,
      imageHeight: try container.require(Int.self, forKey: .imageHeight),
      imageWidth: try container.require(Int.self, forKey: .imageWidth),
      hidden: try container.require([Int].self, forKey: .hidden),
      latent: try container.require(Int.self, forKey: .latent),
      activation: try container.require(Activation.self, forKey: .activation),
      likelihood: try container.require(Likelihood.self, forKey: .likelihood),
      classNames: try container.read([String].self, forKey: .classNames) ?? [],
      settings: try container.read([String: SettingValue].self, forKey: .settings) ?? [:],
      attribute: try container.read(SensitiveAttribute.self, forKey: .attribute),
      codes: try container.read(CodesConfiguration.self, forKey: .codes))
  }

  /// Writes what `init(from:)` reads; what is as it was before there were models is written as then.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    if kind != Self.defaultKind { try container.encode(kind, forKey: .kind) }
    try container.encode(imageHeight, forKey: .imageHeight)
    try container.encode(imageWidth, forKey: .imageWidth)
    try container.encode(hidden, forKey: .hidden)
    try container.encode(latent, forKey: .latent)
    try container.encode(activation, forKey: .activation)
    try container.encode(likelihood, forKey: .likelihood)
    if !classNames.isEmpty { try container.encode(classNames, forKey: .classNames) }
    if !settings.isEmpty { try container.encode(settings, forKey: .settings) }
    try container.encodeIfPresent(attribute, forKey: .attribute)
    try container.encodeIfPresent(codes, forKey: .codes)
  }

  /// Pixels of one image.
  public var pixelCount: Int { imageHeight * imageWidth }

  /// The widths from image to code, as in "784-256-64-2".
  public var description: String { ([pixelCount] + hidden + [latent]).map(String.init).joined(separator: "-") }

  /// Throws a `ConfigurationError` for a size that is out of range. The number of weights is looked at where the model
  /// is recorded.
  func checkRanges() throws {
    let sizes = 1...Self.largestWidth
    try check(imageHeight, "model.imageHeight", in: sizes)
    try check(imageWidth, "model.imageWidth", in: sizes)
    try check(pixelCount, "model.imageHeight × model.imageWidth", in: sizes)
    try check(latent, "model.latent", in: sizes)
    try check(hidden.count, "the number of hidden layers", in: 0...64)
    try check(classNames.count, "the number of classes", in: 0...Self.mostClasses)
    for width in hidden { try check(width, "model.hidden", in: sizes) }
    try attribute?.checkRanges()
    try codes?.checkRanges()
  }

  /// Bounds every width, so that a shape read from a file cannot overflow a product of two of them.
  static let largestWidth = 1 << 24
  /// A gigabyte of weights: more than anything that is trained on a few processors.
  static let mostParameters = 1 << 28
  /// More classes than a person can tell apart.
  static let mostClasses = 10_000
}
