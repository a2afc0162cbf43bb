import FoundationEssentials
import Tensors

/// What holds a configuration against the tables of models and objectives.
extension Configuration {
  /// Reads and validates a configuration; the version is looked at before anything else, so that a file of another
  /// version is named as such. Throws `ConfigurationError`.
  public init(json: String) throws {
    struct Version: Decodable {
      let version: Int

      enum CodingKeys: CodingKey { case version }

      init(from decoder: any Decoder) throws {
        version = try decoder.container(keyedBy: CodingKeys.self).require(Int.self, forKey: .version)
      }
    }
    let bytes = Data(json.utf8)
    let decoder = JSONDecoder()
    do {
      let version = try decoder.decode(Version.self, from: bytes).version
      guard version == Self.currentVersion else { throw ConfigurationError.version(found: version) }
      self = try decoder.decode(Configuration.self, from: bytes)
    } catch let error as DecodingError {
      throw ConfigurationError.unreadable(error.explanation)
    }
    settleNames()
    try validate(asRecorded: true)
  }

  /// Calls model and objective by the identifiers of their rows, whichever of their names was used. A plain autoencoder
  /// was an objective before it was a model.
  public mutating func settleNames() {
    if objective.kind == "autoencoder" {
      objective.kind = ObjectiveKind.reconstruction.identifier
      objective.settings = [:]
      model.kind = ModelKind.autoencoder.identifier
    }
    if let row = ModelKind.named(model.kind) { model.kind = row.identifier }
    if let row = ObjectiveKind.named(objective.kind) { objective.kind = row.identifier }
  }

  /// The rows of the tables that model and objective are called by; throws a `ConfigurationError` where one is not there.
  public func rows() throws -> (model: ModelKind, objective: ObjectiveKind) {
    guard let modelRow = ModelKind.named(model.kind) else {
      throw ConfigurationError.unknown(what: "model", name: model.kind, known: ModelKind.all.map(\.name))
    }
    guard let objectiveRow = ObjectiveKind.named(objective.kind) else {
      throw ConfigurationError.unknown(what: "objective", name: objective.kind, known: ObjectiveKind.all.map(\.name))
    }
    return (modelRow, objectiveRow)
  }

  /// Throws a `ConfigurationError` naming the first setting that is out of range, or the first thing that a model or an
  /// objective does not take, so that no combination of options comes as far as being recorded.
  ///
  /// - Parameter asRecorded: it is read from a file: what older versions trained is taken, though it makes no sense.
  public func validate(asRecorded: Bool = false) throws {
    guard version == Self.currentVersion else { throw ConfigurationError.version(found: version) }
    try model.checkRanges()
    try model.likelihood.checkRange()
    try training.checkRanges()
    let (modelRow, row) = try rows()
    try checkModel(modelRow)
    let programs = model.programs()
    try checkObjective(row, modelRow, programs)
    try checkPair(row, modelRow, programs, asRecorded: asRecorded)
    if row.requirements.couplesBatch { try row.checkCodes(inferred(programs), of: modelRow) }
    try row.check(self)
    _ = try groupStructure()
    try checkTraces(row, modelRow, programs)
    let own = objectiveParameters.reduce(0) { $0 + $1.shape.reduce(1, *) }
    guard own + model.parameterCount <= ModelConfiguration.mostParameters else {
      throw ConfigurationError.refused(
        "the objective \(row.name) has \(own) weights of its own: more than the \(ModelConfiguration.mostParameters) that "
          + "can be trained; use fewer or narrower layers")
    }
    try checkAnnealing()
  }

  /// Holds the model against its row, and its classes against what it learns.
  private func checkModel(_ row: ModelKind) throws {
    try hold(model.settings, against: row.settings, owner: "the model \(row.name)")
    try row.check(model)
    if row.needsClasses(training.labels) {
      guard model.classNames.count >= 2 else {
        throw ConfigurationError.refused(
          row.usesAttribute
            ? "the model \(row.name) learns the class of its images, but the data tell no two classes apart: "
              + "use labelled data, or let no image have its class (labels none)"
            : "the model \(row.name) has a variable for the class, but the data tell no two classes apart: "
              + "use labelled data, or another model")
      }
    }
    try check(model.parameterCount, "the number of weights", in: 1...ModelConfiguration.mostParameters)
  }

  /// Holds the objective against its row, and the codes drawn for an image against both rows.
  private func checkObjective(_ row: ObjectiveKind, _ modelRow: ModelKind, _ programs: any GenerativeModel) throws {
    try hold(objective.settings, against: row.allSettings, owner: "the objective \(row.name)")
    for (samples, owner) in [
      (row.requirements.samples, "the objective \(row.name)"), (programs.samples, "the model \(modelRow.name)"),
    ] where !samples.contains(objective.samples) {
      // A class that is drawn, rather than gone through, takes more.
      var drawn = self
      drawn.model.settings.merge(modelRow.drawing) { $1 }
      let isHelped =
        programs.enumerates && drawn.model.programs().samples.contains(objective.samples)
        && (try? drawn.validate()) != nil
      throw ConfigurationError.outOfRange(
        setting: "objective.samples", value: "\(objective.samples)",
        allowed: samples.count == 1
          ? "\(samples.lowerBound) for \(owner)"
            + (isHelped
              ? ", which goes through the classes it does not know: use the \(modelRow.drawingWords) for more" : "")
          : "\(samples.lowerBound) to \(samples.upperBound) for \(owner)")
    }
  }

  /// Holds what the objective needs against what the model has, and both against the data that are told and the batch.
  private func checkPair(
    _ row: ObjectiveKind, _ modelRow: ModelKind, _ programs: any GenerativeModel, asRecorded: Bool
  ) throws {
    let requirements = row.requirements
    if programs.isDeterministic {
      let isPlain = row.identifier == ObjectiveConfiguration.defaultKind
      guard !requirements.needsPosterior || (asRecorded && isPlain) else {
        throw refusal("a posterior, which the model \(modelRow.name) does not have")
      }
      guard objective.samples == 1 else {
        throw ConfigurationError.refused(
          "the code of the model \(modelRow.name) is not drawn: samples must be 1, not \(objective.samples)")
      }
    }
    if requirements.needsStandardPrior, !model.hasStandardPrior {
      throw refusal("a standard normal prior, which the model \(modelRow.name) does not have")
    }
    if !asRecorded, modelRow.usesAttribute, model.attribute?.name == SensitiveAttribute.label, training.labels != .none
    {
      throw ConfigurationError.refused(
        "the property \(SensitiveAttribute.label) is the class, which the model \(modelRow.name) is to tell by its code and "
          + "to forget at once: name another property, or let no image have its class (labels none)")
    }
    if !asRecorded, modelRow.usesLabels, case .count = training.labels, training.batch == 1 {
      throw ConfigurationError.refused(
        "a batch of 1 has no room for an image with its class beside one without: use a batch of 2 or more")
    }
    if requirements.usesAttribute, !modelRow.usesAttribute {
      throw refusal("a model that is told a property of images")
    }
    if requirements.usesLabels, !modelRow.usesLabels {
      throw refusal("a model with a variable for the class")
    }
    // The images are decoded by another model, whose weights stay as they are.
    if !asRecorded, modelRow.usesCodes, !requirements.needsPosterior, !requirements.couplesBatch {
      throw ConfigurationError.refused(
        "the objective \(row.name) leaves the model \(modelRow.name) nothing to learn, for the model of its codes decodes the "
          + "images: use the objective \(ObjectiveKind.named(modelRow.objective)?.name ?? modelRow.objective)")
    }
    guard requirements.couplesBatch else { return }
    if modelRow.usesCodes {
      throw ConfigurationError.refused(
        "the objective \(row.name) would see the codes that the model \(modelRow.name) learns from: "
          + "use the objective \(ObjectiveKind.named(modelRow.objective)?.name ?? modelRow.objective)")
    }
    if training.batch < 2 {
      throw ConfigurationError.refused(
        "the objective \(row.name) holds the images of a batch against each other: a batch must have 2 or more")
    }
    if programs.variables.width > Expression.mostPairedDimensions {
      throw ConfigurationError.refused(
        "the objective \(row.name) holds codes against each other, of \(Expression.mostPairedDimensions) dimensions at most, "
          + "but they have \(programs.variables.width): use fewer latent dimensions")
    }
  }

  /// Refuses the model for what the objective needs: names the models that have all of it and that all the rest goes with or,
  /// where there is none, what stands in the way of the first.
  private func refusal(_ need: String) -> ConfigurationError {
    let (row, requirements) = (objective.row, objective.row.requirements)
    var fitting: [String] = []
    var obstacle: (model: String, error: any Error)?
    for candidate in ModelKind.all where !candidate.usesCodes || model.codes != nil {
      var other = self
      other.model.kind = candidate.identifier
      // What is said of one model alone is not said of another.
      other.model.settings = model.settings.filter { name, _ in candidate.settings.contains { $0.name == name } }
      // What only the data tell is no obstacle.
      other = other.completed
      guard candidate.usesLabels || !requirements.usesLabels, candidate.usesAttribute || !requirements.usesAttribute,
        !other.model.programs().isDeterministic || !requirements.needsPosterior,
        other.model.hasStandardPrior || !requirements.needsStandardPrior
      else { continue }
      do {
        try other.validate()
        fitting.append(candidate.name)
      } catch { obstacle = obstacle ?? (candidate.name, error) }
    }
    // Every model with a posterior would do for an objective that needs no more: the plainest is told.
    let isPlain = !requirements.usesLabels && !requirements.usesAttribute
    let advice = fitting.first.map {
      "use the model "
        + (isPlain ? "\($0), or the objective \(ObjectiveKind.reconstruction.name)" : fitting.joined(separator: " or "))
    }
    let hindrance = obstacle.map { model, error in
      var said = "\(error)"
      // The section of a file that a number is in says nothing to those who wrote no file.
      if case ConfigurationError.outOfRange(let setting, let value, let allowed) = error {
        said = "\(setting.split(separator: ".").last ?? "") is \(value); allowed: \(allowed)"
      }
      return "with the model \(model), \(said)"
    }
    return .refused(
      ["the objective \(row.name) needs \(need)", advice ?? hindrance]
        .compactMap(\.self).joined(separator: ": "))
  }

  /// Holds the traces that the model gives against those that the objective takes.
  private func checkTraces(_ row: ObjectiveKind, _ modelRow: ModelKind, _ programs: any GenerativeModel) throws {
    let gradient = objective.word(GradientEstimator.settingName)
    let isSteered = GradientEstimator(rawValue: gradient).map { $0 != .reparameterised } ?? false
    if isSteered || row.requirements.needsOneVariable, programs.isDeterministic || programs.variables.count > 1 {
      throw ConfigurationError.refused(
        "\(isSteered ? "the gradient \(gradient)" : "the objective \(row.name)") needs a model with one variable that is "
          + "drawn, as the model \(ModelKind.variationalAutoencoder.name) has: the model \(modelRow.name) is none")
    }
    if programs.enumerates, training.labels != .all, !row.requirements.takesEnumeration {
      throw ConfigurationError.refused(
        "the objective \(row.name) takes samples, but the model \(modelRow.name) goes through the classes it does not know: "
          + "use the \(modelRow.drawingWords), or labels for all images")
    }
    if row.requirements.couplesBatch, try sumsClassesOut(programs) {
      throw ConfigurationError.refused(
        "the objective \(row.name) needs one code an image, but the model \(modelRow.name) goes through every class of an "
          + "image without a label: use the \(modelRow.drawingWords), or labels for all images")
    }
  }

  /// Holds what is to change by itself against the controls that there are.
  private func checkAnnealing() throws {
    for (name, annealing) in objective.annealing.sorted(by: { $0.key < $1.key }) {
      let control = everyControl.first { $0.name == name }
      if case .from(let start, _) = annealing { try control?.check(start, as: "the start of annealing \(name)") }
      guard !objective.number(name).isInfinite else {
        throw ConfigurationError.refused(
          "\(name) is \(SettingValue.number(objective.number(name))), a limit that no annealing leads to: begin with a number"
        )
      }
      guard control != nil else {
        throw ConfigurationError.unknown(
          what: "control to anneal", name: name, known: controls.map(\.name))
      }
    }
  }

  /// Whether a training has images of which every class is gone through.
  private func sumsClassesOut(_ programs: any GenerativeModel) throws -> Bool {
    guard model.row.usesLabels, training.labels != .all else { return false }
    if case .enumeration = inferred(programs).axis { return true }
    return false
  }

  /// What is inferred of two images of which nothing else is known.
  private func inferred(_ programs: any GenerativeModel) -> Trace {
    let images = Graph().input(Recording.Input.images, shape: [2, model.pixelCount])
    return programs.infer(Batch(images: images, areAllKnown: false, total: 2), samples: 1)
  }

  /// That something has no setting of this name, with those it has. What would change nothing is no help, unless there is
  /// nothing else.
  public func unknownSetting(_ name: String, of owner: String, among settings: [Setting]) -> ConfigurationError {
    let names = settings.map(\.name)
    let active = names.filter { reasonWithoutEffect(of: $0) == nil }
    return .unknown(what: "setting of \(owner)", name: name, known: active.isEmpty ? names : active)
  }

  private func hold(_ values: [String: SettingValue], against settings: [Setting], owner: String) throws {
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      guard let setting = settings.first(where: { $0.name == name }) else {
        throw unknownSetting(name, of: owner, among: settings)
      }
      guard setting.allows(value) else {
        throw ConfigurationError.outOfRange(setting: name, value: "\(value)", allowed: setting.allowed)
      }
    }
  }
}
