import Canvas
import LatentModels
import Terminal
import Testing

@testable import Explorer

/// Names, places and numbers are the same wherever they are told.
@Suite struct WordingTests {
  @Test func theFormNamesTheFolderThatARunGets() {
    var form = TrainingForm(data: "strokes")
    form.fields[.model] = TextField("semi-supervised")
    #expect(form.freshRun == "runs/strokes-y2d")
    var configuration = Configuration(
      model: ModelConfiguration(kind: "semiSupervised"), objective: ObjectiveConfiguration(),
      training: TrainingConfiguration(data: "strokes"))
    configuration.model.latent = 2
    #expect(RunPath.fresh(for: configuration).contains("/strokes-y2d"))
    form.takenRuns = ["runs/strokes-y2d"]
    #expect(form.freshRun == "runs/strokes-y2d-2")
  }

  @Test(arguments: [
    ("letters.npz", "letters"), ("/tmp/Letters.NPY", "Letters"), ("a/train-images-idx3-ubyte.gz", "train-images"),
    ("x.idx3-ubyte", "x"), ("digits.png", "digits"), ("pictures.zip", "pictures"), ("strokes", "strokes"),
    (".npz", "npz"),
  ])
  func aRunIsCalledAfterItsDataWithoutTheEndingOfTheirFile(data: String, title: String) {
    #expect(RunPath.fresh(data: data, latent: "2", model: nil, in: "runs") { _ in false } == "runs/\(title)-2d")
  }

  @Test(arguments: [(60, 20), (80, 24), (120, 40)])
  func aPaneIsToldWhereItIsShownOrComesForth(width: Int, height: Int) throws {
    for kind in ScreenKind.all {
      var state = Sample.state(width, height, dimensions: 4)
      state.screen = kind.screen
      let (layout, told) = (try #require(state.layout), Account.of(state))
      #expect(told.contains("Scatter: ") == layout.has(.scatter), "\(kind.screen.rawValue)")
      #expect(told.contains("Strip: ") == layout.has(.strip), "\(kind.screen.rawValue)")
      #expect(told.contains("Matrix of scatters") == layout.has(.scatters), "\(kind.screen.rawValue)")
    }
  }

  @Test func whatIsLeftOutInWordsEndsNoSentence() {
    #expect(Account.plain("float32 in 0…1") == "float32 in 0...1")
  }

  @Test func slidersOfWeightsThatMayBeNegativeMove() {
    let control = Control(name: "beta", symbol: "β", summary: "a weight", defaultValue: 1, range: -100...1000)
    #expect(abs(control.fraction(of: 1) - 0.1) < 1e-9 && abs(control.fraction(of: 8) - 0.8) < 1e-9)
    #expect(control.fraction(of: 12) > 1 && control.fraction(of: -1) < 0)
  }

  @Test func adviceNamesLabelledDataThatFit() {
    var state = Sample.state()
    #expect(state.labelAdvice.hasSuffix(":data \(state.surroundings.defaultData)"))
    state.subject.imageWidth = 14
    #expect(state.labelAdvice.contains("none has images of 28 high × 14 wide"))
  }

  @Test(arguments: [
    ("opn mnist-2x", "did you mean open mnist-2x?"), ("dta strokes", "did you mean data strokes?"),
    ("nosuch", "no command is called that: Esc closes, then ? lists all"),
    ("zzz", "no command is called that: Esc closes, then ? lists all"), ("clas 3", "did you mean sample class 3?"),
    ("theme lite", "did you mean light?"), ("colours predicted", "did you mean predictions?"),
  ])
  func unknownNamesGetTheNearest(line: String, words: String) {
    var state = Sample.state()
    _ = state.update(.palette)
    _ = state.update(.paste(line))
    _ = state.update(.accept)
    #expect(state.message?.text.contains(words) == true, "\(state.message?.text ?? "")")
  }

  /// A line typed where there is nothing to choose in.
  @Test(arguments: [
    ("nosuch", ":help lists all"), ("interpolate", "Type :interpolate LETTER LETTER"), ("interpolate a", "2 letters"),
    ("mark", "Type :mark LETTER"), ("mark 3", "a letter from a to z"), ("jump", "Type :jump LETTER"),
    ("value", "Type :value NUMBER"), ("direction", "Type :direction CLASS CLASS"),
  ])
  func inAConversationOfLinesAMissingArgumentIsAnErrorAndNothingIsAsked(line: String, words: String) {
    var state = Sample.state()
    state.isPlain = true
    _ = state.update(.palette)
    _ = state.update(.paste(line))
    _ = state.update(.accept)
    let said = state.message?.text ?? ""
    #expect(state.message?.isError == true && said.contains(words) && !said.contains("Tab"), "\(said)")
    _ = state.update(.leaveLine)
    #expect(state.context == .sliders)
  }

  @Test func aModelIsNamedByItsFolderHoweverThatIsTyped() {
    let here = Effects.displayName(Effects.absolute("."))
    #expect(Effects.displayName(".") == here && here != ".")
    #expect(Effects.displayName("./best.safetensors") == here)
    #expect(Effects.displayName("runs/int") == "int" && Effects.displayName("mnist-2d") == "mnist-2d")
    #expect(UserFolders.expanded("runs/int//") == "runs/int" && UserFolders.expanded("/") == "/")
  }

  @Test func lockedSlidersAreNamedWhereTheCodeCameFrom() throws {
    var state = Sample.state(dimensions: 2)
    try Sample.press("L r", &state)
    #expect(LookFacts(state).origin == "drawn from the prior, but for locked z1")
    let code = state.code
    try Sample.press("down L r", &state)
    #expect(state.code == code && state.message?.text.contains("every slider is locked") == true)
    try Sample.press("D 1 2", &state)
    #expect(state.code == code && state.message?.text.contains("every slider is locked") == true)
  }

  @Test func onlyClassesThatAreThereAreHidden() {
    var state = Sample.state()
    _ = state.update(.toggleClass(12))
    #expect(state.plot.hiddenClasses.isEmpty && state.message?.text.contains("there is no class 12") == true)
  }

  @Test func whatHasEndedHasChanged() throws {
    #expect(Account.changes(from: ["a", "b"], to: ["a"]) == ["No longer: b"])
    #expect(Account.changes(from: ["a"], to: ["a"]) == ["Nothing has changed."])
    for keys in ["o", "d", "O", "W", "+", "-", "H", "C"] {
      var state = Sample.state(120, 40)
      try Sample.press("tab", &state)
      let before = Account.lines(state)
      try Sample.press(keys, &state)
      #expect(Account.changes(from: before, to: Account.lines(state)) != ["Nothing has changed."], "\(keys)")
    }
  }

  @Test func whoListensIsToldASectionOfTheKeysAndWhatASearchLeavesOfThem() throws {
    var state = Sample.state(120, 40)
    state.isPlain = true
    func news(_ keys: String) throws -> [String] {
      let before = Account.lines(state)
      try Sample.press(keys, &state)
      return Account.changes(from: before, to: Account.lines(state))
    }
    let first = try news("?")
    #expect(first.contains("Sliders:") && !first.contains("Everywhere:"), "\(first)")
    #expect(try news("down").contains("Everywhere:"))
    #expect(try news("page-up").contains("Sliders:"))
    let found = try news("/ type:undo")
    #expect(found.contains { $0.hasSuffix("with \"undo\".") } && found.count <= 30, "\(found)")
    #expect(found.contains { $0.contains("take the last steering step back") }, "\(found)")
    #expect(!found.contains { $0.hasPrefix("No longer") }, "\(found)")
    #expect(try news("type:qqq").contains { $0.hasPrefix("Nothing here has the words") })
  }

  @Test func whatLastsIsToldAndItsEndBesideOtherNewsToo() throws {
    var state = Sample.state(120, 40, dimensions: 4)
    try Sample.press("right m a", &state)
    func news(_ keys: String) throws -> [String] {
      let before = Account.lines(state)
      try Sample.press(keys, &state)
      return Account.changes(from: before, to: Account.lines(state))
    }
    let undone = try news("u u")
    #expect(undone.contains("No longer: Marks: a.") && undone.contains { $0.hasPrefix("> z1 +0.00") })
    for (keys, line) in [
      ("s", "Sliders: ordered by KL."), ("s", "No longer: Sliders: ordered by KL."),
      ("space", "Playing: z1, 8 steps a second."), ("space right", "No longer: Playing: z1, 8 steps a second."),
    ] {
      let told = try news(keys)
      #expect(told.contains(line), "\(told)")
    }
    // What another screen does not show has not ended.
    let told = try news("g")
    #expect(!told.contains { $0.hasPrefix("No longer") }, "\(told)")
  }

  @Test func sharesAreToldToAHundredth() {
    #expect(Numbers.term(0.953) == "0.95" && Numbers.term(141.23) == "141.2")
  }

  @Test func unitsAreCountedWhole() {
    let training = TrainingView(configuration: Configuration(training: TrainingConfiguration(data: "strokes")))
    #expect(training.text(of: "active units", 6) == "6" && training.text(of: "active units", 1.5) == "1.5")
    #expect(training.text(of: "loss", 6) == "6.0")
  }

  @Test func theSlidersTellTheInformationOfTheMeasure() throws {
    var state = Sample.state(dimensions: 3)
    let cloud = try #require(state.codesWithoutInformation)
    let values = SliderInformation.values(of: cloud)
    _ = state.update(.perform { $0.take(informations: values, of: cloud.codesID) })
    #expect(values.count == 3 && state.information(0) == values[0] && state.codesWithoutInformation == nil)
  }
}
