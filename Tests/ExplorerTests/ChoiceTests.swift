import Canvas
import LatentModels
import Tensors
import Terminal
import Testing

@testable import Explorer

/// A model that chooses among classes: y is a slider like any other.
@Suite struct ChoiceTests {
  private func state(_ width: Int = 120, _ height: Int = 40) -> State { Sample.choosing(width, height) }

  private func isOnTheSimplex(_ state: State) -> Bool {
    state.code[0..<10].allSatisfy { $0 >= 0 } && abs(state.code[0..<10].reduce(0, +) - 1) < 1e-5
  }

  @Test func theChoiceStandsAboveTheSlidersOfTheOtherColumns() {
    let state = state()
    #expect(state.sliders == [.choice(0), .dimension(10), .dimension(11)])
    #expect(state.sliders.map { state.name(of: $0) } == ["y", "z1", "z2"])
    #expect(state.code == [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    #expect(state.axisNames == "z1 × z2")
    for text in ["0 1 2 3 4 5 6 7 8 9", "z1", "z2"] {
      #expect(view(state, rendition: .init()).plain().contains(text))
    }
    #expect(Account.of(state).contains("y 0, 100 %"))
  }

  @Test func arrowsAndDigitsChooseAndShiftBlends() throws {
    var state = state()
    try Sample.press("up*9 right", &state)
    #expect(state.selection == .choice(0))
    #expect(state.code[1] == 1 && isOnTheSimplex(state))
    try Sample.press("7", &state)
    #expect(state.code[7] == 1 && isOnTheSimplex(state))
    try Sample.press("shift-right shift-right", &state)
    #expect(abs(state.code[8] - 0.2) < 1e-5 && abs(state.code[7] - 0.8) < 1e-5)
    try Sample.press("right", &state)
    #expect(state.code[8] == 1)
    try Sample.press("u u u", &state)
    #expect(state.code[7] == 1)
    try Sample.press("right*20", &state)
    #expect(state.code[9] == 1)
    try Sample.press("7 . . . ,", &state)
    #expect(abs(state.code[8] - 0.02) < 1e-5 && abs(state.code[7] - 0.98) < 1e-5)
    // From a blend an arrow leads to the class next to it, however near that is.
    for (keys, place) in [("7 .*99 right", 8), ("7 ,*99 left", 6)] {
      try Sample.press(keys, &state)
      #expect(state.code[place] == 1, "\(keys)")
    }
    try Sample.press("= 2 . 5 enter", &state)
    #expect(state.code[2] == 0.5 && state.code[3] == 0.5)
  }

  @Test func whatIsTypedForAClassIsItsNameBeforeItsNumber() throws {
    var state = Sample.choosing(names: ["3", "7", "200", "4", "5", "Bag", "8", "9", "10", "-1"])
    for (keys, place) in [
      ("up*9 = 7 enter", 1), ("= 2 0 0 enter", 2), ("= 1 0 enter", 8), ("- 1 enter", 9), ("= B a g enter", 5),
      ("= 3 enter", 0), ("= 6 enter", 6),
    ] {
      try Sample.press(keys, &state)
      #expect(state.code[place] == 1 && state.context == .sliders, "\(keys): \(state.code)")
    }
    #expect(try state.value(typed: "bag") == 5 && state.value(typed: "7") == 1)
    #expect {
      try state.value(typed: "11")
    } throws: {
      "\($0)".contains("“11” is no class: classes are 3, 7, 200")
    }
    #expect(throws: CommandError.self) { try state.value(typed: "20") }
    try Sample.press("= 1 1 enter", &state)
    #expect(state.message?.isError == true && state.code[6] == 1)
  }

  @Test func everythingThatMovesCodesLeavesProbabilities() throws {
    var state = state()
    for keys in [
      "r", "m a r m b r m c", "i a b right*3", "S right*4", "a a b c", "R 4", "Z", "tab enter right", "D 3 8 >",
    ] {
      try Sample.press(keys, &state)
      #expect(isOnTheSimplex(state), "\(keys): \(state.code)")
    }
  }

  @Test func aLockHoldsTheWholeChoice() throws {
    var state = state()
    try Sample.press("up*9 3 L r", &state)
    #expect(state.code[3] == 1)
    try Sample.press("right", &state)
    #expect(state.message?.text.contains("y is locked") == true)
    try Sample.press("L right", &state)
    #expect(state.code[4] == 1)
  }

  @Test func theStripShowsADigitAClassInOneHandwriting() throws {
    var state = state()
    try Sample.press("down = 1 enter up*9", &state)
    let layout = try #require(state.layout)
    let plan = TraversalPlan(state, layout)
    #expect(plan.values == (0..<10).map { Float($0) })
    for place in 0..<10 {
      let code = Array(plan.batch.codes[place * 12..<(place + 1) * 12])
      #expect(code[place] == 1 && Array(code[10...]) == Array(state.code[10...]))
    }
  }

  @Test(
    "The strip says what y is of",
    arguments: [
      ([3: 0.6, 8: 0.4], "▸3→8 40 %◂"), ([3: 0.3, 8: 0.7], "▸3→8 70 %◂"), ([2: 0.1, 3: 0.5, 8: 0.4], "▸3 50 %◂"),
      ([6: 0.2, 7: 0.8], "▸6→7 80 %◂"), ([3: 0.997, 2: 0.003], "▸3◂"), ([5: 1], "▸5◂"),
    ] as [([Int: Float], String)])
  func stripOfABlend(shares: [Int: Float], caption: String) throws {
    var state = state()
    try Sample.press("up*9", &state)
    var code = [Float](repeating: 0, count: 12)
    for (place, share) in shares { code[place] = share }
    state.setCode(code, origin: .steered)
    Sample.render(&state)
    #expect(view(state, rendition: .init()).plain().contains(caption))
  }

  @Test func playingWalksThroughTheClassesAndIsOneStepToUndo() throws {
    var state = state()
    try Sample.press("up*9 space", &state)
    for _ in 0..<30 {
      _ = state.update(.tick)
      #expect(isOnTheSimplex(state))
    }
    #expect(state.selectedValue > 2)
    try Sample.press("u", &state)
    #expect(state.code[0] == 1)
  }

  @Test func numbersOfClassesAreNeverCut() {
    let classes = (0..<20).map { NamedClass(label: $0, name: "\($0)") }
    #expect(ClassText.fitting(classes, to: 2) == (0..<20).map { "\($0)" })
    #expect(ClassText.fitting(classes, to: 1).suffix(11) == ["9", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j"])
    let variable = LatentVariable(name: "y", kind: .categorical(classNames: (0..<15).map(String.init)))
    let choice = CodeColumns([variable]).choices[0]
    let cells = ChoiceCells(choice, [Float](repeating: 0, count: 15), column: 4, width: 24)
    #expect(cells.nameWidth >= 2)
  }

  @Test func aModelWithClassesOpensWithTheKeysOnThem() throws {
    var state = state()
    #expect(state.selection == .choice(0))
    try Sample.press("8", &state)
    #expect(state.code[8] == 1)
  }

  @Test func anyTwoClassesAreBlendedInOneHandwriting() throws {
    var state = state()
    try Sample.press("down = 1 enter B 3 8", &state)
    #expect(state.code[3] == 1 && state.code[10] == 1)
    #expect(state.selectionName == "3→8")
    try Sample.press("right*5", &state)
    #expect(abs(state.code[8] - 0.25) < 1e-5 && abs(state.code[3] - 0.75) < 1e-5 && state.code[10] == 1)
    let layout = try #require(state.layout)
    let batch = TraversalPlan(state, layout).batch
    #expect(Array(batch.codes.suffix(12))[8] == 1)
    #expect(Account.of(state).contains("y 3, 75 %; 8, 25 %"))
    // It plays, is one step to undo, and is marked like any other code.
    try Sample.press("m a u*7", &state)
    #expect(state.code[0] == 1)
  }

  @Test func aModelWithoutClassesSaysWhatToDoInsteadOfBlending() throws {
    var state = Sample.state()
    try Sample.press("B", &state)
    #expect(state.message?.isError == true && state.message?.text.contains("D slides") == true)
    #expect(state.context == .sliders)
  }

  @Test func probabilitiesAreToldWhateverSliderHasTheKeys() throws {
    var state = state(200, 60)
    try Sample.press("8 > > > down", &state)
    let text = view(state, rendition: .init()).plain()
    #expect(text.contains("70 %") && text.contains("30"))
  }

  @Test func whatAModelIsToldHasNoDivergence() {
    let variables = [
      LatentVariable(name: "s", kind: .categorical(classNames: ["thin", "thick"]), subject: .property),
      LatentVariable(name: "z", kind: .continuous(dimensions: 1)),
    ]
    let posterior = Posterior(
      mean: Tensor(shape: [2, 3], elements: [1, 0, 2, 0, 1, 2]), logVariance: Tensor(shape: [2, 3], filledWith: 0))
    let cloud = CodeCloud(
      id: 1, source: "samples", posterior: posterior, labels: nil, columns: CodeColumns(variables))
    // Half of z² nats, and not ln 2 more of s.
    #expect(cloud.divergences == [0, 0, 2] && cloud.divergenceByCode() == [2, 2])
  }

  @Test func aSumThatLeavesTheCodesBeneathOutIsOfTheCodeAlone() {
    var state = state(160, 50)
    #expect(view(state, rendition: .init()).plain().contains("KL "))
    #expect(!view(state, rendition: .init()).plain().contains("KL of the code"))
    var configuration = Configuration()
    configuration.model.codes = CodesConfiguration(hidden: [8], latent: 2, kept: [0])
    state.subject.configuration = configuration
    #expect(view(state, rendition: .init()).plain().contains("KL of the code"))
  }

  @Test func aPressOnAClassChoosesIt() throws {
    var state = state()
    let inside = try #require(state.layout?.inside(.sliders))
    let rows = SliderRows(state, inside)
    let line = try #require(rows.lines.firstIndex { $0.selection == .choice(0) })
    _ = state.update(
      .mouse(
        MouseEvent(.press, button: .left, column: inside.column + rows.barColumn + 2 * 5, row: inside.row + line)))
    #expect(state.code[5] == 1)
  }
}
