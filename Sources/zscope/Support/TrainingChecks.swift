import ArgumentParser
import Datasets
import LatentModels

/// What of the options is refused before data are read.
extension TrainingOptions {
  /// Holds what was asked for against the ranges of the configuration.
  ///
  /// - Parameter shape: the size of the images, where it was said.
  /// - Throws: a `ValidationError` that names the option as it is typed.
  func validate(epochs: Int?, shape: ImageShape? = nil) throws {
    do {
      // How many classes there are, and how large images are, only the data can tell.
      let configuration = try configuration(epochs: epochs).completed.standingIn(for: shape)
      try checkOptions(of: configuration.model.row)
      if labels != nil || labelledShare != nil, !configuration.model.row.usesLabels {
        throw ValidationError(
          "the model \(configuration.model.row.name) has no variable for the class: --labels is for "
            + ModelKind.all.filter(\.usesLabels).map(\.name).joined(separator: ", "))
      }
      if labelledShare != nil, labels == LabelPolicy.none {
        throw ValidationError("--labelled-share has no effect: no image has its class (--labels none)")
      }
      try configuration.validate()
      if let first = withoutEffect(in: configuration).first { throw ValidationError(first) }
    } catch ConfigurationError.outOfRange(let setting, let value, let allowed) {
      let typed = ["training.rate": rate, "training.clipNorm": clip].compactMapValues { $0?.text }
      throw ValidationError("\(Self.optionName(setting)) is \(typed[setting] ?? value); allowed: \(allowed)")
    } catch let error as ConfigurationError {
      throw ValidationError("\(error)")
    }
  }

  /// What was said and would change nothing: the option, and why, in words.
  func withoutEffect(in configuration: Configuration) -> [String] {
    var found: [String] = []
    if labelledShare != nil, let reason = configuration.reasonWithoutUnlabelled {
      found.append("--labelled-share has no effect: \(reason)")
    }
    func name(_ text: String) -> String { text.split(separator: "=").first.map(String.init) ?? "" }
    for (option, name) in settings.map({ ("--", name($0)) }) + anneal.map({ ("--anneal ", name($0)) }) {
      guard let reason = configuration.reasonWithoutEffect(of: name) else { continue }
      found.append("\(option)\(name) has no effect: \(reason)")
    }
    return found
  }

  /// Refuses, before data are read, numbers of images that cannot work with the data that are named.
  ///
  /// - Parameter byClass: one model a class is trained, so that the smallest class has a share of the images at most.
  /// - Throws: a `ValidationError`.
  func checkHeldOut(byClass: Bool) throws {
    let configuration = try configuration(epochs: nil)
    // What files hold, only they tell.
    guard let set = NamedSet(askedBy: configuration.training.data) else { return }
    let images = count ?? set.count(of: .training)
    try Self.checkHeldOut(
      heldOut, of: byClass ? max(1, images / set.classes) : images, byClass ? "a class" : nil, configuration)
  }

  /// Refuses numbers of images that cannot work.
  ///
  /// - Parameter place: whose images they are, if not all are; nil: all.
  static func checkHeldOut(
    _ heldOut: Int?, of images: Int, _ place: String?, _ configuration: Configuration
  ) throws {
    let aside = heldOut ?? min(configuration.training.heldOut, images / 10)
    let whole = "\(images) images\(place.map { " of \($0)" } ?? "")"
    guard aside < images else {
      throw ValidationError("--held-out is \(aside): of \(whole) none would be left to learn from")
    }
    // Where a part of a batch is labelled, the others alone are held against each other: the data tell how many those are.
    if configuration.model.row.usesLabels, case .count = configuration.training.labels { return }
    let batch = min(configuration.training.batch, images - aside)
    guard let problem = configuration.problem(holdingOut: aside, batch: batch) else { return }
    let found = heldOut == nil ? "of \(whole) \(aside) are held out" : "--held-out is \(aside)"
    throw ValidationError(
      "\(found)\(heldOut != nil ? place.map { " of \(images) images of \($0)" } ?? "" : ""), \(problem) (--held-out 0)")
  }

  /// Refuses options that are for other models, and a model without the options it needs.
  private func checkOptions(of row: ModelKind) throws {
    func names(_ predicate: (ModelKind) -> Bool) -> String {
      ModelKind.all.filter(predicate).map(\.name).joined(separator: ", ")
    }
    if attribute != nil, !row.usesAttribute {
      throw ValidationError("the model \(row.name) is told no property: --attribute is for \(names(\.usesAttribute))")
    }
    guard (codesOf != nil) == row.usesCodes else {
      throw ValidationError(
        row.usesCodes
          ? "the model \(row.name) takes the codes of a trained model: name it with --codes-of"
          : "the model \(row.name) takes images: --codes-of is for \(names(\.usesCodes))")
    }
    if activation != nil, hidden?.widths.isEmpty == true, !row.usesCodes {
      throw ValidationError("--activation has no effect: there are no hidden layers (--hidden none)")
    }
    if row.usesCodes, treatment != nil || activation != nil || likelihood != nil {
      throw ValidationError(
        "--treatment, --activation and --likelihood are those of the model that --codes-of names: leave them out")
    }
  }

  private static func optionName(_ setting: String) -> String {
    optionNames[setting] ?? (setting.contains(" ") || setting.contains(".") ? setting : "--\(setting)")
  }

  private static let optionNames = LikelihoodKind.all.reduce(into: [
    "model.latent": "--latent", "model.hidden": "a width of --hidden",
    "the number of hidden layers": "the length of --hidden",
    "objective.samples": "--samples", "training.epochs": "--epochs", "training.batch": "--batch",
    "training.rate": "--rate", "training.clipNorm": "--clip", "training.count": "--count",
    "training.schedule.warmUpSteps": "--warm-up", "training.checkpointEvery": "--checkpoint-every",
    "training.labelledShare": "--labelled-share", "training.heldOut": "--held-out",
  ]) { names, row in
    guard let number = row.parameter?.name else { return }
    names[Likelihood.settingName(number)] = "--likelihood \(row.name)'s \(number)"
  }
}
