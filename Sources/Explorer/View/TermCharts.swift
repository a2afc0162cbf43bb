import Canvas
import LatentModels

extension TrainingView {
  /// A value of a term as text, in what the term is counted in.
  func text(of name: String, _ value: Double) -> String { Numbers.term(value, configuration.unit(of: name)) }
}

/// The curves of a training run: any list of terms, in the order they are given.
struct TermCurves {
  /// The names of the terms: the loss first, the others in the order of the objective.
  let names: [String]
  /// Those that are measured where an epoch ends, and have no value at a step.
  private let measured: Set<String>
  private let training: TrainingView
  private let symbols: [String: String]

  init(_ training: TrainingView) {
    self.training = training
    var names: [String] = []
    let newest = training.terms.isEmpty ? training.history.last?.training ?? [] : training.terms
    for term in newest where !names.contains(term.name) { names.append(term.name) }
    let measured = (training.history.last?.measured ?? []).map(\.name).filter { !names.contains($0) }
    self.measured = Set(measured)
    self.names = names.filter { $0 == "loss" } + names.filter { $0 != "loss" } + measured
    symbols = Dictionary(
      training.configuration.terms.filter { $0.symbol != $0.name }.map { ($0.name, $0.symbol) },
      uniquingKeysWith: { first, _ in first })
  }

  /// A term by its name and its symbol.
  func title(_ name: String) -> String { symbols[name].map { "\(name) \($0)" } ?? name }

  /// Whether there is anything to see of a term on held-out images.
  func hasHeldOut(_ name: String) -> Bool {
    training.heldOutCurves[name] != nil
  }

  /// Whether a term is measured where an epoch ends, and not at every step: its dashed curve is all there is.
  func isMeasuredAlone(_ name: String) -> Bool { measured.contains(name) }

  /// The chart of one term over epochs: training as a line, held-out images as a dashed one, a mark at an epoch.
  func chart(_ name: String, theme: Theme, marking epoch: Double?) -> LineChart {
    let place = names.firstIndex(of: name) ?? 0
    let curve: [SIMD2<Double>] = training.curves.compactMap { point in
      point.terms[name].map { SIMD2(point.epoch, $0) }
    }
    let heldOut = training.heldOutCurves[name]?.points ?? []
    var series = [LineChart.Series(name: name, points: curve, color: theme.curve(place))]
    if !heldOut.isEmpty {
      series.append(LineChart.Series(name: "held out", points: heldOut, color: theme.strong.foreground, isDashed: true))
    }
    var chart = LineChart(series: series)
    chart.horizontalLabel = "epoch"
    chart.countsWhole = true
    // From the epoch that the first point lies in, and one epoch at least: no epoch lies before the beginning.
    let places = (curve + heldOut).map(\.x).filter(\.isFinite)
    if let first = places.min()?.rounded(.down), let last = places.max() {
      chart.horizontalRange = first...max(first + 1, last)
    }
    chart.cursor = epoch
    // The first moments are far off everything that follows, and would flatten it.
    let shown = (curve.dropFirst(curve.count / 10) + heldOut).map(\.y).filter(\.isFinite)
    if let low = shown.min(), let high = shown.max(), high > low, curve.count > 12 {
      let margin = (high - low) * 0.08
      chart.verticalRange = low - margin...high + margin
    }
    return chart
  }
}

extension PaneCanvas {
  /// The charts of as many terms as fit, each with its axes and a line that is its key; the others as numbers.
  mutating func drawTerms(_ training: TrainingView, _ area: Rectangle) {
    let curves = TermCurves(training)
    guard !curves.names.isEmpty else {
      frame.write(
        shortened("the first terms are on their way", to: area.width - 2), column: area.column + 1, row: area.row + 1,
        theme.faint)
      return
    }
    let grid = Self.chartGrid(count: curves.names.count, area)
    var charts = area
    let each = grid.columns * grid.rows
    let pages = (curves.names.count + each - 1) / each
    // The last page is full too: it goes back as far as it needs.
    let first = min(training.chartPage % max(1, pages) * each, max(0, curves.names.count - each))
    let shown = curves.names[first..<min(first + each, curves.names.count)]
    let rest = curves.names.filter { !shown.contains($0) }
    // Where the line would take the axes of the one chart there is room for, it goes before them.
    if !rest.isEmpty, area.height > 3, area.height != Self.leastChart.height {
      charts.height -= 1
      let others = rest.map { "\(spelled(curves.title($0))) \(newest($0, curves, training))" }
      let text = "n: " + others.joined(separator: "   ")
      frame.write(shortened(text, to: area.width - 2), column: area.column + 1, row: charts.endRow, theme.faint)
    }
    for (place, name) in shown.enumerated() {
      let (column, row) = (place % grid.columns, place / grid.columns)
      let left = charts.width * column / grid.columns
      let top = charts.height * row / grid.rows
      drawTerm(
        name, curves, training,
        Rectangle(
          column: charts.column + left, row: charts.row + top, width: charts.width * (column + 1) / grid.columns - left,
          height: charts.height * (row + 1) / grid.rows - top))
    }
  }

  /// The cells that a chart needs for its key, its axes and a curve between them.
  private static let leastChart = (width: 26, height: 7)

  /// How many charts stand beside and above each other: few columns, but all terms where they fit; else as many as leave a
  /// row for the others.
  static func chartGrid(count: Int, _ area: Rectangle) -> (columns: Int, rows: Int) {
    let widest = max(1, min(count, area.width / leastChart.width))
    let highest = max(1, area.height / leastChart.height)
    // No place stays empty where that can be had, then few columns.
    for columns in (1...widest).sorted(by: { (count % $0 == 0 ? 0 : 1, $0) < (count % $1 == 0 ? 0 : 1, $1) }) {
      if (count + columns - 1) / columns <= highest { return (columns, (count + columns - 1) / columns) }
    }
    return (widest, max(1, (area.height - 1) / leastChart.height))
  }

  /// The chart of one term beneath a row that is its key.
  mutating func drawTerm(_ name: String, _ curves: TermCurves, _ training: TrainingView, _ area: Rectangle) {
    guard area.height >= 2 else { return }
    let place = curves.names.firstIndex(of: name) ?? 0
    var column = area.column + 1
    let end = area.endColumn - 1
    func room() -> Int { max(0, end - column) }
    let isMeasured = curves.isMeasuredAlone(name)
    column += frame.write(
      isMeasured ? "\(heldOutLine) " : rendition.unicode ? "━ " : "= ", column: column, row: area.row,
      isMeasured ? Style(theme.strong.foreground) : Style(theme.curve(place)), maximumWidth: room())
    let number = isMeasured ? heldOutValue(name, training) : training.terms[name]
    let value = number.map { "  \(training.text(of: name, $0))" } ?? ""
    let title = spelled(curves.title(name))
    let least = min(8, title.count)
    // Its words go before the end of the name, this before the value, and the value before the line.
    let keys = curves.hasHeldOut(name) && !isMeasured ? heldOutKeys(name, training) : []
    let key =
      keys.prefix(1).first { title.count + value.count + $0.count <= room() }
      ?? keys.suffix(2).first { least + value.count + $0.count <= room() } ?? ""
    // The value goes before the end of a long name.
    let left = max(min(least, room()), room() - value.count - key.count)
    column += frame.write(shortened(title, to: left), column: column, row: area.row, theme.text, maximumWidth: left)
    if value.count <= room() { column += frame.write(value, column: column, row: area.row, theme.strong) }
    if key.count <= room() { frame.write(key, column: column, row: area.row, theme.text) }
    frame.draw(
      curves.chart(name, theme: theme, marking: state.pastEpoch).frame(
        width: area.width, height: area.height - 1, rendition: rendition),
      column: area.column, row: area.row + 1)
  }

  /// The key of the held-out curve of a term in shorter and shorter forms: what it is, its newest value, its line.
  private func heldOutKeys(_ name: String, _ training: TrainingView) -> [String] {
    let line = "  \(heldOutLine)"
    guard let value = heldOutValue(name, training) else { return [line] }
    let text = training.text(of: name, value)
    return ["\(line) held out \(text)", "\(line) \(text)", line]
  }

  /// A piece of the dashed curve.
  private var heldOutLine: String { rendition.unicode ? "╌" : "--" }

  /// The newest value of a term on held-out images, or as it is measured where an epoch ends.
  private func heldOutValue(_ name: String, _ training: TrainingView) -> Double? {
    training.heldOut?[name] ?? training.history.last?.measured?[name]
  }

  /// The newest value of a term, with the held-out one.
  private func newest(_ name: String, _ curves: TermCurves, _ training: TrainingView) -> String {
    var parts: [String] = []
    if let value = training.terms[name] { parts.append(training.text(of: name, value)) }
    if let value = heldOutValue(name, training) {
      parts.append((curves.isMeasuredAlone(name) ? "" : "held out ") + training.text(of: name, value))
    }
    return parts.joined(separator: ", ")
  }
}
