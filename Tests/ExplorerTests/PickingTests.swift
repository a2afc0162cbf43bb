import Canvas
import Foundation
import Tensors
import Terminal
import Testing

@testable import Explorer

@Suite struct PickingTests {
  @Test func aCodeThatItsImageNoLongerHasIsNotCalledItsCode() throws {
    var state = Sample.training(120, 40)
    try Sample.press("tab enter", &state)
    #expect(LookFacts(state).origin.hasPrefix("code of"))
    var subject = state.subject
    subject.generation += 1
    _ = state.update(.updated(subject, Sample.cloud(count: 590, dimensions: 2, id: 5)))
    #expect(LookFacts(state).origin.hasPrefix("code of"))
    try Sample.press("shift-tab L tab up*9 enter", &state)
    #expect(LookFacts(state).origin.hasPrefix("taken from"))
  }

  @Test func inOneDimensionTheCrosshairMovesAlongTheLineOfCodes() throws {
    var state = Sample.state(dimensions: 1)
    try Sample.press("tab right*3 enter", &state)
    let cloud = try #require(state.cloud)
    let points = cloud.points(state.plot.x, state.plot.y)
    #expect(points.allSatisfy { $0.y == 0 })
    #expect(points.contains(state.crosshair))
    #expect(view(state, rendition: .init()).plain().contains("latent space  z1 "))
  }

  @Test(arguments: [(60, 20), (80, 24), (120, 40)])
  func bothAxesAreNamedInFullHoweverShortTheirTicks(width: Int, height: Int) {
    var state = Sample.state(width, height, dimensions: 12)
    for axes in [(Axis.dimension(1), Axis.dimension(11)), (.component(0), .component(1))] {
      _ = state.update(.setAxes(axes.0, axes.1))
      for factor in [Float(1), 0.5, 0.5, 8] {
        _ = state.update(.zoom(factor))
        let screen = view(state, rendition: .init()).plain()
        #expect(screen.contains(" \(state.plot.x.name)│") || screen.contains(" \(state.plot.x.name)┤"))
        #expect(screen.contains("│\(state.plot.y.name)├") || screen.contains("│\(state.plot.y.name) "))
      }
    }
  }

  @Test func axesThatAMissingComponentLeavesEqualArePartedAgain() {
    var state = Sample.state(dimensions: 2)
    let session = RememberedSession(
      model: "sample", code: [0, 0], locked: [], marks: [:], screen: .explore, x: .dimension(1), y: .component(3),
      hiddenClasses: [])
    _ = state.update(.restore(session))
    #expect(state.plot.x == .dimension(1) && state.plot.y == .dimension(0))
  }

  private func scatter(_ dimensions: Int = 2) throws -> State {
    var state = Sample.state(120, 40, dimensions: dimensions)
    try Sample.press("tab", &state)
    #expect(state.focus == .scatter)
    return state
  }

  @Test func enterSnapsToTheNearestShownCode() throws {
    var state = try scatter()
    try Sample.press("right up enter", &state)
    guard case .stored(let index, _) = state.steering.origin else {
      Issue.record("no code was taken")
      return
    }
    #expect(state.code == state.cloud?.code(index))
  }

  @Test func hiddenClassesAreNotSnappedTo() throws {
    var state = try scatter()
    try Sample.press("1 2 3 4 5 6 7 8 9 enter", &state)
    guard case .stored(let index, _) = state.steering.origin else {
      Issue.record("no code was taken")
      return
    }
    #expect(state.cloud?.label(index) == 0)
    try Sample.press("*", &state)
    #expect(state.plot.hiddenClasses.isEmpty)
  }

  @Test func theNextCodeOfAClassIsOfThatClass() throws {
    var state = try scatter()
    try Sample.press("f 7", &state)
    var indices: Set<Int> = []
    for _ in 0..<10 {
      try Sample.press(".", &state)
      guard case .stored(let index, _) = state.steering.origin else { break }
      #expect(state.cloud?.label(index) == 7)
      indices.insert(index)
    }
    #expect(indices.count == 10)
  }

  @Test func arrowsMoveTheCrosshairWhereTheyPoint() throws {
    var state = try scatter()
    let before = state.crosshair
    try Sample.press("right", &state)
    #expect(state.crosshair.x > before.x && state.crosshair.y == before.y)
    try Sample.press("up", &state)
    #expect(state.crosshair.y > before.y)
  }

  @Test func principalComponentsAreAxesOneCanSteerAlong() throws {
    var state = try scatter(4)
    try Sample.press("p", &state)
    #expect(state.plot.x == .component(0) && state.plot.y == .component(1))
    let before = state.crosshair
    try Sample.press("right right", &state)
    #expect(state.crosshair.x > before.x)
    #expect(abs(state.crosshair.y - before.y) < 1e-4)
  }

  @Test func zoomKeepsTheCrosshairInPlaceAndWBringsAllBack() throws {
    var state = try scatter()
    try Sample.press("right*5", &state)
    let all = state.window
    try Sample.press("+ +", &state)
    #expect(abs(state.window.extent.x - all.extent.x / 4) < 1e-3)
    try Sample.press("w", &state)
    #expect(state.window == all)
  }

  @Test func axesCanBeAnyTwoDimensions() throws {
    var state = try scatter(4)
    try Sample.press(": type:axes space type:z2 space type:z4 enter", &state)
    #expect(state.plot.x == .dimension(1) && state.plot.y == .dimension(3))
    try Sample.press(": type:axes space type:z2 space type:z9 enter", &state)
    #expect(state.message?.isError == true)
    for _ in 0..<20 {
      try Sample.press("x y y x x", &state)
      #expect(state.plot.x != state.plot.y)
    }
  }

  @Test func aClickPicksTheCodeUnderIt() throws {
    var state = try scatter()
    let inside = try #require(state.layout?.inside(.scatter))
    let target = SIMD2<Float>(1, 1)
    let size = state.plotSize
    let cell = try #require(ScatterPicture.plot(state).cell(of: target, width: size.width, height: size.height))
    _ = state.update(
      .mouse(MouseEvent(.press, button: .left, column: inside.column + cell.column, row: inside.row + cell.row)))
    let cellExtent = state.window.extent / SIMD2(Float(size.width - 8), Float(size.height - 4))
    #expect(abs(state.crosshair.x - 1) < cellExtent.x && abs(state.crosshair.y - 1) < cellExtent.y)
  }

  @Test func aClickOnASliderSetsIt() throws {
    var state = Sample.state()
    let inside = try #require(state.layout?.inside(.sliders))
    let rows = SliderRows(state, inside)
    _ = state.update(
      .mouse(
        MouseEvent(
          .press, button: .left, column: inside.column + rows.barColumn + rows.barWidth - 2, row: inside.row + 2)))
    #expect(state.selection == .dimension(1))
    #expect(state.code[1] == state.range(1).upperBound)
  }

  @Test func moreThanTenClassesAreReachedByNumber() throws {
    var state = Sample.state(120, 40)
    _ = state.update(.updated(state.subject, Sample.cloud(count: 600, id: 3, classes: 26)))
    for (keys, label) in [("R 1 7", 17), ("R 2 enter", 2), ("R 9", 9)] {
      try Sample.press(keys, &state)
      let drawn = NamedClass(label: label, name: "\(label)")
      #expect(state.steering.origin == .classSample(drawn), "\(keys): \(state.message?.text ?? "")")
    }
    try Sample.press("R 9 9", &state)
    #expect(state.context != .question || state.message?.isError == true)
    try Sample.press("escape : type:find space type:class space type:25 enter", &state)
    guard case .stored(let index, _) = state.steering.origin else {
      Issue.record("no code was found")
      return
    }
    #expect(state.cloud?.label(index) == 25)
    try Sample.press(": type:toggle space type:class space type:25 enter", &state)
    #expect(state.plot.hiddenClasses == [25])
    try Sample.press("D 1 2 2 4", &state)
    #expect(state.steering.track?.name == "12→24")
    #expect(state.message?.text.contains("mean of 12") == true)
    #expect(state.code == state.cloud?.mean(of: 12))
  }

  @Test(arguments: [(60, 20), (80, 24), (120, 40), (250, 70)])
  func everyWindowHasALegendInWhichHiddenClassesAreHidden(width: Int, height: Int) throws {
    var state = Sample.state(width, height)
    func legend() throws -> String {
      let scatter = try #require(state.layout?.panes[.scatter])
      let lines = view(state, rendition: Rendition()).plain().split(separator: "\n", omittingEmptySubsequences: false)
      return String(String(lines[scatter.row].dropFirst(scatter.column)).filter { $0 != " " && $0 != "●" })
    }
    #expect(try legend().contains("0123456789"))
    _ = state.update(.toggleClass(3))
    #expect(try !legend().contains("0123456789"))
    #expect(try legend().contains("012·456789") || legend().contains("012·3456789"))
  }

  @Test func anAxisThatIsNoStraightProjectionIsWalkedFromCodeToCode() throws {
    var state = try scatter(4)
    try Sample.press(": type:axes space type:z1 space type:kl enter", &state)
    #expect(state.plot.y.name == "kl")
    #expect(!state.isPlaneStraight)
    let before = state.crosshair
    try Sample.press("enter", &state)
    try Sample.press("right", &state)
    guard case .stored = state.steering.origin else {
      Issue.record("not at a stored code")
      return
    }
    #expect(state.crosshair.x > before.x)
    #expect(view(state, rendition: .init()).plain().contains("z1 × kl"))
  }

  @Test func keysOfAxesGoOnFromAxesOfTwoKinds() throws {
    var state = try scatter(4)
    for (axes, next) in [("z1 kl", "pc1 × pc2"), ("kl z2", "pc1 × pc2"), ("z1 z2", "pc1 × pc2")] {
      try Sample.press(
        ": type:axes space \(axes.split(separator: " ").map { "type:\($0)" }.joined(separator: " space ")) enter",
        &state)
      // There is one kl alone; of the manifold, which shows none, both axes turn.
      let hints = [Context.scatter, .grid].map { context in
        state.focus = context == .grid ? .grid : .scatter
        return ["next x axis", "next y axis"].map { name in
          KeyTable.commands.first { $0.name == name }.map { $0.works(state) } ?? false
        }
      }
      #expect(hints == [[!axes.hasPrefix("kl"), !axes.hasSuffix("kl")], [true, true]], "\(axes)")
      state.focus = .scatter
      try Sample.press("p", &state)
      #expect(state.axisNames == next, "\(axes)")
    }
  }

  @Test func axesAreRememberedByNameAndOlderSessionsAreStillRead() throws {
    for axis in [Axis.dimension(3), .component(1), Axis(source: "divergence", index: 0)] {
      let data = try JSONEncoder().encode([axis])
      #expect(try JSONDecoder().decode([Axis].self, from: data) == [axis])
    }
    let old = Data(#"[{"dimension":{"_0":2}},{"component":{"_0":0}}]"#.utf8)
    #expect(try JSONDecoder().decode([Axis].self, from: old) == [.dimension(2), .component(0)])
    // Numbers that no axis can have are none.
    for number in [Int.max, Int.min, -1] {
      for text in [#"[{"dimension":{"_0":\#(number)}}]"#, #"["z\#(number)"]"#] {
        #expect(throws: DecodingError.self, "\(text)") { try JSONDecoder().decode([Axis].self, from: Data(text.utf8)) }
      }
    }
  }
}

/// The plane of a layout by t-SNE, where only stored codes have a place.
@Suite struct EmbeddingTests {
  static func laidOut(_ keys: String, _ state: State? = nil) throws -> State {
    var state = state ?? Sample.state(120, 40, dimensions: 4)
    state.focus = .scatter
    for step in try Script(keys).steps {
      guard case .key(let key) = step else { continue }
      for effect in state.update(.key(key)) {
        guard case .embed(let cloud) = effect else { continue }
        var places: [Float] = []
        for index in 0..<cloud.count {
          places.append(Float(index % 25 - 12))
          places.append(Float(index / 25 - 12))
        }
        let layout = Tensor(shape: [cloud.count, 2], elements: places)
        _ = state.update(
          .embedded(CodeCloud(cloud, id: 9, embedding: layout), of: cloud.id, fraction: 1))
        _ = state.update(.embedded(nil, of: cloud.id, fraction: nil))
      }
    }
    Sample.render(&state)
    return state
  }

  @Test func pTurnsThroughDimensionsComponentsAndTheLayout() throws {
    #expect(try Self.laidOut("p").axisNames == "pc1 × pc2")
    #expect(try Self.laidOut("p p").axisNames == "tsne1 × tsne2")
    #expect(try Self.laidOut("p p p").axisNames == "z1 × z2")
    #expect(try Self.laidOut(": type:axes space type:tsne enter").axisNames == "tsne1 × tsne2")
  }

  @Test func theLayoutHasNoRingsAndNoTicksAndSaysWhatItDoesNotMean() throws {
    let state = try Self.laidOut("E")
    let text = view(state, rendition: Rendition()).plain()
    #expect(text.contains("distances between clusters, and their sizes, mean nothing"))
    #expect(!text.contains("┼") || !text.contains("┤-"))
    #expect(ScatterPicture.plot(state).showsAxes == false)
  }

  @Test func theManifoldIsOfLatentAxesAndSaysWhyWhereTheScatterShowsAMap() throws {
    var state = try Self.laidOut("x E g")
    #expect(state.plot.axes == AxisPair(x: Axis(source: "embedding", index: 0), y: Axis(source: "embedding", index: 1)))
    let layout = try #require(state.layout)
    let plan = GridPlan(state, layout)
    #expect(state.names(of: plan.axes) == "z3 × z2")
    let codes = Set((0..<plan.batch.count).map { Array(plan.batch.codes[$0 * 4..<$0 * 4 + 4]) })
    #expect(codes.count == plan.batch.count)
    let text = view(state, rendition: Rendition()).plain()
    #expect(text.contains("manifold  z3 × z2") && text.contains("t-SNE has no inverse") && text.contains("z3 −"))
    #expect(Account.of(state).contains("digits of z3 x z2, by quantiles of the prior; t-SNE has no inverse."))
    // Keys move the code there, and turn the axes that are seen.
    let before = state.code
    try Sample.press("right", &state)
    #expect(state.code[2] != before[2] && state.code[0] == before[0] && state.steering.origin == .steered)
    try Sample.press("x", &state)
    #expect(state.axisNames == "z4 × z2")
  }

  @Test func theLineAboutTheWorkEndsWithTheWork() throws {
    let state = try Self.laidOut("E")
    #expect(state.embedding == nil && state.message == nil)
    var waiting = Sample.state(120, 40, dimensions: 4)
    try Sample.press("tab E E", &waiting)
    #expect(waiting.message?.text.contains("t-SNE is at work") == true)
    _ = waiting.update(.embedded(nil, of: 1, fraction: nil))
    #expect(waiting.message == nil)
  }

  @Test func theAxesOfALayoutComeBackWithIt() throws {
    let left = try Self.laidOut("E X")
    #expect(left.axisNames == "tsne2 × tsne1")
    var state = Sample.state(120, 40, dimensions: 4)
    _ = state.update(.finishedReading(isThere: false))
    let session = RememberedSession(
      model: "sample", code: [0, 0, 0, 0], locked: [], marks: [:], screen: .explore, x: left.plot.x, y: left.plot.y,
      hiddenClasses: [])
    let effects = state.update(.restore(session))
    let wanted = effects.contains { if case .embed = $0 { true } else { false } }
    #expect(wanted && state.axisNames == "z1 × z2" && state.message == nil)
    let cloud = try #require(state.cloud)
    let layout = Tensor(shape: [cloud.count, 2], filledWith: 1)
    _ = state.update(.embedded(CodeCloud(cloud, id: 9, embedding: layout), of: cloud.id, fraction: 1))
    _ = state.update(.embedded(nil, of: cloud.id, fraction: nil))
    #expect(state.axisNames == "tsne2 × tsne1")
  }

  @Test func axesThatNeedCodesComeBackWithThem() {
    var state = Sample.state(120, 40, dimensions: 4)
    let codes = state.cloud
    state.cloud = nil
    let session = RememberedSession(
      model: "sample", code: [0, 0, 0, 0], locked: [], marks: [:], screen: .explore, x: .component(1), y: .component(0),
      hiddenClasses: [])
    _ = state.update(.restore(session))
    #expect(state.axisNames == "z1 × z2")
    _ = state.update(.updated(state.subject, codes))
    #expect(state.axisNames == "pc2 × pc1")
    // What was chosen meanwhile stays.
    state.cloud = nil
    _ = state.update(.restore(session))
    _ = state.update(.setAxes(.dimension(2), .dimension(3)))
    _ = state.update(.updated(state.subject, codes))
    #expect(state.axisNames == "z3 × z4" && state.awaitedAxes == nil)
  }

  @Test func aLayoutIsKeptByItsCodesAndWhatCannotBeReadIsNone() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("zscope-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let shelf = LayoutShelf(folder: folder)
    let codes = Tensor(shape: [3, 4], elements: (0..<12).map { Float($0) })
    let layout = Tensor(shape: [3, 2], elements: [0, 1, 2, 3, 4, 5])
    #expect(shelf.layout(of: codes) == nil)
    shelf.keep(layout, of: codes)
    #expect(shelf.layout(of: codes) == layout)
    #expect(shelf.layout(of: Tensor(shape: [4, 3], elements: (0..<12).map { Float($0) })) == nil)
    try Data("no array".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(LayoutShelf.name(of: codes))"))
    #expect(shelf.layout(of: codes) == nil)
    // The folder does not grow without end.
    for value in 0..<40 { shelf.keep(layout, of: Tensor(shape: [3, 4], filledWith: Float(value))) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 32)
    // Nothing is kept where nothing can be written.
    LayoutShelf(folder: "/dev/null/a").keep(layout, of: codes)
  }

  @Test func theAccountTellsNoNumbersOfALayoutAndNoPlaneThatIsNotShown() throws {
    var state = try Self.laidOut("E")
    #expect(Account.of(state).contains("Plane: a layout by t-SNE; with"))
    #expect(Account.of(state).contains("tsne1 by tsne2."))
    try Sample.press("I", &state)
    #expect(!Account.of(state).contains("Plane:"))
  }

  @Test func theCrosshairSitsOnAStoredCodeAndArrowsHopBetweenCodes() throws {
    var state = try Self.laidOut("E")
    let cloud = try #require(state.cloud)
    func isStored(_ point: SIMD2<Float>) -> Bool { cloud.points(state.plot.x, state.plot.y).contains(point) }
    #expect(isStored(state.crosshair))
    let before = state.crosshair
    try Sample.press("right", &state)
    #expect(state.crosshair.x > before.x && isStored(state.crosshair) && state.sourceIndex != nil)
  }
}
