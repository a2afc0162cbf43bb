import Analysis
import Canvas
import Terminal

/// What a pane is: one row of the table that layout, drawing, the mouse, keys, help, the palette and `--plain` loop over.
///
/// To add a pane:
///   1. one file in Explorer/Panes, with `extension Pane { static let name = Pane(rawValue: "name") }` and
///      `extension PaneKind { static let name = PaneKind(.name, title: …, room: …, draw: …) }`;
///   2. its row in `PaneKind.all`, and its name in an area of the screens that show it (`ScreenKind.all`).
/// Nothing else lists panes. What only this pane remembers is a `PaneState` in `state.panes`; what only it does is
/// `Action.perform`. `draw` is called with the pane's border drawn; `canvas.layout.inside(.name)` is its room.
///
/// Rows are of reference type: a key looks at every one several times, and a dozen closures are not copied for that.
final class PaneKind: Sendable {
  let pane: Pane
  /// What help and the README call its keys, such as `Scatter`; people who read `--plain` hear it too.
  let title: String
  /// Whether keys can be directed to it.
  let takesKeys: Bool
  /// Options of `ViewOption` that are on until a person turns them off.
  let optionsOn: [ViewOption]
  /// Whether keys turn the axes of the manifold in it, which no map can be.
  let showsManifold: Bool
  /// The measures that it is drawn from: those are computed first.
  let measures: [Measure]
  /// The room it needs in an area of the window; nil where it has nothing to show.
  let room: @Sendable (State, Area) -> Room?
  /// The pictures it is drawn from, while it is shown.
  let pictures: @Sendable (State, Layout) -> [Scene.Part: Scene.Batch]
  /// Draws itself: the same state gives the same cells.
  let draw: @Sendable (inout PaneCanvas, inout ViewCache) -> Void
  /// What a press of the left button means, at a cell of its inside.
  let press: @Sendable (State, Layout, Spot) -> [Action]
  /// What a press of the right button means.
  let pressRight: @Sendable (State, Layout, Spot) -> [Action]
  /// What a button that is pressed, moved while it is held, or let go means to a pane that the mouse draws in: it is told
  /// all of it, and in place of `press` and `pressRight`, beyond its own cells too.
  let follow: (@Sendable (State, Layout, Spot, MouseEvent) -> [Action])?
  /// What a turn of the wheel means: 1 away from the person, −1 towards.
  let wheel: @Sendable (State, Layout, Spot, Int) -> [Action]
  /// What it shows, in sentences; nothing where the digits say it all. Asked where it is shown, or comes forth when the keys
  /// go to it.
  let words: @Sendable (State) -> [String]
  /// Whether other screens are told it too: what goes on beside them, and where one is.
  let speaksEverywhere: Bool
  /// What keys do in it, and what belongs to it in the palette.
  let commands: [Command]

  /// Where in the window a pane lies.
  enum Area: Sendable, Hashable { case left, main, side, foot }

  /// The room a pane needs, its lines included.
  struct Room: Sendable, Hashable {
    /// The fewest rows it is worth drawing in.
    var least: Int
    /// The rows it makes use of; nil: as many as there are.
    var wanted: Int?
    /// What folds away first as the window shrinks is what has the least of this.
    var priority: Int
  }

  /// A cell of a pane's inside, from its upper left corner.
  struct Spot: Sendable, Hashable {
    var column: Int
    var row: Int
  }

  init(
    _ pane: Pane, title: String, takesKeys: Bool = false, optionsOn: [ViewOption] = [],
    showsManifold: Bool = false, measures: [Measure] = [],
    room: @escaping @Sendable (State, Area) -> Room?,
    pictures: @escaping @Sendable (State, Layout) -> [Scene.Part: Scene.Batch] = { _, _ in [:] },
    draw: @escaping @Sendable (inout PaneCanvas, inout ViewCache) -> Void,
    press: @escaping @Sendable (State, Layout, Spot) -> [Action] = { _, _, _ in [] },
    pressRight: @escaping @Sendable (State, Layout, Spot) -> [Action] = { _, _, _ in [] },
    follow: (@Sendable (State, Layout, Spot, MouseEvent) -> [Action])? = nil,
    wheel: @escaping @Sendable (State, Layout, Spot, Int) -> [Action] = { _, _, _, _ in [] },
    words: @escaping @Sendable (State) -> [String] = { _ in [] }, speaksEverywhere: Bool = false,
    commands: [Command] = []
  ) {
    self.pane = pane
    self.title = title
    self.takesKeys = takesKeys
    self.optionsOn = optionsOn
    self.showsManifold = showsManifold
    self.measures = measures
    self.room = room
    self.pictures = pictures
    self.draw = draw
    self.press = press
    self.pressRight = pressRight
    self.follow = follow
    self.wheel = wheel
    self.words = words
    self.speaksEverywhere = speaksEverywhere
    self.commands = commands
  }

  /// Every pane, in the order Tab visits them and people are told of them.
  static let all: [PaneKind] = [
    sliders, digit, look, training, scatter, grid, matrix, sheet, comparison, drawing, strip, chart, confusion,
    dimensions, correlations, scatters, measures, spectrum,
  ]

  /// The panes keys can go to, in that order.
  static let takingKeys: [Pane] = all.filter(\.takesKeys).map(\.pane)

  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.pane, $0) })
  static func named(_ pane: Pane) -> PaneKind? { byName[pane] }
}

extension Context {
  /// Every place keys can go to, panes first.
  static let all: [Context] = PaneKind.takingKeys.map { .pane($0) } + overlays

  /// What the key table calls it.
  var title: String {
    switch self {
    case .pane(let pane): PaneKind.named(pane)?.title ?? pane.rawValue
    case .help: "In this table"
    case .search: "While searching this table"
    case .palette: "In the palette"
    case .value: "While typing a value"
    case .question: "While a letter is asked for"
    case .form: "In the form"
    case .quitting: "While asked about quitting"
    case .confirmation: "While asked whether to go on"
    }
  }
}

extension State {
  /// A state without a model, for a window of the given size.
  init(width: Int, height: Int) {
    self.init(
      size: (width, height), screen: .explore, focus: .sliders, options: Set(PaneKind.all.flatMap(\.optionsOn)))
  }

  /// The pictures the panes of the present layout need; nil without a model.
  var sceneRequest: SceneRequest? { sceneRequest(in: layout) }

  func sceneRequest(in layout: Layout?) -> SceneRequest? {
    guard latentSize > 0 else { return nil }
    var request = SceneRequest(generation: subject.generation, batches: [:])
    request.batches[.digit] = Scene.Batch(codes: code, count: 1)
    if let source = sourceIndex, let cloud, cloud.images != nil {
      request.original = source
      request.cloud = cloud.id
      request.batches[.reconstruction] = Scene.Batch(codes: cloud.code(source), count: 1)
    }
    if let drawn = drawnSource?.encoding?.mean {
      request.batches[.reconstruction] = Scene.Batch(codes: drawn, count: 1)
    }
    guard let layout else { return request }
    for kind in PaneKind.all where layout.panes[kind.pane] != nil {
      request.batches.merge(kind.pictures(self, layout)) { _, new in new }
    }
    return request
  }
}
