import Analysis
import ArgumentParser
import Datasets

/// `zscope measures`: the table of measures.
struct MeasuresCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "measures",
    abstract: "List the measures of a representation: what they tell, what they are, where they come from.",
    discussion: """
      Examples:
        zscope measures
        zscope measures mig dci
        zscope measures --json
      """)

  @Argument(help: "Only these, in full.", completion: Completions.measures)
  var names: [String] = []

  @Flag(help: "Print one JSON object.")
  var json = false

  private var measures: [Measure] {
    get throws {
      let asked = names.isEmpty ? [Measure.everyName] : names.flatMap(MeasureOptions.parted)
      return try MeasureOptions.measures(asked, for: nil)
    }
  }

  func validate() throws { _ = try measures }

  func run() throws {
    let measures = try measures
    if json { return try JSONOutput.print(["measures": measures.map(Row.init)]) }
    if names.isEmpty {
      let width = measures.map(\.name.count).max() ?? 0
      return try StandardOutput.write(
        measures.map { "\(Text.padded($0.name, width))  \($0.summary)\n" }.joined())
    }
    try StandardOutput.write(measures.map(Self.inFull).joined(separator: "\n"))
  }

  private static func inFull(_ measure: Measure) -> String {
    var lines = [
      "\(measure.name)  \(measure.title)\(measure.unit.isEmpty ? "" : " (\(measure.unit))")", "  \(measure.summary)",
      "  definition  \(measure.definition)", "  source      \(measure.source)", "  estimator   \(measure.estimator)",
      "  needs       \(measure.needs.map(\.rawValue).joined(separator: ", "))",
    ]
    for setting in measure.settings {
      lines.append(
        "  --set \(Text.padded(setting.name + "=" + setting.defaultValue.brief, 22)) \(setting.summary)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private struct Row: Encodable {
    let name, title, summary, definition, source, estimator, unit: String
    let needs: [String]
    let isSlow: Bool
    let settings: [SettingRow]

    init(_ measure: Measure) {
      name = measure.name
      title = measure.title
      summary = measure.summary
      definition = measure.definition
      source = measure.source
      estimator = measure.estimator
      unit = measure.unit
      needs = measure.needs.map(\.rawValue)
      isSlow = measure.isSlow
      settings = measure.settings.map(SettingRow.init)
    }
  }

  private struct SettingRow: Encodable {
    let name, summary: String
    let defaultValue, least, greatest: Double

    init(_ setting: MeasureSetting) {
      name = setting.name
      summary = setting.summary
      defaultValue = setting.defaultValue
      least = setting.range.lowerBound
      greatest = setting.range.upperBound
    }
  }
}
