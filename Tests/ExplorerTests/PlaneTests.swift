import Analysis
import Canvas
import LatentModels
import Tensors
import Testing

@testable import Explorer

/// What is drawn and walked in a plane is what the model says of it.
@Suite struct PlaneTests {
  private func grid(_ state: State) throws -> GridPlan { GridPlan(state, try #require(state.layout)) }

  @Test func ringsStandAroundThePriorsMeanAndOnlyWhereTheyAreItsDeviations() throws {
    var state = Sample.state(120, 40, dimensions: 4)
    #expect(state.priorCenter == .zero && Account.of(state).contains("with rings, density, path."))
    _ = state.update(.setAxes(.component(0), .component(1)))
    let center = try #require(state.priorCenter)
    #expect(center == state.project([0, 0, 0, 0]) && center != .zero)
    for (x, y) in [(Axis.dimension(0), Axis(source: "divergence", index: 0)), (.dimension(0), .component(1))] {
      _ = state.update(.setAxes(x, y))
      #expect(state.priorCenter == nil && Account.of(state).contains("with density, path."))
    }
    try Sample.press("tab o", &state)
    #expect(state.message?.text.contains("no rings on these axes") == true)
    // Classes are no part of components.
    var choosing = Sample.choosing(style: 4)
    _ = choosing.update(.setAxes(.component(0), .component(1)))
    #expect(choosing.priorCenter == choosing.project(choosing.subject.columns.rest))
  }

  @Test func theManifoldOverComponentsIsOfProbabilitiesAndIsWalkedToItsEnds() throws {
    var state = Sample.choosing(style: 4)
    _ = state.update(.setAxes(.component(0), .component(1)))
    try Sample.press("down L g", &state)
    let batch = try grid(state).batch
    for place in 0..<batch.count {
      #expect(Array(batch.codes[place * 14..<place * 14 + 10]) == Array(state.code[..<10]))
    }
    #expect(Account.of(state).contains("by quantiles of the codes"))
    try Sample.press("left*41", &state)
    let first = state.code
    try Sample.press("right*41", &state)
    let plan = try grid(state)
    let place = plan.place(of: plan.current)
    #expect(place.column == plan.columns.count - 1)
    #expect(state.code == plan.code(column: place.column, row: place.row) && state.code != first)
    try Sample.press("left*41", &state)
    #expect(state.code == first)
  }

  @Test func aLockedDimensionIsNotWalkedAndNothingElseMovesInItsPlace() throws {
    for (keys, along) in [("L tab", "up"), ("L g", "down")] {
      var state = Sample.state(120, 40)
      try Sample.press("down = 0 . 1 enter up", &state)
      try Sample.press(keys, &state)
      let code = state.code
      for key in ["right", "left"] {
        try Sample.press(key, &state)
        #expect(state.code == code)
        #expect(state.message?.text == "z1 is locked: press L on it in the sliders to unlock it")
      }
      try Sample.press(along, &state)
      #expect(state.code[0] == code[0] && state.code[1] != code[1] && state.message == nil)
    }
  }

  @Test func thePosteriorsEllipseIsOfNumbersAlone() throws {
    var state = Sample.choosing(style: 4)
    _ = state.update(.setAxes(.component(0), .component(1)))
    state.take(stored: 3)
    let cloud = try #require(state.cloud)
    let ellipse = try #require(ScatterPicture.ellipse(state))
    let directions = [
      try #require(cloud.direction(of: .component(0))), try #require(cloud.direction(of: .component(1))),
    ]
    var expected: Float = 0
    for unit in directions {
      for column in cloud.columns.dimensions { expected += Exponential.of(-3) * unit[column] * unit[column] }
    }
    let found = (ellipse.first * ellipse.first).sum() + (ellipse.second * ellipse.second).sum()
    #expect(abs(found - expected) < 1e-5)
    // Along a line it is a bar of as many deviations.
    var line = Sample.state(120, 40, dimensions: 1)
    line.take(stored: 3)
    let bar = try #require(ScatterPicture.ellipse(line))
    #expect(abs(bar.first.x - Exponential.of(-1.5)) < 1e-5 && bar.first.y == 0 && abs(bar.second.y) < 1e-3)
  }

  @Test func componentsAreThoseOfThePCASpectrumAndLeaveTheClassAlone() throws {
    var state = Sample.choosing(style: 4)
    let cloud = try #require(state.cloud)
    let variances = try #require(cloud.components?.variances)
    let spectrum = try Measure.principalSpectrum.evaluate(Examination.measurement(of: cloud)).table("means")?.values
    #expect(spectrum?.count == variances.count && state.axisCount("component") == 4)
    for (found, expected) in zip(variances, spectrum ?? []) { #expect(abs(found - expected) < 1e-6) }
    for index in variances.indices {
      #expect(cloud.direction(of: .component(index))?.prefix(10).allSatisfy { $0 == 0 } == true)
    }
    let code = state.code
    try Sample.press("tab p right*3 up", &state)
    #expect(state.axisNames == "pc1 × pc2" && state.code[..<10] == code[..<10] && state.code != code)
    let title = view(state, rendition: .init()).plain()
    let share = Numbers.fixed((variances[0] + variances[1]) / variances.reduce(0, +) * 100, 0)
    #expect(title.contains("\(share) % of variance"))
    // A component that there was when classes were a part of them is no longer there.
    let session = RememberedSession(
      model: "sample-y", code: code, locked: [], marks: [:], screen: .explore, x: .component(4), y: .component(9),
      hiddenClasses: [])
    _ = state.update(.restore(session))
    #expect(state.axisNames == "z1 × z2")
  }

  @Test func aClassAndOneDimensionOfStyleHaveALineAndAMap() throws {
    var state = Sample.choosing(style: 1)
    #expect(state.axisNames == "z1" && !state.isPlane)
    try Sample.press("tab x", &state)
    #expect(state.message?.text == "this model has one dimension only" && state.axisNames == "z1")
    // There are no components of one dimension: p goes on to the map.
    state = try EmbeddingTests.laidOut("p", state)
    let cloud = try #require(state.cloud)
    #expect(state.axisNames == "tsne1 × tsne2" && ScatterPicture.plot(state).verticalLabel == "tsne2")
    try Sample.press("enter", &state)
    let index = try #require(state.sourceIndex)
    #expect(state.crosshair == cloud.points(state.plot.x, state.plot.y)[index] && state.crosshair.y != 0)
    try Sample.press("x", &state)
    #expect(state.axisNames == "tsne2 × tsne1" && state.message == nil)
    try Sample.press("p", &state)
    #expect(state.axisNames == "z1")
  }

  @Test func aModelOfOneDimensionHasAPlaneWithTheDivergenceOfItsCodes() throws {
    var state = Sample.state(120, 40, dimensions: 1)
    _ = state.update(.setAxes(.dimension(0), Axis(source: "divergence", index: 0)))
    try Sample.press("tab enter", &state)
    let cloud = try #require(state.cloud)
    let index = try #require(state.sourceIndex)
    #expect(state.axisNames == "z1 × kl" && state.crosshair.y == cloud.coordinates(along: state.plot.y)[index])
    try Sample.press("y", &state)
    #expect(state.message?.text.contains("one kl only") == true)
    try Sample.press("p", &state)
    #expect(state.axisNames == "z1" && state.crosshair.y == 0)
    // The only axis there is can also be named.
    _ = state.update(.setAxes(.dimension(0), .dimension(0)))
    #expect(state.message == nil && state.axisNames == "z1")
  }

  @Test func aModelWithoutAPriorIsShownWithItsCodesInItsPlace() throws {
    var state = Sample.state(160, 50, dimensions: 4, hasPosterior: false)
    let cloud = try #require(state.cloud)
    #expect(state.priorCenter == nil && !Account.of(state).contains("with rings"))
    try Sample.press("r", &state)
    let index = try #require(state.sourceIndex)
    #expect(state.code == cloud.code(index) && state.message?.text.contains("no prior") == true)
    try Sample.press("g", &state)
    #expect(Account.of(state).contains("by quantiles of the codes"))
    let columns = try grid(state).columns
    let middle = try #require(columns.first.flatMap { first in columns.last.map { (first + $0) / 2 } })
    #expect(abs(middle - cloud.center[0]) < 1e-3)
    try Sample.press("F", &state)
    #expect(Account.of(state).contains("samples of a normal fitted to the codes"))
    let code = state.code
    state.cloud = nil
    try Sample.press("r", &state)
    #expect(state.code == code && state.message?.isError == true && state.message?.text.contains(":data") == true)
  }

  @Test func aPriorOfItsOwnTakesTheDivergenceFromAModelAndNotItsPosteriors() throws {
    var state = Sample.state(120, 40, dimensions: 4, hasStandardPrior: false)
    let cloud = try #require(state.cloud)
    #expect(state.divergence(0) == nil && state.priorCenter == nil)
    #expect(state.axisCount(AxisSource.divergence.name) == 0)
    #expect(DimensionQuantity.all(state).map(\.title) == ["I(x; z_d)", "I(y; z_d)"])
    let representation = try Examination.representation(cloud)
    #expect(representation.logVariances != nil && !representation.hasStandardNormalPrior)
    try Sample.press("s", &state)
    #expect(state.message?.text.contains("without a standard prior") == true && state.order == [0, 1, 2, 3])
    try Sample.press("r", &state)
    let index = try #require(state.sourceIndex)
    #expect(state.code == cloud.code(index) && state.message?.text.contains("no standard prior") == true)
    #expect(state.sourceDeviations == cloud.deviations(index) && ScatterPicture.ellipse(state) != nil)
    try Sample.press("tab enter", &state)
    #expect(!view(state, rendition: .init()).plain().contains("KL"))
    try Sample.press("R 3", &state)
    #expect(!(0..<cloud.count).contains { cloud.code($0) == state.code })
  }

  @Test func aLineHasOneAxis() throws {
    var state = Sample.state(120, 40, dimensions: 1)
    #expect(Account.of(state).contains("codes of samples, z1."))
    try Sample.press("tab E", &state)
    #expect(state.message?.text.contains("is a line already") == true)
    try Sample.press("g", &state)
    let text = view(state, rendition: Rendition()).plain()
    #expect(text.contains("z1 −") && !text.contains(", z1"))
  }
}
