import Datasets
import LatentModels

/// What a form takes over from the configuration that it begins from, beyond its lines.
extension TrainingForm {
  /// Whether the data are those of the configuration that the form begins from.
  private var isOnSameData: Bool { beginning?.training.data == DataLibrary.recordedName(text(.data)) }

  /// The configuration that the form begins from, of a model and its sizes, on the data that are named: without what belongs
  /// to other data, to another model or to the run that it was.
  func begun(_ model: ModelKind, _ hidden: [Int], _ latent: Int) -> Configuration {
    let fresh = TrainingConfiguration(data: text(.data))
    var configuration = Configuration(
      model: ModelConfiguration(kind: model.identifier, hidden: hidden, latent: latent), training: fresh)
    guard let beginning else { return configuration }
    (configuration.model.activation, configuration.model.likelihood) = (
      beginning.model.activation, beginning.model.likelihood
    )
    configuration.model.settings = liveSettings(of: model)
    configuration.training = beginning.training
    configuration.training.data = fresh.data
    configuration.training.dataPath = nil
    // What is begun now is trained as all that begin now.
    (configuration.training.wholeBatches, configuration.training.holdsOutByPart) = (
      fresh.wholeBatches, fresh.holdsOutByPart
    )
    (configuration.training.teachesLabels, configuration.training.teachesBesideOwnTerms) = (
      fresh.teachesLabels, fresh.teachesBesideOwnTerms
    )
    if isOnSameData {
      // What can act on images of this size is known already.
      (configuration.model.imageHeight, configuration.model.imageWidth) = (
        beginning.model.imageHeight, beginning.model.imageWidth
      )
    } else {
      (configuration.training.count, configuration.training.onlyClass, configuration.training.reading) = (nil, nil, nil)
      (configuration.training.division, configuration.training.everyClassIsKnown) = (nil, nil)
      configuration.training.heldOut = fresh.heldOut
    }
    configuration.training.labels = fresh.labels
    configuration.training.labelledShare = labelledShare
    return configuration
  }

  /// What the model's controls began at, which are changed while it trains and have no line.
  private func liveSettings(of model: ModelKind) -> [String: SettingValue] {
    guard let beginning, beginning.model.kind == model.identifier else { return [:] }
    let (live, hasEffect) = (Set(model.settings.compactMap(\.control?.name)), hasEffect)
    return beginning.model.settings.filter { live.contains($0.key) && hasEffect($0.key) }
  }

  /// In one line, what holds of the new run that no line says and that is not as usual; and what does not hold because the
  /// data are others. Nil where there is nothing to say.
  var takenOver: String? {
    var parts: [String] = []
    let also = unusual
    if !also.isEmpty { parts.append("also as before: " + also.joined(separator: ", ")) }
    if let beginning, !isOnSameData {
      let left = Self.ofData(beginning.training)
      if !left.isEmpty {
        parts.append("of \(beginning.training.dataTitle) alone, and left out: " + left.joined(separator: ", "))
      }
    }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }

  /// What is taken over and is not as usual, in words.
  private var unusual: [String] {
    func listed(_ settings: [String: SettingValue]) -> [String] {
      settings.sorted { $0.key < $1.key }.map { "\($0.key) \(Self.written($0.value))" }
    }
    // A preset says what it is made of.
    let preset = Preset.named(text(.preset))?.configuration
    let objective =
      listed(unaskedSettings.filter { $0.value != preset?.settings[$0.key] })
      + annealing.filter { $0.value != preset?.annealing[$0.key] }.sorted { $0.key < $1.key }
      .map { "\($0.key) \($0.value)" }
    guard let beginning else { return objective }
    let (training, usual) = (beginning.training, TrainingConfiguration())
    var words: [String] = []
    if beginning.model.activation != .relu { words.append("\(beginning.model.activation)") }
    if beginning.model.likelihood != ModelConfiguration().likelihood { words.append(beginning.model.likelihood.words) }
    words += model.map { listed(liveSettings(of: $0)) } ?? []
    words += objective
    if training.batch != usual.batch { words.append("batch \(Numbers.grouped(training.batch))") }
    if isOnSameData { words += Self.ofData(training) }
    if training.treatment != usual.treatment { words.append(training.treatment.rawValue) }
    if training.schedule != usual.schedule { words.append("\(training.schedule)") }
    if let norm = training.clipNorm { words.append("clip norm \(Numbers.brief(Double(norm)))") }
    if let labelledShare { words.append("labelled share \(Numbers.brief(labelledShare))") }
    if training.seed != usual.seed { words.append("seed \(training.seed)") }
    if training.checkpointEvery != usual.checkpointEvery {
      let often =
        switch training.checkpointEvery {
        case ...0: "no numbered checkpoints"
        case 1: "a checkpoint every epoch"
        default: "a checkpoint every \(Numbers.grouped(training.checkpointEvery)) epochs"
        }
      words.append(often)
    }
    return words
  }

  /// What belongs to the data of a training, in words.
  private static func ofData(_ training: TrainingConfiguration) -> [String] {
    var words: [String] = []
    if let count = training.count { words.append(Numbers.counted(count, "image")) }
    if let name = training.onlyClassName { words.append("class \(name) only") }
    if training.heldOut != TrainingConfiguration().heldOut {
      words.append("\(Numbers.grouped(training.heldOut)) held out")
    }
    if training.reading != nil { words.append("how its files are read") }
    return words
  }
}
