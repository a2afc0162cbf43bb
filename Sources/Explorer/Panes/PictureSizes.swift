/// How much larger or smaller than chosen by the window a person wants the small digits of each pane.
struct PictureSizes: PaneState {
  var steps: [Pane: Int] = [:]
  init() {}

  /// The commands of a pane whose digits can be larger and smaller.
  static func commands(_ pane: Pane, keys: Bool = true) -> [Command] {
    [
      Command(
        "larger \(pane.rawValue)", keys: keys ? ["+"] : [], in: [.pane(pane)], "larger digits, fewer of them",
        hint: keys ? "size" : nil, action: change(pane, by: 1)),
      Command(
        "smaller \(pane.rawValue)", keys: keys ? ["-"] : [], in: [.pane(pane)], "smaller digits, more of them",
        action: change(pane, by: -1)),
    ]
  }

  private static func change(_ pane: Pane, by steps: Int) -> Action {
    .perform { state in
      let before = state.panes[PictureSizes.self].steps[pane] ?? 0
      state.panes[PictureSizes.self].steps[pane] = min(8, max(-8, before + steps))
      return []
    }
  }
}

extension State {
  /// How many steps larger the digits of a pane are than the window alone would make them.
  func pictureSteps(_ pane: Pane) -> Int { panes[PictureSizes.self].steps[pane] ?? 0 }
}
