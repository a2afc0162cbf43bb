import Canvas

/// Which slider stands in which row, and where its bar begins: drawn and clicked by the same reckoning. The chosen
/// slider has a row more, in which its bar takes the pane's whole width and moves by eighths of a cell.
struct SliderRows {
  /// A row of the pane.
  struct Line: Hashable {
    var selection: State.Selection
    /// Whether it is the wide bar beneath the chosen slider.
    var isRuler = false
  }

  let lines: [Line]
  /// How many sliders stand above the first that is shown, how many are shown, and how many there are.
  let first: Int
  let shownCount: Int
  let total: Int
  let labelWidth: Int
  let barColumn: Int
  let barWidth: Int
  /// The columns that the ends of the range take beside the wide bar.
  let endWidth: Int
  let rulerColumn: Int
  /// The columns of the pane.
  let width: Int
  let rulerWidth: Int
  /// Whether the divergence is written beside the bar, or only its height is shown.
  let writesDivergence: Bool
  /// The mutual information with the image that is written, too, by the places of the dimensions; empty where it is not.
  let informations: [Float]
  /// The columns from which on there is room for it.
  static let leastWidthOfInformation = 60

  init(_ state: State, _ inside: Rectangle) {
    let all = state.sliders
    let hasRuler = inside.height >= 3 && !all.isEmpty
    // A choice tells its probabilities in a row of their own, whether or not it is chosen, where there is room for all.
    let choices = all.filter { if case .choice = $0 { $0 != state.selection } else { false } }
    let showsChoices = hasRuler && inside.height >= all.count + choices.count + 1
    let rows = max(1, inside.height - (hasRuler ? 1 : 0) - (showsChoices ? choices.count : 0))
    let place = all.firstIndex(of: state.selection) ?? 0
    let first = max(0, min(place - rows / 2, all.count - rows))
    self.first = first
    total = all.count
    let shown = Array(all.dropFirst(first).prefix(rows))
    shownCount = shown.count
    lines = shown.flatMap { selection in
      hasRuler && selection == state.selection || showsChoices && choices.contains(selection)
        ? [Line(selection: selection), Line(selection: selection, isRuler: true)] : [Line(selection: selection)]
    }
    width = inside.width
    // A way between classes of long names leaves most of the row to the bars.
    let mostLabel = max(7, inside.width / 4)
    labelWidth = max(2, all.map { min(mostLabel, Self.label(of: $0, in: state, to: mostLabel).count) }.max() ?? 2)
    writesDivergence = inside.width >= 44
    informations = inside.width >= Self.leastWidthOfInformation ? state.informations : []
    barColumn = labelWidth + 2
    barWidth = max(3, min(61, inside.width - barColumn - (!informations.isEmpty ? 29 : writesDivergence ? 18 : 9)))
    let ends = Self.ends(of: Self.range(of: state.selection, in: state))
    endWidth = max(ends.low.count, ends.high.count)
    rulerColumn = 1 + endWidth + 1
    rulerWidth = max(3, inside.width - 2 * rulerColumn)
  }

  /// What a slider is called in the columns there are.
  static func label(of selection: State.Selection, in state: State, to width: Int) -> String {
    if selection == .track, let track = state.steering.track { return track.name(to: width) }
    return state.name(of: selection)
  }

  /// Where the classes of a choice stand beside its name.
  func cells(of choice: CodeColumns.Choice, in code: [Float]) -> ChoiceCells {
    ChoiceCells(choice, code, column: barColumn, width: width - barColumn)
  }

  /// The name of the chosen class where its cell has no room for it, or nothing.
  func chosenName(_ state: State) -> String {
    guard case .choice(let index) = state.selection, let choice = state.choice(index) else { return "" }
    let name = choice.named(choice.likeliest(in: state.code)).seen
    return name.count <= cells(of: choice, in: state.code).nameWidth ? "" : name
  }

  func line(atRow row: Int) -> Line? { lines.indices.contains(row) ? lines[row] : nil }

  static func range(of selection: State.Selection, in state: State) -> ClosedRange<Float> {
    switch selection {
    case .dimension(let index): state.range(index)
    case .choice(let index): state.choice(index).map { 0...Float(max(1, $0.range.count - 1)) } ?? 0...1
    case .track: state.steering.track?.range ?? 0...1
    }
  }

  /// The ends of a range as they are written: `−4` and `+4`.
  static func ends(of range: ClosedRange<Float>) -> (low: String, high: String) {
    let isSigned = range.lowerBound < 0
    return (
      Numbers.fixed(range.lowerBound, 0, signed: isSigned), Numbers.fixed(range.upperBound, 0, signed: isSigned)
    )
  }

  /// The value that a press on a bar means; nil beside it.
  func value(atColumn column: Int, of line: Line, in state: State) -> Float? {
    let range = Self.range(of: line.selection, in: state)
    if case .choice(let index) = line.selection, let choice = state.choice(index) {
      return cells(of: choice, in: state.code).place(atColumn: column).map { Float($0) }
    }
    let fraction: Double
    if line.isRuler {
      guard (rulerColumn..<rulerColumn + rulerWidth).contains(column) else { return nil }
      fraction = rulerWidth > 1 ? Double(column - rulerColumn) / Double(rulerWidth - 1) : 0
    } else {
      guard barWidth >= 3, (barColumn..<barColumn + barWidth).contains(column) else { return nil }
      fraction = Gauges.sliderFraction(column: column - barColumn, width: barWidth)
    }
    let value = range.lowerBound + Float(fraction) * (range.upperBound - range.lowerBound)
    return (value * 100).rounded() / 100
  }
}
