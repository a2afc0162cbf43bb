import Canvas
import Datasets
import Terminal

extension Pane {
  /// Paper to draw on.
  static let drawing = Pane(rawValue: "drawing")
}

extension Context {
  static let drawing = Context.pane(.drawing)
}

extension Scene.Part {
  /// The drawing itself: kept as cells, never decoded.
  static let drawing = Scene.Part(rawValue: "drawing")
}

extension PaneKind {
  static let drawing = PaneKind(
    .drawing, title: "Drawing", takesKeys: true,
    room: { state, _ in
      Room(least: (max(1, state.subject.imageHeight) + 1) / 2 + CanvasPlan.wordRows + 2, priority: 10)
    },
    draw: { canvas, cache in canvas.drawDrawing(&cache) },
    follow: { state, layout, spot, event in
      let point = CanvasPlan(state, layout).point(at: spot)
      return [
        .perform {
          $0.draw(with: event, at: point)
          return []
        }
      ]
    },
    words: { state in
      guard state.latentSize > 0 else { return [] }
      let canvas = state.canvas
      var lines = [
        "Drawing: \(ImageText.spoken(width: canvas.width, height: canvas.height)) pixels, \(Numbers.fixed(canvas.inkShare * 100, 0)) % ink.",
        "Pen: \(state.penText).",
      ]
      if let text = state.drawnClassText { lines.append("The drawing is encoded as \(text).") }
      return lines
    },
    commands: moving(.normal) + moving(.coarse) + [
      command("pen", ["space"], "put the pen on the paper, or lift it", hint: "pen") { $0.putPen(.drawing) },
      command("eraser", ["x"], "erase as the pen moves, or lift the eraser", hint: "erase") { $0.putPen(.erasing) },
      command("clear drawing", ["z", "backspace"], "blank paper", hint: "clear", works: { !$0.canvas.isBlank }) {
        $0.clearDrawing()
      },
      command(
        "centre drawing", ["c"], "scale and centre the drawing as MNIST was made", hint: "centre",
        works: { !$0.canvas.isBlank }
      ) { $0.centreDrawing() },
      command(
        "keep drawing", ["enter"], "go to the scatter with the code of the drawing", hint: "keep",
        works: { $0.drawnSource != nil }
      ) { $0.keepDrawing() },
      command("thicker pen", ["+"], "a thicker pen", hint: "pen size") { $0.changePen(thicker: 1) },
      command("thinner pen", ["-"], "a thinner pen") { $0.changePen(thicker: -1) },
    ])

  private static func moving(_ stride: Stride) -> [Command] {
    let (far, letters) =
      stride == .coarse ? ("far ", ["L", "H", "K", "J"]) : ("", ["", "", "", ""])
    let others = ["right": ">", "left": "<", "up": "page-up", "down": "page-down"]
    let ways = [("right", 1, 0), ("left", -1, 0), ("up", 0, -1), ("down", 0, 1)]
    return zip(ways, letters).map { way, letter in
      let (name, columns, rows) = way
      let keys = stride == .coarse ? ["shift-\(name)", letter] + (others[name].map { [$0] } ?? []) : [name]
      return command(
        "move pen \(far)\(name)", keys, "move the pen by \(stride == .coarse ? "four pixels" : "a pixel")",
        hint: stride == .normal && name == "right" ? "move" : nil
      ) { $0.movePen(columns: columns, rows: rows, stride) }
    }
  }

  private static func command(
    _ name: String, _ keys: [String], _ summary: String, hint: String? = nil,
    works: @escaping @Sendable (State) -> Bool = { _ in true }, _ body: @escaping @Sendable (inout State) -> Void
  ) -> Command {
    Command(
      name, keys: keys, in: [.drawing], summary, hint: hint, works: works,
      action: .perform {
        body(&$0)
        return []
      })
  }
}

/// Where the paper lies, and which of its points a cell stands for: drawn and met by the mouse by the same reckoning.
struct CanvasPlan {
  /// The rows below the paper: what the pen does, and what the drawing is taken for.
  static let wordRows = 2

  /// The cells of the paper, in the window.
  let paper: Rectangle
  private let inside: Rectangle
  private let extent: SIMD2<Float>

  init(_ state: State, _ layout: Layout) {
    inside = layout.inside(.drawing)
    var room = inside
    room.height = max(1, room.height - Self.wordRows)
    let size = DigitCells.whole(in: room, of: state.subject)
    paper = Rectangle(
      column: room.column + max(0, (room.width - size.width) / 2),
      row: room.row + max(0, (room.height - size.height) / 2), width: size.width, height: size.height)
    extent = SIMD2(Float(max(1, state.subject.imageWidth)), Float(max(1, state.subject.imageHeight)))
  }

  private var cells: SIMD2<Float> { SIMD2(Float(max(1, paper.width)), Float(max(1, paper.height))) }

  /// The point in the middle of a cell of the pane, in pixels from the upper left corner of the paper.
  func point(at spot: PaneKind.Spot) -> SIMD2<Float> {
    let cell = SIMD2(Float(spot.column + inside.column - paper.column), Float(spot.row + inside.row - paper.row))
    return (cell + 0.5) / cells * extent
  }

  /// The cell of a point, in the window.
  func cell(of point: SIMD2<Float>) -> (column: Int, row: Int) {
    let place = pointwiseMin(pointwiseMax(point / extent * cells, .zero), cells - 1)
    return (paper.column + Int(place.x), paper.row + Int(place.y))
  }
}

extension State {
  /// What the pen does, in words.
  fileprivate var penText: String { penTexts[0] }

  /// The same, the longest form first.
  fileprivate var penTexts: [String] {
    let pen = panes[PenState.self]
    let does =
      switch pen.mode {
      case .up: "up"
      case .drawing: "down"
      case .erasing: "erasing"
      }
    let position = penPosition
    let thickness = Numbers.fixed(pen.tip(erasing: pen.mode == .erasing).thickness * canvas.scale, 1)
    let place = "\(does) at \(Int(position.x) + 1), \(Int(position.y) + 1)"
    return ["\(place), \(thickness) pixels thick", "\(place), \(thickness) thick", place, does]
  }

  /// What the encoder takes the drawing for, likeliest first: `y 7 92 %, 1 6 %`. Nil where it has not been encoded, or the
  /// model has no variable for the class.
  fileprivate var drawnClassText: String? {
    guard let choice = choice(0), let mean = drawnSource?.encoding?.mean else { return nil }
    let shares = (0..<choice.range.count).map { (place: $0, share: choice.probability($0, in: mean)) }
      .sorted { ($1.share, $0.place) < ($0.share, $1.place) }.prefix(3)
    let likely = shares.enumerated().filter { $0.offset == 0 || $0.element.share >= 0.005 }.map(\.element)
    return "\(choice.name) "
      + likely.map { "\(choice.named($0.place).spoken) \(Numbers.fixed($0.share * 100, 0)) %" }.joined(separator: ", ")
  }
}

extension PaneCanvas {
  /// The paper with what is drawn on it, the pen, and what the encoder says.
  mutating func drawDrawing(_ cache: inout ViewCache) {
    let inside = layout.inside(.drawing)
    let canvas = state.canvas
    title(.drawing, "drawing", note: "\(ImageShape.text(height: canvas.height, width: canvas.width)) pixels")
    guard state.latentSize > 0 else {
      return writeAbsence("no model is open: :open NAME opens one, T trains one", inside)
    }
    let plan = CanvasPlan(state, layout)
    let paper = plan.paper
    if let picture = cache.frames(
      of: .drawing, [canvas.image], width: paper.width, height: paper.height, rendition: rendition
    ).first {
      frame.draw(picture, column: paper.column, row: paper.row, in: inside)
    }
    drawEdges(of: paper, in: inside)
    drawPen(plan)
    drawWords(canvas, inside)
  }

  /// Lines around the paper where the pane has room for all four: blank paper is no darker than some grounds.
  private mutating func drawEdges(of paper: Rectangle, in inside: Rectangle) {
    guard paper.column > inside.column, paper.endColumn < inside.endColumn, paper.row > inside.row,
      paper.endRow < inside.endRow - CanvasPlan.wordRows
    else { return }
    let style = theme.line
    let line = String(repeating: "─", count: paper.width)
    for row in paper.row..<paper.endRow {
      for column in [paper.column - 1, paper.endColumn] { frame.write("│", column: column, row: row, style) }
    }
    frame.write("┌\(line)┐", column: paper.column - 1, row: paper.row - 1, style)
    frame.write("└\(line)┘", column: paper.column - 1, row: paper.endRow, style)
  }

  /// A cross where the pen would come down, another letter where it is.
  private mutating func drawPen(_ plan: CanvasPlan) {
    let cell = plan.cell(of: state.penPosition)
    let glyph =
      switch state.panes[PenState.self].mode {
      case .up: "+"
      case .drawing: "o"
      case .erasing: "x"
      }
    frame.write(glyph, column: cell.column, row: cell.row, theme.accent)
    rest(.drawing, column: cell.column, row: cell.row)
  }

  private mutating func drawWords(_ canvas: DrawnImage, _ inside: Rectangle) {
    guard inside.height > CanvasPlan.wordRows else { return }
    let row = inside.endRow - CanvasPlan.wordRows
    let room = inside.width - 2
    let isUp = state.panes[PenState.self].mode == .up
    frame.write(
      fitted(state.penTexts.map { "pen \($0)" }, to: room), column: inside.column + 1, row: row,
      isUp ? theme.text : theme.accent)
    let words: [String]
    if canvas.isBlank {
      let keys = isUp ? "Space, then arrows draw" : "arrows draw"
      words = [keys + (state.isMouseOn ? ", and the mouse" : "; ctrl-o: the mouse"), keys]
    } else {
      words = [state.drawnClassText ?? LookFacts(state).nearest ?? ""]
    }
    frame.write(fitted(words, to: room), column: inside.column + 1, row: row + 1, theme.faint)
  }
}
