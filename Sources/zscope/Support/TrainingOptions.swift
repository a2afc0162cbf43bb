import ArgumentParser
import Datasets
import LatentModels
import Tensors

/// Widths of hidden layers, written `256,64`; `none` for no hidden layer.
struct LayerWidths: ExpressibleByArgument, Hashable {
  let widths: [Int]

  static var allValueStrings: [String] { ["widths such as 256,64", "none"] }
  static var defaultCompletionKind: CompletionKind { .default }

  init?(argument: String) {
    if argument == "none" {
      widths = []
      return
    }
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    // Widths out of range are named, with the range, when the whole configuration is looked at.
    widths = parts.compactMap { Int($0) }
    guard widths.count == parts.count else { return nil }
  }
}

extension Likelihood: ExpressibleByArgument {
  /// Reads `bernoulli`, `gaussian` or `gaussian:0.3`.
  public init?(argument: String) { self.init(argument) }

  /// What help and errors say is allowed.
  public static var allValueStrings: [String] { LikelihoodKind.patterns }
  /// Those values in a sentence.
  fileprivate static var choices: String {
    allValueStrings.dropLast().map { $0 + ", " }.joined() + "or " + (allValueStrings.last ?? "")
  }
  /// What completions offer.
  public static var defaultCompletionKind: CompletionKind { .list(LikelihoodKind.all.map(\.name)) }
}

extension Activation: ExpressibleByArgument {}
extension LabelPolicy: ExpressibleByArgument {
  /// What help and errors say is allowed.
  public static var allValueStrings: [String] { ["all", "none", "a number"] }
  /// What completions offer.
  public static var defaultCompletionKind: CompletionKind { .list(["all", "none"]) }
}
extension PixelTreatment: ExpressibleByArgument {}
extension RateSchedule.Decay: ExpressibleByArgument {}

/// What is trained, on what and how. Nothing is filled in here, so that a resumed run can tell what was asked for.
struct TrainingOptions: ParsableArguments {
  @Option(
    help:
      "\(NamedSet.names().joined(separator: ", ")), or a path to IDX, NPY, NPZ or PNG files (default: \(TrainingConfiguration().data)).",
    completion: Completions.data)
  var data: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Only the first so many images; \(NamedSet.howManyToDraw()).",
      valueName: "n")
  )
  var count: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Of a model with a variable for the class: how many images keep their label; all, none or a number (default: all).",
      valueName: "n"))
  var labels: LabelPolicy?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The part of a step that is labelled (default: their part of the images, at least a fifth).", valueName: "share"))
  var labelledShare: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Of a model that is told a property of images: label, or a factor of the data (default: \(NamedSet.standardAttributes.joined(separator: " or "))).",
      valueName: "name"))
  var attribute: String?

  @Option(
    help: ArgumentHelp("Of a model over the codes of another (m1m2): that trained model.", valueName: "model"),
    completion: Completions.models)
  var codesOf: String?

  @Option(help: "How bytes become pixels: grey, binarised at ½, or sampled anew every step (default: grey).")
  var treatment: PixelTreatment?

  @Option(
    help: ArgumentHelp(
      "Widths of the encoder's hidden layers; the decoder mirrors them (default: 256,64).", valueName: "n,n"))
  var hidden: LayerWidths?

  @Option(parsing: .unconditional, help: ArgumentHelp("Latent dimensions (default: 2).", valueName: "n"))
  var latent: Int?

  @Option(help: "What follows a hidden layer (default: relu).")
  var activation: Activation?

  @Option(
    help: "The distribution of pixels: \(Likelihood.choices) (default: \(ModelConfiguration().likelihood.kind)).")
  var likelihood: Likelihood?

  @Option(
    help: "The pair of programs, as `zscope models` lists them (default: vae).",
    completion: .list(ModelKind.all.map(\.name)))
  var model: String?

  @Option(
    help: "What is optimised, as `zscope objectives` lists them (default: elbo).",
    completion: .list(ObjectiveKind.all.map(\.name)))
  var objective: String?

  @Option(
    help: "An objective with the settings of a paper, as `zscope presets` lists them.",
    completion: .list(Preset.all.map(\.name)))
  var preset: String?

  @Option(
    name: .customLong("set"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A setting of the model or the objective; --NAME VALUE is short for it, as in --beta 4.", valueName: "name=value"),
    completion: .list(Self.settingNames.map { "\($0)=" }))
  var settings: [String] = []

  /// Nothing: `expanding` has put what these options say into `settings`. The parser knows them so that shells offer them,
  /// and that a missing value is told as that of others is. There are too many for the help.
  @Option(
    name: NameSpecification(Self.settingNames.map { .customLong($0) }),
    help: ArgumentHelp(
      "A setting of the model or the objective.", valueName: "value",
      visibility: Completions.areAsked(by: CommandLine.arguments) ? .default : .private),
    completion: .custom { words, index, prefix in Self.choices(of: words, before: index).filter { $0.hasPrefix(prefix) }
    })
  var settingsByName: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Lets a control change by itself: linear:STEPS, warm-up:DELAY:STEPS, cyclical:CYCLES or from:START:STEPS (by "
        + "equal ratios where both ends are above 0, otherwise linearly); the rate too, which its --schedule then "
        + "multiplies.",
      valueName: "control=schedule"),
    completion: .list(Self.controlNames.map { "\($0)=" }))
  var anneal: [String] = []

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Codes drawn for every image and step (default: 1).", valueName: "n"))
  var samples: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("Images a step (default: 128).", valueName: "n"))
  var batch: Int?

  @Option(parsing: .unconditional, help: "Adam's learning rate (default: 1e-3).")
  var rate: TypedNumber?

  @Option(help: "How the rate goes on: constant, or half a cosine down to 0 (default: constant).")
  var schedule: RateSchedule.Decay?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Steps over which the rate first rises from 0 (default: 0).", valueName: "steps"))
  var warmUp: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The largest norm of the model's gradient (default: not clipped).", valueName: "norm"))
  var clip: TypedNumber?

  @Option(parsing: .unconditional, help: "Decides initial weights, order, noise and the split (default: 1).")
  var seed: UInt64?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Images set aside to choose the best checkpoint (default: 5000, or a tenth if there are fewer).", valueName: "n"))
  var heldOut: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Epochs between numbered checkpoints; 0 for none (default: 10).", valueName: "n"))
  var checkpointEvery: Int?

  /// The names of the options that were given, as typed.
  var given: [String] {
    let named: [(name: String, isGiven: Bool)] = [
      ("--data", data != nil), ("--count", count != nil), ("--treatment", treatment != nil),
      ("--labels", labels != nil), ("--labelled-share", labelledShare != nil),
      ("--attribute", attribute != nil), ("--codes-of", codesOf != nil),
      ("--hidden", hidden != nil), ("--latent", latent != nil), ("--activation", activation != nil),
      ("--likelihood", likelihood != nil), ("--model", model != nil), ("--objective", objective != nil),
      ("--preset", preset != nil),
      ("--anneal", !anneal.isEmpty), ("--samples", samples != nil), ("--batch", batch != nil),
      ("--rate", rate != nil), ("--schedule", schedule != nil), ("--warm-up", warmUp != nil),
      ("--clip", clip != nil), ("--seed", seed != nil), ("--held-out", heldOut != nil),
      ("--checkpoint-every", checkpointEvery != nil),
    ]
    let settings = settings.map { "--" + ($0.split(separator: "=").first.map(String.init) ?? "set") }
    return named.filter(\.isGiven).map(\.name) + settings
  }

  /// The configuration these options ask for, everything else as the module's defaults have it; image sizes and the
  /// held-out share are left to the data.
  ///
  /// - Throws: a `ConfigurationError` for a model, an objective or a setting that is in no table.
  func configuration(epochs: Int?) throws -> Configuration {
    var configuration = Configuration()
    func set<Value>(_ path: WritableKeyPath<Configuration, Value>, _ value: Value?) {
      if let value { configuration[keyPath: path] = value }
    }
    set(\.model.hidden, hidden?.widths)
    set(\.model.latent, latent)
    set(\.model.activation, activation)
    set(\.model.likelihood, likelihood)
    set(\.model.kind, model)
    if let preset {
      guard objective == nil else {
        throw ValidationError("--preset \(preset) names an objective already: leave out --objective, or the preset")
      }
      guard let row = Preset.named(preset) else {
        throw ConfigurationError.unknown(what: "preset", name: preset, known: Preset.all.map(\.name))
      }
      configuration.objective = row.configuration
    }
    if let model, let row = ModelKind.named(model), preset == nil { configuration.objective.kind = row.objective }
    set(\.objective.kind, objective)
    set(\.training.labels, labels)
    // What its values are called, only the data can tell.
    if let attribute { configuration.model.attribute = SensitiveAttribute(name: attribute, valueNames: []) }
    configuration.training.labelledShare = labelledShare
    set(\.objective.samples, samples)
    set(\.training.data, data)
    set(\.training.treatment, treatment)
    set(\.training.epochs, epochs)
    set(\.training.batch, batch)
    set(\.training.rate, rate?.value)
    set(\.training.schedule.decay, schedule)
    set(\.training.schedule.warmUpSteps, warmUp)
    set(\.training.seed, seed)
    set(\.training.checkpointEvery, checkpointEvery)
    configuration.training.count = count
    configuration.training.clipNorm = clip?.value
    configuration.settleNames()
    try apply(to: &configuration)
    return configuration
  }

  /// Fills in what `--set` and `--anneal` say, each held against the tables.
  private func apply(to configuration: inout Configuration) throws {
    let (model, objective) = try configuration.rows()
    var said: [String: String] = [:]
    for text in settings {
      let (name, value) = try Self.pair(text, option: "--set", form: "NAME=VALUE")
      if let former = said.updateValue(value, forKey: name) {
        throw ValidationError("--\(name) is given twice, as \(former) and as \(value): give it once")
      }
      guard !value.isEmpty else {
        throw ValidationError("--\(name) is empty: leave it out for its default")
      }
      if let setting = objective.allSettings.first(where: { $0.name == name }) {
        configuration.objective.settings[name] = try setting.parse(value)
      } else if let setting = model.settings.first(where: { $0.name == name }) {
        configuration.model.settings[name] = try setting.parse(value)
      } else {
        throw configuration.unknownSetting(
          name, of: "the objective \(objective.name) or the model \(model.name)",
          among: objective.allSettings + model.settings)
      }
    }
    said = [:]
    for text in anneal {
      let (name, value) = try Self.pair(text, option: "--anneal", form: "CONTROL=SCHEDULE")
      if let former = said.updateValue(value, forKey: name) {
        throw ValidationError("--anneal \(name) is given twice, as \(former) and as \(value): give it once")
      }
      guard let annealing = Annealing(value) else {
        throw ConfigurationError.outOfRange(setting: "--anneal \(name)", value: value, allowed: Annealing.pattern)
      }
      configuration.objective.annealing[name] = annealing
    }
  }

  private static func pair(_ text: String, option: String, form: String) throws -> (String, String) {
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
      throw ValidationError("\(option) takes \(form), not \(text)")
    }
    return (String(text[..<equals]), String(text[text.index(after: equals)...]))
  }

  /// Every setting in the tables.
  private static let tabled = ObjectiveKind.all.flatMap(\.allSettings) + ModelKind.all.flatMap(\.settings)
  /// The names of all of them.
  static let settingNames = Set(tabled.map(\.name)).sorted()
  /// The names of what changes while training.
  private static let controlNames = Set((tabled.compactMap(\.control) + [.rate]).map(\.name)).sorted()

  /// The words from which the value of the setting named before a place is chosen; none where it takes a number.
  private static func choices(of words: [String], before index: Int) -> [String] {
    guard words.indices.contains(index - 1) else { return [] }
    return tabled.first { "--\($0.name)" == words[index - 1] }.map { setting in
      if case .choice(_, let words) = setting.form { words } else { [] }
    } ?? []
  }

  /// `--NAME VALUE` for every setting in the tables as `--set NAME=VALUE`, so that a row in a table is an option too. Other
  /// words stay as they are, and the name of a setting that no value follows.
  static func expanding(_ arguments: [String]) -> [String] {
    guard arguments.first == "train" else { return arguments }
    let names = Set(settingNames)
    var expanded: [String] = []
    var rest = arguments[...]
    while let word = rest.popFirst() {
      guard word.hasPrefix("--") else {
        expanded.append(word)
        continue
      }
      if word == "--" { return expanded + [word] + rest }
      let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = parts.first.map(String.init), names.contains(name),
        let value = parts.count == 2 ? String(parts[1]) : rest.first.flatMap({ $0.hasPrefix("--") ? nil : $0 })
      else {
        expanded.append(word)
        continue
      }
      if parts.count == 1 { rest.removeFirst() }
      expanded += ["--set", "\(name)=\(value)"]
    }
    return expanded
  }
}
