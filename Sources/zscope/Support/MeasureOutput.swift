import Analysis
import Exports
import HarmlessText

/// What one measure said, for people and for programs: the numbers with what they are and what they rest on.
struct MeasureOutput: Encodable {
  let measure: Measure
  /// The values of the settings that the measure read.
  let settings: [String: Double]
  /// What was found, or why nothing could be.
  let outcome: Result<MeasureResult, MeasureFailure>

  /// A reason in words.
  struct MeasureFailure: Error, CustomStringConvertible {
    let description: String
  }

  /// Why nothing could be found; nil where something was.
  var why: String? { if case .failure(let failure) = outcome { failure.description } else { nil } }

  /// Computes `measures` one after the other; `progress` is told each name before.
  ///
  /// - Throws: `CancellationError`.
  static func all(
    _ measures: [Measure], of measurement: Measurement, settings: [String: Double],
    progress: (String) -> Void = { _ in }
  ) throws -> [MeasureOutput] {
    try measures.map { measure in
      progress(measure.name)
      let read = Dictionary(
        uniqueKeysWithValues: measure.settings.map { ($0.name, settings[$0.name] ?? $0.defaultValue) })
      do {
        return MeasureOutput(
          measure: measure, settings: read, outcome: .success(try measure.evaluate(measurement)))
      } catch let error as AnalysisError {
        return MeasureOutput(
          measure: measure, settings: read, outcome: .failure(MeasureFailure(description: error.description)))
      }
    }
  }

  private enum CodingKeys: CodingKey {
    case name, title, summary, definition, source, estimator, unit, settings, sampleSizes, value, standardError, values
    case tables, notes, unavailable
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(measure.name, forKey: .name)
    try container.encode(measure.title, forKey: .title)
    try container.encode(measure.summary, forKey: .summary)
    try container.encode(measure.definition(settings), forKey: .definition)
    try container.encode(measure.source, forKey: .source)
    try container.encode(measure.estimator(settings), forKey: .estimator)
    if !measure.unit.isEmpty { try container.encode(measure.unit, forKey: .unit) }
    try container.encode(settings, forKey: .settings)
    switch outcome {
    case .failure(let failure): try container.encode(failure.description, forKey: .unavailable)
    case .success(let result):
      try container.encode(result.value, forKey: .value)
      try container.encodeIfPresent(result.standardError, forKey: .standardError)
      try container.encode(result.values.map { ValueOutput($0, of: measure) }, forKey: .values)
      try container.encode(result.tables.map(TableOutput.init), forKey: .tables)
      try container.encode(
        Dictionary(result.sampleSizes.map { ($0.name, $0.count) }, uniquingKeysWith: { first, _ in first }),
        forKey: .sampleSizes)
      try container.encode(result.notes, forKey: .notes)
    }
  }

  private struct ValueOutput: Encodable {
    let name: String
    let value: Double
    let standardError: Double?
    /// Its own where it has one, or else the measure's; empty of a pure number.
    let unit: String

    init(_ value: MeasureResult.Value, of measure: Measure) {
      name = value.name
      self.value = value.value
      standardError = value.standardError
      unit = value.unit ?? measure.unit
    }
  }

  private struct TableOutput: Encodable {
    let name: String
    let rows: [String]
    let columns: [String]?
    /// A number a row where there is one column, a list a row where there are more.
    let values: [Cells]
    let standardErrors: [Double?]?

    enum Cells: Encodable {
      case one(Double)
      case many([Double])

      func encode(to encoder: any Encoder) throws {
        switch self {
        case .one(let value): try value.encode(to: encoder)
        case .many(let values): try values.encode(to: encoder)
        }
      }
    }

    init(_ table: MeasureResult.Table) {
      name = table.name
      rows = table.rows
      columns = table.isList ? nil : table.columns
      let width = table.columns.count
      values = table.rows.indices.map { row in
        table.isList ? .one(table.values[row]) : .many(Array(table.values[row * width..<(row + 1) * width]))
      }
      standardErrors = table.standardErrors
    }
  }

  /// The lines for people: the main number, further ones and lists indented below, then what must be known.
  var lines: [String] {
    let heading = "  " + Text.padded(measure.title, 26)
    guard case .success(let result) = outcome else {
      if case .failure(let failure) = outcome { return ["\(heading)          –   \(failure.description.harmlessLine)"] }
      return []
    }
    var lines = [heading + number(result.values[0]) + (measure.unit.isEmpty ? "" : " " + measure.unit)]
    for value in result.values.dropFirst() { lines.append("    " + Text.padded(value.name, 24) + number(value)) }
    for table in result.tables where table.isList { lines += Self.list(table) }
    for table in result.tables where !table.isList { lines += Self.matrix(table) }
    let sizes = result.sampleSizes.map { $0.text(unicode: false) }.joined(separator: ", ")
    lines.append("    of \(sizes)")
    // Names of factors, classes and dimensions are whatever a file says: none of them ends a line.
    return (lines + result.notes.map { "    \($0)" }).map(\.harmlessLine)
  }

  /// A number right-aligned, with its standard error.
  private func number(_ value: MeasureResult.Value) -> String {
    Text.rightAligned(Text.telling(value.value, measure.decimals(4)), 11)
      + Text.tellingError(value.standardError, of: value.value, 4)
  }

  /// The most values of a list, or rows and columns of a matrix, that are printed; JSON has all.
  private static let mostPrinted = 64
  private static let mostColumns = 12

  private static func list(_ table: MeasureResult.Table) -> [String] {
    let shown = table.rows.prefix(mostPrinted).enumerated().map { "\($1) \(text(table.value($0), in: table))" }
    let left = table.rows.count - shown.count
    return wrapped("    \(table.name):", shown + (left > 0 ? ["and \(left) more"] : []))
  }

  /// A number of a table: with three decimals, unless these would tell nothing of any of its numbers, or all are counts.
  private static func text(_ value: Double, in table: MeasureResult.Table) -> String {
    let greatest = table.values.reduce(0) { max($0, abs($1)) }
    if greatest > 1, greatest < 1e6, table.values.allSatisfy({ $0 == $0.rounded() }) { return Text.fixed(value, 0) }
    return 0.001..<1e6 ~= greatest ? Text.fixed(value, 3) : Text.telling(value, 3)
  }

  /// Entries behind a heading, in lines of at most a hundred columns.
  private static func wrapped(_ heading: String, _ entries: [String]) -> [String] {
    var lines = [heading]
    for entry in entries {
      if lines[lines.count - 1].count + 2 + entry.count > 100 { lines.append("     ") }
      lines[lines.count - 1] += "  " + entry
    }
    return lines
  }

  private static func matrix(_ table: MeasureResult.Table) -> [String] {
    guard table.columns.count <= mostColumns, table.rows.count <= mostPrinted else {
      return ["    \(table.name): a matrix of \(table.rows.count)×\(table.columns.count), in --json"]
    }
    let texts = table.values.map { text($0, in: table) }
    let width = max(8, ((table.columns + texts).map(\.count).max() ?? 0) + 2)
    let first = max(6, (table.rows.map(\.count).max() ?? 0) + 1)
    let header =
      "      " + Text.padded("", first) + table.columns.map { Text.rightAligned($0, width) }.joined()
    return ["    \(table.name)", header]
      + table.rows.indices.map { row in
        let cells = table.columns.indices.map {
          Text.rightAligned(texts[row * table.columns.count + $0], width)
        }
        return "      " + Text.padded(table.rows[row], first) + cells.joined()
      }
  }
}
