import FoundationEssentials

/// One named term of an objective.
public struct Term: Sendable, Codable, Hashable {
  /// The term's name, as in "reconstruction", "KL", "loss".
  public var name: String
  /// Its value in nats an image, averaged over images.
  public var value: Double

  /// Names a value.
  public init(name: String, value: Double) {
    self.name = name
    self.value = value
  }
}

extension [Term] {
  /// The value of the term called `name`.
  public subscript(name: String) -> Double? { first { $0.name == name }?.value }
}

/// One line of `metrics.jsonl`: where training was and what every named term was.
public struct MetricsRecord: Codable, Sendable, Hashable {
  /// Completed epochs.
  public var epoch: Int
  /// Completed steps.
  public var step: Int
  /// Images seen, counted with repetition.
  public var images: Int
  /// Seconds of training so far, pauses not counted, over all sessions of the run.
  public var seconds: Double
  /// The rate of the last step, after the schedule.
  public var learningRate: Double
  /// The weight of the divergence at the last step.
  public var beta: Double
  /// Terms averaged over the epoch's training images.
  public var training: [Term]
  /// Terms on the held-out images after the epoch.
  public var heldOut: [Term]?

  /// A record of all fields.
  public init(
    epoch: Int, step: Int, images: Int, seconds: Double, learningRate: Double, beta: Double, training: [Term],
    heldOut: [Term]?
  ) {
    self.epoch = epoch
    self.step = step
    self.images = images
    self.seconds = seconds
    self.learningRate = learningRate
    self.beta = beta
    self.training = training
    self.heldOut = heldOut
  }

  private enum CodingKeys: CodingKey { case epoch, step, images, seconds, learningRate, beta, training, heldOut }

  /// Reads a line of `metrics.jsonl`, where terms are the keys of `training` and `heldOut`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    epoch = try container.decode(Int.self, forKey: .epoch)
    step = try container.decode(Int.self, forKey: .step)
    images = try container.decode(Int.self, forKey: .images)
    seconds = try container.decode(Double.self, forKey: .seconds)
    learningRate = try container.decode(Double.self, forKey: .learningRate)
    beta = try container.decode(Double.self, forKey: .beta)
    training = Self.terms(try container.decode([String: Double].self, forKey: .training))
    heldOut = try container.decodeIfPresent([String: Double].self, forKey: .heldOut).map(Self.terms)
  }

  /// Writes the object that `init(from:)` reads.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(epoch, forKey: .epoch)
    try container.encode(step, forKey: .step)
    try container.encode(images, forKey: .images)
    try container.encode(seconds, forKey: .seconds)
    try container.encode(learningRate, forKey: .learningRate)
    try container.encode(beta, forKey: .beta)
    try container.encode(Self.object(training), forKey: .training)
    try container.encodeIfPresent(heldOut.map(Self.object), forKey: .heldOut)
  }

  /// JSON objects have no order; charts and tables want the one in which objectives name their terms.
  private static func terms(_ object: [String: Double]) -> [Term] {
    let places = ["reconstruction": 0, "KL": 1, "loss": 3]
    return object.map { Term(name: $0.key, value: $0.value) }
      .sorted { (places[$0.name] ?? 2, $0.name) < (places[$1.name] ?? 2, $1.name) }
  }

  private static func object(_ terms: [Term]) -> [String: Double] {
    Dictionary(terms.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
  }
}
