import FoundationEssentials

/// One named term of an objective.
public struct Term: Sendable, Codable, Hashable {
  /// The term's name, as in "reconstruction", "KL", "loss".
  public var name: String
  /// Its value, averaged over images, in what `Configuration.unit(of:)` says.
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
  /// What every control was set to at the last step, by name; a setting that is at a limit no control leads to is among
  /// them, infinite.
  public var controls: [String: Double]
  /// Terms averaged over the epoch's training images.
  public var training: [Term]
  /// Terms on the held-out images after the epoch.
  public var heldOut: [Term]?
  /// What was measured on held-out images whatever is minimised: terms of the bound by the exact estimator, active units.
  public var measured: [Term]?
  /// What a person may want to act on.
  public var warnings: [String] = []

  /// A record of all fields.
  public init(
    epoch: Int, step: Int, images: Int, seconds: Double, learningRate: Double, controls: [String: Double],
    training: [Term],
    heldOut: [Term]?, measured: [Term]? = nil, warnings: [String] = []
  ) {
    self.epoch = epoch
    self.step = step
    self.images = images
    self.seconds = seconds
    self.learningRate = learningRate
    self.controls = controls
    self.training = training
    self.heldOut = heldOut
    self.measured = measured
    self.warnings = warnings
  }

  private enum CodingKeys: CodingKey {
    case epoch, step, images, seconds, learningRate, controls, terms, training, heldOut, measured, warnings
  }
  /// What the one control was called before there was a table of them.
  private enum FormerKeys: CodingKey { case beta }

  /// Reads a line of `metrics.jsonl`, where terms are the keys of `training` and `heldOut`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    epoch = try container.decode(Int.self, forKey: .epoch)
    step = try container.decode(Int.self, forKey: .step)
    images = try container.decode(Int.self, forKey: .images)
    seconds = try container.decode(Double.self, forKey: .seconds)
    learningRate = try container.decode(Double.self, forKey: .learningRate)
    if let controls = try container.decodeIfPresent([String: SettingValue].self, forKey: .controls) {
      self.controls = try controls.mapValues { value in
        guard case .number(let number) = value else {
          throw DecodingError.dataCorruptedError(
            forKey: .controls, in: container, debugDescription: "\(value) is no number")
        }
        return number
      }
    } else {
      controls = ["beta": try decoder.container(keyedBy: FormerKeys.self).decode(Double.self, forKey: .beta)]
    }
    let order = try container.decodeIfPresent([String].self, forKey: .terms) ?? ["reconstruction", "KL"]
    training = Self.terms(try container.decode([String: Double].self, forKey: .training), in: order)
    heldOut = try container.decodeIfPresent([String: Double].self, forKey: .heldOut).map { Self.terms($0, in: order) }
    measured = try container.decodeIfPresent([Term].self, forKey: .measured)
    warnings = try container.decodeIfPresent([String].self, forKey: .warnings) ?? []
  }

  /// Writes the object that `init(from:)` reads.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(epoch, forKey: .epoch)
    try container.encode(step, forKey: .step)
    try container.encode(images, forKey: .images)
    try container.encode(seconds, forKey: .seconds)
    try container.encode(learningRate, forKey: .learningRate)
    // JSON lacks infinities: they are the strings that a configuration has for them.
    try container.encode(controls.mapValues(SettingValue.number), forKey: .controls)
    try container.encode(training.map(\.name), forKey: .terms)
    try container.encode(Self.object(training), forKey: .training)
    try container.encodeIfPresent(heldOut.map(Self.object), forKey: .heldOut)
    try container.encodeIfPresent(measured, forKey: .measured)
    if !warnings.isEmpty { try container.encode(warnings, forKey: .warnings) }
  }

  /// JSON objects have no order, so the order in which the objective names its terms stands beside them; what it does not
  /// name follows by the alphabet, the loss last.
  private static func terms(_ object: [String: Double], in order: [String]) -> [Term] {
    let places = Dictionary(zip(order, order.indices), uniquingKeysWith: { first, _ in first })
    func place(_ name: String) -> (Int, Int, String) { (name == "loss" ? 1 : 0, places[name] ?? order.count, name) }
    return object.map { Term(name: $0.key, value: $0.value) }.sorted { place($0.name) < place($1.name) }
  }

  private static func object(_ terms: [Term]) -> [String: Double] {
    Dictionary(terms.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
  }
}

/// The records of a run in the order of their epochs, shared by all copies: a trainer gives them away after every epoch, and
/// the next record costs no more than the copy of one chunk, however long the run.
public struct MetricsHistory: RandomAccessCollection, ExpressibleByArrayLiteral, Sendable {
  private static let chunkSize = 256
  /// Chunks that are full and never change.
  private var full: [[MetricsRecord]] = []
  /// The records after them, fewer than a chunk.
  private var rest: [MetricsRecord] = []

  /// The records of a sequence.
  public init(_ records: some Sequence<MetricsRecord>) {
    for record in records { append(record) }
  }

  /// The records of a list.
  public init(arrayLiteral elements: MetricsRecord...) { self.init(elements) }

  public var startIndex: Int { 0 }
  public var endIndex: Int { full.count * Self.chunkSize + rest.count }

  public subscript(position: Int) -> MetricsRecord {
    let (chunk, place) = position.quotientAndRemainder(dividingBy: Self.chunkSize)
    return chunk < full.count ? full[chunk][place] : rest[place]
  }

  /// Adds the record of the next epoch.
  public mutating func append(_ record: MetricsRecord) {
    rest.append(record)
    guard rest.count == Self.chunkSize else { return }
    full.append(rest)
    rest = []
  }
}

extension BidirectionalCollection where Element == MetricsRecord {
  /// The record of the last epoch that was over at `step`; nil where none was.
  public func last(upTo step: Int) -> MetricsRecord? { last { $0.step <= step } }
}
