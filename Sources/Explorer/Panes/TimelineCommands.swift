extension Command {
  /// Steps through the snapshots of the run, from any pane.
  static let timeline: [Command] = [
    Command(
      "earlier", keys: ["("], "step back to an earlier snapshot of the run; training goes on meanwhile",
      hint: "earlier", works: isNear, action: .step(.earlier)),
    Command(
      "later", keys: [")"], "step forth to the next snapshot", hint: "later", works: { $0.subject.isPast },
      action: .step(.later)),
    Command(
      "newest", keys: ["}"], "show the newest weights, and follow the run again", hint: "newest",
      works: { $0.subject.isPast }, action: .step(.newest)),
  ]

  /// Whether a hint is of use: on the screen of the run, and wherever one has gone back.
  @Sendable private static func isNear(_ state: State) -> Bool {
    state.subject.isPast || state.screen == .train && state.hasTimeline
  }
}
