import Canvas

/// A screen: an arrangement of panes. To add one, a row in `all`: tabs, keys, the palette and the key table follow.
struct ScreenKind: Sendable {
  let screen: Screen
  /// What the palette calls it.
  let commandName: String
  let key: String
  /// A word for the foot of the window, where it is to be found there.
  var hint: String?
  let summary: String
  /// Where the keys go when the screen is turned to.
  let focus: Pane
  /// What fills the middle: columns beside each other where there is room, else one stack of them all. The first pane
  /// never folds away.
  let main: [[Pane]]
  /// The width from which on columns stand beside each other.
  var leastColumn = 60
  /// Below the digit, from the top.
  var left: [Pane] = [.digit, .sliders, .look, .grid]
  /// A column at the right, in wide windows; what stands there is not shown elsewhere.
  var side: [Pane] = [.look, .chart]
  /// Across the window, at its foot.
  var foot: [Pane] = []
  /// Whether a pane of the middle that is folded away comes forth when the keys go to it, and Enter opens one alone.
  var bringsForth = false
  /// What the screen asks of the world while it is shown; called after every action.
  var asks: @Sendable (inout State) -> [Effect] = { _ in [] }

  /// What to say where it has nothing to show yet.
  var absence: @Sendable (State) -> String? = { _ in nil }

  /// All panes that it shows where there is room.
  var panes: [Pane] { main.flatMap { $0 } + left + side + foot }

  static let all: [ScreenKind] = [
    ScreenKind(
      screen: .explore, commandName: "explore", key: "e", summary: "show the scatter and the strip", focus: .sliders,
      main: [[.scatter, .chart]], foot: [.strip]),
    ScreenKind(
      screen: .grid, commandName: "grid", key: "g", summary: "show the manifold: digits over the plane of the two axes",
      focus: .grid,
      main: [[.grid]], left: [.digit, .sliders, .look]),
    ScreenKind(
      screen: .matrix, commandName: "matrix", key: "G", summary: "show traversals of every dimension", focus: .matrix,
      main: [[.matrix]]),
    ScreenKind(
      screen: .sheet, commandName: "sheet", key: "F",
      summary: "show the sheet: handwritings in rows, classes in columns", focus: .sheet, main: [[.sheet]]),
    ScreenKind(
      screen: .train, commandName: "charts", key: "t",
      summary: "show the training run: terms, progress and what can be changed",
      focus: .training, main: [[.training], [.scatter, .confusion]], side: [.look],
      asks: { $0.askForRun() }, absence: { $0.training == nil ? "no run yet: press T to start one" : nil }),
    ScreenKind(
      screen: .insight, commandName: "insight", key: "I",
      summary: "show what has been learnt: bars, correlations and measures by dimension", focus: .dimensions,
      main: [[.dimensions, .measures, .spectrum], [.scatters, .correlations]], left: [.digit, .sliders], side: [],
      bringsForth: true,
      asks: { $0.askForInsight() }),
    ScreenKind(
      screen: .compare, commandName: "comparison", key: "M",
      summary: "show two models beside each other, on the same code and the same image", focus: .sliders,
      main: [[.comparison], [.scatter]]),
    ScreenKind(
      screen: .draw, commandName: "draw", key: "d", hint: "draw",
      summary: "draw a digit with keys or mouse, and watch it being encoded", focus: .drawing,
      main: [[.drawing], [.scatter]], leastColumn: 40, left: [.digit, .sliders, .look]),
  ]

  static func named(_ screen: Screen) -> ScreenKind? { all.first { $0.screen == screen } }
}

extension Screen {
  /// The scatter of codes, with the traversal of one dimension below.
  static let explore = Screen(rawValue: "explore")
  /// The manifold: decoded images over a grid in the plane of the two axes.
  static let grid = Screen(rawValue: "grid")
  /// Traversals of every dimension.
  static let matrix = Screen(rawValue: "matrix")
  /// Styles in rows, classes in columns.
  static let sheet = Screen(rawValue: "sheet")
  /// The terms of a training run, and its controls.
  static let train = Screen(rawValue: "train")
  /// What the codes tell, dimension by dimension.
  static let insight = Screen(rawValue: "insight")
  /// Two models on the same code and the same image.
  static let compare = Screen(rawValue: "compare")
  /// A canvas, beside the codes among which what is drawn on it is encoded.
  static let draw = Screen(rawValue: "draw")
}

/// The tabs at the right of the first line: drawn and clicked by the same reckoning.
enum ScreenTabs {
  static let help = "? help"

  /// Where each tab begins and what it says: the screens' names; in a narrow window the keys that lead to them, and the
  /// name of the present one alone.
  static func places(width: Int, current: Screen) -> [(screen: Screen, column: Int, label: String)] {
    let isNarrow = widthOfNames > width
    var column = width - help.count - 3
    var places: [(screen: Screen, column: Int, label: String)] = []
    places.reserveCapacity(ScreenKind.all.count)
    for kind in ScreenKind.all.reversed() {
      let label = isNarrow && kind.screen != current ? kind.key : kind.screen.rawValue
      column -= label.count + 2
      places.append((kind.screen, column, label))
    }
    return places.reversed()
  }

  /// The narrowest window that has room for all names and, beside them, for what is explored.
  private static let widthOfNames = ScreenKind.all.reduce(help.count + 3) { $0 + $1.screen.rawValue.count + 2 } + 32

  static func screen(atColumn column: Int, width: Int, current: Screen) -> Screen? {
    places(width: width, current: current).last { column >= $0.column && column < $0.column + $0.label.count + 2 }?
      .screen
  }
}
