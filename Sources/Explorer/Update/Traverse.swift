import Canvas

extension State {
  mutating func traverse(_ action: Action) {
    switch action {
    case .show(let screen): show(screen)
    case .turnScreen(let change):
      let all = ScreenKind.all.map(\.screen)
      let place = all.firstIndex(of: screen) ?? 0
      show(all[((place + change) % all.count + all.count) % all.count])
    case .step(let change):
      guard let layout, layout.panes[.strip] != nil else {
        message = .error("no strip is shown: e shows it, in a window that is high enough")
        return
      }
      let plan = TraversalPlan(self, layout)
      if let value = plan.value(after: selectedValue, by: change) { setSelected(to: value) }
    case .moveInGrid(let columns, let rows):
      guard let layout, layout.panes[.grid] != nil else {
        message = .error("the manifold is not shown: g shows it")
        return
      }
      let plan = GridPlan(self, layout)
      guard !plan.columns.isEmpty, !plan.rows.isEmpty else { return }
      let place = plan.place(of: plan.current)
      let column = min(max(0, place.column + columns), plan.columns.count - 1)
      let row = min(max(0, place.row + rows), plan.rows.count - 1)
      take((column, row), of: plan, movesColumn: columns != 0, movesRow: rows != 0)
    case .togglePlay:
      if animation != nil {
        animation = nil
      } else if isSelectionLocked {
        message = .error("\(selectionName) is locked: press L to unlock it")
      } else if latentSize > 0 {
        // What plays is one step to undo, however long it plays.
        animation = Animation(isForward: selectedValue < stripRange.upperBound)
      }
    case .changeSpeed(let faster):
      speed = min(32, max(1, faster ? speed * 2 : speed / 2))
      message = .note("plays \(Numbers.counted(speed, "step")) a second")
    case .tick: tick()
    default: break
    }
  }

  private mutating func show(_ screen: Screen) {
    // Who comes back finds the pen lifted: the first arrow leaves no ink.
    if screen != self.screen { liftPen() }
    self.screen = screen
    // The keys stay where they are on a screen that leaves them there.
    guard let kind = ScreenKind.named(screen) else { return }
    if kind.focus != .sliders || layout?.focusable.contains(focus) != true { focus = kind.focus }
    if let absence = kind.absence(self) { message = .note(absence) }
  }

  private mutating func tick() {
    guard var animation else { return }
    if isSelectionLocked {
      self.animation = nil
      return
    }
    let range = stripRange
    let step = (range.upperBound - range.lowerBound) / 60
    var value = selectedValue + (animation.isForward ? step : -step)
    if value >= range.upperBound {
      value = range.upperBound
      animation.isForward = false
    } else if value <= range.lowerBound {
      value = range.lowerBound
      animation.isForward = true
    }
    self.animation = animation
    let kept = past
    setSelected(to: value)
    guard past.count > kept.count else { return }
    if !animation.beginsStep { past = kept }
    self.animation?.beginsStep = false
  }
}
