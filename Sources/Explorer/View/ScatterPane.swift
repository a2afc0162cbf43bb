import Canvas
import Datasets

extension State {
  /// The plane of the scatter in words: `z1 × z2`, or `z1` where there is no other dimension.
  var axisNames: String { latentSize > 1 ? "\(plot.x.name) × \(plot.y.name)" : plot.x.name }
}

/// The scatter's geometry, shared by drawing and picking.
enum ScatterPicture {
  /// The plot without its points: enough to know where everything lies.
  static func plot(_ state: State) -> ScatterPlot {
    var plot = ScatterPlot(points: [], window: state.window)
    plot.horizontalLabel = state.plot.x.name
    plot.verticalLabel = state.latentSize > 1 ? state.plot.y.name : ""
    return plot
  }

  /// The posterior of the image the code came from: one standard deviation around its mean, in the plane.
  static func ellipse(_ state: State) -> ScatterPlot.Ellipse? {
    guard !state.subject.isAutoencoder, let cloud = state.cloud, let index = state.sourceIndex,
      let x = cloud.direction(of: state.plot.x),
      let y = cloud.direction(of: state.plot.y)
    else { return nil }
    var xx: Float = 0
    var yy: Float = 0
    var xy: Float = 0
    for (deviation, (first, second)) in zip(cloud.deviations(index), zip(x, y)) {
      let variance = deviation * deviation
      xx += variance * first * first
      yy += variance * second * second
      xy += variance * first * second
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
      center: state.project(cloud.code(index)), first: direction * larger,
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

extension PaneCanvas {
  mutating func drawScatter(_ cache: inout ViewCache) {
    let inside = layout.inside(.scatter)
    var plot = ScatterPicture.plot(state)
    var note = ""
    var name = "latent space  \(state.axisNames)"
    if let cloud = state.cloud {
      note = "\(Numbers.grouped(cloud.count)) codes of \(cloud.source)"
      if case .component(let x) = state.plot.x, case .component(let y) = state.plot.y, let components = cloud.components
      {
        let share = components.explained(x) + components.explained(y)
        name += "  \(Numbers.fixed(share * 100, 0)) % of variance"
      }
    } else {
      note = "no codes: :data strokes"
    }
    if let name = state.readingData { note = "reading \(fileName(name))…" }
    if state.options.contains(.path) { plot.path = ScatterPicture.path(state) }
    plot.ellipse = ScatterPicture.ellipse(state)
    plot.markers = state.steering.marks.sorted { $0.key < $1.key }.compactMap { letter, code in
      guard code.count == state.latentSize, let glyph = letter.unicodeScalars.first else { return nil }
      return ScatterPlot.Marker(position: state.project(code), glyph: glyph)
    }
    if state.latentSize > 0 { plot.crosshair = state.crosshair }
    let ground = cache.ground(of: plot, state: state, width: inside.width, height: inside.height, rendition: rendition)
    frame.draw(plot.frame(over: ground), column: inside.column, row: inside.row)
    if let cell = plot.cell(of: state.crosshair, width: inside.width, height: inside.height) {
      rest(.scatter, column: inside.column + cell.column, row: inside.row + cell.row)
    } else {
      rest(.scatter, column: inside.column, row: inside.row)
    }
    titleScatter(name, note: note)
  }

  /// The title, the number of codes and the legend, as far as they fit.
  private mutating func titleScatter(_ name: String, note: String) {
    guard let rectangle = layout.panes[.scatter] else { return }
    title(.scatter, name)
    guard let cloud = state.cloud else {
      title(.scatter, name, note: note)
      return
    }
    let classes = cloud.classes.prefix(10)
    var legend = Frame(width: 60, height: 1)
    let width = legend.writeClassLegend(
      classes: classes, hidden: state.plot.hiddenClasses, column: 0, row: 0, rendition: rendition)
    var end = rectangle.endColumn - 2
    let begin = rectangle.column + name.count + 4
    if width > 0, end - width - 2 > begin {
      end -= width + 2
      frame.write(" ", column: end, row: rectangle.row)
      for column in 0..<width { frame[end + 1 + column, rectangle.row] = legend[column, 0] }
      frame.write(" ", column: end + 1 + width, row: rectangle.row)
    }
    if end - note.count - 3 > begin {
      frame.write(" \(note) ", column: end - note.count - 2, row: rectangle.row, theme.faint)
    }
  }
}
