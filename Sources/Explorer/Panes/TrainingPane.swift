import Canvas
import LatentModels

extension Pane {
  /// The training run: how far it is, what can be changed, and every term.
  static let training = Pane(rawValue: "training")
}

extension Context {
  static let training = Context.pane(.training)
}

extension PaneKind {
  static let training = PaneKind(
    .training, title: "Training", takesKeys: true,
    room: { state, _ in Room(least: TrainingRows.least(controls: state.training?.controls.count ?? 0), priority: 10) },
    draw: { canvas, _ in canvas.drawTraining() },
    press: { state, layout, spot in
      guard let training = state.training else { return [] }
      let row = spot.row - TrainingRows(training, layout.inside(.training)).firstControl
      return training.controls.indices.contains(row) ? [.turnControl(row - training.selectedControl)] : []
    },
    wheel: { _, _, _, direction in [.adjustControl(direction, .normal)] },
    words: { state in
      guard let training = state.training else { return [] }
      var lines = [
        "Training \(training.configuration.training.dataTitle): \(training.placeText)"
          + training.controls.map { ", \($0.name) \(Numbers.brief(training.value(of: $0)))" }.joined() + "."
      ]
      func list(_ terms: [Term]) -> String {
        terms.map { "\($0.name) \(training.text(of: $0.name, $0.value))" }.joined(separator: ", ")
      }
      if !training.terms.isEmpty { lines.append("Terms: \(list(training.terms)).") }
      if let heldOut = training.heldOut { lines.append("Held out: \(list(heldOut)).") }
      if let measured = training.history.last?.measured, !measured.isEmpty {
        lines.append("Measured: \(list(measured)).")
      }
      lines += training.history.last?.warnings.map { "Warning: \($0)." } ?? []
      if case .failed(let reason) = training.phase { lines.append("It failed: \(reason)") }
      return lines + state.timelineWords
    },
    speaksEverywhere: true,
    commands: trainingCommands + Command.timeline)

  private static let trainingCommands: [Command] = [
    Command(
      "pause here", keys: ["p"], in: [.training], "pause the run, or go on", hint: "pause",
      hintNow: { $0.training?.phase == .paused ? "go on" : nil },
      works: { $0.training.map { $0.isLive && $0.phase != .preparing } ?? false }, action: .training(.pauseOrResume)),
    Command(
      "more charts", keys: ["n"], in: [.training], "turn to the charts that do not fit", hint: "charts",
      works: { $0.hasMoreCharts },
      action: .perform {
        if $0.hasMoreCharts {
          $0.training?.chartPage += 1
        } else if let training = $0.training {
          $0.message = .note(
            TermCurves(training).names.isEmpty ? "the first terms are on their way" : "every chart is shown")
        } else {
          $0.message = .error("no run is training: press T to start one")
        }
        return []
      }),
    Command(
      "next control", keys: ["down"], in: [.training], "select the control below", hint: "control",
      works: { $0.training.map { $0.isLive && $0.controls.count > 1 } ?? false }, action: .turnControl(1)),
    Command(
      "previous control", keys: ["up"], in: [.training], "select the control above", action: .turnControl(-1)),
    Command(
      "raise", keys: ["right"], in: [.training], "raise the control by a step", hint: "change",
      works: { $0.training.map { $0.isLive && !$0.controls.isEmpty } ?? false }, action: .adjustControl(1, .normal)),
    Command(
      "lower", keys: ["left"], in: [.training], "lower it as much", action: .adjustControl(-1, .normal)),
    Command(
      "raise much", keys: ["shift-right", ">"], in: [.training], "raise it by ten steps, or double it",
      action: .adjustControl(1, .coarse)),
    Command(
      "lower much", keys: ["shift-left", "<"], in: [.training], "lower it by ten steps, or halve it",
      action: .adjustControl(-1, .coarse)),
    Command(
      "step", keys: ["s"], in: [.training], "one training step, then pause", hint: "step",
      works: { $0.training?.isLive == true }, action: .training(.step)),
    Command(
      "stop", keys: ["x"], in: [.training], "end the run and save it; asks first", hint: "stop",
      works: { $0.training?.isLive == true }, action: .askToStop),
    Command(
      "save", keys: ["w"], in: [.training], "save a checkpoint now", hint: "save",
      works: { $0.training?.isLive == true }, action: .training(.save)),
    Command(
      "resume", keys: ["c"], in: [.training],
      "continue a run that was stopped or has failed, at a rate if one is given",
      hint: "resume", works: { $0.training?.canResume == true },
      argument: .init("RATE", isOptional: true) { (state, _) in
        state.training.map {
          [Numbers.brief($0.proposedRate ?? ($0.values[Control.rate.name] ?? Control.rate.defaultValue) / 2)]
        } ?? []
      }
    ) { (text, _) throws(CommandError) in
      if text.isEmpty { return .resumeTraining(rate: nil) }
      return .resumeTraining(rate: try Control.rate.parse(text, typedAs: "resume"))
    },
  ]
}

/// What stands in which row of the pane: drawn and clicked by the same reckoning.
struct TrainingRows {
  let reason: [String]
  /// The row of the first control.
  var firstControl: Int { 2 + reason.count }

  /// What is left for the terms.
  func terms(_ training: TrainingView, _ inside: Rectangle) -> Rectangle {
    let row = min(
      inside.row + firstControl + training.controls.count, max(inside.endRow, inside.row + firstControl))
    return Rectangle(column: inside.column, row: row, width: inside.width, height: inside.endRow - row)
  }

  /// The rows that the terms keep, whatever there is to say.
  private static let rowsOfTerms = 4

  /// The rows of the pane with borders, facts and controls that leave eight: a chart with its axes, and the line of the
  /// other terms. A reason takes its rows of those: other panes are not to come and go with every epoch's warnings.
  static func least(controls: Int) -> Int { max(15, 12 + controls) }

  /// What is to be said of the run: why it failed, or what it is warned of.
  private static func texts(_ training: TrainingView) -> [String] {
    if case .failed(let text) = training.phase { return [text] }
    return training.history.last?.warnings ?? []
  }

  init(_ training: TrainingView, _ inside: Rectangle) {
    // What to do about it stands at the end: the controls keep their rows, the charts give theirs.
    let width = max(10, inside.width - 2)
    let lines = Self.texts(training).flatMap { wordWrapped($0, to: width) }
    let room = max(2, inside.height - 2 - training.controls.count - Self.rowsOfTerms)
    reason = shortened(lines, to: width, rows: room)
  }
}

extension State {
  /// Whether there are charts of the run that the pane has no room for.
  fileprivate var hasMoreCharts: Bool {
    guard let training, let layout, layout.panes[.training] != nil else { return false }
    let inside = layout.inside(.training)
    let count = TermCurves(training).names.count
    let grid = PaneCanvas.chartGrid(count: count, TrainingRows(training, inside).terms(training, inside))
    return count > grid.columns * grid.rows
  }
}

extension PaneCanvas {
  mutating func drawTraining() {
    let inside = layout.inside(.training)
    title(
      .training,
      "training" + (state.isBehindItsRun ? ", \(state.subject.epochText) is shown" : "")
        + (state.training?.isReadingLog == true ? ", reading its log" : ""),
      note: state.training?.path ?? "")
    guard let training = state.training else {
      let lines = ["No run yet.", "T opens the form that starts one; everything can be steered while it learns."]
      for (offset, line) in lines.enumerated() {
        frame.write(
          shortened(line, to: inside.width - 2), column: inside.column + 1, row: inside.row + offset, theme.text)
      }
      rest(.training, column: inside.column, row: inside.row)
      return
    }
    let rows = TrainingRows(training, inside)
    let column = inside.column + 1
    let room = inside.width - 2
    drawFacts(training, column: column, row: inside.row, room: room)
    let words = training.placeText + " "
    let shown = words.count + 6 <= room ? words : training.shortPlaceText + " "
    frame.write(shown, column: column, row: inside.row + 1, theme.strong)
    if room - shown.count >= 6 {
      frame.write(
        Gauges.progress(fraction: training.progress, width: room - shown.count, rendition: rendition),
        column: column + shown.count, row: inside.row + 1, theme.text)
    }
    for (offset, line) in rows.reason.enumerated() {
      frame.write(line, column: column, row: inside.row + 2 + offset, theme.error)
    }
    var row = inside.row + rows.firstControl
    let labelWidth = training.controls.map { spelled($0.symbol).count }.max() ?? 0
    for (place, control) in training.controls.enumerated() where row < inside.endRow {
      drawControl(control, training, isSelected: place == training.selectedControl, labelWidth, row: row, inside)
      row += 1
    }
    drawTerms(training, rows.terms(training, inside))
  }

  private mutating func drawFacts(_ training: TrainingView, column: Int, row: Int, room: Int) {
    let configuration = training.configuration
    var facts = [configuration.training.dataTitle, configuration.model.description]
    if let speed = training.imagesPerSecond, training.phase == .running, speed > 0 {
      let progress = training.progress
      let left = progress > 0 ? Double(training.images) * (1 / progress - 1) / speed : 0
      if left > 0 { facts.append("\(NumberText.duration(left)) left") }
      facts.append("\(Numbers.grouped(Int(speed))) images/s")
    }
    // What does not fit whole is left out.
    while facts.count > 1, facts.joined(separator: "  ").count > room { facts.removeLast() }
    frame.write(shortened(facts.joined(separator: "  "), to: room), column: column, row: row, theme.text)
  }

  private mutating func drawControl(
    _ control: Control, _ training: TrainingView, isSelected: Bool, _ labelWidth: Int, row: Int, _ inside: Rectangle
  ) {
    let isSelected = isSelected && state.focus == .training
    frame.write(isSelected ? "▸" : " ", column: inside.column, row: row, theme.accent)
    frame.write(
      spelled(control.symbol), column: inside.column + 1, row: row, isSelected ? theme.strong : theme.text)
    let value = training.value(of: control)
    let begin = labelWidth + 2
    let width = max(3, min(40, inside.width - begin - 12))
    let fraction = control.fraction(of: value)
    frame.write(
      Gauges.slider(fraction: fraction, width: width, rendition: rendition),
      column: inside.column + begin, row: row, isSelected ? theme.accent : theme.faint)
    // A value off the slider's end is no value at its end.
    if fraction < -0.001 {
      frame.write(
        rendition.unicode ? "◂" : "<", column: inside.column + begin, row: row, isSelected ? theme.accent : theme.text)
    } else if fraction > 1.001 {
      frame.write(
        rendition.unicode ? "▸" : ">", column: inside.column + begin + width - 1, row: row,
        isSelected ? theme.accent : theme.text)
    }
    frame.write(
      Numbers.brief(value), column: inside.column + begin + 1 + width, row: row,
      isSelected ? theme.strong : theme.text)
    if isSelected { rest(.training, column: inside.column, row: row) }
  }
}
