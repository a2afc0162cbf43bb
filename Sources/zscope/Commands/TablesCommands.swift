import ArgumentParser
import LatentModels

/// `zscope models`: the table of models.
struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "List the models that can be trained, with their settings, defaults and sources.",
    discussion: """
      Examples:
        zscope models
        zscope train runs/a --model autoencoder --objective reconstruction
      """)

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let rows = ModelKind.all.map {
      TableRow(name: $0.name, summary: $0.summary, formula: nil, source: $0.source, settings: $0.settings)
    }
    try TableRow.print(rows, as: "models", json: json)
  }
}

/// `zscope objectives`: the table of objectives.
struct ObjectivesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "objectives",
    abstract: "List the objectives, with formulas, settings, defaults and sources.",
    discussion: """
      R is the reconstruction −E log p(x|z), KL the divergence KL(q(z|x) ‖ p(z)), in nats an image.

      Examples:
        zscope objectives
        zscope train runs/a --objective elbo --beta 4
      """)

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let rows = ObjectiveKind.all.map {
      TableRow(name: $0.name, summary: $0.summary, formula: $0.formula, source: $0.source, settings: $0.settings)
    }
    let taught = TableRow(
      name: "those without a term for labels", summary: "teach the class beside them, of a model that has one",
      formula: "… − α_y·log q(y|x)", source: "Kingma 2014, arXiv:1406.5298", settings: [ObjectiveKind.labelWeight])
    let common = TableRow(
      name: "any of them", summary: "takes along a group that codes are to follow", formula: "… + λ_g·E_g + λ_D·D_g",
      source: "Ali, Liò & Vicary 2025, arXiv:2506.08244", settings: ObjectiveKind.commonSettings)
    if json { return try JSONOutput.print(["objectives": rows, "common": [taught, common]]) }
    try TableRow.print(rows + [taught, common], as: "objectives", json: false)
  }
}

/// `zscope presets`: objectives with the settings of papers.
struct PresetsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "presets",
    abstract: "List the presets: objectives with the settings of papers.",
    discussion: """
      Every setting of the objective can still be given: it wins over the preset's.

      Examples:
        zscope presets
        zscope train runs/a --preset hfvae --beta 12 --gamma 4
      """)

  @Flag(help: "Print one JSON object.")
  var json = false

  private struct Row: Encodable {
    let name: String
    let summary: String
    let objective: String
    let formula: String
    /// Settings beside the formula that are not at their defaults.
    let settings: [String]
    let samples: Int
    let annealing: [String: String]
    let source: String

    init(_ preset: Preset) {
      let configuration = Configuration(objective: preset.configuration)
      name = preset.name
      summary = preset.summary
      objective = configuration.objective.row.name
      formula = configuration.formula
      settings = configuration.objectiveDetails(at: configuration.initialControls)
      samples = preset.samples
      annealing = preset.annealing.mapValues(\.description)
      source = preset.source
    }
  }

  func run() throws {
    let rows = Preset.all.map(Row.init)
    if json { return try JSONOutput.print(["presets": rows]) }
    let width = rows.map(\.name.count).max() ?? 0
    let margin = String(repeating: " ", count: width + 2)
    for row in rows {
      let annealed = row.annealing.sorted { $0.key < $1.key }.map { ", \($0.key) \($0.value)" }.joined()
      let settings = row.settings.map { ", \($0)" }.joined()
      let samples = row.samples == 1 ? "" : ", \(row.samples) samples"
      try StandardOutput.write(
        "\(Text.padded(row.name, width))  \(row.summary)\n"
          + "\(margin)\(row.objective): \(row.formula)\(settings)\(samples)\(annealed)\n\(margin)\(row.source)\n")
    }
  }
}

/// A row of a table as it is printed.
struct TableRow: Encodable {
  struct Entry: Encodable {
    let name: String
    let symbol: String
    let summary: String
    let defaultValue: SettingValue
    let allowed: String
    let isLive: Bool
  }

  let name: String
  let summary: String
  let formula: String?
  let source: String
  let settings: [Entry]

  init(name: String, summary: String, formula: String?, source: String, settings: [Setting]) {
    self.name = name
    self.summary = summary
    self.formula = formula
    self.source = source
    self.settings = settings.map {
      Entry(
        name: $0.name, symbol: $0.symbol, summary: $0.summary, defaultValue: $0.defaultValue, allowed: $0.allowed,
        isLive: $0.control != nil)
    }
  }

  /// Prints rows for people, or as one object.
  static func print(_ rows: [TableRow], as title: String, json: Bool) throws {
    if json { return try JSONOutput.print([title: rows]) }
    let width = rows.map(\.name.count).max() ?? 0
    for row in rows {
      let margin = String(repeating: " ", count: width + 2)
      var text = "\(Text.padded(row.name, width))  \(row.summary)\n"
      if let formula = row.formula { text += "\(margin)\(formula)\n" }
      for setting in row.settings {
        let symbol = setting.symbol == setting.name ? "" : " (\(setting.symbol))"
        let live = setting.isLive ? ", live" : ""
        let standard = setting.defaultValue == .text("") ? "none" : "\(setting.defaultValue)"
        text +=
          "\(margin)--\(setting.name)\(symbol)  \(setting.summary); default \(standard), "
          + "\(setting.allowed)\(live)\n"
      }
      text += "\(margin)\(row.source)\n"
      try StandardOutput.write(text)
    }
  }
}
