import Canvas
import Foundation
import LatentModels
import Terminal
import Testing

@testable import Explorer

@Suite struct KeyTableTests {
  @Test func theReadmeListsEveryKeyAndCommand() throws {
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let readme = try String(contentsOf: package.appendingPathComponent("README.md"), encoding: .utf8)
    #expect(
      readme.contains("<!-- keys -->\n\(Explorer.keyTable)\n<!-- end of keys -->"),
      "put what zscope explore --list-keys prints between the marks in README.md")
  }

  @Test func everyKeyInTheTableIsAKey() {
    for command in KeyTable.commands {
      #expect(command.keys.count == command.keyNames.count, "\(command.name): \(command.keyNames)")
    }
  }

  @Test func keysAreTypedInAScriptAsHelpWritesThem() throws {
    for command in KeyTable.commands where command.keyNames != ClassText.digits {
      for (name, key) in zip(KeyNames.list(command), command.keys) {
        for text in [name, KeyNames.spelled(name)] { #expect(try Key(text) == key, "\(text) of \(command.name)") }
      }
    }
    #expect(try Script("→*2 shift-← −").steps == Script("right*2 shift-left -").steps)
  }

  @Test func whatIsSetReadsAsASentence() {
    for control in ObjectiveKind.all.flatMap(\.controls) {
      let first = control.summary.split(separator: " ").first ?? ""
      #expect(!["the", "a", "an", "how", "what", "which"].contains(first), "\(control.name): \(control.summary)")
    }
  }

  @Test func noTwoCommandsShareAName() {
    let names = KeyTable.commands.map(\.name)
    #expect(Set(names).count == names.count)
  }

  @Test func everyKeyNamedInHelpIsDispatchedToItsCommand() {
    for command in KeyTable.commands {
      for context in Context.all where command.holds(in: context) {
        for key in command.keys {
          let found = KeyTable.command(for: key, in: context)
          // What is special to a pane may take a key that means something else everywhere; nothing else may.
          let isOverridden = command.contexts == nil && found?.contexts != nil
          #expect(found?.name == command.name || isOverridden, "\(key) in \(context)")
        }
      }
    }
  }

  @Test func everyPaneHasEveryCommandThatHoldsEverywhereUnderSomeKey() {
    for command in KeyTable.commands where command.contexts == nil && !command.keys.isEmpty {
      for context in Context.all where context.isPane {
        #expect(
          command.keys.contains { KeyTable.command(for: $0, in: context)?.name == command.name },
          "\(command.name) cannot be reached in \(context)")
      }
    }
  }

  @Test(arguments: PaneKind.all.filter(\.takesKeys).map(\.pane))
  func everyKeyNamedForAPaneDoesSomethingThere(pane: Pane) throws {
    var start = pane == .training ? Sample.training(120, 40) : Sample.state(120, 40, dimensions: 4)
    // The screen that is the pane's own, or else the first.
    let own =
      ScreenKind.all.first { $0.focus == pane }
      ?? ScreenKind.all.first { $0.bringsForth && $0.main.joined().contains(pane) }
    if let own { try Sample.press(own.key, &start) }
    for _ in 0..<8 where start.focus != pane { try Sample.press("tab", &start) }
    try #require(start.focus == pane)
    let context = start.context
    for command in KeyTable.commands where command.holds(in: context) {
      for key in command.keys {
        var state = start
        _ = state.update(.key(key))
        #expect(state.message?.text.contains("means nothing") != true, "\(key) in \(pane)")
      }
    }
  }

  @Test func theFootOffersNoKeyThatWouldDoNothing() throws {
    func hints(_ state: State) -> Set<String> { Set(Hint.all(in: state.context, state).map(\.text)) }
    var state = Sample.state(120, 40, dimensions: 4)
    #expect(hints(state).isDisjoint(with: ["undo", "interpolate"]))
    try Sample.press("right m a right m b", &state)
    #expect(hints(state).isSuperset(of: ["undo", "interpolate"]))
    try Sample.press("I", &state)
    state.focus = .scatters
    state.panes[Insight.self].partner = 0
    #expect(state.selection == .dimension(0) && !hints(state).contains("explore"))
    state.panes[Insight.self].partner = 1
    #expect(hints(state).contains("explore"))
    try Sample.press("d", &state)
    #expect(hints(state).isDisjoint(with: ["clear", "centre", "keep"]))
    try Sample.press("space right", &state)
    #expect(hints(state).isSuperset(of: ["clear", "centre"]))
    let drawing = try #require(state.steering.drawing)
    state.take(
      DrawnImage.Encoding(
        mean: [0, 1, 0, 0], deviations: [1, 1, 1, 1], generation: state.subject.generation), of: drawing)
    #expect(hints(state).contains("keep"))
  }

  @Test(arguments: [TrainingView.Phase.running, .paused, .preparing])
  func allThatAnswersAQuestionIsSeenInTheSmallestWindow(phase: TrainingView.Phase) throws {
    var state = Sample.training(60, 20)
    _ = state.update(.trainingChanged(Sample.report(phase)))
    try Sample.press("q", &state)
    let asked = view(state, rendition: Rendition()).plain()
    for words in [state.liveSentence, "s save & quit", "d quit without saving", "Esc cancel"] {
      #expect(asked.contains(words), "\(asked)")
    }
    state.overlay = .confirmation(
      State.Confirmation(question: String(repeating: "a long folder ", count: 8) + "is there", action: .cancel))
    let other = view(state, rendition: Rendition()).plain()
    #expect(other.contains("y yes") && other.contains("n no") && other.contains("there"))
  }

  @Test func everyPaletteCommandRunsWhenTyped() throws {
    let arguments = [
      "open": "sample", "data": "strokes", "value": "0.5", "sample class": "3", "find class": "3", "toggle class": "3",
      "axes": "z1 z3", "mark": "a", "jump": "b", "interpolate": "b c", "arithmetic": "b c b", "direction": "3 8",
      "beta": "4", "rate": "0.0003", "set": "rate 0.0003", "theme": "light",
      "compare": "sample",
      "export view": "a.png", "export strip": "a.gif", "export picture": "a.png", "export codes": "a.npy",
      "export code": "a.npy",
    ]
    for command in KeyTable.commands where command.isInPalette {
      var state = Sample.state(120, 40, dimensions: 4)
      try Sample.press("right m b r m c", &state)
      _ = state.update(.key(try Key(":")))
      let control = Configuration.allControls.first { $0.name == command.name }
      let argument = arguments[command.name] ?? control.map { "\($0.defaultValue)" } ?? ""
      let line = command.name + (command.argument == nil ? "" : " " + argument)
      _ = state.update(.paste(line))
      _ = state.update(.key(try Key("enter")))
      if case .palette = state.overlay, command.name != "palette" {
        Issue.record("“\(line)” was not run: \(state.message?.text ?? "")")
      }
    }
  }

  @Test func theBestMatchOfATypedBeginningIsWhatOneMeans() throws {
    for (typed, wanted) in [("tra", "train"), ("und", "undo"), ("ran", "random"), ("zoom", "zoom in"), ("q", "quit")] {
      var state = Sample.state()
      try Sample.press(": type:\(typed)", &state)
      guard case .palette(let palette) = state.overlay else {
        Issue.record("no palette")
        continue
      }
      #expect(palette.matches(state).first?.command.name == wanted)
    }
  }

  @Test func tabCompletesAndAMissingArgumentIsAskedFor() throws {
    var state = Sample.state()
    try Sample.press(": type:inter tab", &state)
    guard case .palette(let palette) = state.overlay else {
      Issue.record("no palette")
      return
    }
    #expect(palette.field.text == "interpolate ")
    try Sample.press("enter", &state)
    #expect(state.context == .question)
    try Sample.press("escape : type:beta enter", &state)
    #expect(state.context == .palette)
    #expect(state.message?.isError == true && state.message?.text.contains("beta 4") == true)
  }

  @Test func anArgumentIsCompletedAsItIsSpelledAndFromWhatIsThere() throws {
    var state = Sample.state(dimensions: 4)
    var surroundings = Surroundings()
    surroundings.models = ["mnist-2d", "runs/Mine-2d"]
    _ = state.update(.lookedAround(surroundings))
    try Sample.press("m c m b", &state)
    for (typed, wanted) in [
      ("open runs/M", "open runs/Mine-2d"), ("OPEN runs/M", "open runs/Mine-2d"), ("data fa", "data fashion-mnist"),
      ("interpolate ", "interpolate b"), ("interpolate b ", "interpolate b c"), ("arithmetic b c ", "arithmetic b c b"),
      ("direction 3 ", "direction 3 0"), ("mark ", "mark a"), ("jump ", "jump b"), ("axes pc", "axes pc1 pc2"),
    ] {
      _ = state.update(.key(try Key(":")))
      _ = state.update(.paste(typed))
      try Sample.press("down tab", &state)
      guard case .palette(let palette) = state.overlay else {
        Issue.record("no palette")
        continue
      }
      #expect(palette.field.text == wanted, "\(typed)")
      try Sample.press("escape", &state)
    }
  }

  @Test func aTypedPathKeepsItsLettersWhenTabIsPressed() throws {
    var state = Sample.state()
    _ = state.update(.key(try Key(":")))
    _ = state.update(.paste("open /Runs/ABC"))
    _ = state.update(.key(try Key("tab")))
    let effects = state.update(.key(try Key("enter")))
    guard case .openModel("/Runs/ABC") = effects.first else {
      Issue.record("\(effects)")
      return
    }
  }

  @Test func aControlIsDescribedByTheObjectiveOfTheModelAtHand() throws {
    var state = Sample.state(80, 24)
    var configuration = Configuration(
      model: ModelConfiguration(), objective: ObjectiveConfiguration(), training: TrainingConfiguration(data: "strokes")
    )
    configuration.model.kind = "semiSupervised"
    configuration.objective.kind = "semiSupervisedBound"
    configuration.training.labels = .count(100)
    let own = configuration.controls.filter { ["alpha", "gamma"].contains($0.name) }
    #expect(own.count == 2)
    func says(_ text: String) -> Bool {
      HelpText.lines(first: .sliders, of: state).contains { if case .entry(_, text, _) = $0 { true } else { false } }
    }
    for control in own { #expect(!says("set the \(control.summary)")) }
    state.subject.configuration = configuration
    for control in own { #expect(says("set the \(control.summary)"), "\(control.name)") }
    #expect(!says("set the weight of the mutual information"))
    // What it takes is the row's own too.
    _ = state.update(.palette)
    _ = state.update(.paste("alpha 100001"))
    _ = state.update(.key(try Key("enter")))
    #expect(state.message?.text.contains("α is a number from 0 to") == true)
  }

  @Test func helpTextIsTheTable() {
    for context in Context.all {
      let summaries = HelpText.lines(first: context).compactMap { line -> String? in
        if case .entry(_, let summary, _) = line { summary } else { nil }
      }
      for command in KeyTable.commands { #expect(summaries.contains(command.summary), "\(command.name)") }
    }
  }

  @Test(arguments: [(60, 20), (80, 24), (120, 40), (250, 70)])
  func noWordOfHelpIsCutOffAndScrollingReachesTheEnd(width: Int, height: Int) throws {
    var state = Sample.state(width, height)
    try Sample.press("?", &state)
    var seen = ""
    for _ in 0..<40 {
      seen += view(state, rendition: Rendition()).plain()
      _ = state.update(.key(try Key("page-down")))
    }
    #expect(!seen.contains("…"))
    for command in KeyTable.commands {
      let last = try #require(command.summary(in: state).split(separator: " ").last)
      #expect(seen.contains(last), "\(command.name)")
    }
  }

  @Test func withoutUnicodeArrowsAreWordsBecauseTheirLikenessesAreOtherKeys() throws {
    let ascii = Rendition(colors: .mono, unicode: false)
    for (width, height) in [(60, 20), (80, 24), (250, 70)] {
      var state = Sample.state(width, height)
      #expect(view(state, rendition: ascii).plain().contains("Left/Right slide"))
      try Sample.press("?", &state)
      var seen = ""
      for _ in 0..<40 {
        seen += view(state, rendition: ascii).plain()
        _ = state.update(.key(try Key("page-down")))
      }
      for entry in ["Down ", "shift-Right >", "shift-Down PgDn", "L alt-Right"] {
        #expect(seen.contains(entry), "\(entry)")
      }
    }
    var training = Sample.training()
    try Sample.press("t", &training)
    #expect(view(training, rendition: ascii).plain().contains(">beta "))
  }

  @Test func pastedTextIsNeverTakenForKeys() throws {
    var state = Sample.state()
    _ = state.update(.paste("qqq"))
    #expect(state.ending == nil)
    #expect(state.context == .sliders)
  }

  @Test func escapeAndTheKeyAfterItAreBothTakenWhenTheyArriveTogetherAsAltDoes() throws {
    var (apart, together) = (Sample.state(), Sample.state())
    try Sample.press("? escape T", &apart)
    try Sample.press("? alt-T", &together)
    #expect(view(together, rendition: Rendition()) == view(apart, rendition: Rendition()))
    guard case .form = together.overlay else {
      Issue.record("the help was not closed, or the form not opened: \(together.overlay)")
      return
    }
    // Where Alt does mean something it goes on to.
    try Sample.press("escape tab", &together)
    let window = together.plot
    try Sample.press("alt-left", &together)
    #expect(together.plot != window)
  }

  @Test func aMessageStaysUntilTheNextKey() throws {
    var state = Sample.state()
    try Sample.press("' x", &state)
    #expect(state.message?.isError == true)
    _ = state.update(.resize(width: 100, height: 30))
    #expect(state.message?.isError == true)
    try Sample.press("right", &state)
    #expect(state.message == nil)
  }

  @Test func aScriptReadsKeysRepeatsWaitsAndText() throws {
    let script = try Script("right*3 ctrl-r wait:300ms size:80x24 type:ab")
    #expect(script.steps.count == 3 + 1 + 1 + 1 + 2)
    for wrong in ["rihgt", "wait:x", "size:80"] {
      #expect(throws: ScriptError.self, "\(wrong)") { try Script(wrong) }
    }
    for wrong in ["right*0", "right*10001", "right*99999999999999999999"] {
      let error = #expect(throws: ScriptError.self) { try Script(wrong) }
      #expect(error?.remedy == "repeat from 1 to 10000 times", "\(wrong)")
    }
  }

  @Test func tabCompletesArgumentsAndPaths() throws {
    var state = Sample.state(dimensions: 4)
    var surroundings = Surroundings()
    surroundings.models = ["mnist-2d", "mnist-10d", "runs/mine"]
    surroundings.folders["data/"] = ["images.npz", "faces/"]
    _ = state.update(.lookedAround(surroundings))
    for (typed, wanted) in [
      ("data str", "data strokes"), ("open mni", "open mnist-"), ("open mnist-1", "open mnist-10d"),
      ("data data/im", "data data/images.npz"), ("open data/f", "open data/faces/"), ("undo", "undo"),
    ] {
      _ = state.update(.key(try Key(":")))
      _ = state.update(.paste(typed))
      try Sample.press("tab", &state)
      guard case .palette(let palette) = state.overlay else {
        Issue.record("no palette")
        continue
      }
      #expect(palette.field.text == wanted, "\(typed)")
      try Sample.press("escape", &state)
    }
    // A folder that is not known yet is looked into.
    _ = state.update(.key(try Key(":")))
    guard case .listFolder("else/") = state.update(.paste("data else/x")).last else {
      Issue.record("no folder was listed")
      return
    }
  }

  @Test func helpIsSearchedByWhatIsTyped() throws {
    var state = Sample.state(120, 40)
    try Sample.press("? / type:undo", &state)
    let found = view(state, rendition: .init()).plain()
    #expect(found.contains("take the last steering step back") && !found.contains("draw a code from the prior"))
    try Sample.press("enter", &state)
    #expect(state.context == .help)
    try Sample.press("escape", &state)
    #expect(view(state, rendition: .init()).plain().contains("draw a code from the prior"))
    try Sample.press("escape", &state)
    #expect(state.context == .sliders)
  }

  @Test func helpExplainsItsWordsAndNamesWhatThePaletteTakes() {
    let lines = HelpText.lines(first: .sliders)
    for word in ["nats", "KL", "ring", "active", "density"] {
      #expect(lines.contains { if case .entry(word, _, _) = $0 { true } else { false } }, "\(word)")
    }
    #expect(lines.contains { if case .entry(_, _, "reset all") = $0 { true } else { false } })
  }

  @Test func everyPaneIsInHelpInALayoutAndInTheReadmeByItsRowAlone() throws {
    let readme = Explorer.keyTable
    var shown: Set<Pane> = []
    for kind in ScreenKind.all {
      for (width, height) in [(120, 40), (250, 70)] {
        // Beside a run, and of a model that tells classes.
        var states = [Sample.training(width, height), Sample.choosing(width, height)]
        states[1].training = states[0].training
        for place in states.indices {
          states[place].screen = kind.screen
          shown.formUnion(try #require(states[place].layout).panes.keys)
        }
      }
    }
    for kind in PaneKind.all {
      #expect(shown.contains(kind.pane), "no screen shows \(kind.pane.rawValue)")
      for command in kind.commands {
        #expect(KeyTable.commands.contains { $0.name == command.name })
        if command.isInPalette { #expect(readme.contains("`:\(command.name)")) }
      }
      if kind.takesKeys { #expect(Context.all.contains(.pane(kind.pane))) }
    }
  }
}
