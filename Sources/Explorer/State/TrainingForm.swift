import Datasets
import LatentModels

/// The form that `T` opens: what a training run needs, with defaults filled in. Its lines know each other: what a model does
/// not take is not offered, and what does not matter for it is not asked.
struct TrainingForm: Sendable, Hashable {
  /// One line of the form.
  enum Field: Sendable, Hashable {
    case data, hidden, latent, model, attribute, labels, preset, objective, samples, rate, epochs, run
    /// A setting of the model or the objective, by its name.
    case setting(String)
  }

  /// What was typed or chosen; what an objective or a model had before another was chosen is kept.
  var fields: [Field: TextField]
  var focus: Field = .data
  /// What is wrong with the field that `Enter` stumbled on.
  var problem: String?
  /// The names ←→ choose among.
  var dataNames = Surroundings().dataNames
  /// Those of them that must be fetched first.
  var absentData: Set<String> = []
  /// Where runs without a name go, and what lies there already.
  var runFolder = Surroundings().runFolder
  var takenRuns: Set<String> = []
  /// The model at hand, as far as another can be trained on its codes.
  var codes = CodesSource.none("open one first, such as :open mnist-10d")
  /// The attribute that was filled in for the data, and not typed.
  private var proposedAttribute = ""
  /// The configuration that the form begins from: what no line asks for is as it has it.
  private(set) var beginning: Configuration?
  /// What the objective was last taken from, a preset or a configuration: what no line asks for, such as how controls change
  /// by themselves, and numbers with more digits than a line shows, are as it has them.
  private(set) var taken = ObjectiveConfiguration()
  /// What was sent off while its data are being opened: until they are, or Esc leaves the form, its lines stay as they are.
  var awaited: Sending?

  /// A form as it was sent off.
  struct Sending: Sendable, Hashable {
    var configuration: Configuration
    var run: String?
  }

  /// The trained model whose codes another takes in place of images, by its name; or why there is none.
  enum CodesSource: Sendable, Hashable { case model(String), none(String) }

  /// A form with its defaults.
  init(data: String) {
    fields = [
      .data: TextField(data), .hidden: TextField("256,64"), .latent: TextField("2"),
      .model: TextField(ModelConfiguration().row.name), .labels: TextField("all"), .preset: TextField(""),
      .rate: TextField("0.001"), .epochs: TextField("30"), .run: TextField(""),
    ]
    takeObjective(ModelConfiguration().row.objective)
  }

  /// A form that proposes what a configuration says.
  init(_ configuration: Configuration) {
    self.init(data: configuration.training.dataTitle)
    beginning = configuration
    fields[.hidden] = TextField(configuration.model.hidden.map(String.init).joined(separator: ","))
    fields[.latent] = TextField(String(configuration.model.latent))
    fields[.model] = TextField(configuration.model.row.name)
    for setting in modelSettings {
      fields[.setting(setting.name)] = TextField(
        Self.written(configuration.model.settings[setting.name] ?? setting.defaultValue))
    }
    // What the data are known for counts as filled in for them: other data have another.
    proposedAttribute = SensitiveAttribute.standard(ofDataNamed: text(.data)) ?? ""
    fields[.attribute] = TextField(configuration.model.attribute?.name ?? proposedAttribute)
    fields[.labels] = TextField("\(configuration.training.labels)")
    take(configuration.objective)
    fields[.preset] = TextField(Preset.all.first { $0.configuration == configuration.objective }?.name ?? "")
    fields[.rate] = TextField(Numbers.brief(Double(configuration.training.rate)))
    fields[.epochs] = TextField(String(configuration.training.epochs))
  }

  /// The lines that matter for the model and the objective that are chosen, from the top; of settings those that change
  /// something of what the other lines say.
  var lines: [Field] {
    // One outline of the form serves all of its settings.
    let effective = effective
    var lines: [Field] = [.data, .hidden, .latent, .model]
    if model?.usesAttribute ?? false { lines.append(.attribute) }
    if model?.usesLabels ?? false { lines.append(.labels) }
    lines += effective(modelSettings).map { .setting($0.name) }
    lines += [.preset, .objective]
    // What was chosen in a line may be what has no effect: the line stays while one is at it.
    let settings = objective?.settings ?? []
    let shown = Set(effective(settings).map(\.name))
    lines += settings.map(\.name).filter { shown.contains($0) || focus == .setting($0) }.map { .setting($0) }
    if asksForSamples { lines.append(.samples) }
    return lines + [.rate, .epochs, .run]
  }

  /// Whether there is a choice of samples, or one that cannot be; the evidence lower bound takes any number, and one is
  /// what is meant.
  private var asksForSamples: Bool {
    guard focus != .samples else { return true }
    guard text(.samples) != "1" || objective?.identifier != ObjectiveConfiguration.defaultKind,
      let range = range(of: .samples)
    else { return false }
    return range.count > 1 || text(.samples) != "\(range.lowerBound)"
  }

  /// What is written at the left of a line.
  func title(of field: Field) -> String {
    switch field {
    case .data: "data set"
    case .hidden: "hidden sizes"
    case .latent: "latent size"
    case .model: "model"
    case .attribute: "attribute"
    case .labels: "labels"
    case .preset: "preset"
    case .objective: "objective"
    case .samples: "samples"
    case .rate: "rate"
    case .epochs: "epochs"
    case .run: "run folder"
    case .setting(let name): setting(name).map { $0.symbol == $0.name ? Self.words($0.name) : $0.symbol } ?? name
    }
  }

  /// A setting's name as words: `class dimensions`.
  private static func words(_ name: String) -> String {
    name.reduce(into: "") { $0 += $1.isUppercase ? " \($1.lowercased())" : String($1) }
  }

  // MARK: What is chosen

  /// The model that is named, if there is one of that name.
  var model: ModelKind? { ModelKind.named(text(.model)) }
  /// The objective that is named, if there is one of that name.
  var objective: ObjectiveKind? { ObjectiveKind.named(text(.objective)) }

  /// Settings of the model that are decided before a run begins; what can be changed while it trains is left to its screen.
  var modelSettings: [Setting] { (model?.settings ?? []).filter { $0.control == nil } }

  private func setting(_ name: String) -> Setting? {
    objective?.settings.first { $0.name == name } ?? modelSettings.first { $0.name == name }
  }

  /// The objectives that the model takes with the labels and the settings at hand, as configurations themselves tell.
  var offeredObjectives: [ObjectiveKind] {
    guard var configuration = outline else { return ObjectiveKind.all }
    return ObjectiveKind.all.filter { objective in
      configuration.objective = ObjectiveConfiguration(kind: objective.identifier)
      configuration.objective.samples = max(
        objective.requirements.samples.lowerBound, configuration.model.samples.lowerBound)
      do {
        try configuration.validate()
        return true
      } catch { return false }
    }
  }

  /// The models that the form can train: one over the codes of another needs that one named on the command line.
  static let models = ModelKind.all.filter { !$0.usesCodes }

  /// The models there are with the model at hand.
  var offeredModels: [ModelKind] {
    guard case .model = codes else { return Self.models }
    return ModelKind.all
  }

  /// The presets of those objectives.
  var offeredPresets: [Preset] {
    let identifiers = Set(offeredObjectives.map(\.identifier))
    return Preset.all.filter { identifiers.contains($0.objective) }
  }

  /// Takes a model over, with the objective it is meant for.
  private mutating func takeModel(_ model: ModelKind) {
    fields[.model] = TextField(model.name)
    for setting in modelSettings where fields[.setting(setting.name)] == nil {
      fields[.setting(setting.name)] = TextField(Self.written(setting.defaultValue))
    }
    takeObjective(model.objective)
    proposeAttribute()
  }

  /// Fills in what the data are known for, where nothing else was typed.
  private mutating func proposeAttribute() {
    let typed = text(.attribute)
    guard model?.usesAttribute == true, typed.isEmpty || typed == proposedAttribute else { return }
    proposedAttribute = SensitiveAttribute.standard(ofDataNamed: text(.data)) ?? ""
    fields[.attribute] = TextField(proposedAttribute)
  }

  /// Names the preset that the objective with its settings is, if it is one.
  private mutating func recognisePreset() {
    fields[.preset] = TextField("")
    guard let model, let own = try? objectiveConfiguration(for: model) else { return }
    fields[.preset] = TextField(offeredPresets.first { $0.configuration.isSame(as: own) }?.name ?? "")
  }

  /// Takes an objective over, with its defaults.
  private mutating func takeObjective(_ identifier: String) {
    guard let kind = ObjectiveKind.named(identifier) else { return }
    let samples = kind.requirements.samples.contains(1) ? 1 : kind.requirements.samples.lowerBound
    // What belongs to the model or to every training goes on changing as it did.
    let kept = Set((model?.settings ?? []).compactMap(\.control?.name) + [Control.rate.name])
    take(
      ObjectiveConfiguration(
        kind: kind.identifier, samples: samples, annealing: taken.annealing.filter { kept.contains($0.key) }))
    recognisePreset()
  }

  private mutating func take(_ configuration: ObjectiveConfiguration) {
    taken = configuration
    fields[.objective] = TextField(configuration.row.name)
    fields[.samples] = TextField(String(configuration.samples))
    for setting in configuration.row.settings {
      fields[.setting(setting.name)] = TextField(
        Self.written(configuration.settings[setting.name] ?? setting.defaultValue))
    }
    // What every objective can be told and no line asks for goes on as in the beginning, as far as it is not refused now.
    let common = Set(ObjectiveKind.commonSettings.map(\.name))
    guard let before = beginning?.objective, common.isDisjoint(with: configuration.settings.keys) else { return }
    taken.settings.merge(before.settings.filter { common.contains($0.key) }) { own, _ in own }
    taken.annealing.merge(before.annealing.filter { common.contains($0.key) }) { own, _ in own }
    if taken != configuration, (try? self.configuration()) == nil { taken = configuration }
  }

  /// A value as it can be typed again.
  static func written(_ value: SettingValue) -> String {
    if case .number(let number) = value, number.isFinite { return Numbers.brief(number) }
    return "\(value)"
  }

  // MARK: Keys

  /// What belongs into the field that is being filled in.
  var help: String {
    if awaited != nil { return "opening \(text(.data))…; Esc leaves it" }
    return switch focus {
    case .data:
      absentData.contains(text(.data))
        ? "not on this machine yet; fetch it with: zscope data get \(text(.data))"
        : dataNames.joined(separator: ", ") + " or a path; ←→ choose"
    case .hidden: "sizes of the encoder's layers, such as 256,64"
    case .latent: "2 shows all of latent space; up to 1024"
    case .model: modelHelp
    case .attribute:
      "the property of images that the code is to forget: label, or a factor of the data such as thickness"
    case .labels: "how many images keep their label: all, none or a number; ←→ choose"
    case .preset:
      Preset.named(text(.preset)).map { "\($0.summary) (\($0.source)); ←→ choose" }
        ?? "an objective with the settings of a paper, or none; ←→ choose"
    case .objective: (objective?.formula).map { "\($0); ←→ choose" } ?? "←→ choose"
    case .samples: "codes drawn for every image and step"
    case .rate: "Adam's step, such as 0.001"
    case .epochs: "passes over the training images"
    case .run: "where it is saved, as its log, its checkpoints and its settings; empty: \(freshRun)"
    case .setting(let name): setting(name).map { "\($0.summary): \($0.allowed)" } ?? ""
    }
  }

  /// What the model is; of the last that is offered, why one over the codes of another is not.
  private var modelHelp: String {
    guard let model else { return "←→ choose" }
    let names = ModelKind.all.filter(\.usesCodes).map(\.name).joined(separator: ", ")
    switch codes {
    case .model(let name): return "\(model.summary)\(model.usesCodes ? ", of \(name)" : ""); ←→ choose"
    case .none(let why): return "\(model.summary); ←→ choose; \(names) takes the codes of a trained model: \(why)"
    }
  }

  /// Moves to another line.
  mutating func move(by change: Int) {
    let all = lines
    let place = all.firstIndex(of: focus) ?? 0
    focus = all[((place + change) % all.count + all.count) % all.count]
  }

  /// Turns to the next name, or makes a number larger or smaller.
  mutating func choose(by change: Int) {
    switch focus {
    case .data:
      fields[.data] = TextField(Self.next(text(.data), in: dataNames, by: change))
      settle(after: .data)
    case .model:
      let name = Self.next(text(.model), in: offeredModels.map(\.name), by: change)
      if let kind = ModelKind.named(name) { takeModel(kind) }
    case .labels:
      fields[.labels] = TextField(Self.next(text(.labels), in: ["all", "3000", "1000", "100", "none"], by: change))
    case .preset:
      let name = Self.next(text(.preset), in: [""] + offeredPresets.map(\.name), by: change)
      fields[.preset] = TextField(name)
      settle(after: .preset)
    case .objective:
      fields[.objective] = TextField(Self.next(text(.objective), in: offeredObjectives.map(\.name), by: change))
      settle(after: .objective)
    case .latent, .epochs, .samples:
      if let range = range(of: focus) { step(focus, by: change, in: range) }
      settle(after: focus)
    case .rate:
      if let number = Numbers.parse(text(focus)), number > 0 {
        fields[focus] = TextField(Numbers.brief(Control.rate.range.clamping(change > 0 ? number * 2 : number / 2)))
      }
    case .setting(let name):
      if let setting = setting(name) { choose(setting, by: change) }
      settle(after: focus)
    case .hidden, .attribute, .run: break
    }
  }

  private mutating func choose(_ setting: Setting, by change: Int) {
    let field = Field.setting(setting.name)
    switch setting.form {
    case .choice(_, let words): fields[field] = TextField(Self.next(text(field), in: words, by: change))
    case .number(_, let range, _, let step, _):
      guard let number = Numbers.parse(text(field)) else { return }
      // Doubles and halves what is more than nothing.
      let next = number > 0 ? (change > 0 ? number * 2 : number / 2) : Double(change) * step
      fields[field] = TextField(Numbers.brief(range.clamping(next)))
    case .count(_, let range): step(field, by: change, in: range)
    case .text: break
    }
  }

  /// Makes a whole number larger or smaller, as far as its line takes it.
  private mutating func step(_ field: Field, by change: Int, in range: ClosedRange<Int>) {
    guard let number = Int(text(field)) else { return }
    let (next, isTooLarge) = number.addingReportingOverflow(change)
    fields[field] = TextField(String(range.clamping(isTooLarge ? number : next)))
  }

  private static func next(_ name: String, in names: [String], by change: Int) -> String {
    guard !names.isEmpty else { return name }
    let place = names.firstIndex(of: name).map { ($0 + change + names.count) % names.count } ?? 0
    return names[place]
  }

  /// A key typed into the line at hand; whether it meant something there.
  mutating func type(_ take: (inout TextField) -> Bool) -> Bool {
    var field = fields[focus] ?? TextField()
    let before = field.text
    let isTaken = take(&field)
    fields[focus] = field
    if field.text != before { settle(after: focus) }
    return isTaken
  }

  /// Brings the other lines into accord with the one that has changed.
  private mutating func settle(after field: Field) {
    switch field {
    case .model: if let model { takeModel(model) }
    case .objective:
      let name = text(.objective)
      if let objective { takeObjective(objective.identifier) }
      fields[.objective] = TextField(name)
    case .preset: if let preset = Preset.named(text(.preset)) { take(preset.configuration) }
    // What differs from the preset is one's own.
    case .samples, .setting: recognisePreset()
    case .data: proposeAttribute()
    case .hidden, .latent, .attribute, .labels, .rate, .epochs, .run: break
    }
  }

  /// The folder that a run gets where none is named: after its data and its latent size, one that is free.
  var freshRun: String {
    RunPath.fresh(
      data: text(.data), latent: text(.latent).isEmpty ? "2" : text(.latent),
      model: model, in: runFolder, isTaken: takenRuns.contains)
  }

  /// The folder that was named, or nil for a fresh one.
  var runPath: String? { text(.run).isEmpty ? nil : text(.run) }

  func text(_ field: Field) -> String { fields[field]?.text ?? "" }
}

extension ClosedRange {
  /// The value of the range that is nearest to one.
  fileprivate func clamping(_ value: Bound) -> Bound { Swift.min(upperBound, Swift.max(lowerBound, value)) }
}
