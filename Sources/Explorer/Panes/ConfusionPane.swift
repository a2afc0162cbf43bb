import Canvas

extension Pane {
  /// Which classes are taken for which.
  static let confusion = Pane(rawValue: "confusion")
}

extension PaneKind {
  static let confusion = PaneKind(
    .confusion, title: "Confusion",
    room: { state, area in
      guard let confusion = state.classification?.confusion else { return nil }
      let rows = confusion.classes.count + 3
      // In a column of its own it is a side dish.
      return Room(least: min(rows, 13), wanted: min(rows, 40), priority: area == .side ? 1 : 7)
    },
    draw: { canvas, _ in canvas.drawConfusion() },
    press: { state, layout, spot in
      guard let confusion = state.classification?.confusion else { return [] }
      let plan = ConfusionPlan(confusion, layout.inside(.confusion), state)
      guard let pair = plan.pair(at: spot) else { return [] }
      return [.perform { $0.visit(pair.truth, takenFor: pair.predicted) }]
    },
    words: { state in
      guard let classification = state.classification, let confusion = classification.confusion else { return [] }
      let worst = confusion.worst.prefix(5).map {
        "\(state.words(ofClass: Int($0.truth))) for \(state.words(ofPrediction: Int($0.predicted))) \($0.count)"
      }
      return [
        "Confusion: \(Numbers.fixed(confusion.accuracy * 100, 1)) % of \(Numbers.counted(confusion.total, "code")) right"
          + " by \(classification.source.name)" + (classification.noteOnOtherClasses.map { ", \($0)" } ?? "")
          + (worst.isEmpty ? "." : "; taken: \(worst.joined(separator: ", ")).")
      ]
    })
}

/// Where the cells of the confusion matrix stand. Where not all classes fit, those with the most mistakes are shown.
struct ConfusionPlan {
  /// Places in the matrix's classes, in order.
  let shown: [Int]
  let cellWidth: Int
  let confusion: Confusion
  /// The columns before the cells: as wide as the names of the rows, where the cells leave as much.
  let labelWidth: Int
  /// What the classes that are shown are called before the rows, and above the columns.
  let rowNames: [String]
  let columnNames: [String]

  init(_ confusion: Confusion, _ inside: Rectangle, _ state: State) {
    self.confusion = confusion
    let count = confusion.classes.count
    let longest = confusion.classes.map { state.name(ofClass: Int($0)).count }.max() ?? 1
    let digits = confusion.classes.map { "\($0)".count }.max() ?? 1
    let rows = max(1, inside.height - 1)
    labelWidth = max(digits + 2, min(longest + 2, inside.width - 4 * min(count, rows), 14))
    let room = max(1, inside.width - labelWidth)
    // The number of a class always fits its column, and a blank before it.
    let least = max(3, digits + 1)
    let fitting = max(1, min(rows, room / least))
    cellWidth = max(least, min(6, room / max(1, min(count, fitting))))
    if count <= fitting {
      shown = Array(0..<count)
    } else {
      let wrong = (0..<count).map { place in confusion.mistakes(at: place) }
      shown = (0..<count).sorted { (wrong[$1], $0) < (wrong[$0], $1) }.prefix(fitting).sorted()
    }
    let classes = shown.map { confusion.classes[$0] }
    columnNames = state.names(ofClasses: classes, to: cellWidth - 1)
    let names = state.names(ofClasses: classes, to: labelWidth - 1)
    let numbers = classes.map { "\($0)" }
    // Where the columns have room for numbers alone, these tell in the rows which name is whose.
    let isTold = columnNames != numbers || names == numbers
    let width = labelWidth - 1
    rowNames = isTold ? names : zip(numbers, names).map { shortened("\($0) \($1)", to: width) }
  }

  /// The pair of classes at a cell of the pane.
  func pair(at spot: PaneKind.Spot) -> (truth: Int32, predicted: Int32)? {
    let (row, column) = (spot.row - 1, (spot.column - labelWidth) / cellWidth)
    guard spot.column >= labelWidth, shown.indices.contains(row), shown.indices.contains(column) else {
      return nil
    }
    return (confusion.classes[shown[row]], confusion.classes[shown[column]])
  }
}

extension PaneCanvas {
  /// The share of each true class (a row) that is taken for each class (a column), in percent.
  mutating func drawConfusion() {
    let inside = layout.inside(.confusion)
    guard let classification = state.classification, let confusion = classification.confusion else { return }
    let plan = ConfusionPlan(confusion, inside, state)
    let partial =
      plan.shown.count < confusion.classes.count ? "\(plan.shown.count) of \(confusion.classes.count), " : ""
    let right = "\(partial)\(Numbers.fixed(confusion.accuracy * 100, 1)) % of \(Numbers.grouped(confusion.total)) right"
    let others = classification.otherClassCount
    title(
      .confusion, ["taken for, % of each class", "taken for, %"],
      notes: (others > 0 ? ["\(right), \(Numbers.grouped(others)) of other classes left out"] : []) + [right])
    func style(of place: Int) -> Style {
      Style(ClassPalette.color(of: Int(confusion.classes[place]), rendition: rendition), .bold)
    }
    for (index, place) in plan.shown.enumerated() {
      frame.write(
        padded(plan.columnNames[index], to: plan.cellWidth - 1, right: true),
        column: inside.column + plan.labelWidth + index * plan.cellWidth, row: inside.row, style(of: place))
      frame.write(
        plan.rowNames[index], column: inside.column + 1, row: inside.row + 1 + index, style(of: place),
        maximumWidth: plan.labelWidth - 1)
    }
    for (row, truth) in plan.shown.enumerated() {
      for (column, predicted) in plan.shown.enumerated() {
        let share = confusion.share(truth, predicted) * 100
        // What hardly ever happens is a dot, what never does is nothing.
        guard confusion.counts[truth][predicted] > 0 else { continue }
        let text = share < 0.5 ? (rendition.unicode ? "·" : ".") : Numbers.fixed(share, 0)
        let style =
          truth == predicted ? style(of: truth) : share >= 5 ? theme.accent : share >= 1 ? theme.text : theme.faint
        frame.write(
          padded(text, to: plan.cellWidth - 1, right: true),
          column: inside.column + plan.labelWidth + column * plan.cellWidth, row: inside.row + 1 + row, style)
      }
    }
  }
}

extension State {
  /// Takes the next stored code of a true class that is taken for a class.
  mutating func visit(_ truth: Int32, takenFor predicted: Int32) -> [Effect] {
    guard let cloud, let classification, cloud.labels.count == classification.labels.count else { return [] }
    let all = cloud.labels.indices.filter { cloud.labels[$0] == truth && classification.labels[$0] == predicted }
    guard let first = all.first else {
      message = .note("no \(words(ofClass: Int(truth))) is taken for \(words(ofPrediction: Int(predicted)))")
      return []
    }
    let index = sourceIndex.flatMap { current in all.first { $0 > current } } ?? first
    take(stored: index)
    message = .note(
      "\(words(ofClass: Int(truth))) taken for \(words(ofPrediction: Int(predicted))): "
        + "\((all.firstIndex(of: index) ?? 0) + 1) of \(all.count)")
    return []
  }
}
