import Analysis
import Canvas

extension Pane {
  /// How the means of every two dimensions go together, as a heat map.
  static let correlations = Pane(rawValue: "correlations")
}

extension Context {
  static let correlations = Context.pane(.correlations)
}

extension PaneKind {
  static let correlations = PaneKind(
    .correlations, title: "Correlations", takesKeys: true, measures: [.correlations],
    room: { state, _ in Room(least: 7, wanted: state.order.count + 4, priority: 6) },
    draw: { canvas, _ in canvas.drawCorrelations() },
    press: { state, layout, spot in
      guard let map = CorrelationMap(state, layout.inside(.correlations)), let (row, column) = map.place(at: spot)
      else {
        return []
      }
      return [.pickSlider(.dimension(map.order[row])), .comparePartner(map.order[column])]
    },
    words: { state in
      let pair = state.comparedPair.map { [$0] } ?? []
      guard let table = state.correlationTable else { return pair }
      let size = table.rows.count
      let pairs = (0..<size).flatMap { i in (0..<i).map { (j: i, i: $0, r: table.value(i, $0)) } }
      let strongest = pairs.sorted { (abs($1.r), $0.i) < (abs($0.r), $1.i) }.prefix(5)
      guard !strongest.isEmpty else { return pair }
      return pair + [
        "Correlations of the means, strongest: "
          + strongest.map { "\(table.rows[$0.i]) with \(table.rows[$0.j]) \(Numbers.fixed($0.r, 2, signed: true))" }
          .joined(separator: ", ") + "."
      ]
    },
    commands: [
      Command(
        "row below", keys: ["down"], in: [.correlations], "select the dimension of the row below", hint: "dimension",
        action: .selectSlider(.by(1))),
      Command(
        "row above", keys: ["up"], in: [.correlations], "select the dimension of the row above",
        action: .selectSlider(.by(-1))),
      Command(
        "next partner", keys: ["right"], in: [.correlations], "compare it with the next dimension", hint: "compare",
        action: .turnPartner(1)),
      Command(
        "previous partner", keys: ["left"], in: [.correlations], "compare it with the previous dimension",
        action: .turnPartner(-1)),
    ])
}

extension Action {
  /// Chooses the dimension that the selected one is compared with.
  static func comparePartner(_ column: Int) -> Action {
    .perform { state in
      state.panes[Insight.self].partner = column
      return []
    }
  }

  static func turnPartner(_ change: Int) -> Action {
    .perform { state in
      let order = state.order
      guard !order.isEmpty else { return [] }
      let place = order.firstIndex(of: state.insight.partner) ?? 0
      state.panes[Insight.self].partner = order[min(max(0, place + change), order.count - 1)]
      return []
    }
  }
}

extension State {
  /// Correlations of the means `[K, K]`, once they are known.
  var correlationTable: MeasureResult.Table? { insight.result(Measure.correlations.name)?.table("r") }

  /// The dimension that is selected beside the one it is compared with, in words; nil where there are no two.
  var comparedPair: String? {
    guard case .dimension(let selected) = selection, order.contains(insight.partner) else { return nil }
    let names = "Compared: \(name(of: selection)) with \(name(of: .dimension(insight.partner)))"
    guard let table = correlationTable, let row = measuredPlace(of: selected),
      let column = measuredPlace(of: insight.partner), max(row, column) < table.rows.count
    else { return names + (awaits(Measure.correlations.name) ? ", not measured yet." : ", no correlation known.") }
    return names + ", correlation \(Numbers.fixed(table.value(row, column), 2, signed: true))."
  }
}

/// Which pair of dimensions each cell of the heat map stands for.
struct CorrelationMap {
  /// The columns of the code in the order they are shown, along both sides.
  let order: [Int]
  let rows: Range<Int>
  let columns: Range<Int>
  let cellWidth: Int
  /// The columns before the cells: the longest name with a blank on each side.
  let labelWidth: Int
  private let table: MeasureResult.Table
  private let places: [Int]

  init?(_ state: State, _ inside: Rectangle) {
    guard let table = state.correlationTable, inside.height > 2 else { return nil }
    let order = state.order
    let places = order.compactMap { state.measuredPlace(of: $0) }
    guard places.count == order.count, places.allSatisfy({ $0 < table.rows.count }), !order.isEmpty else { return nil }
    (self.table, self.order, self.places) = (table, order, places)
    labelWidth = max(5, (order.map { state.name(of: .dimension($0)).count }.max() ?? 0) + 2)
    let room = max(1, inside.width - labelWidth)
    cellWidth = min(6, max(1, room / order.count))
    func window(_ selected: Int, _ count: Int) -> Range<Int> {
      let count = min(order.count, max(1, count))
      let first = min(max(0, order.count - count), selected / count * count)
      return first..<first + count
    }
    var selected = 0
    if case .dimension(let column) = state.selection { selected = order.firstIndex(of: column) ?? 0 }
    rows = window(selected, inside.height - 1)
    columns = window(order.firstIndex(of: state.insight.partner) ?? 0, room / cellWidth)
  }

  /// The correlation of the dimensions at two places of the order.
  func value(_ row: Int, _ column: Int) -> Double { table.value(places[row], places[column]) }

  /// The pair under a cell of the pane's inside.
  func place(at spot: PaneKind.Spot) -> (row: Int, column: Int)? {
    let (row, column) = (
      rows.lowerBound + spot.row - 1, columns.lowerBound + (spot.column - labelWidth) / cellWidth
    )
    return spot.row > 0 && spot.column >= labelWidth && rows.contains(row) && columns.contains(column)
      ? (row, column) : nil
  }
}

extension PaneCanvas {
  mutating func drawCorrelations() {
    let inside = layout.inside(.correlations)
    guard let map = CorrelationMap(state, inside) else {
      titleInsight(.correlations, "correlations of the means")
      return writeInsightAbsence(.correlations, inside)
    }
    var selected: Int?
    if case .dimension(let column) = state.selection { selected = map.order.firstIndex(of: column) }
    let partner = map.order.firstIndex(of: state.insight.partner)
    var text = "correlations of the means"
    if let selected, let partner {
      text =
        "r(\(name(map, selected)), \(name(map, partner))) = \(Numbers.fixed(map.value(selected, partner), 2, signed: true))"
    }
    let isPart = map.rows.count < map.order.count || map.columns.count < map.order.count
    titleInsight(
      .correlations, text,
      rows: isPart ? "rows \(map.rows.lowerBound + 1)–\(map.rows.upperBound) of \(map.order.count)" : "")
    let left = inside.column + map.labelWidth
    // Names of columns, as far apart as they need.
    let step = max(1, (name(map, map.columns.upperBound - 1).count + map.cellWidth) / map.cellWidth)
    for column in map.columns where (column - map.columns.lowerBound) % step == 0 || column == partner {
      frame.write(
        name(map, column), column: left + (column - map.columns.lowerBound) * map.cellWidth, row: inside.row,
        column == partner ? theme.strong : theme.faint, maximumWidth: map.cellWidth * step)
    }
    for row in map.rows {
      let y = inside.row + 1 + row - map.rows.lowerBound
      frame.write(
        name(map, row), column: inside.column + 1, row: y, row == selected ? theme.strong : theme.text,
        maximumWidth: map.labelWidth - 1)
      if row == selected { frame.write("▸", column: inside.column, row: y, theme.accent) }
      for column in map.columns {
        let x = left + (column - map.columns.lowerBound) * map.cellWidth
        let isChosen = row == selected && column == partner
        let cell = CorrelationCell(map.value(row, column), width: map.cellWidth, theme: theme)
        var style = cell.style
        if isChosen { style.attributes.formUnion([.bold, .underline]) }
        frame.write(cell.text, column: x, row: y, style)
        if isChosen { rest(.correlations, column: x, row: y) }
      }
    }
    if selected == nil || partner == nil { rest(.correlations, column: inside.column, row: inside.row + 1) }
  }

  private func name(_ map: CorrelationMap, _ place: Int) -> String { state.name(of: .dimension(map.order[place])) }
}

/// How a correlation is drawn: its tenths as text where there is room, over a ground that is red for those above zero and
/// blue for those below, the stronger the more.
private struct CorrelationCell {
  let text: String
  let style: Style

  init(_ value: Double, width: Int, theme: Theme) {
    let strength = min(1, abs(value))
    let appearance = theme.rendition.appearance
    let hasGround = theme.rendition.isRich && !appearance.isHighContrast
    // Narrow cells are nothing but their ground.
    let number: String
    switch width {
    case 5...: number = Numbers.fixed(value, 2, signed: true)
    case 4: number = Numbers.fixed(value, 1, signed: true)
    case 3: number = (value < 0 ? "−" : "+") + ".\(min(9, Int((strength * 10).rounded(.down))))"
    default:
      number = hasGround ? "" : strength < 0.1 ? "·" : strength >= 0.95 ? "#" : "\(Int(strength * 10))"
    }
    let isBlank = strength < 0.05 && width >= 3
    text = padded(isBlank ? "·" : number, to: width, right: true)
    guard hasGround else {
      var attributes: Attributes = strength >= 0.5 ? .bold : []
      if width < 3, value < 0 { attributes.formUnion(.underline) }
      style = Style(isBlank ? theme.faint.foreground : theme.text.foreground, attributes)
      return
    }
    let step = Int((strength * 4.999).rounded(.down))
    let grounds: [UInt8] =
      value > 0
      ? appearance.pick(dark: [233, 52, 88, 124, 160], light: [255, 224, 217, 210, 203])
      : appearance.pick(dark: [233, 17, 18, 19, 20], light: [255, 189, 153, 111, 75])
    style = Style(
      isBlank ? theme.faint.foreground : .palette(appearance.pick(dark: 231, light: 16)),
      background: .palette(grounds[step]))
  }
}
