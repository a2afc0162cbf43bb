import Analysis
import Canvas

/// What keys do in every pane of the insight screen.
enum InsightCommands {
  private static let contexts = Set(
    (ScreenKind.named(.insight)?.main ?? []).joined().map { Context.pane($0) })

  static let all: [Command] = [
    Command(
      "large", keys: ["enter"], in: contexts, "give the pane the middle of the screen, or share it again",
      hint: "large",
      hintNow: { $0.largePane == nil ? nil : "small" },
      action: .perform { state in
        let middle = ScreenKind.named(state.screen).map { $0.bringsForth ? $0.main.flatMap { $0 } : [] } ?? []
        guard middle.contains(state.focus) else {
          state.message = .error("only a pane of the insight screen opens large: I leads there")
          return []
        }
        state.largePane = state.largePane == nil ? state.focus : nil
        return []
      }),
    Command(
      "measure", keys: ["n"], in: contexts, "measure the codes anew, or go on after Esc has stopped it",
      hint: "measure",
      works: { $0.insight.work == nil },
      action: .perform { state in
        guard ScreenKind.named(state.screen)?.panes.contains(.measures) == true else {
          return state.update(.show(.insight))
        }
        return state.measureAgain()
      }),
  ]
}

extension PaneCanvas {
  /// The title of a pane of the insight screen; at the right how far its measures are, which of its rows are shown, or of
  /// what it is.
  mutating func titleInsight(_ pane: Pane, _ text: String, rows: String = "") {
    let insight = state.insight
    if let work = insight.work, !work.isFollowing {
      title(pane, text, note: "measuring \(Int(work.fraction * 100)) %")
    } else if insight.isStopped {
      title(pane, text, note: "stopped: n goes on")
    } else if !rows.isEmpty {
      title(pane, text, note: rows)
    } else if let cloud = state.cloud {
      title(pane, text, note: cloud.countText)
    } else {
      title(pane, text)
    }
  }

  /// Says why the finding of a measure is not there.
  mutating func writeInsightAbsence(_ measure: Measure, _ inside: Rectangle) {
    if let reason = state.reasonNotToMeasure { return writeAbsence(reason.text, inside) }
    if case .problem(let problem)? = state.insight.findings[measure.name]?.outcome {
      return writeAbsence(problem, inside)
    }
    writeAbsence(state.insight.isStopped ? "not measured: n goes on" : "being measured…", inside)
  }

  /// Says in a pane why there is nothing to see yet.
  mutating func writeAbsence(_ text: String, _ inside: Rectangle) { write([text], in: inside, theme.faint) }

  /// Writes paragraphs in a pane, as many of their lines as fit.
  mutating func write(_ paragraphs: [String], in area: Rectangle, _ style: Style) {
    let lines = paragraphs.flatMap { wordWrapped($0, to: area.width - 2) }
    for (row, line) in lines.prefix(max(0, area.height)).enumerated() {
      frame.write(line, column: area.column + 1, row: area.row + row, style)
    }
  }
}
