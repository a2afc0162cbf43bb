import Terminal

extension State {
  /// A press and the wheel mean what the pane beneath them says.
  mutating func take(_ event: MouseEvent) -> [Effect] {
    // Letting a button go is part of the click whose error may be on the screen.
    if [.press, .wheelUp, .wheelDown].contains(event.action) { message = nil }
    guard let layout, case .none = overlay else { return [] }
    if let actions = followMouse(event, layout) { return actions.flatMap { apply($0) } }
    guard let (pane, spot) = layout.hit(column: event.column, row: event.row), let kind = PaneKind.named(pane) else {
      return event.action == .press && event.row == 0 ? clickTab(event.column) : []
    }
    let actions: [Action]
    switch event.action {
    case .press where event.button == .left, .drag where event.button == .left:
      if kind.takesKeys { focus = pane }
      actions = kind.press(self, layout, spot)
    case .press where event.button == .right: actions = kind.pressRight(self, layout, spot)
    case .wheelUp: actions = kind.wheel(self, layout, spot, 1)
    case .wheelDown: actions = kind.wheel(self, layout, spot, -1)
    default: actions = []
    }
    return actions.flatMap { apply($0) }
  }

  /// What the mouse means to a pane that it draws in; nil where it means anything else. What begins in such a pane is
  /// told to it to its end: a stroke that slips over the edge must move no slider.
  private mutating func followMouse(_ event: MouseEvent, _ layout: Layout) -> [Action]? {
    switch event.action {
    case .press:
      followedBy = nil
      guard event.button == .left || event.button == .right,
        let pane = layout.hit(column: event.column, row: event.row)?.pane, PaneKind.named(pane)?.follow != nil
      else { return nil }
      followedBy = pane
      focus = pane
    case .drag, .release: break
    default: return nil
    }
    guard let pane = followedBy, layout.panes[pane] != nil, let follow = PaneKind.named(pane)?.follow else {
      return nil
    }
    if event.action == .release { followedBy = nil }
    let inside = layout.inside(pane)
    return follow(
      self, layout, PaneKind.Spot(column: event.column - inside.column, row: event.row - inside.row), event)
  }

  private mutating func clickTab(_ column: Int) -> [Effect] {
    if let screen = ScreenTabs.screen(atColumn: column, width: size.width, current: screen) { traverse(.show(screen)) }
    return []
  }
}
