/// A row of the table of objectives. To add an objective, write one file with the type and its row, and name the row in
/// `all`.
public struct ObjectiveKind: Sendable {
  /// What an objective asks of models and data.
  public struct Requirements: Sendable, Hashable {
    /// A posterior with a density: no plain autoencoder.
    public var needsPosterior = false
    /// A code whose prior is standard normal: what it holds codes against knows no other.
    public var needsStandardPrior = false
    /// The number of samples that it takes.
    public var samples: ClosedRange<Int> = 1...10_000
    /// A model with a variable for the class.
    public var usesLabels = false
    /// A model that is told a property of images.
    public var usesAttribute = false
    /// Whether it takes traces whose leading axis goes through the values of a variable.
    public var takesEnumeration = false
    /// Whether its terms couple the images of a batch: then only whole batches of the training's size are taken, in
    /// training as on held-out images; where a step has labelled images and others, each kind is a batch of its own, and
    /// held-out images are taken as many as of the others.
    public var couplesBatch = false
    /// Whether the loss is the weighted sum of its terms, so that results from before and after a change of a weight
    /// compare.
    public var isAdditive = true
    /// A model with one variable: draws are looked at apart from what they were drawn by.
    public var needsOneVariable = false
    /// Whether it counts what is generated beside an image, as its class, to what it explains.
    public var takesClassAsEvidence = false
    /// The control that is the divergence aimed at, in nats, of an objective that holds it there.
    public var divergenceGoal: String?

    init(
      needsPosterior: Bool = false, samples: ClosedRange<Int> = 1...10_000, couplesBatch: Bool = false,
      isAdditive: Bool = true, usesLabels: Bool = false, takesEnumeration: Bool = false,
      usesAttribute: Bool = false, needsOneVariable: Bool = false, divergenceGoal: String? = nil,
      takesClassAsEvidence: Bool = false, needsStandardPrior: Bool = false
    ) {
      self.needsStandardPrior = needsStandardPrior
      self.takesClassAsEvidence = takesClassAsEvidence
      self.divergenceGoal = divergenceGoal
      self.needsOneVariable = needsOneVariable
      self.needsPosterior = needsPosterior
      self.samples = samples
      self.couplesBatch = couplesBatch
      self.isAdditive = isAdditive
      self.usesLabels = usesLabels
      self.takesEnumeration = takesEnumeration
      self.usesAttribute = usesAttribute
    }
  }

  /// What files call it.
  public let identifier: String
  /// What people type after `--objective`.
  public let name: String
  /// What it is, in a few words.
  public let summary: String
  /// The loss as a formula in the symbols of its terms and controls.
  public let formula: String
  /// What the formula becomes at values of its settings at which it reads otherwise, as at a limit; nil elsewhere.
  let limit: @Sendable (_ values: [String: Double]) -> String?
  /// The same in the symbols of the terms that a configuration has, by their names and without a sign, of an objective that has
  /// some only with labels and whose loss is no sum of them; nil: it is what the formula says, or their sum.
  let formulaOfTerms: (@Sendable (_ symbols: [String: String]) -> String)?
  /// What stands beside the formula, as the numbers of samples that it is of: `K = 50`.
  let details: @Sendable (ObjectiveConfiguration) -> [String]
  /// Author year, arXiv id.
  public let source: String
  /// What it lets one set, live controls among them.
  public let settings: [Setting]
  /// What it asks of models and data.
  public let requirements: Requirements
  /// Throws a `ConfigurationError` for settings of its own that do not suit the model, or each other.
  let check: @Sendable (Configuration) throws -> Void
  /// Why a setting of its own changes nothing of a training; nil where it does.
  let idleReason: @Sendable (_ setting: String, _ configuration: Configuration) -> String?
  /// What of it changes nothing as the model is, though it may be set: in words, with what to do; nil where there is nothing.
  let remark: @Sendable (Configuration) -> String?
  /// The objective of a configuration.
  public let make: @Sendable (ObjectiveConfiguration) -> any Objective

  init(
    identifier: String, name: String, summary: String, formula: String, source: String, settings: [Setting] = [],
    limit: @escaping @Sendable (_ values: [String: Double]) -> String? = { _ in nil },
    requirements: Requirements = Requirements(),
    check: @escaping @Sendable (Configuration) throws -> Void = { _ in },
    formulaOfTerms: (@Sendable (_ symbols: [String: String]) -> String)? = nil,
    details: @escaping @Sendable (ObjectiveConfiguration) -> [String] = { _ in [] },
    idleReason: @escaping @Sendable (_ setting: String, _ configuration: Configuration) -> String? = { _, _ in nil },
    remark: @escaping @Sendable (Configuration) -> String? = { _ in nil },
    make: @escaping @Sendable (ObjectiveConfiguration) -> any Objective
  ) {
    self.identifier = identifier
    self.name = name
    self.summary = summary
    self.formula = formula
    self.limit = limit
    self.formulaOfTerms = formulaOfTerms
    self.details = details
    self.source = source
    self.settings = settings
    self.requirements = requirements
    self.check = check
    self.idleReason = idleReason
    self.remark = remark
    self.make = make
  }

  /// Every objective.
  public static let all: [ObjectiveKind] = [
    .evidenceLowerBound, .betaTotalCorrelation, .weightedDecomposition, .capacity, .factorAdversary, .dipI, .dipII,
    .infoVAE, .wassersteinAutoencoder, .aggregateDivergence, .infoDivergence, .correlationExplanation,
    .informationDropout, .fourTerms, .importanceWeightedBound, .combinedImportanceWeighting,
    .partialImportanceWeighting, .renyi, .semiSupervisedBound, .sampledLabels, .importanceWeightedLabels, .fairBound,
    .reconstruction,
  ]

  /// The objective that files or people call `name`.
  public static func named(_ name: String) -> ObjectiveKind? {
    all.first { $0.identifier == name || $0.name == name }
  }

  /// Throws a `ConfigurationError` where this holds codes against each other as a variable of `inference` does not allow.
  func checkCodes(_ inference: Trace, of model: ModelKind) throws {
    guard let variable = inference.formless else { return }
    throw ConfigurationError.refused(
      "the objective \(name) holds the codes of a batch against each other, but the model \(model.name) infers its "
        + "variable \(variable.name) by a distribution of which the density at other images' codes is not known: use "
        + "the model \(ModelKind.variationalAutoencoder.name), or the objective \(Self.evidenceLowerBound.name)")
  }

  /// The numbers that can be changed while training.
  public var controls: [Control] { settings.compactMap(\.control) }
}

extension ObjectiveConfiguration {
  /// The row of the table; the first one for a name that is not there, which `validate()` refuses.
  public var row: ObjectiveKind { ObjectiveKind.named(kind) ?? .evidenceLowerBound }

  /// The value of a setting, its default where nothing was said.
  public func value(_ name: String) -> SettingValue? {
    settings[name] ?? row.allSettings.first { $0.name == name }?.defaultValue
  }

  /// The value of a setting that is a number.
  public func number(_ name: String) -> Double {
    if case .number(let number) = value(name) { return number }
    return 0
  }

  /// The value of a setting that is a whole number.
  func count(_ name: String) -> Int { value(name)?.count ?? 0 }

  /// The value of a setting that is a word.
  public func word(_ name: String) -> String {
    if case .text(let text) = value(name) { return text }
    return ""
  }
}
