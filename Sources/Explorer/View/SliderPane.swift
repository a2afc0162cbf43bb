import Canvas

/// Which slider stands in which row, and where its bar begins: drawn and clicked by the same reckoning.
struct SliderRows {
  let shown: [State.Selection]
  /// How many stand above the first that is shown.
  let first: Int
  let total: Int
  let labelWidth: Int
  let barColumn: Int
  let barWidth: Int
  /// Whether the divergence is written beside the bar, or only its height is shown.
  let writesDivergence: Bool

  init(_ state: State, _ inside: Rectangle) {
    let all = state.sliders
    let rows = max(1, inside.height)
    let place = all.firstIndex(of: state.selection) ?? 0
    let first = max(0, min(place - rows / 2, all.count - rows))
    self.first = first
    total = all.count
    shown = Array(all.dropFirst(first).prefix(rows))
    labelWidth = max(2, all.map { Self.name(of: $0, state).count }.max() ?? 2)
    writesDivergence = inside.width >= 44
    barColumn = labelWidth + 2
    barWidth = max(3, min(61, inside.width - barColumn - (writesDivergence ? 18 : 9)))
  }

  func selection(atRow row: Int) -> State.Selection? { shown.indices.contains(row) ? shown[row] : nil }

  func range(of selection: State.Selection, in state: State) -> ClosedRange<Float> {
    switch selection {
    case .dimension(let index): state.range(index)
    case .track: state.steering.track?.range ?? 0...1
    }
  }

  static func name(of selection: State.Selection, _ state: State) -> String {
    switch selection {
    case .dimension(let index): "z\(index + 1)"
    case .track: state.steering.track?.name ?? ""
    }
  }
}

extension PaneCanvas {
  mutating func drawSliders() {
    let inside = layout.inside(.sliders)
    let rows = SliderRows(state, inside)
    let isPartial = rows.shown.count < rows.total
    title(
      .sliders, "sliders",
      note: isPartial
        ? "\(rows.first + 1)–\(rows.first + rows.shown.count) of \(rows.total)"
        : state.ordersByDivergence ? "by KL" : "")
    guard !rows.shown.isEmpty, state.latentSize > 0 else {
      frame.write("no model", column: inside.column + 1, row: inside.row, theme.faint)
      return
    }
    for (offset, selection) in rows.shown.enumerated() {
      drawSlider(selection, rows, inside, row: inside.row + offset)
    }
    drawSummary(inside, from: inside.row + rows.shown.count)
  }

  private mutating func drawSlider(_ selection: State.Selection, _ rows: SliderRows, _ inside: Rectangle, row: Int) {
    let isSelected = selection == state.selection
    var isLocked = false
    var style = theme.text
    var value: Float = state.steering.track?.position ?? 0
    var divergence: Float?
    if case .dimension(let index) = selection {
      isLocked = state.steering.locked.contains(index)
      value = state.code[index]
      divergence = state.divergence(index)
      if state.isInactive(index) { style = theme.faint }
    }
    if isSelected { style = state.focus == .sliders || state.focus == .matrix ? theme.strong : theme.text }
    let marker = isSelected ? (state.animation == nil ? "▸" : "▶") : " "
    frame.write(marker, column: inside.column, row: row, theme.accent)
    frame.write(SliderRows.name(of: selection, state), column: inside.column + 1, row: row, style)
    if isLocked { frame.write("L", column: inside.column + 1 + rows.labelWidth, row: row, theme.accent) }
    let range = rows.range(of: selection, in: state)
    let fraction = Double((value - range.lowerBound) / (range.upperBound - range.lowerBound))
    let bar = Gauges.slider(fraction: fraction, width: rows.barWidth, rendition: rendition)
    let barColumn = inside.column + rows.barColumn
    frame.write(bar, column: barColumn, row: row, isSelected ? theme.text : theme.faint)
    // The knob stands out of its line.
    let knob = 1 + Int((min(1, max(0, fraction)) * Double(rows.barWidth - 3)).rounded())
    frame[barColumn + knob, row].foreground = (isSelected ? theme.accent : theme.text).foreground
    frame[barColumn + knob, row].attributes = isSelected ? .bold : []
    if isSelected { rest(.sliders, column: barColumn + knob, row: row) }
    // As many decimals as the column has room for.
    let text = Numbers.fixed(value, abs(value) < 9.995 ? 2 : abs(value) < 99.95 ? 1 : 0, signed: true)
    var column = barColumn + rows.barWidth + 1
    frame.write(padded(text, to: 5, right: true), column: column, row: row, style)
    column += 6
    guard let divergence else { return }
    let largest = state.cloud?.divergences.max() ?? 1
    let spark = Gauges.sparkline(
      [Double(divergence)], width: 1, range: 0...Double(max(0.1, largest)), rendition: rendition)
    if rows.writesDivergence {
      frame.write(
        "KL \(padded(Numbers.fixed(divergence, 2), to: 5, right: true)) \(spark)", column: column + 1, row: row,
        theme.faint)
    } else {
      frame.write(spark, column: column + 1, row: row, theme.faint)
    }
  }

  /// What the sliders amount to, in the rows they leave.
  private mutating func drawSummary(_ inside: Rectangle, from first: Int) {
    var lines: [(String, Style)] = []
    if let cloud = state.cloud, !cloud.divergences.isEmpty {
      let active = "\((0..<state.latentSize).filter { !state.isInactive($0) }.count) of \(state.latentSize) active"
      let total = Numbers.fixed(cloud.divergences.reduce(0, +), 2)
      lines.append((state.subject.isAutoencoder ? active : "KL \(total) nats, \(active)", theme.faint))
    }
    if layout.panes[.look] == nil {
      let look = LookFacts(state)
      if let text = look.nearest { lines.append((text, theme.faint)) }
      if look.isEmpty { lines.append(("empty: no digit lives here", theme.accent)) }
    }
    // A row stays free between sliders and words where there is room.
    let gap = inside.endRow - first > lines.count ? 1 : 0
    for (offset, line) in lines.prefix(max(0, inside.endRow - first - gap)).enumerated() {
      frame.write(
        shortened(line.0, to: inside.width - 1), column: inside.column + 1, row: first + gap + offset, line.1)
    }
  }
}
