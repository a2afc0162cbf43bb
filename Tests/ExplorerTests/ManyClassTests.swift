import Canvas
import LatentModels
import Terminal
import Testing

@testable import Explorer

/// More than ten classes, which glyphs tell in the scatter.
@Suite struct ManyClassTests {
  private func state(_ width: Int, _ height: Int) throws -> State {
    var state = Sample.state(width, height)
    _ = state.update(.updated(state.subject, Sample.cloud(count: 600, id: 3, classes: 26)))
    try Sample.press("tab", &state)
    try #require(state.focus == .scatter)
    return state
  }

  @Test(arguments: [(60, 20), (80, 24), (120, 40), (250, 70)])
  func aHiddenClassIsSeenInTheLegendAndSaid(width: Int, height: Int) throws {
    var state = try state(width, height)
    let before = view(state, rendition: Rendition()).plain()
    _ = state.update(.toggleClass(17))
    #expect(state.message?.text.contains("class 17 (h) is hidden") == true)
    state.message = nil
    let now = view(state, rendition: Rendition()).plain()
    #expect(now != before)
    if width <= 80 { #expect(now.contains("1 hidden")) }
    _ = state.update(.toggleClass(17))
    #expect(state.message?.text.contains("class 17 (h) is shown") == true)
  }

  @Test func glyphsAnswerWhereNamesAreNumbers() throws {
    var state = try state(120, 40)
    try Sample.press("R h", &state)
    #expect(state.steering.origin == .classSample(NamedClass(label: 17, name: "17")))
    #expect(LookFacts(state).origin == "drawn from class 17 (h)")
    #expect(try ClassText.label("p", state, "toggle class 7") == 25)
    try Sample.press("R q", &state)
    #expect(state.message?.text.contains("q begins no class from 0 to 25") == true)
    #expect(state.message?.text.contains("glyph") == true)
    try Sample.press("escape D g 1 2", &state)
    #expect(state.steering.track?.name == "16→12")
    _ = state.update(.ask(.foundClass))
    #expect(Account.of(state).contains("17 (h)"))
    // Two classes of one glyph cannot be told by it.
    let many = (0..<80).map { NamedClass(label: $0, name: "\($0)") }
    #expect(many.told(by: "h") == nil && many.told(by: "z")?.label == 35)
    #expect(NamedClass(label: 17, name: "coat").glyph == nil && NamedClass(label: 7, name: "7").spoken == "7")
  }

  @Test func anEnterAfterAWholeNumberBelongsToTheAnswer() throws {
    var state = try state(120, 40)
    for keys in ["R 1 5 enter", "R 7 enter"] {
      try Sample.press(keys, &state)
      guard case .classSample = state.steering.origin else {
        Issue.record("\(keys): \(state.steering.origin)")
        continue
      }
    }
    // The next one is for the pane.
    try Sample.press("enter", &state)
    guard case .stored = state.steering.origin else {
      Issue.record("\(state.steering.origin)")
      return
    }
    try Sample.press("D 1 5 enter 1 2 enter", &state)
    #expect(state.steering.track?.name == "15→12")
    // Of ten classes no number needs an end.
    var few = Sample.state(120, 40)
    try Sample.press("tab R 7 enter", &few)
    guard case .stored = few.steering.origin else {
      Issue.record("\(few.steering.origin)")
      return
    }
  }

  @Test func digitKeysBeginTheNumberOfOneOfMany() throws {
    var state = try state(120, 40)
    try Sample.press("1 7", &state)
    #expect(state.plot.hiddenClasses == [17])
    try Sample.press("7", &state)
    #expect(state.plot.hiddenClasses == [17, 7])
    try Sample.press("1 enter", &state)
    #expect(state.plot.hiddenClasses == [17, 7, 1])
    try Sample.press("1 escape", &state)
    #expect(state.plot.hiddenClasses == [17, 7, 1] && state.context == .pane(.scatter))
    try Sample.press(": type:toggle space type:class space type:1 enter", &state)
    #expect(state.plot.hiddenClasses == [17, 7])
  }
}

extension ManyClassTests {
  @Test func digitKeysOfTheSheetBeginANumberToo() throws {
    var state = Sample.choosing(120, 40)
    try Sample.press("F 7", &state)
    #expect(state.context == .pane(.sheet))
    let many = LatentVariable(name: "y", kind: .categorical(classNames: (0..<12).map(String.init)))
    let style = LatentVariable(name: "z", kind: .continuous(dimensions: 2))
    var subject = state.subject
    (subject.variables, subject.path) = ([many, style], "many")
    subject.latentSize = 14
    _ = state.update(.opened(Opening(subject: subject, cloud: nil)))
    for _ in 0..<8 where state.focus != .sheet { try Sample.press("tab", &state) }
    try #require(state.focus == .sheet)
    try Sample.press("1", &state)
    #expect(state.context == .question)
    try Sample.press("1", &state)
    #expect(state.choice(0)?.likeliest(in: state.code) == 11)
  }
}
