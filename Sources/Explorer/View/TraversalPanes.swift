import Canvas

/// Where the digits of the strip stand: drawn and clicked by the same reckoning.
enum StripPicture {
  static func column(of place: Int, plan: StripPlan, width: Int) -> Int {
    max(0, (width - plan.cell.width * plan.values.count) / 2) + place * plan.cell.width
  }

  static func place(atColumn column: Int, plan: StripPlan, width: Int) -> Int {
    let left = self.column(of: 0, plan: plan, width: width)
    return column < left ? -1 : (column - left) / max(1, plan.cell.width)
  }
}

extension PaneCanvas {
  mutating func drawStrip(_ cache: inout ViewCache) {
    let inside = layout.inside(.strip)
    let plan = StripPlan(state, layout)
    var name = "traversal of \(selectionName)"
    if state.selection == .track, let track = state.steering.track {
      switch track.kind {
      case .interpolation:
        name = "from \(track.name.replacing("→", with: " to ")) \(track.isSpherical ? "along the sphere" : "straight")"
      case .direction: name = "along the direction \(track.name)"
      }
    }
    title(
      .strip, name, note: state.animation == nil ? "space plays" : "playing, \(state.speed) steps a second")
    guard let pictures = state.scene.parts[.strip], pictures.images.count == plan.values.count else { return }
    let frames = cache.frames(
      of: .strip, pictures.images, width: plan.cell.width, height: plan.cell.height, rendition: rendition)
    let current = plan.current(state.selectedValue)
    for (place, picture) in frames.enumerated() {
      let column = inside.column + StripPicture.column(of: place, plan: plan, width: inside.width)
      frame.draw(picture, column: column, row: inside.row)
      let text = Numbers.fixed(plan.values[place], 2, signed: state.stripRange.lowerBound < 0)
      let offset = max(0, (plan.cell.width - text.count) / 2)
      let isCurrent = place == current
      frame.write(
        isCurrent ? "▸" + text + "◂" : text, column: column + offset - (isCurrent ? 1 : 0),
        row: inside.row + plan.cell.height, isCurrent ? theme.accent : theme.faint)
      if isCurrent { rest(.strip, column: column + offset, row: inside.row + plan.cell.height) }
    }
  }

  mutating func drawGrid(_ cache: inout ViewCache) {
    let inside = layout.inside(.grid)
    let plan = GridPlan(state, layout)
    let spacing = state.options.contains(.quantileSpacing) ? "quantiles of the prior" : "even steps"
    title(.grid, "manifold  \(state.axisNames)", note: spacing)
    guard let pictures = state.scene.parts[.grid], pictures.images.count == plan.columns.count * plan.rows.count,
      !plan.columns.isEmpty
    else { return }
    let frames = cache.frames(
      of: .grid, pictures.images, width: plan.cell.width, height: plan.cell.height, rendition: rendition)
    let left = inside.column + (inside.width - plan.columns.count * plan.cell.width) / 2
    let top = inside.row + (inside.height - plan.rows.count * plan.cell.height) / 2
    for (index, picture) in frames.enumerated() {
      frame.draw(
        picture, column: left + index % plan.columns.count * plan.cell.width,
        row: top + index / plan.columns.count * plan.cell.height)
    }
    let place = plan.place(of: state.crosshair)
    let cell = Rectangle(
      column: left + place.column * plan.cell.width, row: top + place.row * plan.cell.height,
      width: plan.cell.width, height: plan.cell.height)
    mark(cell)
    rest(.grid, column: cell.column, row: cell.row)
    // The lower line belongs to the strip's title where the strip is below.
    if layout.panes[.strip] == nil, let rectangle = layout.panes[.grid], let first = plan.columns.first,
      let last = plan.columns.last,
      let upper = plan.rows.first, let lower = plan.rows.last
    {
      let text =
        " \(state.plot.x.name) \(Numbers.fixed(first, 1, signed: true)) to \(Numbers.fixed(last, 1, signed: true)),"
        + " \(state.plot.y.name) \(Numbers.fixed(lower, 1, signed: true)) to \(Numbers.fixed(upper, 1, signed: true)) "
      frame.write(
        shortened(text, to: rectangle.width - 4), column: rectangle.column + 2, row: rectangle.endRow - 1, theme.faint)
    }
  }

  mutating func drawMatrix(_ cache: inout ViewCache) {
    let inside = layout.inside(.matrix)
    let plan = MatrixPlan(state, layout)
    title(
      .matrix, "traversals of every dimension",
      note: plan.dimensions.count < state.latentSize
        ? "\(plan.dimensions.count) of \(state.latentSize)" : state.ordersByDivergence ? "by KL" : "s orders by KL")
    guard let pictures = state.scene.parts[.matrix],
      pictures.images.count == plan.values.count * plan.dimensions.count, !plan.values.isEmpty
    else { return }
    let frames = cache.frames(
      of: .matrix, pictures.images, width: plan.cell.width, height: plan.cell.height, rendition: rendition)
    let left = inside.column + MatrixPlan.labelWidth
    for (column, value) in plan.values.enumerated() {
      let text = Numbers.fixed(value, 1, signed: true)
      frame.write(
        text, column: left + column * plan.cell.width + max(0, (plan.cell.width - text.count) / 2), row: inside.row,
        theme.faint)
    }
    for (place, dimension) in plan.dimensions.enumerated() {
      let row = inside.row + 1 + place * plan.cell.height
      for column in plan.values.indices {
        frame.draw(
          frames[place * plan.values.count + column], column: left + column * plan.cell.width, row: row)
      }
      let isSelected = state.selection == .dimension(dimension)
      let style = isSelected ? theme.strong : state.isInactive(dimension) ? theme.faint : theme.text
      let middle = row + plan.cell.height / 2
      frame.write(isSelected ? "▸" : " ", column: inside.column, row: middle, theme.accent)
      frame.write("z\(dimension + 1)", column: inside.column + 1, row: middle, style)
      if let divergence = state.divergence(dimension) {
        frame.write(
          "KL \(Numbers.fixed(divergence, 2))", column: inside.column + 1, row: middle + 1, theme.faint,
          maximumWidth: MatrixPlan.labelWidth - 2)
      }
      let value = state.code[dimension]
      guard let nearest = plan.values.indices.min(by: { abs(plan.values[$0] - value) < abs(plan.values[$1] - value) })
      else { continue }
      if isSelected {
        let cell = Rectangle(
          column: left + nearest * plan.cell.width, row: row, width: plan.cell.width, height: plan.cell.height)
        mark(cell)
        rest(.matrix, column: cell.column, row: cell.row)
      }
    }
  }
}
