import Canvas
import Datasets

/// The scatter's geometry, shared by drawing and picking.
enum ScatterPicture {
  /// The plot without its points: enough to know where everything lies; of so many cells, where that is known.
  static func plot(_ state: State, size: (width: Int, height: Int)? = nil) -> ScatterPlot {
    var plot = ScatterPlot(points: [], window: state.window(over: size ?? state.plotSize))
    plot.fitsWindow = true
    if state.options.contains(.classDigits) { plot.style = .marks }
    // Numbers along the sides of a layout would mean nothing.
    plot.showsAxes = !state.isEmbedding
    plot.horizontalLabel = state.name(ofAxis: state.plot.x)
    plot.verticalLabel = state.isPlane ? state.name(ofAxis: state.plot.y) : ""
    plot.isLine = !state.isPlane
    return plot
  }

  /// Gives a plot's points the colours that are asked for, as far as they are known. Hidden stays what is of a hidden class,
  /// whatever it is coloured by.
  static func color(_ plot: inout ScatterPlot, _ cloud: CodeCloud, _ state: State) {
    plot.labels = cloud.labels
    plot.hiddenClasses = state.plot.hiddenClasses
    let coloring = state.plot.coloring
    guard coloring.needsClassification, let classification = state.classification,
      classification.labels.count == plot.points.count
    else { return }
    let nowhere = SIMD2<Float>(repeating: .nan)
    if !cloud.labels.isEmpty, !plot.hiddenClasses.isEmpty {
      for index in plot.points.indices where plot.hiddenClasses.contains(cloud.labels[index]) {
        plot.points[index] = nowhere
      }
    }
    plot.hiddenClasses = []
    switch coloring {
    case .classes: break
    case .predictions:
      plot.labels = classification.labels
      plot.emphasised = classification.mistakes
    case .confidence:
      plot.labels = classification.levels
      plot.labelKind = .levels
      plot.emphasised = classification.mistakes
    case .mistakes:
      var rest = Set(plot.points.indices)
      rest.subtract(classification.mistakes)
      for index in rest { plot.points[index] = nowhere }
    }
  }

  /// The point of the plane at the middle of a cell of the pane.
  static func point(at spot: PaneKind.Spot, _ state: State) -> SIMD2<Float> {
    let size = state.plotSize
    return plot(state).point(column: spot.column, row: spot.row, width: size.width, height: size.height)
      ?? state.crosshair
  }

  /// Whether the code lies outside the window that is shown.
  static func isBeyond(_ state: State) -> Bool {
    let size = state.plotSize
    return state.latentSize > 0
      && plot(state).cell(of: state.crosshair, width: size.width, height: size.height) == nil
  }

  /// The posterior of the image the code came from: one standard deviation around its mean, in the plane.
  static func ellipse(_ state: State) -> ScatterPlot.Ellipse? {
    guard let cloud = state.cloud, let mean = state.sourceCode, let deviations = state.sourceDeviations,
      let x = cloud.direction(of: state.plot.x),
      let y = cloud.direction(of: state.plot.y)
    else { return nil }
    var xx: Float = 0
    var yy: Float = 0
    var xy: Float = 0
    // Classes have no variance.
    for column in cloud.columns.dimensions where deviations.indices.contains(column) {
      let variance = deviations[column] * deviations[column]
      xx += variance * x[column] * x[column]
      // A line has no second direction.
      guard state.isPlane else { continue }
      yy += variance * y[column] * y[column]
      xy += variance * x[column] * y[column]
    }
    // The half axes are the eigenvectors of the 2×2 covariance, as long as the deviations along them.
    let middle = (xx + yy) / 2
    let offset = ((xx - yy) * (xx - yy) / 4 + xy * xy).squareRoot()
    let larger = max(0, middle + offset).squareRoot()
    let smaller = max(0, middle - offset).squareRoot()
    var direction = abs(xy) > 1e-9 ? SIMD2(middle + offset - yy, xy) : xx >= yy ? SIMD2(1, 0) : SIMD2(0, 1)
    let length = (direction * direction).sum().squareRoot()
    guard length > 0, larger.isFinite else { return nil }
    direction /= length
    return ScatterPlot.Ellipse(
      center: state.project(mean), first: direction * larger,
      second: SIMD2(-direction.y, direction.x) * smaller)
  }

  /// The places the code has been, oldest first.
  static func path(_ state: State) -> [SIMD2<Float>] {
    var path: [SIMD2<Float>] = []
    for steering in state.past.suffix(200) {
      guard steering.code.count == state.latentSize else { continue }
      let point = state.project(steering.code)
      if path.last != point { path.append(point) }
    }
    let now = state.crosshair
    if path.last != now { path.append(now) }
    return path.count > 1 ? path : []
  }
}

extension State {
  /// The cells the scatter's points are drawn on.
  var plotSize: (width: Int, height: Int) {
    let inside = layout?.inside(.scatter) ?? Rectangle(column: 0, row: 0, width: 40, height: 20)
    return (max(1, inside.width), max(1, inside.height))
  }

  /// The part of the plane the scatter shows: chosen, or all of the codes and the third ring.
  var window: PlotWindow { window(over: plotSize) }

  /// The same on so many cells.
  func window(over size: (width: Int, height: Int)) -> PlotWindow {
    if let window = plot.window { return window.withEqualScale(width: size.width, height: size.height) }
    let reach = SIMD2(reach(of: plot.x), reach(of: plot.y))
    return PlotWindow(lower: -reach, upper: reach).withEqualScale(width: size.width, height: size.height)
  }

  /// How far the scatter must show along an axis. Rounded up to steps of a tenth, so that the window stands still
  /// while codes move in training.
  private func reach(of axis: Axis) -> Float {
    var reach: Float = 3.2
    if let cloud {
      if axis.dimension != nil {
        if let column = cloud.columns.column(of: axis) { reach = max(reach, cloud.reach[column]) }
      } else if cloud.direction(of: axis) != nil {
        reach = max(reach, 4 * spread(of: axis).deviation)
      } else {
        reach = cloud.coordinates(along: axis).reduce(0) { max($0, abs($1)) }
      }
    }
    guard reach.isFinite, reach > 0 else { return 3.2 }
    let step = max(0.2, Exponential.of(Exponential.logarithm(reach).rounded(.down)) / 4)
    return min((reach / step).rounded(.up) * step, 1e6)
  }
}

extension PaneCanvas {
  mutating func drawScatter(_ cache: inout ViewCache) {
    let inside = layout.inside(.scatter)
    var plot = ScatterPicture.plot(state, size: (width: max(1, inside.width), height: max(1, inside.height)))
    var note = state.cloud?.countText ?? "no codes: :data \(state.suggestedData)"
    if let text = state.layoutText { note = text }
    if let name = state.readingData { note = "reading \(fileName(name))…" }
    if state.options.contains(.path), state.isPlaneStraight { plot.path = ScatterPicture.path(state) }
    plot.ellipse = ScatterPicture.ellipse(state)
    plot.markers = state.steering.marks.sorted { $0.key < $1.key }.compactMap { letter, code in
      guard code.count == state.latentSize, let glyph = letter.unicodeScalars.first else { return nil }
      return ScatterPlot.Marker(position: state.project(code), glyph: glyph)
    }
    let crosshair = state.crosshair
    if state.latentSize > 0 { plot.crosshair = crosshair }
    let ground = cache.ground(of: plot, state: state, width: inside.width, height: inside.height, rendition: rendition)
    frame.draw(plot.frame(over: ground), column: inside.column, row: inside.row)
    let cell = plot.nearestCell(to: crosshair, over: ground)
    rest(.scatter, column: inside.column + cell.position.column, row: inside.row + cell.position.row)
    titleScatter(note: note, isBeyond: state.latentSize > 0 && !cell.isInside, &cache)
    // The lower line belongs to the strip's title where the strip is below.
    if state.isEmbedding, let rectangle = layout.panes[.scatter] {
      let text = shortened(
        " \(state.layoutText ?? "t-SNE"): distances between clusters, and their sizes, mean nothing ",
        to: rectangle.width - 4)
      frame.write(text, column: rectangle.column + 2, row: inside.row, theme.faint)
    }
  }

  /// The title, the number of codes and the legend, as far as they fit. That the code lies beyond the window goes before
  /// all but the axes.
  private mutating func titleScatter(note: String, isBeyond: Bool, _ cache: inout ViewCache) {
    guard let rectangle = layout.panes[.scatter] else { return }
    let upper = ScatterTitle(state, width: rectangle.width, isBeyond: isBeyond, rendition: rendition, &cache)
    guard upper.hasClasses else {
      if isBeyond {
        title(.scatter, [upper.name, state.axisNames], notes: ["code beyond the window", "code beyond", "beyond"])
      } else {
        title(.scatter, upper.name, note: note)
      }
      return
    }
    title(.scatter, upper.name)
    guard let legend = upper.legend?.frame else { return }
    let begin = rectangle.endColumn - legend.width - 3
    frame.write(" ", column: begin - 1, row: rectangle.row)
    frame.draw(legend, column: begin, row: rectangle.row)
    frame.write(" ", column: begin + legend.width, row: rectangle.row)
    if begin - note.count - 4 > rectangle.column + upper.name.count + 3 {
      frame.write(" \(note) ", column: begin - note.count - 4, row: rectangle.row, theme.faint)
    }
  }
}
