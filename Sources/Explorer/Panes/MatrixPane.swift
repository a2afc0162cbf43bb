import Canvas

extension Pane {
  /// Traversals of every dimension.
  static let matrix = Pane(rawValue: "matrix")
}

extension Context {
  static let matrix = Context.pane(.matrix)
}

extension Scene.Part {
  static let matrix = Scene.Part(rawValue: "matrix")
}

extension PaneKind {
  static let matrix = PaneKind(
    .matrix, title: "Traversal matrix", takesKeys: true, room: { _, _ in Room(least: 6, priority: 10) },
    pictures: { state, layout in [.matrix: MatrixPlan(state, layout).batch] },
    draw: { canvas, cache in canvas.drawMatrix(&cache) },
    press: { state, layout, spot in
      let plan = MatrixPlan(state, layout)
      let row = (spot.row - 1) / max(1, plan.cell.height)
      guard spot.row >= 1, plan.dimensions.indices.contains(row) else { return [] }
      let column = (spot.column - MatrixPlan.labelWidth) / max(1, plan.cell.width)
      let select = Action.pickSlider(.dimension(plan.dimensions[row]))
      guard spot.column >= MatrixPlan.labelWidth, plan.values.indices.contains(column) else { return [select] }
      return [select, .setSelected(plan.values[column])]
    },
    wheel: { _, _, _, direction in [.selectSlider(.by(-direction))] },
    words: { state in
      guard let layout = state.layout, layout.panes[.matrix] != nil, state.latentSize > 0 else { return [] }
      return [MatrixPlan(state, layout).words]
    },
    commands: PictureSizes.commands(.matrix))
}

/// The digits of the matrix: a traversal of every dimension.
struct MatrixPlan {
  let cell: (width: Int, height: Int)
  /// The dimensions shown, top to bottom.
  let dimensions: [Int]
  let values: [Float]
  private let state: State
  /// The columns before the digits, for names and divergences.
  static let labelWidth = 9

  init(_ state: State, _ layout: Layout) {
    var inside = layout.inside(.matrix)
    inside.width -= Self.labelWidth
    inside.height -= 1
    let order = state.order
    // The largest digits of which every dimension has its row (six of them, where there are more) and three columns remain:
    // a few dimensions fill the pane as many do.
    cell = DigitCells.fitting(
      inside, columns: 3, rows: min(max(1, order.count), 6), least: 3, of: state.subject,
      larger: state.pictureSteps(.matrix))
    let fitting = max(1, inside.width / cell.width)
    let count = min(15, fitting % 2 == 0 ? fitting - 1 : fitting)
    values = (0..<count).map { count == 1 ? 0 : -3 + 6 * Float($0) / Float(count - 1) }
    let rows = max(1, inside.height / cell.height)
    var first = 0
    if case .dimension(let selected) = state.selection, let place = order.firstIndex(of: selected) {
      first = max(0, min(place - rows / 2, order.count - rows))
    }
    dimensions = Array(order.dropFirst(first).prefix(rows))
    self.state = state
  }

  /// The codes of all digits, row by row: made where they are decoded, not where their pictures are drawn.
  var batch: Scene.Batch {
    var batch = Scene.Batch()
    for dimension in dimensions {
      var code = state.code
      for value in values {
        code[dimension] = value
        batch.append(code)
      }
    }
    return batch
  }

  /// The digits of a row as a scale, from the pane's first column on.
  var scale: TraversalScale { TraversalScale(values: values, cellWidth: cell.width, origin: Self.labelWidth) }

  /// All of it in a sentence, and which of its rows are shown where they are not all.
  var words: String {
    let ends = [values.first, values.last].compactMap { $0 }.map { Numbers.fixed($0, 0, signed: true) }
    let range = values.count > 1 ? "from \(ends.joined(separator: " to "))" : "at 0"
    let (dimensions, order) = (dimensions, state.order)
    var rows = ""
    if dimensions.count < order.count, let first = dimensions.first.flatMap(order.firstIndex(of:)) {
      let last = first + dimensions.count
      rows = last == first + 1 ? ", row \(last) shown" : ", rows \(first + 1)–\(last) shown"
    }
    let size = "\(Numbers.counted(order.count, "dimension")) by \(Numbers.counted(values.count, "digit"))"
    return "Matrix: \(size) \(range)\(rows)."
  }

  /// A value as it stands above its column, as exactly as there is room for.
  func text(of value: Float) -> String { Numbers.fixed(value, cell.width > 5 ? 2 : 1, signed: true) }
}

extension PaneCanvas {
  mutating func drawMatrix(_ cache: inout ViewCache) {
    let inside = layout.inside(.matrix)
    let plan = MatrixPlan(state, layout)
    title(
      .matrix, "traversals of every dimension",
      note: plan.dimensions.count < state.order.count
        ? "\(plan.dimensions.count) of \(state.order.count)" : state.ordersByDivergence ? "by KL" : "s orders by KL")
    guard let pictures = state.scene.parts[.matrix],
      pictures.images.count == plan.values.count * plan.dimensions.count, !plan.values.isEmpty
    else { return }
    let frames = cache.frames(
      of: .matrix, pictures.images, width: plan.cell.width, height: plan.cell.height, rendition: rendition)
    let left = inside.column + MatrixPlan.labelWidth
    // The true value stands among those of the columns, as in the strip; what it covers is left out.
    let chosen = plan.dimensions.first { state.selection == .dimension($0) }
    let current = chosen.flatMap {
      plan.scale.caption(Numbers.fixed(state.code[$0], 2, signed: true), of: state.code[$0], width: inside.width)
    }
    for (column, value) in plan.values.enumerated() {
      let text = plan.text(of: value)
      let begin = plan.scale.column(of: column) + max(0, (plan.cell.width - text.count) / 2)
      if let current, current.touches(text, at: begin) { continue }
      frame.write(text, column: inside.column + begin, row: inside.row, theme.faint)
    }
    if let current {
      frame.write(spelled(current.text), column: inside.column + current.column, row: inside.row, theme.accent)
    }
    for (place, dimension) in plan.dimensions.enumerated() {
      let row = inside.row + 1 + place * plan.cell.height
      for column in plan.values.indices {
        frame.draw(
          frames[place * plan.values.count + column], column: left + column * plan.cell.width, row: row, in: inside)
      }
      drawMatrixLabel(
        dimension, column: inside.column, row: row + (plan.cell.height - 1) / 2, rows: plan.cell.height)
      if dimension == chosen { markMatrixValue(state.code[dimension], plan, inside, row: row) }
    }
  }

  /// Marks where in its row a value stands: the digit that it is of, or the place between two, or the end it lies beyond.
  private mutating func markMatrixValue(_ value: Float, _ plan: MatrixPlan, _ inside: Rectangle, row: Int) {
    let (left, middle) = (inside.column + MatrixPlan.labelWidth, row + (plan.cell.height - 1) / 2)
    switch plan.scale.spot(of: value) {
    case .at(let digit):
      let cell = Rectangle(
        column: left + digit * plan.cell.width, row: row, width: plan.cell.width, height: plan.cell.height)
      mark(cell)
      rest(.matrix, column: cell.column, row: cell.row)
    case .between(let place):
      let column = min(inside.endColumn - 1, inside.column + Int(plan.scale.middle(of: place)))
      frame.write("▾", column: column, row: row, theme.accent)
      frame.write("▴", column: column, row: row + plan.cell.height - 1, theme.accent)
      rest(.matrix, column: column, row: row)
    case .before:
      frame.write("◂", column: left - 1, row: middle, theme.accent)
      rest(.matrix, column: left - 1, row: middle)
    case .beyond:
      let column = min(inside.endColumn - 1, left + plan.values.count * plan.cell.width)
      frame.write("▸", column: column, row: middle, theme.accent)
      rest(.matrix, column: column, row: middle)
    case nil: rest(.matrix, column: inside.column, row: row)
    }
  }

  /// The name, and where there are two rows for it, the value where it has the keys, or the divergence.
  private mutating func drawMatrixLabel(_ dimension: Int, column: Int, row: Int, rows: Int) {
    let isSelected = state.selection == .dimension(dimension)
    let style = isSelected ? theme.strong : state.isInactive(dimension) ? theme.faint : theme.text
    frame.write(isSelected ? "▸" : " ", column: column, row: row, theme.accent)
    frame.write(state.name(of: .dimension(dimension)), column: column + 1, row: row, style)
    guard rows > 1 else { return }
    let room = MatrixPlan.labelWidth - 2
    if isSelected {
      frame.write(
        Numbers.fixed(state.code[dimension], 2, signed: true), column: column + 1, row: row + 1, theme.accent,
        maximumWidth: room)
    } else if let divergence = state.divergence(dimension) {
      frame.write(
        "KL \(Numbers.fixed(divergence, 2))", column: column + 1, row: row + 1, theme.faint, maximumWidth: room)
    }
  }
}
