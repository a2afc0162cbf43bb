import Analysis
import Canvas

extension ReportSection {
  /// Every measure of the table with its definition, source and sample sizes.
  static let measures = ReportSection(summary: "measures") { subject in
    guard !subject.dimensions.isEmpty else { return nil }
    let representation = try subject.representation()
    let measurement = try Measurement(
      of: representation, training: subject.training,
      seed: subject.seed, pool: subject.pool, isCancelled: subject.isCancelled)
    var rows: [[String]] = []
    var definitions: [[String]] = []
    var details: [Report.Block] = []
    var left: [String] = []
    for measure in Measure.all {
      if subject.isCancelled() { throw CancellationError() }
      let missing = measure.missing(in: representation)
      guard missing.isEmpty else {
        left.append("\(measure.name) needs \(missing.map(\.rawValue).joined(separator: " and "))")
        continue
      }
      guard !measure.isSlow || subject.isThorough else {
        left.append("\(measure.name) takes long; --thorough computes it too")
        continue
      }
      do {
        let result = try measure.evaluate(measurement)
        rows += result.values.enumerated().map { place, value in
          [
            place == 0 ? measure.title : "", value.name,
            text(value.value) + (value.standardError.map { " ± \(text($0))" } ?? ""),
            value.unit ?? measure.unit,
            result.sampleSizes.map { $0.text(unicode: true) }.joined(separator: ", "),
          ]
        }
        definitions.append([measure.title, measure.summary, measure.definition, measure.estimator, measure.source])
        details += result.tables.filter { $0.values.count <= 400 }.map { block($0, of: measure) }
        for note in result.notes { details.append(.text("\(measure.title): \(note).")) }
      } catch let error as AnalysisError {
        left.append("\(measure.name): \(error)")
      }
    }
    var blocks: [Report.Block] = [
      .table(header: ["measure", "value of", "value", "unit", "from"], rows: rows),
      .text("What they are:"),
      .table(header: ["measure", "tells", "definition", "estimator", "source"], rows: definitions),
    ]
    if !details.isEmpty { blocks += [.text("By dimension, class or factor:")] + details }
    if !left.isEmpty { blocks.append(.text("Left out: \(left.joined(separator: "; ")).")) }
    return Report.Section(title: "Measures", blocks: blocks)
  }

  private static func block(_ table: MeasureResult.Table, of measure: Measure) -> Report.Block {
    .table(
      header: [table.isList ? table.name : "\(measure.title): \(table.name)"]
        + (table.isList ? ["value"] : table.columns),
      rows: table.rows.enumerated().map { row, name in
        [name] + table.columns.indices.map { text(table.value(row, $0)) }
      })
  }

  /// A number with four digits that count; a whole one, such as a count, has nothing behind the point.
  static func text(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "not a number" : value < 0 ? "−∞" : "∞" }
    let size = abs(value)
    if size == size.rounded(), size < 1e6 { return number(value, 0) }
    return NumberText.telling(value, decimals: size >= 100 ? 2 : size >= 10 ? 3 : 4).replacing("-", with: "−")
  }
}
