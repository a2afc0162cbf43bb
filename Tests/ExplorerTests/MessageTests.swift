import Canvas
import Datasets
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
    ("= x", "is a number"), ("m 5", "is no mark"), (": type:beta enter", "type beta 4"),
    (": type:nonsense! enter", "no command is called that"), (": type:undoo enter", "did you mean undo?"),
    ("' x", "there is no mark x"),
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

  @Test func aKeyThatMeansNothingHereSaysWhereItDoes() throws {
    var state = Sample.state(120, 40)
    try Sample.press("n", &state)
    #expect(state.message?.text.contains("in the scatter") == true)
    #expect(state.message?.text.contains("Tab leads there") == true)
    try Sample.press("~", &state)
    #expect(state.message?.text == "~ means nothing here: ? shows every key")
  }

  @Test func whatIsSuggestedFitsTheModel() throws {
    var state = Sample.state(120, 40)
    state.cloud = nil
    state.subject.configuration = Configuration(
      model: ModelConfiguration(), objective: ObjectiveConfiguration(),
      training: TrainingConfiguration(data: "mine.npz"))
    #expect(view(state, rendition: .init()).plain().contains(":data mine.npz"))
  }

  @Test func aModelWithoutCodesOpensWithThePointsOfItsOwnData() throws {
    var state = State(width: 120, height: 40)
    var subject = Sample.state().subject
    subject.configuration = Configuration(
      model: ModelConfiguration(), objective: ObjectiveConfiguration(), training: TrainingConfiguration(data: "strokes")
    )
    let effects = state.update(.opened(Opening(subject: subject, cloud: nil)))
    guard case .openData("strokes-2", false) = effects.first else {
      Issue.record("\(effects)")
      return
    }
    // What a person chose for this model is what it opens with the next time.
    _ = state.update(.openData("mnist"))
    _ = state.update(.finishedReading(isThere: true))
    guard case .openData("mnist", false) = state.update(.opened(Opening(subject: subject, cloud: Sample.cloud()))).first
    else {
      Issue.record("the choice was forgotten")
      return
    }
  }

  @Test func theFirstLineSaysWhichEpochAndWhichImagesItsNumberIsOf() {
    var state = Sample.state(160, 40)
    (state.subject.isBest, state.subject.epoch) = (true, 51)
    #expect(view(state, rendition: .init()).plain().contains("best epoch 51  ELBO −141.2  held out"))
    #expect(Account.of(state).contains("best epoch 51, ELBO -141.2 nats on held-out images"))
  }

  @Test func plainTellsWhatHasChanged() throws {
    var state = Sample.state(120, 40)
    let before = Account.lines(state)
    try Sample.press("right", &state)
    let news = Account.changes(from: before, to: Account.lines(state))
    #expect(news.contains { $0.contains("> z1 +0.10") })
    #expect(!news.contains { $0.contains("z2") || $0.hasPrefix("Model") })
    #expect(Account.changes(from: before, to: before) == ["Nothing has changed."])
  }

  @Test func theNameMeantIsFoundAndNoFarOne() {
    #expect(Nearest.name(to: "mnsit", among: ["mnist", "strokes"]) == "mnist")
    #expect(Nearest.name(to: "fashon-mnist", among: ["mnist", "fashion-mnist"]) == "fashion-mnist")
    #expect(Nearest.name(to: "quark", among: ["mnist", "strokes"]) == nil)
    // A name in other letters is the one that is meant.
    #expect(Nearest.name(to: "MNIST", among: ["kmnist", "mnist"]) == "mnist")
    // To change all letters is to mean another name.
    #expect(Nearest.name(to: "q", among: ["0", "1"]) == nil && Nearest.name(to: "12", among: ["1", "3"]) == nil)
    #expect(Nearest.distance(Array("kitten"), Array("sitting")) == 3)
  }
}
