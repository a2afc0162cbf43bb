import Terminal

extension State {
  /// A press and the wheel mean what the pane beneath them says.
  mutating func take(_ event: MouseEvent) -> [Effect] {
    // Letting a button go is part of the click whose error may be on the screen.
    if [.press, .wheelUp, .wheelDown].contains(event.action) { message = nil }
    guard let layout, case .none = overlay else { return [] }
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

  private mutating func clickTab(_ column: Int) -> [Effect] {
    if let screen = ScreenTabs.screen(atColumn: column, width: size.width, current: screen) {
      traverse(.show(screen))
    }
    return []
  }
}
