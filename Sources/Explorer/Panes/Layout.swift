import Canvas

/// Where every pane lies in a window of a given size: a pure function of what the panes say they need, from 60×20 up.
///
/// The digit and the sliders stay at the left on every screen. Other panes fold away by priority as the window shrinks;
/// the main pane of the screen never does. Neighbouring panes share a border.
struct Layout: Sendable, Hashable {
  /// The smallest window that can be drawn.
  static let minimum = (width: 60, height: 20)
  /// From this width on there is a column at the right.
  private static let wide = 170

  /// The panes shown, with their borders.
  private(set) var panes: [Pane: Rectangle] = [:]
  /// Panes that are folded away and come forth when the keys go to them.
  private let awaiting: Set<Pane>
  let width: Int
  let height: Int

  /// Whether a window has room for the least that can be drawn.
  static func fits(in size: (width: Int, height: Int)) -> Bool {
    size.width >= minimum.width && size.height >= minimum.height
  }

  /// The layout, or nil where the window is too small. It is asked for at every key, several times: borrowed, the state is
  /// not copied for it, with a count of references up and down for each of its parts.
  init?(_ state: borrowing State) {
    (width, height) = state.size
    guard Self.fits(in: state.size), let screen = ScreenKind.named(state.screen) else { return nil }
    panes.reserveCapacity(8)
    awaiting = screen.bringsForth ? Set(screen.main.joined()) : []
    let columns = state.largePane.map { [[$0]] } ?? screen.main
    var area = Rectangle(column: 0, row: 1, width: width, height: height - 2)
    let cells = DigitCells.large(in: area, of: state.subject)

    // What spans the foot leaves room above for the digit and for most of the screen's main pane.
    for pane in screen.foot {
      guard let room = PaneKind.named(pane)?.room(state, .foot) else { continue }
      let rows = min(room.wanted ?? room.least, area.height + 1 - (cells.height + 2 + 7))
      guard rows >= room.least else { continue }
      let (upper, _) = area.splitTop(area.height - rows + 1)
      panes[pane] = Rectangle(column: 0, row: upper.endRow - 1, width: area.width, height: rows)
      area = upper
    }

    let (left, rest) = area.splitLeft(cells.width + 2)
    var main = Self.joined(rest, toLeft: 1)
    if width >= Self.wide, !screen.side.isEmpty {
      let (inner, side) = main.splitLeft(main.width - min(60, max(40, width / 5)) + 1)
      main = inner
      place(screen.side, .side, in: Self.joined(side, toLeft: 1), state)
    }
    // The screen's own pane is spoken for before the left column looks for something to fill it.
    let subjects = columns.compactMap(\.first)
    place(screen.left.filter { !subjects.contains($0) }, .left, in: left, state)
    if columns.count > 1, main.width >= screen.leastColumn * columns.count {
      for (place, panes) in columns.enumerated() {
        let begin = main.width * place / columns.count
        let end = main.width * (place + 1) / columns.count
        self.place(
          panes, .main,
          in: Rectangle(
            column: main.column + begin - min(1, place), row: main.row, width: end - begin + min(1, place),
            height: main.height), state)
      }
    } else {
      place(columns.flatMap { $0 }, .main, in: main, state)
    }
  }

  /// Stacks panes in an area, as many as fit, each with the rows it wants; what is left goes to those that can use it.
  private mutating func place(_ names: [Pane], _ area: PaneKind.Area, in rectangle: Rectangle, _ state: borrowing State)
  {
    var stack: [(pane: Pane, room: PaneKind.Room)] = names.compactMap { name in
      guard panes[name] == nil, let room = PaneKind.named(name)?.room(state, area) else { return nil }
      return (name, room)
    }
    func needed() -> Int { stack.reduce(0) { $0 + $1.room.least } - max(0, stack.count - 1) }
    while stack.count > 1, needed() > rectangle.height {
      // Of equals the lower one folds first.
      let foldable = stack.indices.reversed().filter {
        stack[$0].pane != state.focus || !awaiting.contains(state.focus)
      }
      guard let place = foldable.min(by: { stack[$0].room.priority < stack[$1].room.priority }) else { break }
      stack.remove(at: place)
    }
    guard !stack.isEmpty else { return }
    var heights = stack.map(\.room.least)
    var spare = rectangle.height - needed()
    for place in stack.indices.sorted(by: { (stack[$1].room.priority, $0) < (stack[$0].room.priority, $1) }) {
      guard spare > 0, let wanted = stack[place].room.wanted, wanted > heights[place] else { continue }
      let more = min(spare, wanted - heights[place])
      heights[place] += more
      spare -= more
    }
    let flexible = stack.indices.filter { stack[$0].room.wanted == nil }
    if spare > 0, let last = flexible.last ?? stack.indices.last {
      // Panes that take any height share what is left evenly.
      let count = max(1, flexible.count)
      for place in flexible where place != last { heights[place] += spare / count }
      heights[last] += spare - (flexible.isEmpty ? 0 : spare / count * (count - 1))
    } else if spare < 0 {
      heights[0] = rectangle.height
    }
    var row = rectangle.row
    for (entry, height) in zip(stack, heights) {
      panes[entry.pane] = Rectangle(column: rectangle.column, row: row, width: rectangle.width, height: height)
      row += height - 1
    }
  }

  /// The inside of a pane, empty where the pane is folded away.
  func inside(_ pane: Pane) -> Rectangle {
    panes[pane]?.inset() ?? Rectangle(column: 0, row: 0, width: 0, height: 0)
  }

  /// Whether a pane is shown, or comes forth when the keys go to it.
  func has(_ pane: Pane) -> Bool { panes[pane] != nil || awaiting.contains(pane) }

  /// The panes keys can be directed to, in the order Tab visits them.
  var focusable: [Pane] { PaneKind.takingKeys.filter(has) }

  /// The pane whose inside a cell belongs to, and the cell in it.
  func hit(column: Int, row: Int) -> (pane: Pane, spot: PaneKind.Spot)? {
    for (pane, rectangle) in panes {
      let inside = rectangle.inset()
      if inside.contains(column: column, row: row) {
        return (pane, PaneKind.Spot(column: column - inside.column, row: row - inside.row))
      }
    }
    return nil
  }

  private static func joined(_ rectangle: Rectangle, toLeft columns: Int) -> Rectangle {
    Rectangle(
      column: rectangle.column - columns, row: rectangle.row, width: rectangle.width + columns,
      height: rectangle.height)
  }
}

extension State {
  /// Where the panes lie now, or nil where the window is too small for them.
  var layout: Layout? { Layout(self) }
}
