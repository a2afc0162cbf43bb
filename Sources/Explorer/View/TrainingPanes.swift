import Canvas
import LatentModels

/// The curves of a training run.
struct TermCurves {
  /// The names of the terms, the loss first.
  let names: [String]
  private let training: TrainingView

  init(_ training: TrainingView) {
    self.training = training
    var names: [String] = []
    for term in training.history.last?.training ?? training.terms where !names.contains(term.name) {
      names.append(term.name)
    }
    self.names = names.filter { $0 == "loss" } + names.filter { $0 != "loss" }
  }

  /// The chart of one term over epochs: training as a line, held-out images as a dashed one.
  func chart(_ name: String, theme: Theme) -> LineChart {
    let place = names.firstIndex(of: name) ?? 0
    let curve = training.curves.filter { $0.terms[name] != nil }.map { SIMD2($0.epoch, $0.terms[name] ?? .nan) }
    let heldOut = training.history.compactMap { record -> SIMD2<Double>? in
      record.heldOut?[name].map { SIMD2(Double(record.epoch), $0) }
    }
    var series = [LineChart.Series(name: name, points: curve, color: theme.curve(place))]
    if !heldOut.isEmpty {
      series.append(LineChart.Series(name: "held out", points: heldOut, color: theme.strong.foreground, isDashed: true))
    }
    var chart = LineChart(series: series)
    chart.horizontalLabel = "epoch"
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
  /// The loss while one explores.
  mutating func drawChart() {
    let inside = layout.inside(.chart)
    guard let training = state.training else { return }
    let curves = TermCurves(training)
    title(.chart, "loss, nats an image", note: newest("loss", training))
    guard let name = curves.names.first else {
      frame.write("the first terms are on their way", column: inside.column + 1, row: inside.row, theme.faint)
      return
    }
    var chart = curves.chart(name, theme: theme)
    chart.showsLegend = inside.width >= 50
    frame.draw(
      chart.frame(width: inside.width, height: inside.height, rendition: rendition), column: inside.column,
      row: inside.row)
  }

  /// The newest value of a term, with the held-out one.
  private func newest(_ name: String, _ training: TrainingView) -> String {
    var parts: [String] = []
    if let value = training.terms[name] { parts.append(Numbers.fixed(value, 1)) }
    if let value = training.heldOut?[name] { parts.append("held out \(Numbers.fixed(value, 1))") }
    return parts.joined(separator: ", ")
  }

  /// The run: how far it is, its two controls, and every term.
  mutating func drawTraining() {
    let inside = layout.inside(.training)
    title(.training, "training", note: state.training?.path ?? "")
    guard let training = state.training else {
      let lines = ["No run yet.", "T opens the form that starts one; everything can be steered while it learns."]
      for (offset, line) in lines.enumerated() {
        frame.write(
          shortened(line, to: inside.width - 2), column: inside.column + 1, row: inside.row + offset, theme.text)
      }
      rest(.training, column: inside.column, row: inside.row)
      return
    }
    var row = inside.row
    let column = inside.column + 1
    let room = inside.width - 2
    let configuration = training.configuration
    var facts = [configuration.training.data, configuration.model.description]
    if let speed = training.imagesPerSecond, training.phase == .running, speed > 0 {
      let left = Double(training.imagesPerEpoch * configuration.training.epochs - training.images) / speed
      if training.imagesPerEpoch > 0, left > 0 { facts.append("\(Numbers.duration(left)) left") }
      facts.append("\(Numbers.grouped(Int(speed))) images/s")
    }
    // What does not fit whole is left out.
    while facts.count > 1, facts.joined(separator: "  ").count > room { facts.removeLast() }
    frame.write(shortened(facts.joined(separator: "  "), to: room), column: column, row: row, theme.text)
    row += 1
    let words = "\(training.phaseText), epoch \(training.epoch) of \(configuration.training.epochs) "
    frame.write(words, column: column, row: row, theme.strong)
    frame.write(
      Gauges.progress(fraction: training.progress, width: max(6, room - words.count), rendition: rendition),
      column: column + words.count, row: row, theme.text)
    row += 1
    drawControl(.beta, training, row: row, inside)
    drawControl(.rate, training, row: row + 1, inside)
    row += 2
    drawTerms(training, Rectangle(column: inside.column, row: row, width: inside.width, height: inside.endRow - row))
  }

  private mutating func drawControl(
    _ control: TrainingView.Control, _ training: TrainingView, row: Int, _ inside: Rectangle
  ) {
    let isSelected = training.control == control && state.focus == .training
    frame.write(isSelected ? "▸" : " ", column: inside.column, row: row, theme.accent)
    let name = control == .beta ? spelled("β") : "rate"
    frame.write(name, column: inside.column + 1, row: row, isSelected ? theme.strong : theme.text)
    let value = control == .beta ? training.beta : training.rate
    // β from 0 to 10 evenly; the rate from 1e−5 to 1e−1 by decades.
    let fraction =
      control == .beta
      ? Double(value) / 10
      : (Double(Exponential.logarithm(max(value, 1e-9))) - Double(Exponential.logarithm(1e-5)))
        / (4 * Double(Exponential.logarithm(10)))
    let width = max(3, min(40, inside.width - 18))
    frame.write(
      Gauges.slider(fraction: fraction, width: width, rendition: rendition), column: inside.column + 6, row: row,
      isSelected ? theme.accent : theme.faint)
    frame.write(
      Numbers.brief(Double(value)), column: inside.column + 7 + width, row: row, isSelected ? theme.strong : theme.text)
    if isSelected { rest(.training, column: inside.column, row: row) }
  }

  private mutating func drawTerms(_ training: TrainingView, _ area: Rectangle) {
    let curves = TermCurves(training)
    guard !curves.names.isEmpty else {
      frame.write("the first terms are on their way", column: area.column + 1, row: area.row + 1, theme.faint)
      return
    }
    // In a wide pane the loss stands at the left, its terms beside it; else they stand below each other.
    if area.width >= 84, curves.names.count > 1 {
      let (left, right) = area.splitLeft(area.width / 2)
      drawTerms(curves, Array(curves.names.prefix(1)), training, left)
      drawTerms(curves, Array(curves.names.dropFirst()), training, right)
    } else {
      drawTerms(curves, curves.names, training, area)
    }
  }

  private mutating func drawTerms(_ curves: TermCurves, _ names: [String], _ training: TrainingView, _ area: Rectangle)
  {
    let count = max(1, min(names.count, area.height / 6))
    let heights = (0..<count).map { area.height * ($0 + 1) / count - area.height * $0 / count }
    var row = area.row
    for (name, height) in zip(names, heights) where height >= 3 {
      frame.write(
        shortened("\(name)  \(newest(name, training))", to: area.width - 2), column: area.column + 1, row: row,
        theme.text)
      var chart = curves.chart(name, theme: theme)
      chart.showsLegend = name == curves.names.first && height >= 8
      frame.draw(
        chart.frame(width: area.width, height: height - 1, rendition: rendition), column: area.column, row: row + 1)
      row += height
    }
  }
}
