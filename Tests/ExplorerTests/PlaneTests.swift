import Canvas
import LatentModels
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
    // Classes are a part of these components, and have no deviation of the prior's.
    var choosing = Sample.choosing()
    _ = choosing.update(.setAxes(.component(0), .component(1)))
    #expect(choosing.priorCenter == nil)
  }

  @Test func theManifoldOverComponentsIsOfProbabilitiesAndIsWalkedToItsEnds() throws {
    var state = Sample.choosing()
    _ = state.update(.setAxes(.component(6), .component(7)))
    try Sample.press("g", &state)
    let batch = try grid(state).batch
    for place in 0..<batch.count {
      let weights = batch.codes[place * 12..<place * 12 + 10]
      #expect(weights.allSatisfy { $0 >= 0 } && abs(weights.reduce(0, +) - 1) < 1e-4)
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
    var state = Sample.choosing()
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
}
