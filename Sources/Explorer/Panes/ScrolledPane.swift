import Canvas

/// The rows of a pane's list that are shown: from where a person scrolled it.
struct ScrolledPane {
  let count: Int
  let first: Int
  let rows: Int

  init(_ pane: Pane, count: Int, height: Int, _ state: State) {
    self.count = count
    rows = min(count, max(1, height))
    first = min(max(0, state.insight.offsets[pane] ?? 0), max(0, count - rows))
  }

  var shown: Range<Int> { first..<first + rows }
  /// Which rows are shown, where not all are.
  var note: String { rows < count ? "\(first + 1)–\(first + rows) of \(count)" : "" }

  /// The keys of a list of so many rows.
  static func commands(_ pane: Pane, _ what: String, count: @escaping @Sendable (State) -> Int) -> [Command] {
    [
      Command(
        "\(what) below", keys: ["down"], in: [.pane(pane)], "scroll down", hint: "scroll",
        action: scroll(pane, by: 1, count: count)),
      Command(
        "\(what) above", keys: ["up"], in: [.pane(pane)], "scroll up", action: scroll(pane, by: -1, count: count)),
    ]
  }

  /// Moves the rows that a pane shows; the last row goes no higher than the foot.
  static func scroll(_ pane: Pane, by change: Int, count: @escaping @Sendable (State) -> Int) -> Action {
    .perform { state in
      let rows = ScrolledPane(pane, count: count(state), height: (state.layout?.inside(pane).height ?? 1) - 1, state)
      state.panes[Insight.self].offsets[pane] = min(max(0, rows.first + change), max(0, rows.count - rows.rows))
      return []
    }
  }
}

extension PaneCanvas {
  /// Rests the cursor on the first row of a list.
  mutating func restOnList(_ pane: Pane) {
    let inside = layout.inside(pane)
    rest(pane, column: inside.column, row: inside.row + 1)
  }
}
