import Analysis
import Canvas

extension Pane {
  /// What each dimension tells: bars of its divergence, of the image and of the class.
  static let dimensions = Pane(rawValue: "dimensions")
}

extension Context {
  static let dimensions = Context.pane(.dimensions)
}

extension PaneKind {
  static let dimensions = PaneKind(
    .dimensions, title: "Bars by dimension", takesKeys: true,
    measures: [.dimensionInformation, .classInformation, .dimensionWiseDivergence],
    room: { state, _ in Room(least: 6, wanted: state.order.count + 3, priority: 10) },
    draw: { canvas, _ in canvas.drawDimensions() },
    press: { state, layout, spot in
      let rows = DimensionRows(state, height: layout.inside(.dimensions).height - 1)
      let place = rows.first + spot.row - 1
      return spot.row > 0 && rows.columns.indices.contains(place) ? [.pickSlider(.dimension(rows.columns[place]))] : []
    },
    wheel: { _, _, _, direction in [.selectSlider(.by(-direction))] },
    words: { state in
      guard state.latentSize > 0 else { return [] }
      let quantities = DimensionQuantity.all(state)
      return state.order.map { column in
        let numbers = quantities.compactMap { quantity in
          quantity.value(state, column).map { "\(quantity.spoken) \(Numbers.fixed($0, 2))\(quantity.unitAfter(" "))" }
        }
        let use = state.isInactive(column) ? ", inactive" : ""
        let without = state.reasonNotToMeasure == nil ? "not measured yet" : "not measured"
        return "Dimension \(state.name(of: .dimension(column)))\(use): "
          + (numbers.isEmpty ? without : numbers.joined(separator: ", ")) + "."
      }
    },
    commands: [
      Command(
        "dimension below", keys: ["down"], in: [.dimensions], "select the dimension below", hint: "dimension",
        action: .selectSlider(.by(1))),
      Command(
        "dimension above", keys: ["up"], in: [.dimensions], "select the dimension above", action: .selectSlider(.by(-1))
      ),
    ] + InsightCommands.all)
}

/// A number that every dimension has.
struct DimensionQuantity: Sendable {
  let title: String
  /// How `--plain` says it.
  let spoken: String
  /// What it is measured in; empty of a number in the units of the code itself.
  var unit = "nats"
  /// The measure that finds it; nil where it comes with the codes.
  var measure: String?
  let value: @Sendable (State, Int) -> Double?

  /// The unit behind what sets it apart; nothing where there is none.
  func unitAfter(_ separator: String) -> String { unit.isEmpty ? "" : separator + unit }

  private static let divergence = DimensionQuantity(title: "KL", spoken: "divergence") { state, column in
    state.divergence(column).map(Double.init)
  }

  private static func measured(
    _ title: String, _ spoken: String, _ measure: Measure, _ table: String
  ) -> DimensionQuantity {
    DimensionQuantity(title: title, spoken: spoken, measure: measure.name) { state, column in
      guard let place = state.measuredPlace(of: column),
        let table = state.insight.result(measure.name)?.table(table), table.values.indices.contains(place)
      else { return nil }
      return table.values[place]
    }
  }

  private static let information = measured(
    "I(x; z_d)", "information on the image", .dimensionInformation, "I(x; z_d)")
  private static let classInformation = measured(
    "I(y; z_d)", "information on the class", .classInformation, "I(y; z_d)")
  /// Of codes without variances: how far their means spread.
  private static let variance = DimensionQuantity(
    title: "Var μ_d", spoken: "variance of the mean", unit: ""
  ) { state, column in
    guard let cloud = state.cloud, cloud.varianceOfMeans.indices.contains(column) else { return nil }
    return Double(cloud.varianceOfMeans[column])
  }

  /// The quantities that mean something of the codes at hand.
  static func all(_ state: State) -> [DimensionQuantity] {
    guard state.cloud?.hasPosterior ?? state.subject.hasPosterior else { return [variance] }
    let hasDivergence = state.cloud?.hasDivergence ?? state.subject.hasDivergence
    return (hasDivergence ? [divergence] : []) + [information]
      + (state.cloud?.classes.isEmpty == false ? [classInformation] : [])
  }
}

/// Which dimensions stand in which rows, so that the selected one is among them.
struct DimensionRows {
  let columns: [Int]
  let first: Int
  let count: Int

  init(_ state: State, height: Int) {
    columns = state.order
    count = min(columns.count, max(1, height))
    var selected = 0
    if case .dimension(let column) = state.selection { selected = columns.firstIndex(of: column) ?? 0 }
    // The same rows for a while, then the next ones: bars stand still under the eye.
    first = min(max(0, columns.count - count), selected / count * count)
  }

  var shown: ArraySlice<Int> { columns[first..<min(columns.count, first + count)] }
  /// What to say where not all are shown.
  var note: String { count < columns.count ? "\(first + 1)–\(first + count) of \(columns.count)" : "" }
}

extension PaneCanvas {
  mutating func drawDimensions() {
    let inside = layout.inside(.dimensions)
    let rows = DimensionRows(state, height: inside.height - 1)
    let quantities = DimensionQuantity.all(state)
    titleInsight(
      .dimensions, "what each dimension tells\(quantities.first?.unitAfter(", ") ?? "")", rows: rows.note)
    guard state.latentSize > 0 else { return writeAbsence("no model is open", inside) }
    if state.cloud == nil, let absence = state.codesAbsence { return writeAbsence(absence.text, inside) }
    let names = rows.columns.map { state.name(of: .dimension($0)) }
    let nameWidth = (names.map(\.count).max() ?? 2) + 2
    let fit = max(1, min(quantities.count, (inside.width - nameWidth) / 15))
    let width = (inside.width - nameWidth) / fit
    for (place, quantity) in quantities.prefix(fit).enumerated() {
      let column = inside.column + nameWidth + place * width
      frame.write(quantity.title, column: column, row: inside.row, Style(theme.curve(place), .bold))
      let values = rows.columns.map { quantity.value(state, $0) }
      let greatest = values.compactMap { $0 }.filter(\.isFinite).max() ?? 0
      let isAwaited = quantity.measure.map { state.awaits($0) } ?? false
      for (offset, dimension) in rows.shown.enumerated() {
        let style = state.isInactive(dimension) ? theme.faint : Style(theme.curve(place))
        drawBar(
          values[rows.first + offset], greatest: greatest, column: column, row: inside.row + 1 + offset,
          width: width - 1,
          bar: style, text: state.isInactive(dimension) ? theme.faint : theme.text, absent: isAwaited ? "…" : "–")
      }
    }
    for (offset, dimension) in rows.shown.enumerated() {
      let isSelected = state.selection == .dimension(dimension)
      let row = inside.row + 1 + offset
      let style = isSelected ? theme.strong : state.isInactive(dimension) ? theme.faint : theme.text
      frame.write(isSelected ? "▸" : " ", column: inside.column, row: row, theme.accent)
      frame.write(names[rows.first + offset], column: inside.column + 1, row: row, style)
      if isSelected { rest(.dimensions, column: inside.column, row: row) }
    }
  }

  /// A bar with its number behind it, or what stands in their place where there is no number.
  mutating func drawBar(
    _ value: Double?, greatest: Double, column: Int, row: Int, width: Int, bar: Style, text: Style,
    absent: String = "–"
  ) {
    guard let value else {
      frame.write(absent, column: column, row: row, theme.faint)
      return
    }
    let number = Numbers.fixed(value, 2)
    let barWidth = max(0, width - max(6, number.count + 1))
    frame.write(
      Gauges.bar(fraction: greatest > 0 ? value / greatest : 0, width: barWidth, rendition: rendition), column: column,
      row: row, bar)
    frame.write(number, column: column + width - number.count, row: row, text)
  }
}
