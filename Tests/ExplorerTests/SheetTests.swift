import Canvas
import LatentModels
import Terminal
import Testing

@testable import Explorer

/// The sheet: handwritings in rows, classes in columns.
@Suite struct SheetTests {
  private func sheet(_ keys: String = "F", _ width: Int = 160, _ height: Int = 50) throws -> State {
    var state = Sample.choosing(width, height, withImages: true)
    try Sample.press(keys, &state)
    return state
  }

  private func plan(_ state: State) throws -> SheetPlan { SheetPlan(state, try #require(state.layout)) }

  @Test func everyRowIsOneHandwritingAndEveryColumnOneClassBesideTheOriginal() throws {
    let state = try sheet()
    let plan = try plan(state)
    #expect(plan.hasOwn && plan.columnCount == 10 && plan.rowCount >= 3)
    for row in 0..<plan.rowCount {
      let own = try #require(plan.code(column: 0, row: row))
      #expect(own == state.cloud?.code(row))
      for label in 0..<10 {
        let code = try #require(plan.code(column: label + 1, row: row))
        #expect(code[label] == 1 && Array(code[10...]) == Array(own[10...]))
      }
    }
    #expect(view(state, rendition: .init()).plain().contains(" image "))
    #expect(Account.of(state).contains("styles by 10 classes of y, images of samples"))
  }

  @Test func arrowsTakeTheCodesOfTheCellsAndUndoBringsThemBack() throws {
    var state = try sheet("F right")
    let before = state.code
    let plan = try plan(state)
    let place = try #require(plan.place(of: before))
    try Sample.press("right down", &state)
    #expect(state.code == plan.code(column: place.column + 1, row: place.row + 1))
    try Sample.press("u u", &state)
    #expect(state.code == before)
  }

  @Test func theOriginalsOwnCellIsItsStoredCode() throws {
    var state = try sheet("F down")
    try Sample.press("left*12", &state)
    guard case .stored = state.steering.origin else {
      Issue.record("\(state.steering.origin)")
      return
    }
    #expect(state.scene.original != nil)
  }

  @Test func oneClassIsShownInManyHandwritings() throws {
    var state = try sheet("F o 7")
    let plan = try plan(state)
    #expect(plan.isOneClass && plan.styles.count > 20)
    for index in plan.styles.indices {
      #expect(plan.code(column: index % plan.across, row: index / plan.across)?[7] == 1)
    }
    try Sample.press("s", &state)
    #expect(try self.plan(state).source == .prior)
    #expect(Set(try self.plan(state).styles.map(\.code)).count > 20)
  }

  @Test func stylesComeFromThePriorAndFromMarksToo() throws {
    var state = try sheet("m a r m b F s")
    #expect(try plan(state).source == .prior && !(try plan(state).hasOwn))
    try Sample.press("s", &state)
    #expect(try plan(state).styles.map(\.name) == ["a", "b"])
    try Sample.press("n", &state)
    #expect(state.message?.text == "these are the last styles")
    try Sample.press("s n", &state)
    #expect(state.panes[SheetView.self].first > 0)
  }

  @Test func theSheetOfTheScreenIsTheSheetOfTheCommand() throws {
    let state = try sheet("F s")
    let plan = try plan(state)
    let styles = state.subject.variables.priorCodes(count: plan.rowCount, seed: 1)
    for row in 0..<plan.rowCount {
      #expect(Array(styles.row(row)).dropFirst(10) == plan.styles[row].code.dropFirst(10))
    }
  }

  @Test func aModelWithoutClassesWalksItsChosenDimension() throws {
    var state = Sample.state(160, 50, dimensions: 4)
    try Sample.press("down F", &state)
    let plan = try plan(state)
    let columns = (0..<plan.across).compactMap { plan.code(column: $0, row: 0)?[1] }
    #expect(columns.contains(-3) && columns.contains(3))
    try Sample.press("o", &state)
    #expect(state.message?.isError == true)
  }

  @Test(arguments: [(60, 20), (80, 24), (120, 40), (160, 50)])
  func columnsAlongADimensionHaveEquallyManyDecimalsAndNoTwoTheSameName(width: Int, height: Int) throws {
    for stride in ["", "- -", "+ +"] {
      var state = Sample.state(width, height, dimensions: 4)
      try Sample.press("F \(stride)", &state)
      let pane = try #require(state.layout?.panes[.sheet])
      let lines = view(state, rendition: .init()).plain().split(separator: "\n", omittingEmptySubsequences: false)
      let line = String(lines[pane.row + 1].dropFirst(pane.column).prefix(pane.width))
      let names = line.matches(of: /[+−][0-9.]+/).map { String($0.output) }
      #expect(!names.isEmpty && Set(names).count == names.count, "\(line)")
      #expect(Set(names.map { $0.split(separator: ".").dropFirst().first?.count ?? 0 }).count == 1, "\(line)")
    }
  }

  @Test func whatIsLockedStaysInEveryCell() throws {
    var state = Sample.choosing(160, 50)
    try Sample.press("down = 2 enter L F s", &state)
    #expect(try plan(state).styles.allSatisfy { $0.code[10] == 2 })
  }

  @Test(arguments: ["7", "right", "left"]) func aLockedClassSaysSoToEveryKeyThatWouldChangeIt(key: String) throws {
    // In a narrow window classes beyond the edge are taken too.
    var state = try sheet("= 4 enter L F s", 60, 20)
    state.message = nil
    for _ in 0..<6 where state.message == nil {
      try Sample.press(key, &state)
      #expect(state.code[4] == 1)
    }
    #expect(state.message?.text.contains("y is locked") == true)
  }

  @Test(arguments: [(60, 20), (80, 24), (120, 40), (250, 70)])
  func theSheetCanBeWalkedToEveryClassInAnyWindow(width: Int, height: Int) throws {
    var state = try sheet("F down", width, height)
    for label in 0..<10 {
      try Sample.press("\(label)", &state)
      #expect(state.code[label] == 1)
    }
    try Sample.press("left*12 right*9", &state)
    #expect(state.code[8] == 1 || state.code[9] == 1)
    try Sample.press("right*12", &state)
    #expect(state.code[9] == 1)
  }

  @Test(arguments: [(100, 36), (120, 40), (160, 50)])
  func namesAboveAndBesideTheSheetStandApartAndDiffer(width: Int, height: Int) throws {
    for names in [Sample.clothes, (0..<10).map { "class number \($0)" }] {
      var state = Sample.choosing(width, height, withImages: true, names: names)
      try Sample.press("F", &state)
      let screen = view(state, rendition: .init()).plain()
      #expect(screen.firstMatch(of: /(original|image)[Tc0]/) == nil, "\(screen)")
      #expect(screen.firstMatch(of: /class n…/) == nil, "\(screen)")
    }
  }

  @Test func imagesThatAreBeingReadAreWaitedFor() throws {
    var state = try sheet()
    (state.cloud, state.readingData) = (nil, "mnist")
    _ = state.update(.perform { $0.setStyles(.images) })
    #expect(state.message == .note("mnist is being read: a moment"))
  }
}
