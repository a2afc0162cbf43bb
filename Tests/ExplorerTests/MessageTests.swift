import Canvas
import LatentModels
import Terminal
import Testing

@testable import Explorer

/// What a person is told, and whether it can be read.
@Suite struct MessageTests {
  private static let long =
    "fashion-mnist: this data set is not on this machine (looked in /home/someone/.local/share/zscope); fetch it with: zscope data get fashion-mnist, or use strokes, which is built in"

  @Test(arguments: [(60, 20), (80, 24), (120, 40), (250, 70)])
  func everyWordOfALongErrorIsOnTheScreen(width: Int, height: Int) {
    var state = Sample.state(width, height)
    _ = state.update(.say(.error(Self.long)))
    for rendition in [Rendition(), Rendition(colors: .mono, unicode: false)] {
      let shown = view(state, rendition: rendition).plain().split(whereSeparator: \.isWhitespace)
      for word in Self.long.split(separator: " ") { #expect(shown.contains(word), "\(word)") }
    }
  }

  @Test func aPathLongerThanTheWindowIsBrokenAndNothingOfItIsLost() {
    let path = "/" + String(repeating: "abcdefghi/", count: 20)
    let lines = wordWrapped("cannot read \(path) here", to: 58)
    #expect(lines.allSatisfy { $0.count <= 58 })
    #expect(lines.joined().filter { $0 != " " } == "cannotread\(path)here")
    #expect(wordWrapped("", to: 10).isEmpty)
  }

  @Test(arguments: [
    ("= x enter", "is no number"), ("m 5", "is no mark"), (": type:beta enter", "type beta 4"),
    (": type:nonsense! enter", "no command is called that"), ("' x", "there is no mark x"),
  ])
  func whatWasTypedWrongIsSaidWhereItCanBeReadAndUntilTheNextKey(keys: String, words: String) throws {
    for (width, height) in [(60, 20), (80, 24)] {
      var state = Sample.state(width, height)
      try Sample.press(keys, &state)
      #expect(view(state, rendition: Rendition()).plain().contains(words))
      _ = state.update(.key(try Key("escape")))
      #expect(!view(state, rendition: Rendition()).plain().contains(words))
    }
  }

  @Test func newsNeverTakesAnErrorAway() {
    var state = Sample.training()
    _ = state.update(.say(.error("the disk is full")))
    _ = state.update(.say(.note("10,000 codes of strokes")))
    _ = state.update(.trainingChanged(Sample.report(.finished)))
    #expect(state.message == .error("the disk is full"))
    _ = state.update(.say(.error("settings.json cannot be read")))
    #expect(state.message == .error("the disk is full; settings.json cannot be read"))
  }

  @Test func lettingTheButtonGoDoesNotTakeTheErrorOfTheClickAway() throws {
    var state = Sample.state()
    try Sample.press("L", &state)
    let sliders = try #require(state.layout?.inside(.sliders))
    let (column, row) = (sliders.column + 10, sliders.row)
    _ = state.update(.mouse(MouseEvent(.press, button: .left, column: column, row: row)))
    #expect(state.message?.text.contains("locked") == true)
    _ = state.update(.mouse(MouseEvent(.release, button: .left, column: column, row: row)))
    #expect(state.message?.text.contains("locked") == true)
  }

  @Test func aDataSetThatIsReadSaysSoUntilItIsThereOrGivenUp() throws {
    var state = Sample.state(120, 40)
    _ = state.update(.openData("strokes"))
    try Sample.press("right", &state)
    #expect(view(state, rendition: Rendition()).plain().contains("reading strokes…"))
    let effects = state.update(.key(try Key("escape")))
    guard case .stopReading = effects.first else {
      Issue.record("\(effects)")
      return
    }
    #expect(state.readingData == nil)
    #expect(!view(state, rendition: Rendition()).plain().contains("reading strokes…"))
  }
}
