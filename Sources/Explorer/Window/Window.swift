import Canvas

/// Draws a state: the same state in the same rendition gives the same frame.
func view(_ state: State, rendition: Rendition) -> Frame {
  var cache = ViewCache()
  return view(state, rendition: rendition, cache: &cache)
}

/// Draws a state, reusing what is known from the frame before; the frame does not depend on the cache.
func view(_ state: State, rendition: Rendition, cache: inout ViewCache) -> Frame {
  view(state, state.layout, rendition: rendition, cache: &cache)
}

/// Draws a state whose panes lie where `layout` says, which is where the state has them.
func view(_ state: State, _ layout: Layout?, rendition: Rendition, cache: inout ViewCache) -> Frame {
  // The canvas has the frame alone, so that drawing on it copies none.
  let blank = { Frame(width: state.size.width, height: state.size.height) }
  guard let layout else {
    var frame = blank()
    drawTooSmall(&frame)
    return frame.adapted(to: rendition)
  }
  if cache.rendition != rendition { cache = ViewCache(rendition: rendition) }
  var canvas = PaneCanvas(frame: blank(), state: state, layout: layout, theme: Theme(rendition: rendition))
  canvas.drawHeader()
  canvas.drawBorders()
  for kind in PaneKind.all where layout.panes[kind.pane] != nil { kind.draw(&canvas, &cache) }
  canvas.drawOverlay()
  canvas.drawFoot()
  canvas.frame.adapt(to: rendition)
  return canvas.frame
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
