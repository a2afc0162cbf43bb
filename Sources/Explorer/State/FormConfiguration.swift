import Datasets
import LatentModels

/// The form's lines read as a configuration.
extension TrainingForm {
  /// What is wrong with one field.
  struct Problem: Error {
    var field: Field
    var text: String
  }

  /// The configuration the form describes: that which it begins from, with what its lines say.
  func configuration() throws(Problem) -> Configuration {
    let data = text(.data)
    guard !data.isEmpty else { throw Problem(field: .data, text: "name a data set, such as strokes") }
    let parts = text(.hidden).split { $0 == "," || $0 == " " }
    var hidden: [Int] = []
    for part in parts {
      guard let size = Int(part), (1...8192).contains(size), hidden.count < 8 else {
        throw refused(.hidden, allowed: "up to 8 sizes from 1 to 8192, such as 256,64")
      }
      hidden.append(size)
    }
    let latent = try whole(.latent)
    guard let model else {
      throw Problem(field: .model, text: Self.unknown("model", text(.model), offeredModels.map(\.name)))
    }
    if model.usesCodes, case .none(let why) = codes {
      throw Problem(
        field: .model,
        text: "\(model.name) takes the codes of a trained model: \(why), or name one with zscope train --codes-of")
    }
    let objective = try objectiveConfiguration(for: model)
    let epochs = try whole(.epochs)
    guard let rate = Numbers.parse(text(.rate)), Control.rate.canHold(rate) else {
      let usual = Numbers.brief(Control.rate.defaultValue)
      throw refused(.rate, allowed: "\(Control.rate.allowed), such as \(usual)")
    }
    var configuration = begun(model, hidden, latent)
    configuration.model.settings.merge(
      try settings(effective(modelSettings), given: beginning?.model.settings ?? [:])
    ) { $1 }
    configuration.objective = objective
    configuration.training.epochs = epochs
    // The line shows a few digits of the rate it begins from.
    if text(.rate) != Numbers.brief(Double(configuration.training.rate)) { configuration.training.rate = Float(rate) }
    if model.usesLabels {
      guard let labels = LabelPolicy(text(.labels)) else {
        throw refused(.labels, allowed: "all, none or a number of images, such as 3000")
      }
      configuration.training.labels = labels
    }
    if model.usesAttribute {
      // What a file is known for, only the file can tell.
      guard !text(.attribute).isEmpty || !dataNames.contains(data) else {
        throw Problem(field: .attribute, text: "\(data) is known for none: name one, such as label")
      }
    }
    if model.usesAttribute, !text(.attribute).isEmpty {
      // What its values are called, only the data can tell.
      configuration.model.attribute = SensitiveAttribute(name: text(.attribute), valueNames: [])
    }
    try check(configuration)
    return configuration
  }

  func objectiveConfiguration(for model: ModelKind) throws(Problem) -> ObjectiveConfiguration {
    let offered = offeredObjectives
    guard let objective = objective, offered.contains(where: { $0.identifier == objective.identifier }) else {
      let text = text(.objective)
      throw Problem(
        field: .objective,
        text: ObjectiveKind.named(text) == nil
          ? Self.unknown("objective", text, offered.map(\.name))
          : "the model \(model.name) does not take it: it takes \(offered.map(\.name).joined(separator: ", "))")
    }
    let preset = text(.preset)
    guard preset.isEmpty || Preset.named(preset) != nil else {
      throw Problem(field: .preset, text: Self.unknown("preset", preset, offeredPresets.map(\.name)))
    }
    var configuration = ObjectiveConfiguration(
      kind: objective.identifier, settings: try settings(effective(objective.settings), given: taken.settings))
    configuration.samples = try whole(.samples)
    configuration.annealing = annealing
    configuration.settings.merge(unaskedSettings) { $1 }
    // A preset that nothing was changed of is written as it is.
    if let own = Preset.named(preset)?.configuration, own.isSame(as: configuration) { return own }
    return configuration
  }

  /// The settings that differ from their defaults; one whose line shows a value that was given is that value, with all its
  /// digits.
  func settings(
    _ settings: [Setting], given: [String: SettingValue] = [:]
  ) throws(Problem) -> [String: SettingValue] {
    var values: [String: SettingValue] = [:]
    for setting in settings {
      let text = text(.setting(setting.name))
      if let value = given[setting.name], Self.written(value) == text, setting.allows(value) {
        if value != setting.defaultValue { values[setting.name] = value }
        continue
      }
      let typed = Numbers.parse(text).map { "\($0)" } ?? text
      do {
        let value = try setting.parse(typed)
        if value != setting.defaultValue { values[setting.name] = value }
      } catch {
        throw refused(.setting(setting.name), allowed: setting.allowed)
      }
    }
    return values
  }

  // MARK: What has an effect

  /// What the lines say of model, data and labels, as far as they can be read, with stand-ins for all else; nil of a model
  /// that is none.
  var outline: Configuration? {
    guard let model else { return nil }
    var configuration = Configuration(
      model: ModelConfiguration(
        kind: model.identifier, imageHeight: 2, imageWidth: 2, hidden: [2], latent: 2,
        settings: (try? settings(modelSettings)) ?? [:]),
      training: TrainingConfiguration(data: text(.data)))
    configuration.training.labels = LabelPolicy(text(.labels)) ?? .all
    return configuration.completed
  }

  /// Whether a setting or a control of the training that the lines describe changes something of it, by its name.
  var hasEffect: (String) -> Bool {
    guard var configuration = outline, let objective else { return { _ in true } }
    let asked = (try? settings(objective.settings)) ?? [:]
    configuration.objective = ObjectiveConfiguration(
      kind: objective.identifier, samples: Int(text(.samples)) ?? 1, settings: withoutLines.merging(asked) { $1 })
    return { [configuration] in configuration.reasonWithoutEffect(of: $0) == nil }
  }

  /// Those settings that change something: the others are neither asked for nor recorded.
  var effective: ([Setting]) -> [Setting] {
    let hasEffect = hasEffect
    return { $0.filter { hasEffect($0.name) } }
  }

  /// Settings that every objective has and no line asks for, as they were taken over with the objective.
  var unaskedSettings: [String: SettingValue] {
    let hasEffect = hasEffect
    return withoutLines.filter { hasEffect($0.key) }
  }

  private var withoutLines: [String: SettingValue] {
    let asked = Set(taken.row.settings.map(\.name))
    return taken.settings.filter { !asked.contains($0.key) }
  }

  /// How controls change by themselves, as it was taken over with the objective.
  var annealing: [String: Annealing] {
    let hasEffect = hasEffect
    return taken.annealing.filter { hasEffect($0.key) }
  }

  /// The part of every batch that is to be labelled, as it was taken over; nil where images of one kind alone are there.
  var labelledShare: Double? {
    guard let share = beginning?.training.labelledShare, let outline, outline.model.row.usesLabels else { return nil }
    return outline.training.labels == .none || outline.reasonWithoutUnlabelled != nil ? nil : share
  }

  /// Holds the whole against the tables; how many classes there are and how large images are, only the data can tell.
  private func check(_ configuration: Configuration) throws(Problem) {
    guard let refusal = Self.refusal(of: configuration) else { return }
    // The line it concerns is that without whose word all would be well.
    let field = lines.first { Self.without($0, configuration).map { Self.refusal(of: $0) == nil } ?? false }
    throw Problem(
      field: field ?? .objective, text: "\(refusal)".replacing("objective.samples", with: title(of: .samples)))
  }

  private static func refusal(of configuration: Configuration) -> (any Error)? {
    do {
      try configuration.completed.standingIn(for: nil).validate()
      return nil
    } catch { return error }
  }

  /// A configuration without what a line says of its model or objective; nil of the lines that every training has.
  private static func without(_ field: Field, _ configuration: Configuration) -> Configuration? {
    var configuration = configuration
    switch field {
    case .samples: configuration.objective.samples = configuration.objective.row.requirements.samples.lowerBound
    case .attribute: configuration.model.attribute = nil
    case .setting(let name): (configuration.model.settings[name], configuration.objective.settings[name]) = (nil, nil)
    default: return nil
    }
    return configuration
  }

  /// What a line of a whole number takes; nil of any other line.
  func range(of field: Field) -> ClosedRange<Int>? {
    switch field {
    case .latent: 1...1024
    case .epochs: 1...1_000_000
    case .samples: samplesTaken
    default: nil
    }
  }

  /// How many codes can be drawn for an image: what the objective takes, as far as the model does.
  private var samplesTaken: ClosedRange<Int>? {
    guard let range = objective?.requirements.samples else { return nil }
    guard let model = outline?.model else { return range }
    let programs = model.row.make(model)
    let own = programs.isDeterministic ? 1...1 : programs.samples
    return own.overlaps(range) ? range.clamped(to: own) : range
  }

  private func whole(_ field: Field) throws(Problem) -> Int {
    // What the model alone does not take, the whole is refused for, which says why.
    let range = (field == .samples ? objective?.requirements.samples : range(of: field)) ?? 1...1
    guard let value = Int(text(field)), range.contains(value) else {
      throw refused(field, allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// What a line says and what it can say.
  private func refused(_ field: Field, allowed: String) -> Problem {
    let text = text(field)
    return Problem(field: field, text: "\(title(of: field)) is \(text.isEmpty ? "empty" : text); allowed: \(allowed)")
  }

  private static func unknown(_ what: String, _ name: String, _ known: [String]) -> String {
    "no \(what) is called \(name)\(Nearest.suggestion(for: name, among: known)); there are \(known.joined(separator: ", "))"
  }
}

extension ObjectiveConfiguration {
  /// Whether it says the same, whatever of it is said by leaving it out.
  func isSame(as other: ObjectiveConfiguration) -> Bool {
    kind == other.kind && samples == other.samples && annealing == other.annealing
      && row.allSettings.allSatisfy { value($0.name) == other.value($0.name) }
  }
}
