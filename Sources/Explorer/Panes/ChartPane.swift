import Canvas

extension Pane {
  /// The loss of the run while one explores.
  static let chart = Pane(rawValue: "chart")
}

extension PaneKind {
  static let chart = PaneKind(
    .chart, title: "Loss",
    room: { state, area in
      guard let training = state.training else { return nil }
      // The log of a run that is over is for windows with room to spare.
      if area == .side {
        return state.size.height >= 32 ? Room(least: 10, wanted: state.size.height * 2 / 5, priority: 2) : nil
      }
      return training.phase == .recorded ? nil : Room(least: 10, wanted: 10, priority: 2)
    },
    draw: { canvas, _ in canvas.drawChart() })
}

extension PaneCanvas {
  mutating func drawChart() {
    let inside = layout.inside(.chart)
    guard let training = state.training else { return }
    let curves = TermCurves(training)
    title(.chart, "loss, nats an image")
    guard let name = curves.names.first else {
      frame.write("the first terms are on their way", column: inside.column + 1, row: inside.row, theme.faint)
      return
    }
    drawTerm(name, curves, training, inside)
  }
}
