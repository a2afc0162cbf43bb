import Analysis
import Canvas

extension Pane {
  /// Every measure, and against every factor where it has a number for each.
  static let measures = Pane(rawValue: "measures")
}

extension Context {
  static let measures = Context.pane(.measures)
}

extension PaneKind {
  static let measures = PaneKind(
    .measures, title: "Measures", takesKeys: true,
    room: { _, _ in Room(least: 7, priority: 8) },
    draw: { canvas, _ in canvas.drawMeasures() },
    wheel: { _, _, _, direction in [ScrolledPane.scroll(.measures, by: -3 * direction) { _ in Measure.all.count }] },
    words: { state in
      let told = Measure.all.compactMap { measure -> String? in
        guard let value = state.insight.result(measure.name)?.values.first else { return nil }
        let error = value.standardError.map { ", give or take \(Numbers.fixed($0, 3))" } ?? ""
        let number = Numbers.fixed(value.value, measure.decimals(3))
        return "\(measure.name) \(number)\(measure.unit.isEmpty ? "" : " " + measure.unit)\(error)"
      }
      var lines = told.isEmpty ? [] : ["Measures: \(told.joined(separator: "; "))."]
      if let work = state.insight.work, !work.isFollowing {
        lines.append("Measuring, \(Int(work.fraction * 100)) % done.")
      }
      return lines
    },
    commands: ScrolledPane.commands(.measures, "measure") { _ in Measure.all.count })
}

/// The measures as a table: a row a measure, its number and its error, then a column a factor.
struct MeasureLines {
  struct Line {
    var title: String
    var number: String
    var error: String
    /// Numbers by factor, in the order of `factors`; none where the measure has none.
    var byFactor: [Double]?
    /// What it tells, or why there is no number.
    var remark: String
    /// Whether it is of an earlier snapshot, or has no number.
    var isFaint: Bool
  }

  let lines: [Line]
  /// The factors that have a column: as many as fit.
  let factors: [String]

  static let titleWidth = 24
  static let numberWidth = 9
  static let errorWidth = 9
  static let factorWidth = 9

  init(_ state: State, width: Int) {
    let insight = state.insight
    var names: [String] = []
    for measure in Measure.all where names.isEmpty {
      names = insight.result(measure.name)?.tables.first { $0.kind == .byFactor }?.rows ?? []
    }
    let room = max(0, width - Self.titleWidth - Self.numberWidth - Self.errorWidth - 2)
    factors = Array(names.prefix(room / Self.factorWidth))
    let shown = factors
    lines = Measure.all.map { measure in
      guard let finding = insight.findings[measure.name] else {
        let isNext = insight.work?.measure == measure.name
        return Line(
          title: Self.title(of: measure), number: isNext ? "…" : "", error: "", remark: measure.summary, isFaint: true)
      }
      guard let result = finding.result, let value = result.values.first else {
        var reason = ""
        if case .problem(let problem) = finding.outcome { reason = problem }
        return Line(title: Self.title(of: measure), number: "–", error: "", remark: reason, isFaint: true)
      }
      let table = result.tables.first { $0.kind == .byFactor && $0.rows == names }
      let numbers = table.map { table in shown.indices.map { table.values[$0] } }
      return Line(
        title: Self.title(of: measure), number: Self.text(value.value, of: measure),
        error: value.standardError.map { "± \(Self.text($0))" } ?? "", byFactor: numbers,
        remark: (measure.unit.isEmpty || measure.summary.hasPrefix(measure.unit) ? "" : measure.unit + ": ")
          + measure.summary,
        isFaint: insight.isOlder(finding, than: state.cloud))
    }
  }

  /// A heading in glyphs that every terminal has.
  private static func title(of measure: Measure) -> String { measure.title.replacing("‖", with: "||") }

  private static func text(_ value: Double, of measure: Measure? = nil) -> String {
    let decimals = abs(value) >= 100 ? 1 : 3
    return abs(value) >= 10_000 ? Numbers.brief(value) : Numbers.fixed(value, measure?.decimals(decimals) ?? decimals)
  }
}

extension PaneCanvas {
  mutating func drawMeasures() {
    let inside = layout.inside(.measures)
    let table = MeasureLines(state, width: inside.width)
    let rows = ScrolledPane(.measures, count: table.lines.count, height: inside.height - 1, state)
    titleInsight(.measures, "measures", rows: rows.note)
    // Where there is little room the numbers stay whole and the names are cut.
    let titleWidth = min(MeasureLines.titleWidth, max(10, inside.width - MeasureLines.numberWidth - 2))
    let numberEnd = inside.column + 1 + titleWidth + MeasureLines.numberWidth
    let hasErrors = numberEnd + MeasureLines.errorWidth <= inside.endColumn
    let factorsBegin = numberEnd + MeasureLines.errorWidth
    func right(_ text: String, end: Int, row: Int, _ style: Style) {
      frame.write(text, column: end - text.unicodeScalars.count, row: row, style)
    }
    right("value", end: numberEnd, row: inside.row, theme.faint)
    if hasErrors { right("error", end: factorsBegin, row: inside.row, theme.faint) }
    for (place, name) in table.factors.enumerated() {
      right(
        shortened(name, to: MeasureLines.factorWidth - 1), end: factorsBegin + (place + 1) * MeasureLines.factorWidth,
        row: inside.row, theme.title)
    }
    for (offset, index) in rows.shown.enumerated() {
      let line = table.lines[index]
      let row = inside.row + 1 + offset
      frame.write(
        shortened(line.title, to: titleWidth), column: inside.column + 1, row: row,
        line.isFaint ? theme.faint : theme.text)
      right(line.number, end: numberEnd, row: row, line.isFaint ? theme.faint : theme.strong)
      if hasErrors { right(line.error, end: factorsBegin, row: row, theme.faint) }
      if let numbers = line.byFactor {
        for (place, value) in numbers.enumerated() {
          right(
            Numbers.fixed(value, 3), end: factorsBegin + (place + 1) * MeasureLines.factorWidth, row: row,
            line.isFaint ? theme.faint : theme.text)
        }
      }
      // What is left tells what a measure is.
      let begin = (hasErrors ? factorsBegin : numberEnd) + (line.byFactor?.count ?? 0) * MeasureLines.factorWidth + 2
      if inside.endColumn - begin > 24 {
        frame.write(
          shortened(line.remark, to: inside.endColumn - begin), column: begin, row: row, theme.faint)
      }
    }
    restOnList(.measures)
  }
}
