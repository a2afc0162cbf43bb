import Canvas
import Datasets
import Terminal
import Testing

@testable import Explorer

/// Drawing a picture and having it encoded.
@Suite struct DrawTests {
  /// What an encoder might say: where the ink has its centre of mass, from −1 to 1.
  private func mean(of drawing: DrawnImage, _ size: Int) -> [Float] {
    let centre = centreOfMass(drawing)
    let place = [centre.x / Float(drawing.width) * 2 - 1, 1 - centre.y / Float(drawing.height) * 2]
    return (0..<size).map { $0 < 2 ? place[$0] : 0 }
  }

  private func centreOfMass(_ drawing: DrawnImage) -> SIMD2<Float> {
    var (sum, moment): (Float, SIMD2<Float>) = (0, .zero)
    for (index, ink) in drawing.pixels.enumerated() {
      sum += Float(ink)
      moment += SIMD2(Float(index % drawing.width) + 0.5, Float(index / drawing.width) + 0.5) * Float(ink)
    }
    return sum > 0 ? moment / sum : .zero
  }

  private func answer(_ effects: [Effect], _ state: inout State, _ mean: (DrawnImage) -> [Float]) -> Int {
    var count = 0
    for case .encode(let drawing, let generation) in effects {
      count += 1
      let mean = mean(drawing)
      let encoding = DrawnImage.Encoding(
        mean: mean, deviations: mean.map { _ in 0.25 }, generation: generation)
      _ = state.update(
        .perform {
          $0.take(encoding, of: drawing)
          return []
        })
    }
    return count
  }

  /// Presses keys as the loop would, with the encoder's answers; returns how often it was asked.
  @discardableResult
  private func press(_ keys: String, _ state: inout State, mean given: [Float]? = nil) throws -> Int {
    var count = 0
    for case .key(let key) in try Script(keys).steps {
      let size = state.latentSize
      count += answer(state.update(.key(key)), &state) { given ?? mean(of: $0, size) }
    }
    Sample.render(&state)
    return count
  }

  private func mouse(
    _ action: MouseEvent.Action, _ button: MouseEvent.Button, at point: SIMD2<Float>, _ state: inout State
  ) throws {
    let cell = CanvasPlan(state, try #require(state.layout)).cell(of: point)
    let size = state.latentSize
    let effects = state.update(.mouse(MouseEvent(action, button: button, column: cell.column, row: cell.row)))
    _ = answer(effects, &state) { mean(of: $0, size) }
  }

  private func ink(_ column: Int, _ row: Int, _ state: State) -> UInt8 {
    state.canvas.pixels[row * state.canvas.width + column]
  }

  @Test func theScreenIsPaperOfTheModelsImageSizeBesideTheCodes() throws {
    var state = Sample.state(120, 40)
    let code = state.code
    try press("d", &state)
    #expect(state.screen == .draw && state.focus == .drawing && state.code == code && state.past.isEmpty)
    let text = view(state, rendition: Rendition()).plain()
    for part in [" drawing ", "28×28 pixels", "Space, then arrows draw", "z1 × z2", " sliders ", "pen up at 15, 15"] {
      #expect(text.contains(part), "\(part)")
    }
    #expect(state.layout?.panes[.scatter] != nil)
  }

  @Test func thePenLeavesInkOnlyWhileItIsDownAndTheCodeFollowsIt() throws {
    var state = Sample.state(120, 40)
    #expect(try press("d right*3 up", &state) == 0)
    #expect(state.canvas.isBlank && state.past.isEmpty)
    // A dot is a picture already.
    #expect(try press("space", &state) == 1)
    #expect(ink(17, 13, state) == 255 && state.code == mean(of: state.canvas, 2))
    #expect(try press("right*4 down*4", &state) == 8)
    #expect(ink(21, 13, state) == 255 && ink(21, 17, state) == 255 && ink(17, 17, state) == 0)
    #expect(state.code == mean(of: state.canvas, 2) && state.steering.origin == .drawn)
    #expect(state.crosshair == SIMD2(state.code[0], state.code[1]))
    #expect(state.scene.parts[.reconstruction]?.batch.codes == state.code)
    #expect(Account.of(state).contains("Code: code of the drawing."))
    let drawn = state.canvas
    try press("space left*5", &state)
    #expect(state.canvas == drawn)
  }

  @Test func theLineIsSoftAndAsThickAsMNISTsAre() throws {
    var state = Sample.state(120, 40)
    try press("d space right*8", &state)
    let column = (0..<28).map { Float(ink(18, $0, state)) / 255 }
    #expect(abs(column.reduce(0, +) - RoundPen.usual) < 0.4)
    #expect(column.contains { $0 > 0.05 && $0 < 0.95 })
    try press("+*3 space", &state)
    let thin = state.canvas.inkShare
    try press("z space right*8", &state)
    #expect(state.canvas.inkShare > thin)
    try press("+*5", &state)
    #expect(state.message?.text.contains("thickest") == true)
  }

  @Test func aStrokeIsOneStepToUndoAndComesBackWithItsCode() throws {
    var state = Sample.state(120, 40)
    let before = state.steering
    try press("d space right*5 space", &state)
    let first = state.steering
    try press("down*4 space left*5", &state)
    let second = state.steering
    try press("u", &state)
    #expect(state.steering == first)
    try press("u", &state)
    #expect(state.steering == before && state.canvas.isBlank)
    #expect(try press("U U", &state) == 0)
    #expect(state.steering == second)
    // What happens between ends a stroke, though the pen is still on the paper.
    try press("r down", &state)
    #expect(state.past.count == 4)
    try press("u", &state)
    #expect(state.steering.origin == .prior)
  }

  @Test func inkIsErasedAndPaperIsCleared() throws {
    var state = Sample.state(120, 40)
    try press("d space right*6 space x left*3", &state)
    #expect(ink(20, 14, state) == 0 && ink(14, 14, state) == 255)
    try press("x z", &state)
    #expect(state.canvas.isBlank && state.steering.drawing == nil && state.steering.origin == .steered)
    try press("z", &state)
    #expect(state.message?.text == "the paper is blank already")
    try press("u", &state)
    #expect(!state.canvas.isBlank && state.steering.origin == .drawn)
  }

  @Test func farStepsAreFourPixelsAndThePenStaysOnThePaper() throws {
    var state = Sample.state(120, 40)
    try press("d", &state)
    let start = state.penPosition
    try press("L K", &state)
    #expect(state.penPosition == start + SIMD2(4, -4))
    try press("h", &state)
    #expect(state.penPosition == start + SIMD2(3, -4))
    try press("right*99 down*99", &state)
    #expect(state.penPosition == SIMD2(27.5, 27.5))
    try press("left", &state)
    #expect(state.penPosition == SIMD2(26.5, 27.5))
  }

  @Test func theMouseDrawsWithTheLeftButtonAndErasesWithTheRight() throws {
    var state = Sample.state(120, 40)
    try press("d", &state)
    try mouse(.press, .left, at: SIMD2(5, 14), &state)
    try mouse(.drag, .left, at: SIMD2(14, 14), &state)
    try mouse(.drag, .left, at: SIMD2(22, 14), &state)
    try mouse(.release, .left, at: SIMD2(22, 14), &state)
    let row = try #require((13...15).first { ink(10, $0, state) > 200 })
    #expect((6...20).allSatisfy { ink($0, row, state) > 200 } && state.past.count == 1)
    #expect(state.code == mean(of: state.canvas, 2))
    try mouse(.press, .right, at: SIMD2(14, 14), &state)
    try mouse(.release, .right, at: SIMD2(14, 14), &state)
    #expect(ink(14, row, state) < 50 && ink(7, row, state) > 200 && state.past.count == 2)
  }

  @Test func aStrokeThatLeavesThePaperMovesNothingElse() throws {
    var state = Sample.state(120, 40)
    try press("d", &state)
    try mouse(.press, .left, at: SIMD2(3, 3), &state)
    let inside = try #require(state.layout?.inside(.sliders))
    let drawn = state.steering.drawing
    for column in inside.column..<inside.endColumn {
      _ = state.update(.mouse(MouseEvent(.drag, button: .left, column: column, row: inside.row)))
    }
    #expect(state.focus == .drawing && state.past.count == 1 && state.steering.drawing != nil && drawn != nil)
    _ = state.update(.mouse(MouseEvent(.release, button: .left, column: inside.column, row: inside.row)))
    // Let go, it is a mouse like any other.
    _ = state.update(.mouse(MouseEvent(.press, button: .left, column: inside.column + 8, row: inside.row)))
    #expect(state.focus == .sliders)
  }

  @Test func aCodeThatIsMovedAwayIsLeftAloneAndNewWeightsEncodeAnew() throws {
    var state = Sample.state(120, 40)
    try press("d space right*4", &state)
    var subject = state.subject
    subject.generation += 1
    var asked = answer(state.update(.updated(subject, nil)), &state) { _ in [0.5, 0.25] }
    #expect(asked == 1 && state.code == [0.5, 0.25] && state.past.count == 1)
    _ = state.update(.setValue(2))
    subject.generation += 1
    asked = answer(state.update(.updated(subject, nil)), &state) { _ in [0, 0] }
    #expect(asked == 0 && state.code[0] == 2 && state.steering.origin == .steered)
    // Drawing on takes the code along again.
    #expect(try press("right", &state) == 1)
    #expect(state.code == mean(of: state.canvas, 2))
  }

  @Test func snapshotsThatAreSteppedThroughLeaveTheCodeOfADrawing() throws {
    var state = Sample.state(120, 40)
    try press("d space right*4", &state)
    let code = state.code
    var subject = state.subject
    // Two steps back and one to the newest; then the run moves on.
    for (isPast, wanted) in [(true, 0), (true, 0), (false, 0), (false, 1)] {
      (subject.isPast, subject.generation) = (isPast, subject.generation + 1)
      let asked = answer(state.update(.updated(subject, nil)), &state) { _ in [0.5, 0.25] }
      #expect(asked == wanted && (state.code == code) == (wanted == 0))
    }
  }

  @Test func whatCannotBeEncodedIsAskedForOnce() throws {
    var state = Sample.state(120, 40)
    _ = state.update(.key(try Key("d")))
    let first = state.update(.key(try Key("space")))
    let second = state.update(.say(.error("no code")))
    func asks(_ effects: [Effect]) -> Bool {
      effects.contains { if case .encode = $0 { true } else { false } }
    }
    #expect(asks(first) && !asks(second) && state.steering.origin != .drawn)
    #expect(asks(state.update(.key(try Key("right")))))
  }

  @Test func whoComesBackFindsThePenLiftedAndTheDrawingAsItWas() throws {
    var state = Sample.state(120, 40)
    try press("d space right*4 e", &state)
    let (steering, code) = (state.steering, state.code)
    #expect(state.screen == .explore && code != [0, 0])
    try press("d left*4", &state)
    #expect(state.steering == steering)
  }

  /// Opens another model; how often its encoder is asked.
  private func open(
    _ path: String, dimensions: Int, imageSize: Int = 28, generation: Int, _ state: inout State
  ) -> Int {
    var subject = Subject(
      name: path, shape: "784-\(dimensions)", latentSize: dimensions, imageWidth: imageSize, imageHeight: imageSize,
      epoch: 3, step: 9, generation: generation)
    subject.path = path
    let effects = state.update(.opened(Opening(subject: subject, cloud: Sample.cloud(dimensions: dimensions))))
    return answer(effects, &state) { mean(of: $0, dimensions) }
  }

  @Test func aDrawingIsEncodedByTheModelThatIsOpenedNext() throws {
    var state = Sample.state(120, 40)
    try press("d space right*4 down*4", &state)
    let (drawn, steering) = (state.canvas.pixels, state.steering)
    #expect(open("other", dimensions: 3, generation: 2, &state) == 1)
    #expect(state.canvas.pixels == drawn && state.steering.origin == .drawn)
    #expect(state.code == mean(of: state.canvas, 3) && state.panes[PenState.self].mode == .drawing)
    // Where it was drawn it is as it was.
    #expect(open("sample", dimensions: 2, generation: 3, &state) == 1)
    #expect(state.canvas.pixels == drawn && state.code == steering.code)
    // Paper of another size is blank, and the pen is off it.
    #expect(open("small", dimensions: 2, imageSize: 8, generation: 4, &state) == 0)
    #expect(state.canvas.isBlank && state.canvas.width == 8 && state.panes[PenState.self].mode == .up)
    _ = open("sample", dimensions: 2, generation: 5, &state)
    #expect(state.canvas.pixels == drawn && state.panes[PenState.self].mode == .up)
    // A code that was moved away from it stays so.
    try press("e", &state)
    state.setCode([0.5, 0.5], origin: .steered)
    #expect(open("another", dimensions: 2, generation: 6, &state) == 0)
    #expect(state.canvas.pixels == drawn && state.steering.origin == .steered)
  }

  @Test(arguments: [(60, 20), (60, 40), (80, 24), (120, 40), (140, 44), (250, 70)])
  func thePaperHasItsWholeFrameOrNoneAndNoWordOfThePenIsCut(width: Int, height: Int) throws {
    var state = Sample.state(width, height)
    try press("d space", &state)
    let layout = try #require(state.layout)
    let (paper, inside) = (CanvasPlan(state, layout).paper, layout.inside(.drawing))
    let frame = view(state, rendition: Rendition())
    let lines = frame.plain().split(separator: "\n", omittingEmptySubsequences: false).map(Array.init)
    func isDrawn(_ glyph: Character, _ column: Int, _ row: Int) -> Bool {
      guard inside.contains(column: column, row: row), row < inside.endRow - CanvasPlan.wordRows else { return false }
      return lines[row].indices.contains(column) ? lines[row][column] == glyph : false
    }
    let sides = [
      isDrawn("│", paper.column - 1, paper.row), isDrawn("│", paper.endColumn, paper.row),
      isDrawn("─", paper.column, paper.row - 1), isDrawn("─", paper.column, paper.endRow),
    ]
    #expect(Set(sides).count == 1, "\(sides)")
    let words = lines.map { String($0) }.first { $0.contains("pen down") } ?? ""
    #expect(!words.isEmpty && !words.contains("thi…") && !words.contains("pixels…"))
  }

  @Test func whatIsLockedStaysAndIsSaid() throws {
    var state = Sample.state(120, 40)
    try press("= 2 enter L d space right*4", &state)
    #expect(state.code[0] == 2 && state.code[1] == mean(of: state.canvas, 2)[1])
    #expect(Account.of(state).contains("Code: taken from the drawing, but for locked z1."))
  }

  @Test func enterKeepsTheCodeAndTheDrawingIsTheOriginal() throws {
    var state = Sample.state(120, 40)
    try press("d space right*4 down*4", &state)
    let (code, image) = (state.code, state.canvas.image)
    try press("enter", &state)
    #expect(state.screen == .explore && state.code == code && state.options.contains(.look))
    let comparison = try #require(Comparison(state))
    #expect(comparison.pictures[0].1 == image && comparison.pictures[1].1 == Sample.ring(code))
    #expect(view(state, rendition: Rendition()).plain().contains("original"))
    #expect(state.sourceDeviations == [0.25, 0.25] && ScatterPicture.ellipse(state) != nil)
    try press("u", &state)
    #expect(state.code != code && state.steering.drawing == nil && Comparison(state) == nil)
  }

  @Test func aDrawingInACornerIsCentredAsMNISTIs() throws {
    var state = Sample.state(120, 40)
    try press("d c", &state)
    #expect(state.message?.isError == true)
    try press("H*2 K*2 space right*5 down*7 space", &state)
    let before = state.steering
    try press("c", &state)
    let centre = centreOfMass(state.canvas)
    #expect(abs(centre.x - 14.5) < 1 && abs(centre.y - 14.5) < 1)
    let inked = state.canvas.pixels.indices.filter { state.canvas.pixels[$0] > 25 }.map { $0 / 28 }
    #expect((inked.max() ?? 0) - (inked.min() ?? 0) + 1 <= 20)
    #expect(state.code == mean(of: state.canvas, 2))
    try press("u", &state)
    #expect(state.steering == before)
  }

  @Test func theClassIsToldWithItsProbability() throws {
    var state = Sample.choosing(120, 40)
    let probabilities: [Float] = [0, 0.06, 0, 0, 0, 0, 0, 0.92, 0, 0.02]
    try press("d space right", &state, mean: probabilities + [1, -1])
    #expect(view(state, rendition: Rendition()).plain().contains("y 7 92 %, 1 6 %, 9 2 %"))
    #expect(Account.of(state).contains("The drawing is encoded as y 7 92 %, 1 6 %, 9 2 %."))
  }

  @Test(arguments: [(60, 20), (80, 24), (120, 40), (250, 70)])
  func paperOfAnySizeIsDrawnInAnyWindow(width: Int, height: Int) throws {
    for (imageWidth, imageHeight) in [(28, 28), (8, 8), (40, 20), (64, 64), (20, 60)] {
      var state = Sample.state(width, height)
      state.subject.imageWidth = imageWidth
      state.subject.imageHeight = imageHeight
      try press("d space right*3 down*3", &state)
      #expect(state.canvas.width == imageWidth && state.canvas.height == imageHeight && !state.canvas.isBlank)
      let layout = try #require(state.layout)
      let plan = CanvasPlan(state, layout)
      #expect(plan.paper.intersection(layout.inside(.drawing)) == plan.paper)
      // What the mouse points at is where the pen comes to stand.
      let inside = layout.inside(.drawing)
      let cell = plan.cell(of: state.penPosition)
      let spot = PaneKind.Spot(column: cell.column - inside.column, row: cell.row - inside.row)
      #expect(plan.cell(of: plan.point(at: spot)) == cell)
      for (_, rendition) in ScreenTests.levels {
        for theme in [ThemeChoice.dark, .light] {
          let frame = view(state, rendition: rendition.themed(theme, on: nil))
          #expect(frame.plain().contains(" drawing ") && frame.plain().contains("pen down at"))
          if !rendition.unicode { #expect(frame.cells.allSatisfy { $0.glyph.isASCII }) }
        }
      }
      let cursor = try #require(view(state, rendition: Rendition()).cursor)
      #expect(plan.paper.contains(column: cursor.column, row: cursor.row))
    }
  }

  @Test func withoutPaperOnTheScreenItsCommandsSayWhereItIs() throws {
    var state = Sample.state(120, 40)
    try press(": type:pen enter", &state)
    #expect(state.message?.text.contains("d shows it") == true && state.canvas.isBlank)
  }

  @Test func theFootNamesWhatTheKeysMeanHereAndNotWhatTheyMeanElsewhere() throws {
    var state = Sample.state(250, 70)
    try press("d", &state)
    let foot = Hint.all(in: state.context, state).map { "\($0.keys) \($0.text)" }
    #expect(foot.contains("Space pen") && !foot.contains("Space play") && !foot.contains("d draw"))
    #expect(Hint.all(in: .sliders, Sample.state()).contains { $0.text == "draw" && $0.keys == "d" })
  }

  @Test func theLoopShowsTheCodeOfTheDrawingInTheSameFrame() throws {
    let (program, model) = try RunningTests.program()
    for keys in ["d space right*5", "down*3 space", "x left*2", "u", "c"] {
      for case .key(let key) in try Script(keys).steps { program.send(.key(key)) }
      _ = program.frame(Rendition())
      let state = program.state
      let drawing = try #require(state.steering.drawing)
      let expected = try model.encode(try drawing.images())
      #expect(state.code == Array(expected.mean.row(0)) && state.steering.origin == .drawn)
      let decoded = try model.decode(state.code)
      #expect(state.scene.digit == GreyImage(width: 28, height: 28, values: decoded))
      #expect(Comparison(state)?.pictures[0].1 == drawing.image)
    }
  }
}
