import FoundationEssentials
import HarmlessText

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

  /// The configuration as JSON with sorted keys, the same bytes for the same value. Throws an `EncodingError` for a
  /// number that JSON has no word for, as an infinite one.
  public func json(pretty: Bool = false) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting =
      pretty ? [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes] : [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self).harmlessJSON
  }
}

extension Configuration {
  /// What is spread over the whole length of the training, so that more epochs make another training of it; nil where
  /// nothing is.
  var whatFollowsItsLength: String? {
    if training.schedule.decay == .cosine { return "the rate falls along a cosine" }
    let cyclical = objective.annealing.sorted { $0.key < $1.key }.first {
      if case .cyclical = $0.value { true } else { false }
    }
    return cyclical.map { "\($0.key) goes through its cycles" }
  }

  /// That a training of `planned` epochs, which goes on with the epochs of this, becomes another by it; nil where it does
  /// not.
  func noteOnLength(planned: Int) -> String? {
    guard training.epochs != planned, let what = whatFollowsItsLength else { return nil }
    return
      "\(what) over all epochs: with \(training.epochs) in place of \(planned) this is no longer the training that "
      + "\(training.epochs) epochs would have been from the beginning"
  }

  /// The first setting, other than those that may change when a training is resumed, in which this differs from `other`.
  func difference(from other: Configuration) -> String? {
    let settings: [(name: String, isSame: Bool)] = [
      ("objective", objective == other.objective),
      ("training.labels", training.labels == other.training.labels),
      ("training.labelledShare", training.labelledShare == other.training.labelledShare),
      ("training.treatment", training.treatment == other.training.treatment),
      ("training.batch", training.batch == other.training.batch),
      ("training.rate", training.rate == other.training.rate),
      ("training.schedule", training.schedule == other.training.schedule),
      ("training.clipNorm", training.clipNorm == other.training.clipNorm),
      ("training.seed", training.seed == other.training.seed),
    ]
    return settings.first { !$0.isSame }?.name
  }

  /// The first setting in which a training that was begun is another than this asks for, whose data are not read yet: what
  /// only they tell is as it was found. It may end earlier, where nothing follows its length, for it can go on.
  ///
  /// - Parameter heldOut: how many images were asked to be held out; nil: as many as the data give.
  public func difference(fromBegun begun: Configuration, heldOut: Int?) -> String? {
    var asked = self
    (asked.model.imageHeight, asked.model.imageWidth) = (begun.model.imageHeight, begun.model.imageWidth)
    (asked.model.classNames, asked.model.codes) = (begun.model.classNames, begun.model.codes)
    if model.attribute == nil || model.attribute?.name == begun.model.attribute?.name {
      asked.model.attribute = begun.model.attribute
    }
    if begun.model.codes != nil {
      // What one model says of images is said as it was learnt.
      (asked.model.activation, asked.model.likelihood) = (begun.model.activation, begun.model.likelihood)
      asked.training.treatment = begun.training.treatment
    }
    let (own, other) = (asked.training, begun.training)
    let canGoOn = other.epochs < own.epochs && whatFollowsItsLength == nil
    let settings: [(name: String, isSame: Bool)] = [
      ("model.kind", asked.model.kind == begun.model.kind), ("model.hidden", asked.model.hidden == begun.model.hidden),
      ("model.latent", asked.model.latent == begun.model.latent), ("model", asked.model == begun.model),
      ("training.data", own.data == other.data), ("training.count", own.count == other.count),
      ("training.onlyClass", own.onlyClass == other.onlyClass), ("training.reading", own.reading == other.reading),
      ("training.heldOut", (heldOut ?? other.heldOut) == other.heldOut),
      ("training.epochs", own.epochs == other.epochs || canGoOn),
    ]
    return settings.first { !$0.isSame }?.name ?? asked.difference(from: begun)
  }
}

/// Throws a `ConfigurationError` where a whole number is out of range.
func check(_ value: Int, _ setting: String, in allowed: ClosedRange<Int>) throws {
  guard allowed.contains(value) else {
    throw ConfigurationError.outOfRange(
      setting: setting, value: "\(value)", allowed: "\(allowed.lowerBound) to \(allowed.upperBound)")
  }
}
