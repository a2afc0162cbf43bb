/// What is minimised.
public struct ObjectiveConfiguration: Codable, Sendable, Hashable {
  /// Which objective: the identifier of a row of `ObjectiveKind.all`.
  public var kind: String
  /// Samples of the code drawn for every image and step.
  public var samples: Int
  /// What the objective's row lets one set, by name, at the start of the training; what is not named has its default.
  public var settings: [String: SettingValue]
  /// How controls change by themselves, by name.
  public var annealing: [String: Annealing]

  /// The objective where nothing is said.
  public static let defaultKind = "evidenceLowerBound"

  /// The setting that is a list of dimensions of the code.
  static let dimensionsName = "dimensions"

  /// Defaults: the evidence lower bound, one sample.
  public init(
    kind: String = ObjectiveConfiguration.defaultKind, samples: Int = 1, settings: [String: SettingValue] = [:],
    annealing: [String: Annealing] = [:]
  ) {
    self.kind = kind
    self.samples = samples
    self.settings = settings
    self.annealing = annealing
  }

  /// The evidence lower bound with this weight of the divergence.
  public init(beta: Double, samples: Int = 1) { self.init(samples: samples, settings: ["beta": .number(beta)]) }

  private enum CodingKeys: CodingKey { case kind, samples, settings, annealing, beta }

  /// Reads a file of any version. Those written before there was a table have one weight, `beta`, beside the kind; it
  /// meant something to the evidence lower bound alone.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      kind: try container.read(String.self, forKey: .kind) ?? Self.defaultKind,
      samples: try container.read(Int.self, forKey: .samples) ?? 1,
      settings: try container.read([String: SettingValue].self, forKey: .settings) ?? [:],
      annealing: try container.read([String: Annealing].self, forKey: .annealing) ?? [:])
    // Spaces in lists of dimensions were passed over, also those within a number.
    if case .text(let text) = settings[Self.dimensionsName] {
      settings[Self.dimensionsName] = .text(text.filter { $0 != " " })
    }
    if let beta = try container.read(Double.self, forKey: .beta), kind == Self.defaultKind,
      settings["beta"] == nil
    {
      guard beta.isFinite, beta >= 0 else {
        throw ConfigurationError.outOfRange(setting: "objective.beta", value: "\(beta)", allowed: "0 or more")
      }
      if beta != 1 { settings["beta"] = .number(beta) }
    }
  }

  /// Writes what `init(from:)` reads.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(kind, forKey: .kind)
    try container.encode(samples, forKey: .samples)
    try container.encode(settings, forKey: .settings)
    if !annealing.isEmpty { try container.encode(annealing, forKey: .annealing) }
  }
}
