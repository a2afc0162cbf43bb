import Canvas
import Terminal
import Testing

@testable import Explorer

@Suite struct SteeringTests {
  @Test func anArrowSlidesTheSelectedDimensionByATenth() throws {
    var state = Sample.state()
    try Sample.press("right right right left", &state)
    #expect(state.code == [0.2, 0])
    try Sample.press("down >", &state)
    #expect(state.code == [0.2, 0.5])
    try Sample.press(". . ,", &state)
    #expect(abs(state.code[1] - 0.51) < 1e-6)
  }

  @Test func aTypedValueIsTaken() throws {
    var state = Sample.state()
    try Sample.press("- 1 . 2 5 enter", &state)
    #expect(state.code[0] == -1.25)
    try Sample.press("= 3 escape", &state)
    #expect(state.code[0] == -1.25)
  }

  @Test func aTypedValueBeyondTheSliderIsTakenAndTheSliderReachesIt() throws {
    var state = Sample.state()
    try Sample.press("= 9 . 5 enter", &state)
    #expect(state.code[0] == 9.5)
    #expect(state.range(0).contains(9.5))
    // A step up from there is a step up, not a fall to the end of the common range.
    try Sample.press("right", &state)
    #expect(abs(state.code[0] - 9.6) < 1e-5)
    try Sample.press("= - 5 e 4 enter", &state)
    #expect(state.code[0] == -1000)
    #expect(state.message?.text == "set to −1000: values go from −1000 to 1000 here")
  }

  @Test func whatPlaysIsOneStepToUndoHoweverOftenItIsInterrupted() throws {
    var state = Sample.state()
    try Sample.press("right", &state)
    let before = state.steering
    try Sample.press("space", &state)
    for _ in 0..<7 { _ = state.update(.tick) }
    let played = state.steering
    try Sample.press("r", &state)
    for _ in 0..<5 { _ = state.update(.tick) }
    try Sample.press("u", &state)
    #expect(state.animation == nil)
    try Sample.press("u", &state)
    #expect(state.steering == played)
    try Sample.press("u", &state)
    #expect(state.steering == before)
    try Sample.press("U", &state)
    #expect(state.steering == played)
    // Playing that never moved leaves nothing to undo.
    let count = state.past.count
    try Sample.press("space space", &state)
    #expect(state.past.count == count)
  }

  @Test func whatWasSteeredInAModelComesBackWithIt() throws {
    var state = Sample.state()
    try Sample.press("right*3 m a r L", &state)
    let left = state.steering
    var other = state.subject
    (other.latentSize, other.path, other.name) = (4, "other/latest.safetensors", "other")
    // A run of another size begins to be followed.
    _ = state.update(.updated(other, Sample.cloud(dimensions: 4, id: 9)))
    #expect(state.code == [0, 0, 0, 0] && state.past.isEmpty)
    #expect(state.message?.text.contains("sample") == true)
    try Sample.press("right m b", &state)
    var first = state.subject
    (first.latentSize, first.path, first.name) = (2, "sample", "sample")
    _ = state.update(.opened(Opening(subject: first, cloud: Sample.cloud())))
    #expect(state.steering == left)
    while !state.past.isEmpty { try Sample.press("u", &state) }
    #expect(state.code == [0, 0] && state.steering.marks.isEmpty)
    // The best checkpoint of a run lies in the same latent space as its latest.
    other.path = "other/best.safetensors"
    _ = state.update(.opened(Opening(subject: other, cloud: nil)))
    #expect(state.steering.marks["b"] != nil)
  }

  @Test func whatIsNoNumberIsRefusedAndSaysSo() throws {
    var state = Sample.state()
    try Sample.press("= x", &state)
    #expect(state.message?.text.contains("number") == true)
    guard case .value(let field) = state.overlay else {
      Issue.record("the prompt was closed")
      return
    }
    #expect(field.text.isEmpty)
    try Sample.press("- - enter", &state)
    #expect(state.message?.isError == true)
    #expect(state.code[0] == 0)
    #expect(state.context == .value)
  }

  @Test func aLockHoldsAgainstEveryWayOfChangingACode() throws {
    var state = Sample.state()
    try Sample.press("right right L", &state)
    let locked = state.code[0]
    try Sample.press("right r Z z R 3 tab right enter f 4 n tab", &state)
    #expect(state.code[0] == locked)
    #expect(state.code[1] != 0)
  }

  @Test func undoBringsEveryFormerStateBackAndRedoTheLaterOnes() throws {
    var state = Sample.state()
    var seen = [state.steering]
    for keys in ["right", "r", "m a", "R 4", "L", "D 3 8", "right", "m b", "i a b"] {
      try Sample.press(keys, &state)
      seen.append(state.steering)
    }
    let last = state.steering
    while !state.past.isEmpty {
      try Sample.press("u", &state)
      #expect(seen.contains(state.steering))
    }
    #expect(state.steering == seen[0])
    while !state.future.isEmpty { try Sample.press("U", &state) }
    #expect(state.steering == last)
  }

  @Test func slidersAreOrderedByDivergenceAndTheIgnoredOnesAreKnown() throws {
    var state = Sample.state(dimensions: 4)
    #expect(state.order == [0, 1, 2, 3])
    try Sample.press("s", &state)
    let divergences = state.order.compactMap { state.divergence($0) }
    #expect(divergences == divergences.sorted(by: >))
    #expect(state.isInactive(3))
    #expect(!state.isInactive(0))
  }

  @Test func theStripOfAWayShowsWhatIsLockedAsItIs() throws {
    var state = Sample.state(120, 40)
    try Sample.press("= - 2 enter down = 1 enter m a up = 2 enter down = - 1 enter m b up = 0 enter L i a b", &state)
    let batch = TraversalPlan(state, try #require(state.layout)).batch
    #expect(batch.count > 2 && (0..<batch.count).allSatisfy { batch.codes[2 * $0] == 0 })
    #expect(batch.codes[1] == 1 && batch.codes.last == -1 && state.code == Array(batch.codes.prefix(2)))
  }

  @Test func anAutoencoderClaimsNoPosterior() throws {
    var state = Sample.state(120, 40, dimensions: 4, hasPosterior: false)
    #expect(state.divergence(0) == nil)
    try Sample.press("s", &state)
    #expect(state.message?.isError == true && state.order == [0, 1, 2, 3])
    try Sample.press("tab enter", &state)
    #expect(ScatterPicture.ellipse(state) == nil)
    #expect(!view(state, rendition: .init()).plain().contains("KL"))
    try Sample.press("R 3", &state)
    let cloud = try #require(state.cloud)
    #expect((0..<cloud.count).contains { cloud.code($0) == state.code && cloud.label($0) == 3 })
  }

  @Test func aDimensionIsActiveWhereItsMeanVariesAsInBurda() throws {
    let state = Sample.state(dimensions: 12)
    let cloud = try #require(state.cloud)
    for dimension in 0..<12 {
      let values = (0..<cloud.count).map { Double(cloud.code($0)[dimension]) }
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(values.count)
      #expect(abs(Double(cloud.varianceOfMeans[dimension]) - variance) < 1e-5)
      #expect(state.isInactive(dimension) == (variance <= 0.01))
    }
  }

  @Test func valuesFarOutStayInsideTheirPane() throws {
    for (width, height) in [(60, 20), (80, 24), (120, 40), (250, 70)] {
      var state = Sample.state(width, height)
      try Sample.press("= - 1 0 0 0 enter down = 9 9 . 9 6 enter", &state)
      let frame = view(state, rendition: .init())
      let pane = try #require(state.layout?.panes[.sliders])
      for row in pane.row + 1..<pane.row + 3 { #expect(frame[pane.endColumn - 1, row].glyph == "│") }
      #expect(frame.plain().contains("−1000") && frame.plain().contains("+100"))
    }
  }

  @Test func aSampleOfAClassLandsAmongItsCodes() throws {
    var state = Sample.state()
    for label in 0..<10 {
      try Sample.press("R \(label)", &state)
      let nearest = try #require(state.cloud?.nearest(to: state.crosshair, state.plot.x, state.plot.y, hiding: []))
      let distance = state.project(state.cloud?.code(nearest) ?? []) - state.crosshair
      #expect((distance * distance).sum() < 1)
      #expect(state.steering.origin == .classSample(NamedClass(label: label, name: "\(label)")))
    }
  }

  @Test func sphericalInterpolationKeepsTheLengthOfUnitCodes() {
    let start: [Float] = [1, 0, 0]
    let end: [Float] = [0, 0.6, 0.8]
    for step in 0...10 {
      let code = Interpolation.spherical(start, end, Float(step) / 10)
      #expect(abs(Interpolation.length(code) - 1) < 1e-5)
    }
    #expect(Interpolation.straight(start, end, 0.5) == [0.5, 0.3, 0.4])
    // Where there is no arc, the straight line is the answer.
    #expect(Interpolation.spherical([0, 0], [1, 1], 0.5) == [0.5, 0.5])
  }

  @Test func marksJumpInterpolateAndAdd() throws {
    var state = Sample.state()
    try Sample.press("right*5 m a z down left*5 m b", &state)
    try Sample.press("' a", &state)
    #expect(state.code == [0.5, 0])
    try Sample.press("i a b", &state)
    #expect(state.selection == .track)
    #expect(state.code == [0.5, 0])
    try Sample.press("end home right*20", &state)
    #expect(state.code == [0, -0.5])
    try Sample.press("a a b a", &state)
    #expect(state.code == [1, 0.5])
    try Sample.press("' z", &state)
    #expect(state.message?.isError == true)
  }

  @Test func arrowsSlideAlongAWayWhereverItWasBegun() throws {
    for keys in ["tab m a right m b i a b", "tab D 3 8", "tab B 3 8", "F m a down m b i a b"] {
      var state = Sample.choosing()
      try Sample.press(keys, &state)
      #expect(state.focus == .sliders && state.selection == .track, "\(keys): \(state.message?.text ?? "")")
      try Sample.press("right", &state)
      #expect(state.isOnTrack && (state.steering.track?.position ?? 0) > 0, "\(keys)")
    }
    // The matrix has the same keys.
    var state = Sample.state(120, 40)
    try Sample.press("G D 3 8 right", &state)
    #expect(state.focus == .matrix && state.isOnTrack && (state.steering.track?.position ?? 0) > 0)
  }

  @Test func theDirectionOfTwoClassesLeadsFromOneMeanToTheOther() throws {
    var state = Sample.state()
    let target = try #require(state.cloud?.mean(of: 9))
    try Sample.press("D 0 9", &state)
    #expect(state.code == state.cloud?.mean(of: 0))
    try Sample.press("> >", &state)
    #expect(abs(state.code[0] - target[0]) < 1e-5 && abs(state.code[1] - target[1]) < 1e-5)
  }

  @Test func aWayThatHasBeenLeftShowsNoPlaceOnIt() throws {
    var state = Sample.state(120, 40)
    try Sample.press("right*5 m a z down left*5 m b i a b right*6", &state)
    #expect(state.isOnTrack && Account.of(state).contains("> a to b 0.30"))
    let layout = try #require(state.layout)
    #expect(TraversalCaption.caption(state, TraversalPlan(state, layout), width: 80) != nil)
    try Sample.press("r", &state)
    #expect(!state.isOnTrack && Account.of(state).contains("> a to b off the way"))
    #expect(TraversalCaption.caption(state, TraversalPlan(state, layout), width: 80) == nil)
    let text = view(state, rendition: Rendition()).plain()
    #expect(text.contains("off the way") && !text.contains("+0.30"))
    // The slider leads back; undo does, too.
    try Sample.press("right", &state)
    #expect(state.isOnTrack)
    try Sample.press("u u", &state)
    #expect(state.isOnTrack && state.steering.track?.position == 0.3)
  }

  @Test func aDirectionBeginsAnewWhereTheCodeWasTaken() throws {
    var state = Sample.state()
    try Sample.press("D 0 9 > >", &state)
    #expect(state.isOnTrack && state.selectedValue == 1)
    try Sample.press("r", &state)
    let begin = state.code
    #expect(!state.isOnTrack && state.selectedValue == 0)
    try Sample.press("> >", &state)
    let vector = try #require(state.cloud?.direction(from: 0, to: 9))
    #expect(state.isOnTrack && state.steering.track?.position == 1)
    for place in 0..<2 { #expect(abs(state.code[place] - begin[place] - vector[place]) < 1e-4) }
  }

  @Test func whatIsLockedDoesNotLeaveTheWay() throws {
    var state = Sample.state()
    try Sample.press("right*5 m a z down left*5 m b L i a b right*6", &state)
    #expect(state.isOnTrack)
  }

  @Test func theQuantilesOfTheNormalDistributionAreRight() {
    // Abramowitz & Stegun, table 26.1.
    for (share, value) in [(0.5, 0.0), (0.841344746, 1.0), (0.977249868, 2.0), (0.001349898, -3.0)] {
      #expect(abs(Double(NormalQuantile.of(Float(share))) - value) < 2e-4)
    }
  }

  @Test func hjklMoveAsArrowsDoInEveryPane() throws {
    let letters = [("h", "left"), ("j", "down"), ("k", "up"), ("l", "right")]
    for context in Context.all where context.isPane {
      for (letter, arrow) in letters {
        let meant = KeyTable.command(for: try Key(arrow), in: context)?.name
        #expect(KeyTable.command(for: try Key(letter), in: context)?.name == meant, "\(letter) in \(context.title)")
      }
    }
  }

  @Test func theChosenSliderMovesVisiblyWithEveryKeyAtEverySize() throws {
    for (width, height) in [(60, 20), (80, 24), (120, 40)] {
      var state = Sample.state(width, height)
      var before = view(state, rendition: Rendition())
      let inside = try #require(state.layout?.inside(.sliders))
      for _ in 0..<10 {
        try Sample.press("right", &state)
        let now = view(state, rendition: Rendition())
        let row = inside.row + 1
        let hasMoved = (inside.column..<inside.endColumn).contains { now[$0, row] != before[$0, row] }
        #expect(hasMoved, "the ruler stood still at \(width)×\(height), \(state.code[0])")
        before = now
      }
      #expect(before.plain().contains("−4") && before.plain().contains("+4"))
    }
  }

  @Test func theStripSaysTheTrueValueWhereverItIs() throws {
    var state = Sample.state(120, 40)
    try Sample.press("= 0 . 5 enter", &state)
    #expect(view(state, rendition: .init()).plain().contains("▸+0.50◂"))
    try Sample.press("= 4 . 1 7 enter", &state)
    #expect(view(state, rendition: .init()).plain().contains("beyond +4.17▸"))
    try Sample.press("= - 9 enter", &state)
    #expect(view(state, rendition: .init()).plain().contains("◂−9.00 beyond"))
    // A step from beyond the end comes to the end, and from between two digits to the next.
    try Sample.press("tab tab right", &state)
    #expect(state.code[0] == -3 || state.focus != .strip)
    try Sample.press("g", &state)
    _ = state.update(.setAxes(.dimension(0), .dimension(1)))
    _ = state.update(.moveInPlane(SIMD2(9, 0)))
    Sample.render(&state)
    #expect(view(state, rendition: .init()).plain().contains("lies beyond this grid"))
  }
  @Test(arguments: [(60, 20), (80, 24), (120, 40)])
  func theMatrixTheGridAndTheScatterSayTheTrueValueToo(width: Int, height: Int) throws {
    var state = Sample.state(width, height)
    func screen(_ keys: String) throws -> String {
      try Sample.press(keys, &state)
      return view(state, rendition: .init()).plain()
    }
    func spot() throws -> TraversalScale.Spot? {
      MatrixPlan(state, try #require(state.layout)).scale.spot(of: state.code[0])
    }
    #expect(try screen("= 0 . 5 enter G").contains("▸+0.50◂"))
    guard case .between? = try spot() else {
      Issue.record("0.5 is the value of no column")
      return
    }
    #expect(try screen("").contains("▾"))
    #expect(try screen("escape e = 4 . 1 7 enter G").contains("beyond +4.17▸"))
    #expect(try spot() == .beyond)
    #expect(try screen("e = - 9 enter G").contains("◂−9.00 beyond"))
    #expect(try spot() == .before)
    #expect(try screen("e = 3 enter G").contains("▸+3.00◂"))
    #expect(try spot() == .at(MatrixPlan(state, try #require(state.layout)).values.count - 1))
    #expect(try screen("e = 1 2 enter g").contains("beyond"))
    #expect(Account.of(state).contains("the code lies beyond it"))
    #expect(try !screen("e = 0 enter g").contains("beyond"))
    // The window of the scatter stays: the arrow and the words tell where the code is.
    let beyond = try screen("e = 1 2 enter")
    #expect(beyond.contains("code beyond"))
    #expect(Account.of(state).contains("The code lies beyond the plane"))
    #expect(try !screen("= 0 enter").contains("code beyond"))
  }

  @Test(arguments: [(80, 24), (120, 40), (200, 60)])
  func fewDimensionsHaveLargerDigitsInTheMatrix(width: Int, height: Int) throws {
    for dimensions in [1, 2, 3, 10, 40] {
      var state = Sample.state(width, height, dimensions: dimensions)
      try Sample.press("G", &state)
      let layout = try #require(state.layout)
      let plan = MatrixPlan(state, layout)
      let inside = layout.inside(.matrix)
      #expect(plan.values.count >= 3)
      // The next size would leave no three columns, or no row for each of as many dimensions as are wanted.
      let next = DigitCells.heights.first { $0 > plan.cell.height }
      if let next, plan.cell.height > DigitCells.heights[0] {
        #expect(
          DigitCells.width(height: next, of: state.subject) * 3 > inside.width - MatrixPlan.labelWidth
            || next * min(dimensions, 6) > inside.height - 1)
      }
      try Sample.press("+", &state)
      #expect(MatrixPlan(state, layout).cell.height >= plan.cell.height)
      try Sample.press("- -", &state)
      #expect(MatrixPlan(state, layout).cell.height <= plan.cell.height)
    }
  }

  @Test func ofNoCodesNothingIsClaimed() {
    var state = Sample.state(120, 40)
    _ = state.update(.updated(state.subject, Sample.cloud(count: 0)))
    let screen = view(state, rendition: .init()).plain()
    #expect(screen.contains("no codes, so no KL") && !screen.contains("active"))
    #expect(screen.contains("samples holds no codes"))
    #expect(Account.of(state).contains("Scatter: samples holds no codes, z1 by z2."))
    _ = state.update(.updated(state.subject, Sample.cloud(count: 1)))
    #expect(Account.of(state).contains("Scatter: 1 code of samples"))
    #expect(!view(state, rendition: .init()).plain().contains("active"))
  }
}
