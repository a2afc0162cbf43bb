import Canvas
import Terminal
import Testing

@testable import Explorer

/// A digit key chooses the class that the screen shows by that digit, where classes are called by other digits too.
@Suite struct DigitKeyTests {
  /// The first class is called as the sixth is numbered, and two names are alike as far as there is room.
  private static let names = [
    "5", "T-shirt without a print", "T-shirt without a collar", "coat", "bag", "dress", "shoe", "hat", "sock", "scarf",
  ]

  private func state(_ width: Int, _ height: Int) -> State { Sample.choosing(width, height, names: Self.names) }
  private func plain(_ state: State) -> String { view(state, rendition: .init()).plain() }

  @Test func ofASliderItIsTheCellThatHasTheDigit() throws {
    var state = state(80, 24)
    try Sample.press("up*9", &state)
    #expect(plain(state).contains("0123456789") || plain(state).contains("0 1 2 3 4 5 6 7 8 9"))
    for place in [5, 0, 9] {
      try Sample.press("\(place)", &state)
      #expect(state.code[place] == 1 && state.context == .sliders)
    }
    // What is typed is a name before it is a number, and the line above lists names alone.
    try Sample.press("=", &state)
    #expect(plain(state).contains("5, T-shirt without a print") && !plain(state).contains("0 5"))
    #expect(Account.of(state).contains("Classes: 5, T-shirt without a print"))
    try Sample.press("5 enter", &state)
    #expect(state.code[0] == 1)
  }

  @Test func whereNamesHaveRoomItIsTheName() throws {
    var state = Sample.choosing(250, 70, names: ["5", "7", "a", "b", "c", "d", "e", "f", "g", "h"])
    try Sample.press("up*9", &state)
    #expect(plain(state).contains("5   7   a   b"))
    for (key, place) in [("7", 1), ("5", 0), ("3", 3)] {
      try Sample.press(key, &state)
      #expect(state.code[place] == 1, "\(key)")
    }
    // More digits may mean another.
    state = Sample.choosing(250, 70, names: ["1", "10", "a", "b", "c", "d", "e", "f", "g", "h"])
    try Sample.press("up*9 right 1 enter", &state)
    #expect(state.code[0] == 1)
    try Sample.press("1 0 enter", &state)
    #expect(state.code[1] == 1)
  }

  @Test func ofTheSheetItIsTheColumn() throws {
    var state = state(120, 40)
    try Sample.press("F", &state)
    #expect(!plain(state).contains("T-shi"))
    try Sample.press("5", &state)
    #expect(state.code[5] == 1)
    try Sample.press(": type:sheet space type:class space 5 enter", &state)
    #expect(state.code[0] == 1)
  }

  @Test("Of the scatter it is what the legend says", arguments: [(80, 24, 5), (120, 40, 5), (250, 70, 0)])
  func scatter(width: Int, height: Int, hidden: Int32) throws {
    var state = state(width, height)
    try Sample.press("tab", &state)
    try #require(state.focus == .scatter)
    #expect(plain(state).contains("●5 ●T-shirt without a print") == (hidden == 0))
    try Sample.press("5", &state)
    #expect(state.plot.hiddenClasses == [hidden])
    try Sample.press("5", &state)
    #expect(state.plot.hiddenClasses == [])
    // Drawn as marks, every class has its own before its name.
    try Sample.press("O 5", &state)
    #expect(state.plot.hiddenClasses == [5])
    try Sample.press("* : type:toggle space type:class space 5 enter", &state)
    #expect(state.plot.hiddenClasses == [0])
  }

  @Test func aQuestionListsNamesAloneWhereNumbersMislead() throws {
    var state = state(120, 40)
    try Sample.press("D", &state)
    #expect(plain(state).contains("5, T-shirt without a print") && !plain(state).contains("0 5"))
    try Sample.press("5 enter 3 enter", &state)
    #expect(state.steering.track?.name == "5→coat")
  }
}
