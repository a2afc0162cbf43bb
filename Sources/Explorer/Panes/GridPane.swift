import Canvas

extension Pane {
  /// The manifold: decoded digits over the plane of the two axes.
  static let grid = Pane(rawValue: "grid")
}

extension Context {
  static let grid = Context.pane(.grid)
}

extension Scene.Part {
  static let grid = Scene.Part(rawValue: "grid")
}

extension ViewOption {
  /// The grid's places stand for equal shares of the prior, in place of even steps.
  static let quantileSpacing = ViewOption(rawValue: "quantileSpacing")
}

extension PaneKind {
  static let grid = PaneKind(
    .grid, title: "Manifold grid", takesKeys: true, optionsOn: [.quantileSpacing], showsManifold: true,
    room: { state, area in
      // A plane that cannot be steered in has no manifold of its own; as a side dish it needs room to be read in.
      area == .main ? Room(least: 5, priority: 10) : state.isPlaneStraight ? Room(least: 17, priority: 0) : nil
    },
    pictures: { state, layout in [.grid: GridPlan(state, layout).batch] },
    draw: { canvas, cache in canvas.drawGrid(&cache) },
    press: { state, layout, spot in
      let plan = GridPlan(state, layout)
      guard let place = plan.place(at: spot) else { return [] }
      let here = plan.place(of: plan.current)
      return [
        .perform {
          $0.take(place, of: plan, movesColumn: place.column != here.column, movesRow: place.row != here.row)
          return []
        }
      ]
    },
    words: { state in
      guard state.latentSize > 0, let layout = state.layout else { return [] }
      let plan = GridPlan(state, layout)
      return [
        "Manifold: \(plan.columns.count) by \(plan.rows.count) digits of \(state.names(of: plan.axes)), by "
          + plan.spacingWords
          + (GridPlan.substitute(state).map { "; \($0)" } ?? "")
          + (plan.overshoot(of: plan.current) == .zero ? "" : "; the code lies beyond it")
          + "."
      ]
    },
    commands: [
      Command(
        "grid right", keys: ["right"], in: [.grid], "take the code one digit to the right", hint: "move",
        action: .moveInGrid(columns: 1, rows: 0)),
      Command(
        "grid left", keys: ["left"], in: [.grid], "take the code one digit to the left",
        action: .moveInGrid(columns: -1, rows: 0)),
      Command(
        "grid up", keys: ["up"], in: [.grid], "take the code one digit above",
        action: .moveInGrid(columns: 0, rows: -1)),
      Command(
        "grid down", keys: ["down"], in: [.grid], "take the code one digit below",
        action: .moveInGrid(columns: 0, rows: 1)),
      Command(
        "spacing", keys: ["s"], in: [.grid], "space the grid evenly, or by quantiles of the prior", hint: "spacing",
        action: .toggle(.quantileSpacing)),
    ] + PictureSizes.commands(.grid))
}

/// Which digit of the manifold was taken last, for as long as nothing else is steered. Where dimensions are locked a code
/// lies beside the plane of components: its projection does not tell where it was taken, nor leads back.
struct GridMemory: PaneState {
  var last: (reached: Steering, base: [Float], axes: AxisPair, cloud: Int?, point: SIMD2<Float>)?

  init() {}
}

/// The digits of the manifold: decoded over a grid in the plane of the scatter's axes.
struct GridPlan {
  let cell: (width: Int, height: Int)
  /// The coordinates of the columns, left to right, and of the rows, top to bottom.
  let columns: [Float]
  let rows: [Float]
  /// The axes of columns and rows.
  let axes: AxisPair
  /// The code that all others are moved from.
  let base: [Float]
  /// Where in the plane the code is.
  let current: SIMD2<Float>
  private let origin: (column: Int, row: Int)
  private let state: State

  init(_ state: State, _ layout: Layout) {
    let inside = layout.inside(.grid)
    cell = DigitCells.fitting(
      inside, columns: 9, rows: 6, least: 3, of: state.subject, larger: state.pictureSteps(.grid))
    let columnCount = min(41, max(1, inside.width / cell.width))
    let rowCount = state.manifoldAxes.isPlane ? min(41, max(1, inside.height / cell.height)) : 1
    let quantiles = state.options.contains(.quantileSpacing)
    let axes = state.manifoldAxes
    self.axes = axes
    columns = Self.places(columnCount, state.spread(of: axes.x), quantiles: quantiles)
    rows = Self.places(rowCount, state.spread(of: axes.y), quantiles: quantiles).reversed()
    if let last = state.panes[GridMemory.self].last, last.axes == axes, last.cloud == state.cloud?.id,
      last.reached == state.steering
    {
      (base, current) = (last.base, last.point)
    } else {
      (base, current) = (state.base(of: axes), state.project(state.code, on: axes))
    }
    origin = (
      max(0, (inside.width - columnCount * cell.width) / 2), max(0, (inside.height - rowCount * cell.height) / 2)
    )
    self.state = state
  }

  /// The codes of all digits, row by row: made where they are decoded, not where their pictures are drawn.
  var batch: Scene.Batch {
    var batch = Scene.Batch()
    for row in rows.indices {
      for column in columns.indices { batch.append(code(column: column, row: row)) }
    }
    return batch
  }

  /// The code of a digit.
  func code(column: Int, row: Int) -> [Float] {
    state.moved(base, to: SIMD2(columns[column], rows[row]), in: axes)
  }

  /// How far the digits are apart, in words.
  var spacingWords: String {
    guard state.options.contains(.quantileSpacing) else { return "even steps" }
    let sources = (axes.isPlane ? [axes.x, axes.y] : [axes.x]).map { state.spreadWords(of: $0) }
    return "quantiles of " + (Set(sources).count == 1 ? sources[0] : sources.joined(separator: " and "))
  }

  /// Why the manifold is not of the scatter's axes, in words; nil where it is.
  static func substitute(_ state: State) -> String? {
    guard !state.isPlaneStraight else { return nil }
    return state.isEmbedding ? "t-SNE has no inverse" : "\(state.axisNames) has no inverse"
  }

  /// The column and row nearest to a point of the plane.
  func place(of point: SIMD2<Float>) -> (column: Int, row: Int) {
    func nearest(_ values: [Float], _ value: Float) -> Int {
      values.indices.min { abs(values[$0] - value) < abs(values[$1] - value) } ?? 0
    }
    return (nearest(columns, point.x), nearest(rows, point.y))
  }

  /// How much further out a point lies, along both axes, than the outermost digits stand for: three quarters of a step
  /// beyond them; 0 within.
  func overshoot(of point: SIMD2<Float>) -> SIMD2<Float> {
    func overshoot(_ values: [Float], _ value: Float) -> Float {
      guard values.count > 1, let low = values.min(), let high = values.max() else { return 0 }
      let sorted = values.sorted()
      let margin = max(sorted[1] - sorted[0], 1e-3) * 0.75
      return value < low - margin ? value - low : value > high + margin ? value - high : 0
    }
    return SIMD2(overshoot(columns, point.x), overshoot(rows, point.y))
  }

  /// The digit under a cell of the pane.
  func place(at spot: PaneKind.Spot) -> (column: Int, row: Int)? {
    let (across, down) = (spot.column - origin.column, spot.row - origin.row)
    guard across >= 0, down >= 0 else { return nil }
    let place = (column: across / max(1, cell.width), row: down / max(1, cell.height))
    return columns.indices.contains(place.column) && rows.indices.contains(place.row) ? place : nil
  }

  /// The cells of a digit inside the pane.
  func rectangle(column: Int, row: Int, in inside: Rectangle) -> Rectangle {
    Rectangle(
      column: inside.column + origin.column + column * cell.width, row: inside.row + origin.row + row * cell.height,
      width: cell.width, height: cell.height)
  }

  /// Places from −3 to 3 deviations: evenly, or so that each stands for the same share of a normal distribution.
  private static func places(
    _ count: Int, _ spread: (center: Float, deviation: Float), quantiles: Bool
  ) -> [Float] {
    (0..<count).map { index in
      let share = (Float(index) + 0.5) / Float(count)
      let deviations = quantiles ? NormalQuantile.of(share) : count == 1 ? 0 : 6 * share - 3
      return spread.center + spread.deviation * deviations
    }
  }
}

extension State {
  /// Takes the code of a digit of the manifold; refused where it would move along locked axes alone.
  mutating func take(_ place: (column: Int, row: Int), of plan: GridPlan, movesColumn: Bool, movesRow: Bool) {
    let moved: [Axis] = (movesColumn ? [plan.axes.x] : []) + (movesRow ? [plan.axes.y] : [])
    guard !refusesLocked(along: moved) else { return }
    let point = SIMD2(plan.columns[place.column], plan.rows[place.row])
    moveInPlane(to: point, of: plan.axes, from: plan.base)
    if code == plan.code(column: place.column, row: place.row) {
      panes[GridMemory.self].last = (steering, plan.base, plan.axes, cloud?.id, point)
    }
  }
}

extension PaneCanvas {
  mutating func drawGrid(_ cache: inout ViewCache) {
    let inside = layout.inside(.grid)
    let plan = GridPlan(state, layout)
    let current = plan.current
    let isBeyond = plan.overshoot(of: current) != .zero
    let names = state.names(of: plan.axes)
    if isBeyond {
      title(
        .grid, ["manifold  \(names)", names], notes: ["the code lies beyond this grid", "code beyond", "beyond"])
    } else {
      title(.grid, "manifold  \(names)", note: GridPlan.substitute(state) ?? plan.spacingWords)
    }
    guard let pictures = state.scene.parts[.grid], pictures.images.count == plan.columns.count * plan.rows.count,
      !plan.columns.isEmpty
    else { return }
    let frames = cache.frames(
      of: .grid, pictures.images, width: plan.cell.width, height: plan.cell.height, rendition: rendition)
    for (index, picture) in frames.enumerated() {
      let cell = plan.rectangle(column: index % plan.columns.count, row: index / plan.columns.count, in: inside)
      frame.draw(picture, column: cell.column, row: cell.row, in: inside)
    }
    let place = plan.place(of: current)
    let cell = plan.rectangle(column: place.column, row: place.row, in: inside)
    if isBeyond { point(out: cell, by: plan.overshoot(of: current)) } else { mark(cell) }
    rest(.grid, column: cell.column, row: cell.row)
    drawGridRange(plan)
  }

  /// An arrow at a side of a digit, towards where the code lies: across where it lies beyond across, else up or down.
  private mutating func point(out cell: Rectangle, by overshoot: SIMD2<Float>) {
    let (column, row) = (cell.column + cell.width / 2, cell.row + cell.height / 2)
    if overshoot.x != 0 {
      frame.write(
        overshoot.x < 0 ? "◂" : "▸", column: overshoot.x < 0 ? cell.column : cell.endColumn - 1, row: row, theme.accent)
    } else {
      frame.write(
        overshoot.y < 0 ? "▾" : "▴", column: column, row: overshoot.y < 0 ? cell.endRow - 1 : cell.row, theme.accent)
    }
  }

  private mutating func drawGridRange(_ plan: GridPlan) {
    // The lower line belongs to the strip's title where the strip is below.
    guard layout.panes[.strip] == nil, let rectangle = layout.panes[.grid], let first = plan.columns.first,
      let last = plan.columns.last, let upper = plan.rows.first, let lower = plan.rows.last
    else { return }
    func range(_ axis: Axis, _ low: Float, _ high: Float) -> String {
      "\(state.name(ofAxis: axis)) \(Numbers.fixed(low, 1, signed: true)) to \(Numbers.fixed(high, 1, signed: true))"
    }
    let text =
      " " + range(plan.axes.x, first, last) + (plan.axes.isPlane ? ", " + range(plan.axes.y, lower, upper) : "") + " "
    frame.write(
      shortened(text, to: rectangle.width - 4), column: rectangle.column + 2, row: rectangle.endRow - 1, theme.faint)
  }
}
