/// What one pane remembers from key to key, such as a drawing: a type of its own, so that nothing else need know it.
protocol PaneState: Sendable {
  /// What it is before anything was done.
  init()
}

/// Every pane's own state by its type.
struct PaneMemory: Sendable {
  private var states: [ObjectIdentifier: any PaneState] = [:]

  subscript<Kept: PaneState>(_ type: Kept.Type) -> Kept {
    get { states[ObjectIdentifier(type)] as? Kept ?? Kept() }
    set { states[ObjectIdentifier(type)] = newValue }
  }
}
