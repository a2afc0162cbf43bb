import Datasets

/// A row of the table of models. To add a model, write one file with its pair of programs and its row, and name the row
/// in `all`.
public struct ModelKind: Sendable {
  /// What files call it.
  public let identifier: String
  /// What people type after `--model`.
  public let name: String
  /// What it is, in a few words.
  public let summary: String
  /// Author year, arXiv id.
  public let source: String
  /// What it lets one set, live controls among them.
  public let settings: [Setting]
  /// Whether it has a variable for the class of an image, so that data need labels (or at least names of classes).
  public let usesLabels: Bool
  /// Whether it is told a property of every image, so that data need to have it.
  public let usesAttribute: Bool
  /// Whether it takes the codes of another model in place of images.
  public let usesCodes: Bool
  /// The settings by which it draws a variable whose values it would go through.
  let drawing: [String: SettingValue]
  /// The identifier of the objective it is trained towards unless another is asked for.
  public let objective: String
  /// Throws a `ConfigurationError` for shapes that the pair of programs cannot be made of.
  let check: @Sendable (ModelConfiguration) throws -> Void
  /// Why a setting of its own changes nothing of a training; nil where it does.
  let idleReason: @Sendable (_ setting: String, _ configuration: Configuration) -> String?
  /// The pair of programs.
  public let make: @Sendable (ModelConfiguration) -> any GenerativeModel

  init(
    identifier: String, name: String, summary: String, source: String, settings: [Setting] = [],
    usesLabels: Bool = false, usesAttribute: Bool = false, usesCodes: Bool = false,
    drawing: [String: SettingValue] = [:], objective: String = ObjectiveConfiguration.defaultKind,
    check: @escaping @Sendable (ModelConfiguration) throws -> Void = { _ in },
    idleReason: @escaping @Sendable (_ setting: String, _ configuration: Configuration) -> String? = { _, _ in nil },
    make: @escaping @Sendable (ModelConfiguration) -> any GenerativeModel
  ) {
    self.identifier = identifier
    self.name = name
    self.summary = summary
    self.source = source
    self.settings = settings
    self.usesLabels = usesLabels
    self.usesAttribute = usesAttribute
    self.usesCodes = usesCodes
    self.drawing = drawing
    self.objective = objective
    self.check = check
    self.idleReason = idleReason
    self.make = make
  }

  /// Every model.
  public static let all: [ModelKind] = [
    .variationalAutoencoder, .autoencoder, .semiSupervised, .stackedSemiSupervised, .splitCode, .fairAutoencoder,
  ]

  /// Whether data must tell classes for it where so many images come with theirs: one that is told a property may do without.
  func needsClasses(_ labels: LabelPolicy) -> Bool { usesLabels && !(usesAttribute && labels == .none) }

  /// Those settings as people are told them.
  var drawingWords: String {
    drawing.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
  }

  /// The model that files or people call `name`.
  public static func named(_ name: String) -> ModelKind? { all.first { $0.identifier == name || $0.name == name } }
}

extension ModelConfiguration {
  /// The row of the table; the first one for a name that is not there, which `validate()` refuses.
  public var row: ModelKind { ModelKind.named(kind) ?? .variationalAutoencoder }

  /// The pair of programs.
  func programs() -> any GenerativeModel { row.make(self) }

  /// The latent variables, in the order in which a code joins them.
  public var variables: [LatentVariable] { programs().variables }

  /// The numbers of samples an image that the inference program can draw at once.
  public var samples: ClosedRange<Int> { programs().samples }
}
