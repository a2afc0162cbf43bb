import Canvas
import Terminal

extension State {
  /// A click picks in the scatter and the grid and sets sliders; the wheel zooms and slides.
  mutating func take(_ event: MouseEvent) -> [Effect] {
    // Letting a button go is part of the click whose error may be on the screen.
    if [.press, .wheelUp, .wheelDown].contains(event.action) { message = nil }
    guard let layout else { return [] }
    guard case .none = overlay else { return [] }
    guard
      let (pane, _) = layout.panes.filter({ $0.value.inset().contains(column: event.column, row: event.row) })
        .min(by: { $0.key.rawValue < $1.key.rawValue })
    else { return event.action == .press && event.row == 0 ? clickTab(event.column) : [] }
    let inside = layout.inside(pane)
    let column = event.column - inside.column
    let row = event.row - inside.row
    switch event.action {
    case .press where event.button == .left, .drag where event.button == .left:
      if pane.isFocusable { focus = pane }
      switch pane {
      case .scatter: moveInPlane(to: point(column: column, row: row))
      case .sliders: slide(toColumn: column, row: row, inside)
      case .strip: pickFromStrip(column, layout)
      case .grid:
        let plan = GridPlan(self, layout)
        let across = column / max(1, plan.cell.width)
        let down = row / max(1, plan.cell.height)
        guard plan.columns.indices.contains(across), plan.rows.indices.contains(down) else { return [] }
        moveInPlane(to: SIMD2(plan.columns[across], plan.rows[down]))
      default: break
      }
    case .press where event.button == .right && pane == .scatter:
      moveInPlane(to: point(column: column, row: row))
      pick(.snap)
    case .wheelUp, .wheelDown:
      let sign = event.action == .wheelUp ? 1 : -1
      switch pane {
      case .scatter: zoom(by: sign > 0 ? 0.8 : 1.25, around: point(column: column, row: row))
      case .sliders: return steer(.selectSlider(.by(-sign)))
      case .strip, .digit:
        let kept = focus
        focus = .sliders
        let effects = steer(.slide(sign, .normal))
        focus = kept
        return effects
      default: break
      }
    default: break
    }
    return []
  }

  /// The point of the plane at the middle of a cell of the scatter.
  private func point(column: Int, row: Int) -> SIMD2<Float> {
    let size = plotSize
    return ScatterPicture.plot(self).point(column: column, row: row, width: size.width, height: size.height)
      ?? crosshair
  }

  private mutating func slide(toColumn column: Int, row: Int, _ inside: Rectangle) {
    let rows = SliderRows(self, inside)
    guard let selection = rows.selection(atRow: row) else { return }
    self.selection = selection
    guard rows.barWidth >= 3, (rows.barColumn..<rows.barColumn + rows.barWidth).contains(column) else { return }
    let fraction = Float(Gauges.sliderFraction(column: column - rows.barColumn, width: rows.barWidth))
    let range = rows.range(of: selection, in: self)
    let value = range.lowerBound + fraction * (range.upperBound - range.lowerBound)
    setSelected(to: (value * 100).rounded() / 100)
  }

  private mutating func pickFromStrip(_ column: Int, _ layout: Layout) {
    let plan = StripPlan(self, layout)
    let place = StripPicture.place(atColumn: column, plan: plan, width: layout.inside(.strip).width)
    guard plan.values.indices.contains(place) else { return }
    setSelected(to: plan.values[place])
  }

  private mutating func clickTab(_ column: Int) -> [Effect] {
    if let screen = HeaderPicture.screen(atColumn: column, width: size.width) { traverse(.show(screen)) }
    return []
  }
}
