import Canvas
import LatentModels

/// Draws a state: the same state in the same rendition gives the same frame.
func view(_ state: State, rendition: Rendition) -> Frame {
  var cache = ViewCache()
  return view(state, rendition: rendition, cache: &cache)
}

/// Draws a state, reusing what is known from the frame before; the frame does not depend on the cache.
func view(_ state: State, rendition: Rendition, cache: inout ViewCache) -> Frame {
  var frame = Frame(width: state.size.width, height: state.size.height)
  guard let layout = state.layout else {
    drawTooSmall(&frame)
    return frame.adapted(to: rendition)
  }
  if cache.rendition != rendition { cache = ViewCache(rendition: rendition) }
  var canvas = PaneCanvas(frame: frame, state: state, layout: layout, theme: Theme(rendition: rendition))
  canvas.drawHeader()
  canvas.drawBorders()
  canvas.drawDigit(&cache)
  canvas.drawSliders()
  if layout.panes[.look] != nil { canvas.drawLook(&cache) }
  if layout.panes[.scatter] != nil { canvas.drawScatter(&cache) }
  if layout.panes[.strip] != nil { canvas.drawStrip(&cache) }
  if layout.panes[.grid] != nil { canvas.drawGrid(&cache) }
  if layout.panes[.matrix] != nil { canvas.drawMatrix(&cache) }
  if layout.panes[.chart] != nil { canvas.drawChart() }
  if layout.panes[.training] != nil { canvas.drawTraining() }
  canvas.drawOverlay()
  canvas.drawFoot()
  return canvas.frame.adapted(to: rendition)
}

/// One message that says what is needed, in whatever room there is.
private func drawTooSmall(_ frame: inout Frame) {
  let needed = "\(Layout.minimum.width)×\(Layout.minimum.height)"
  let texts = [
    "zscope needs a window of at least \(needed); this one is \(frame.width)×\(frame.height). q quits.",
    "needs \(needed), q quits", "\(needed)",
  ]
  guard frame.width > 0 else { return }
  let fitting = texts.map { wordWrapped($0, to: frame.width) }.first { $0.count <= frame.height }
  for (row, line) in (fitting ?? wordWrapped(needed, to: frame.width)).enumerated() {
    frame.write(line, column: 0, row: row)
  }
}

/// Pictures kept from frame to frame.
struct ViewCache {
  fileprivate var rendition: Rendition?
  private var digits: [Scene.Part: DigitSheet] = [:]
  private var scatter: (key: ScatterKey, ground: ScatterPlot.Ground)?

  init() {}
  fileprivate init(rendition: Rendition) { self.rendition = rendition }

  /// Pictures of one size, drawn.
  private struct DigitSheet {
    var images: [GreyImage]
    var width: Int
    var height: Int
    var frames: [Frame]
  }

  /// The pictures of a part as cells.
  mutating func frames(
    of part: Scene.Part, _ images: [GreyImage], width: Int, height: Int, rendition: Rendition
  ) -> [Frame] {
    if let known = digits[part], known.width == width, known.height == height, known.images == images {
      return known.frames
    }
    let fitter = GlyphFitter(rendition: rendition)
    let frames = images.map { fitter.fit($0, width: width, height: height) }
    digits[part] = DigitSheet(images: images, width: width, height: height, frames: frames)
    return frames
  }

  /// All that the ground of a scatter depends on.
  private struct ScatterKey: Hashable {
    let cloud: Int?
    let plot: State.PlotView
    let window: PlotWindow
    let axisNames: [String]
    let options: Set<ViewOption>
    let width: Int
    let height: Int
  }

  /// The codes of a scatter with the axes around them.
  mutating func ground(
    of empty: ScatterPlot, state: State, width: Int, height: Int, rendition: Rendition
  ) -> ScatterPlot.Ground {
    let key = ScatterKey(
      cloud: state.cloud?.id, plot: state.plot, window: empty.window,
      axisNames: [empty.horizontalLabel, empty.verticalLabel], options: state.options, width: width, height: height)
    if let scatter, scatter.key == key { return scatter.ground }
    var plot = empty
    if let cloud = state.cloud {
      plot.points = cloud.points(state.plot.x, state.plot.y)
      plot.labels = cloud.labels
      plot.hiddenClasses = state.plot.hiddenClasses
    }
    if state.options.contains(.rings) { plot.ringRadii = [1, 2, 3] }
    plot.showsDensity = state.options.contains(.density)
    let ground = plot.ground(width: width, height: height, rendition: rendition)
    scatter = (key, ground)
    return ground
  }
}

/// A frame under construction, with all that panes draw from.
struct PaneCanvas {
  var frame: Frame
  let state: State
  let layout: Layout
  let theme: Theme

  var rendition: Rendition { theme.rendition }

  /// Lines around all panes, the focused one last so that its lines are whole.
  mutating func drawBorders() {
    for (_, rectangle) in layout.panes.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      frame.box(rectangle, rendition: rendition, foreground: theme.line.foreground, attributes: theme.line.attributes)
    }
    if let focused = layout.panes[state.focus] {
      frame.box(
        focused, rendition: rendition, foreground: theme.focusedLine.foreground,
        attributes: theme.focusedLine.attributes)
    }
  }

  /// Writes a pane's title into its upper line, and a note at the right end of it.
  mutating func title(_ pane: Pane, _ text: String, note: String = "") {
    guard let rectangle = layout.panes[pane] else { return }
    let style = state.focus == pane ? theme.focusedTitle : theme.title
    let room = rectangle.width - 4
    let shown = " " + shortened(text, to: room) + " "
    frame.write(shown, column: rectangle.column + 1, row: rectangle.row, style)
    let left = room - shown.count - 1
    if !note.isEmpty, note.count + 2 <= left {
      frame.write(
        " \(note) ", column: rectangle.endColumn - note.count - 3, row: rectangle.row, theme.faint)
    }
  }

  /// Puts the hardware cursor on a cell, if `pane` has the keys.
  mutating func rest(_ pane: Pane, column: Int, row: Int) {
    guard state.focus == pane, case .none = state.overlay else { return }
    frame.cursor = Frame.Position(column: column, row: row)
  }

  /// Marks a small digit by its four corners.
  mutating func mark(_ rectangle: Rectangle) {
    let style = theme.accent
    let glyphs: [(Int, Int, String)] = [
      (rectangle.column, rectangle.row, "┌"), (rectangle.endColumn - 1, rectangle.row, "┐"),
      (rectangle.column, rectangle.endRow - 1, "└"), (rectangle.endColumn - 1, rectangle.endRow - 1, "┘"),
    ]
    for (column, row, glyph) in glyphs { frame.write(glyph, column: column, row: row, style) }
  }
}
