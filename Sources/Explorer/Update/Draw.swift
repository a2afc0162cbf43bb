import Canvas
import Terminal

/// Where the pen is and what it does.
struct PenState: PaneState {
  enum Mode: Sendable, Hashable { case up, drawing, erasing }

  /// In pixels from the upper left corner of the paper; nil: in its middle.
  var position: SIMD2<Float>?
  var mode = Mode.up
  /// How many steps thicker than usual the pen is.
  var steps = 0
  /// Where the mouse was last while it draws: beyond the paper too.
  var mouse: SIMD2<Float>?
  /// The stroke that is being drawn: how many steps there were to undo at its first ink, and what it has come to.
  var stroke: (depth: Int, pixels: [UInt8])?
  /// The picture whose code was asked for last, and the weights it was asked of.
  var asked: (pixels: [UInt8], generation: Int)?

  static let mostSteps = 4

  init() {}

  /// The pen that draws, or the one that erases, which is broader: what it leaves at the sides of a stroke is no picture.
  func tip(erasing: Bool) -> RoundPen {
    let thickness = (0..<abs(steps)).reduce(RoundPen.usual) { size, _ in steps > 0 ? size * 1.25 : size / 1.25 }
    return RoundPen(thickness: erasing ? thickness * 1.6 : thickness)
  }
}

/// Drawing: a pen on paper of the size of the model's images, and the code of what it draws.
extension State {
  /// What has been drawn; blank paper where nothing has.
  var canvas: DrawnImage {
    if let drawing = steering.drawing, drawing.fits(subject) { return drawing }
    return DrawnImage(width: subject.imageWidth, height: subject.imageHeight)
  }

  /// Where the pen is, in pixels from the upper left corner of the paper.
  var penPosition: SIMD2<Float> {
    let size = SIMD2(Float(max(1, subject.imageWidth)), Float(max(1, subject.imageHeight)))
    let middle = SIMD2((size.x / 2).rounded(.down), (size.y / 2).rounded(.down)) + 0.5
    // The middles of the outermost pixels are as far as it goes.
    return pointwiseMin(pointwiseMax(panes[PenState.self].position ?? middle, SIMD2(repeating: 0.5)), size - 0.5)
  }

  // MARK: The pen

  /// Moves the pen by steps of about a pixel of MNIST's; on the paper it leaves ink on its way, or takes it away.
  mutating func movePen(columns: Int, rows: Int, _ stride: Stride) {
    guard hasCanvas() else { return }
    let start = penPosition
    let step = max(1, canvas.scale.rounded()) * (stride == .coarse ? 4 : 1)
    panes[PenState.self].position = start + SIMD2(Float(columns), Float(rows)) * step
    let mode = panes[PenState.self].mode
    if mode != .up { line(from: start, to: penPosition, erasing: mode == .erasing) }
  }

  /// Puts the pen on the paper, as the one that draws or the one that erases; or lifts it where it is that already.
  mutating func putPen(_ mode: PenState.Mode) {
    guard hasCanvas() else { return }
    let isThere = panes[PenState.self].mode == mode
    panes[PenState.self].mode = isThere ? .up : mode
    panes[PenState.self].stroke = nil
    if !isThere { line(from: penPosition, to: penPosition, erasing: mode == .erasing) }
  }

  mutating func liftPen() {
    panes[PenState.self].mode = .up
    panes[PenState.self].stroke = nil
  }

  mutating func changePen(thicker steps: Int) {
    guard hasCanvas() else { return }
    let most = PenState.mostSteps
    let next = panes[PenState.self].steps + steps
    panes[PenState.self].steps = min(most, max(-most, next))
    if abs(next) > most { message = .note("this is the \(steps > 0 ? "thickest" : "thinnest") pen there is") }
  }

  /// Draws with the mouse: with the left button, and with the right one erases. A stroke that begins beside the paper is
  /// none; one that leaves it comes back where the mouse does.
  mutating func draw(with event: MouseEvent, at point: SIMD2<Float>) {
    guard latentSize > 0 else { return }
    let erases = event.button == .right
    switch event.action {
    case .press:
      panes[PenState.self].stroke = nil
      let canvas = canvas
      let isOnPaper = point.x >= 0 && point.y >= 0 && point.x < Float(canvas.width) && point.y < Float(canvas.height)
      panes[PenState.self].mouse = isOnPaper ? point : nil
      guard isOnPaper else { return }
      panes[PenState.self].position = point
      line(from: point, to: point, erasing: erases)
    case .drag:
      guard let start = panes[PenState.self].mouse else { return }
      panes[PenState.self].mouse = point
      panes[PenState.self].position = point
      line(from: start, to: point, erasing: erases)
    default:
      panes[PenState.self].mouse = nil
      panes[PenState.self].stroke = nil
    }
  }

  // MARK: The drawing

  private mutating func line(from start: SIMD2<Float>, to end: SIMD2<Float>, erasing: Bool) {
    var next = canvas
    next.line(from: start, to: end, with: panes[PenState.self].tip(erasing: erasing), erasing: erasing)
    guard next.pixels != canvas.pixels else { return }
    next.encoding = nil
    // A stroke is one step to undo, however long it is; what happened meanwhile ends it.
    let stroke = panes[PenState.self].stroke
    let goesOn = stroke.map { $0.depth == past.count && $0.pixels == steering.drawing?.pixels } ?? false
    if !goesOn || !future.isEmpty {
      past.append(steering)
      future.removeAll()
    }
    // What plays would walk off with the code.
    animation = nil
    steering.take(next)
    panes[PenState.self].stroke = (past.count, next.pixels)
  }

  /// Takes the drawing along to a model of the same image size, which encodes it anew where the code was of it. Where
  /// another paper lies there, the pen is lifted.
  mutating func keepPaper(of former: Steering, for next: Subject) {
    let kept = steering.drawing
    if var drawing = former.drawing, drawing.fits(next), drawing.pixels != kept?.pixels {
      var isOfCode = drawing.encoding == nil
      if case .drawn = former.origin { isOfCode = true }
      // A drawing that the code was moved away from does not take the place of one that the next model has.
      if isOfCode {
        drawing.encoding = nil
        past.append(steering)
        future.removeAll()
        steering.take(drawing)
      } else if kept == nil {
        steering.drawing = drawing
      }
    }
    panes[PenState.self].asked = nil
    panes[PenState.self].stroke = nil
    if next.imageWidth != subject.imageWidth || next.imageHeight != subject.imageHeight {
      panes[PenState.self].position = nil
      panes[PenState.self].mouse = nil
      liftPen()
    } else if steering.drawing?.pixels != former.drawing?.pixels {
      liftPen()
    }
  }

  mutating func clearDrawing() {
    guard hasCanvas() else { return }
    panes[PenState.self].stroke = nil
    guard steering.drawing != nil else {
      message = .note("the paper is blank already")
      return
    }
    change { $0.take(nil) }
  }

  /// Scales and centres the drawing as MNIST was made: what an encoder of MNIST has seen.
  mutating func centreDrawing() {
    guard hasCanvas() else { return }
    guard !canvas.isBlank else {
      message = .error("there is nothing to centre: draw first, with Space and arrows")
      return
    }
    do {
      let centred = try canvas.centred()
      guard centred.pixels != canvas.pixels else {
        message = .note("the drawing is centred already")
        return
      }
      panes[PenState.self].stroke = nil
      animation = nil
      change { $0.take(centred) }
      message = .note("scaled and centred as MNIST was made: u brings it back")
    } catch {
      message = .error("the drawing cannot be centred: \(error)")
    }
  }

  /// Goes back to the scatter with the code of the drawing, the drawing beside its reconstruction.
  mutating func keepDrawing() {
    guard hasCanvas() else { return }
    traverse(.show(.explore))
    guard drawnSource != nil else {
      message = .note("the code is as it was: nothing has been drawn since")
      return
    }
    options.insert(.look)
    message = .note("at the code of the drawing: b shows what it decodes to alone, u takes strokes back, d draws on")
  }

  /// Whether there is paper to draw on; else it is said what is missing.
  private mutating func hasCanvas() -> Bool {
    guard latentSize > 0 else {
      message = .error("no model is open to encode a drawing: type :open mnist-2d, or press T to train one")
      return false
    }
    guard layout?.panes[.drawing] != nil else {
      message = .error("the paper is not shown: d shows it")
      return false
    }
    return true
  }

  // MARK: Its code

  /// Asks for the code of a drawing that has none, or whose code is of weights that are no longer shown; of a code that has
  /// been moved away from its drawing nothing is asked.
  mutating func askForEncoding() -> [Effect] {
    guard latentSize > 0, let drawing = steering.drawing, drawing.fits(subject) else { return [] }
    if let encoding = drawing.encoding {
      guard case .drawn = steering.origin, encoding.generation != subject.generation else { return [] }
    }
    // What could not be encoded is not asked for again and again.
    if let asked = panes[PenState.self].asked, asked.generation == subject.generation, asked.pixels == drawing.pixels {
      return []
    }
    panes[PenState.self].asked = (drawing.pixels, subject.generation)
    return [.encode(drawing, generation: subject.generation)]
  }

  /// Takes the code of the drawing over: part of the stroke that made it, and no step of its own.
  mutating func take(_ encoding: DrawnImage.Encoding, of drawing: DrawnImage) {
    panes[PenState.self].asked = nil
    guard steering.drawing?.pixels == drawing.pixels, encoding.mean.count == latentSize else { return }
    steering.drawing?.encoding = encoding
    guard !refusesAsLocked() else { return }
    var next = steering
    var code = encoding.mean
    if next.element != 0, let structure = groupStructure { code = structure.apply(next.element, toCode: code) }
    next.come(to: code, from: .drawn)
    next.element = steering.element
    steering = held(next)
  }
}

extension Steering {
  /// Takes another drawing: until it is encoded, the code is of none.
  fileprivate mutating func take(_ drawing: DrawnImage?) {
    self.drawing = drawing
    element = 0
    if case .drawn = origin { origin = .steered }
  }
}
