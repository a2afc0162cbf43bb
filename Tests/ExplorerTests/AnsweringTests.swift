import Canvas
import Foundation
import LatentModels
import Terminal
import Testing

@testable import Explorer

/// What is answered to what a person types, and that it is true and whole.
@Suite struct AnsweringTests {
  private func typed(_ line: String, _ keys: String, _ state: State) throws -> State {
    var state = state
    try Sample.press(":", &state)
    _ = state.update(.paste(line))
    try Sample.press(keys, &state)
    return state
  }

  private func line(_ state: State) -> String {
    if case .palette(let palette) = state.overlay { palette.field.text } else { "" }
  }

  @Test(
    "The line that was meant keeps every argument",
    arguments: [
      ("aritmetic a b c", "arithmetic a b c"), ("interpolte a b", "interpolate a b"),
      ("directoin 3 8", "direction 3 8"), ("sampel class 7", "sample class 7"), ("opne mnist-2d", "open mnist-2d"),
      ("undoo", "undo"),
      ("epxort strip a.gif", "export strip a.gif"),
    ])
  func meant(line: String, meant: String) {
    #expect(CommandPalette.nearest(to: line) == meant)
  }

  @Test(
    "Tab goes on to the next of several arguments",
    arguments: [
      ("direction 3 ", "direction 3 0"), ("interpolate a ", "interpolate a b"), ("arithmetic a ", "arithmetic a b"),
      ("arithmetic a b ", "arithmetic a b a"), ("set rate ", "set rate 0.001"), ("axes z2 ", "axes z2 z1"),
      ("interpolate a", "interpolate a b"),
    ])
  func nextArgument(typed text: String, completed: String) throws {
    var state = Sample.training(120, 40)
    try Sample.press("m a right m b", &state)
    #expect(line(try typed(text, "tab", state)) == completed)
    // What is whole is not said to begin nothing.
    let whole = try typed(completed, "tab", state)
    #expect(whole.message == nil, "\(whole.message?.text ?? "")")
  }

  @Test("A line without keys repeats no error and no note; one with a key does")
  func repeated() throws {
    var state = Sample.state()
    try Sample.press("' x escape = x", &state)
    let lines = Account.lines(state)
    #expect(lines.contains { $0.hasPrefix("Error: ") })
    #expect(Account.changes(from: lines, to: lines, afterKey: false) == ["Nothing has changed."])
    #expect(Account.changes(from: lines, to: lines).contains { $0.hasPrefix("Error: ") })
    #expect(try !Script("wait:1s size:80x24").hasKeys && Script("wait:1s right").hasKeys)
    #expect(try !Script("").hasKeys)
  }

  @Test("A mark is set and come back to as the messages write it, and other words of two letters stay refused")
  func marks() throws {
    #expect(try Script("ma right*3 'a").steps == Script("m a right*3 ' a").steps)
    #expect(try Script("'b*2").steps == Script("' b ' b").steps)
    for word in ["xa", "m1", "'ab"] { #expect(throws: ScriptError.self) { try Script(word) } }
  }

  @Test(
    "A key that answers nothing is told what does",
    arguments: [
      ("m", "right delete enter tab", "type a–z"), ("R", "right down", "type a class from 0 to 9"),
      ("=", "right up tab", "type a number"), ("?", "r x G n tab right", "/ searches this table"),
      ("? /", "right", "words to look for"), (":", "right", "type a command"), ("T", "F5", "type what the line"),
    ])
  func refused(asked: String, keys: String, wanted: String) throws {
    var state = Sample.state(120, 40)
    try Sample.press(asked, &state)
    let context = state.context
    for key in keys.split(separator: " ") {
      try Sample.press(String(key), &state)
      let said = state.message?.text ?? ""
      #expect(state.context == context && said.contains(wanted) && said.hasSuffix("Esc"), "\(key): \(said)")
    }
  }

  @Test("What keys do not say of the matrix is told in words")
  func matrix() throws {
    var state = Sample.state(80, 24, dimensions: 10)
    try Sample.press("G", &state)
    func told() -> String { Account.lines(state).first { $0.hasPrefix("Matrix: ") } ?? "" }
    let first = told()
    #expect(first.contains("10 dimensions by") && first.contains("from -3 to +3"), "\(first)")
    try Sample.press("+*3", &state)
    #expect(told() != first && told().contains("rows 1-"), "\(told())")
  }

  @Test("A class that was chosen already is refused within the question", arguments: ["B 2", "D 2"])
  func twice(keys: String) throws {
    var state = Sample.choosing()
    try Sample.press("\(keys) 2", &state)
    #expect(state.context == .question && state.message?.text.contains("the two classes must differ") == true)
    try Sample.press("5", &state)
    #expect(state.context != .question && state.steering.track?.name == "2→5")
    // A name ends with Enter, and is refused as well.
    try Sample.press("\(keys) 2", &state)
    guard case .question(var asked) = state.overlay else {
      Issue.record("no question")
      return
    }
    asked.typing = "2"
    state.overlay = .question(asked)
    try Sample.press("enter", &state)
    #expect(state.context == .question && state.message?.isError == true)
  }

  @Test("A way from a mark to itself is refused, as a line and within the question")
  func sameMark() throws {
    var state = Sample.state(120, 40)
    try Sample.press("m a right m b i a a", &state)
    #expect(state.context == .question && state.message?.text.contains("the two marks must differ") == true)
    try Sample.press("b", &state)
    #expect(state.steering.track?.name == "a→b")
    let typed = try typed("interpolate a a", "enter", Sample.state(120, 40))
    #expect(typed.message?.text == "the two marks must differ" && typed.steering.track == nil)
    // Of three letters two may be the same.
    try Sample.press("a a b a", &state)
    #expect(state.context != .question && state.message?.isError != true)
  }

  @Test("Without a variable for the class nothing blends, whatever was typed", arguments: ["blend", "blend cat dog"])
  func nothingToBlend(line: String) throws {
    for isPlain in [false, true] {
      var state = Sample.state(120, 40)
      state.isPlain = isPlain
      let said = try typed(line, "enter", state).message
      #expect(said?.isError == true && said?.text == State.nothingToBlend)
    }
    var state = Sample.state(120, 40)
    try Sample.press("B", &state)
    #expect(state.message?.text == State.nothingToBlend && state.context != .question)
  }

  @Test("A letter that marks nothing is refused within the question where others do")
  func unknownMark() throws {
    var state = Sample.state()
    try Sample.press("m a right m b i a q", &state)
    #expect(state.context == .question && state.message?.text.contains("type one of a b") == true)
    try Sample.press("b", &state)
    #expect(state.steering.track?.name == "a→b")
    // Where there is but one letter nothing is lost: it can be set at once.
    try Sample.press("' q", &state)
    #expect(state.context != .question && state.message?.text.contains("set it with mq") == true)
  }

  @Test("Pasted words are searched for in the help, and a question says what it takes")
  func pasted() throws {
    var state = Sample.state()
    try Sample.press("? /", &state)
    _ = state.update(.paste("undo\nredo"))
    guard case .help(let view) = state.overlay else {
      Issue.record("no help")
      return
    }
    #expect(view.words.text == "undo" && state.message == nil)
    for keys in ["escape escape ?", "escape m", "escape R"] {
      try Sample.press(keys, &state)
      let context = state.context
      _ = state.update(.paste("abc"))
      #expect(state.context == context && state.message?.text.contains("palette") == false, "\(keys)")
    }
  }

  @Test("A note beside what is asked is written whole or not at all", arguments: [60, 64, 68, 72, 80, 120])
  func wholeNote(width: Int) throws {
    for (keys, note) in [("B 2", "Esc leaves"), ("= 1", "Enter sets it, Esc leaves it"), ("? /", "Esc shows all")] {
      var state = Sample.choosing(width, 20)
      try Sample.press(keys, &state)
      let last = view(state, rendition: Rendition()).plain().split(separator: "\n").last ?? ""
      #expect(!last.contains("…") && (last.contains(note) || !last.contains("Esc")), "\(last)")
    }
  }

  @Test("Axes are proposed that there are here, and why others are not is said")
  func axes() throws {
    let plane = Sample.state(120, 40)
    let one = try typed("axes z1", "enter", plane)
    #expect(one.message?.text.contains("such as axes z1 z2") == true && one.message?.text.contains("pc1") == false)
    let components = try typed("axes pc1 pc2", "enter", plane)
    let said = components.message?.text ?? ""
    #expect(components.message?.isError == true && said.contains("only codes of more than two dimensions"), "\(said)")
    let layout = try typed("axes tsne1 tsne2", "enter", plane)
    #expect(layout.message?.text.contains("is a plane already") == true)
    // Key p tells the same.
    var ten = Sample.state(120, 40, dimensions: 10)
    for (cloud, reason) in [
      (nil, "that takes codes: :data \(ten.suggestedData) brings some"),
      (Sample.cloud(count: 1, dimensions: 10, id: 7), "that takes more than 1 code: :data "),
    ] {
      (ten.cloud, ten.focus) = (cloud, .scatter)
      try Sample.press("p", &ten)
      #expect(ten.message?.text.contains("there is no pc1 here (\(reason)") == true, "\(ten.message?.text ?? "")")
      try Sample.press("E", &ten)
      #expect(ten.message?.text.contains(reason) == true && ten.embedding == nil, "\(ten.message?.text ?? "")")
    }
    // Codes that are being read are waited for.
    (ten.cloud, ten.readingData) = (nil, "mnist")
    for keys in ["p", "E", "n", ".", "enter"] {
      ten.message = nil
      try Sample.press(keys, &ten)
      #expect(ten.message == .note("mnist is being read: a moment"), "\(keys): \(ten.message?.text ?? "")")
    }
    #expect(try typed("axes pc1 pc2", "enter", ten).message == .note("mnist is being read: a moment"))
    #expect(try typed("axes tsne", "enter", ten).message == .note("mnist is being read: a moment"))
    var two = plane
    try Sample.press("tab p", &two)
    #expect(two.message?.text.contains("only codes of more than two dimensions") == true)
    let space = try typed("axes z1", "enter", Sample.state(120, 40, dimensions: 4))
    #expect(space.message?.text.contains("axes z1 z2 or axes pc1 pc2") == true)
    let axes = try #require(KeyTable.commands.first { $0.name == "axes" })
    #expect(!axes.summary(in: plane).contains("pc1") && axes.summary.contains("pc1"))
    let line = try typed("axes z1", "enter", Sample.state(120, 40, dimensions: 1))
    #expect(line.message?.text.contains("axes z1 kl") == true, "\(line.message?.text ?? "")")
  }

  @Test("Where points are digits whatever is wished, the key says so and the setting stays")
  func classDigits() throws {
    for (rendition, changes) in [
      (Rendition(), true), (Rendition(colors: .mono), false), (Rendition(unicode: false), false),
    ] {
      var state = Sample.state(120, 40)
      state.rendition = rendition
      let options = state.options
      try Sample.press("tab O", &state)
      #expect((state.options != options) == changes)
      #expect(changes == (state.message == nil), "\(state.message?.text ?? "")")
    }
    var many = Sample.state(120, 40)
    many.rendition = Rendition()
    _ = many.update(.updated(many.subject, Sample.cloud(count: 600, id: 3, classes: 26)))
    let options = many.options
    try Sample.press("tab O", &many)
    #expect(many.options == options && many.message != nil)
  }

  @Test("The loop tells the state how it is drawn")
  func drawn() throws {
    let (program, _) = try RunningTests.program(80, 24)
    _ = program.frame(Rendition(colors: .mono))
    #expect(program.state.rendition == Rendition(colors: .mono))
  }

  @Test("A rate to resume at has the range of the rate", arguments: ["50", "x", "-1"])
  func rate(text: String) throws {
    var state = Sample.training()
    _ = state.update(.trainingChanged(Sample.report(.stopped)))
    let said = try typed("resume \(text)", "enter", state).message?.text ?? ""
    let range = Control.rate.range
    #expect(said.contains("from \(Numbers.brief(range.lowerBound)) to \(Numbers.brief(range.upperBound))"), "\(said)")
    #expect(said.contains("type resume 0.0003"))
  }

  @Test("An export of a way names both its ends in words")
  func way() throws {
    var state = Sample.state(120, 40)
    try Sample.press("m a right m b i a b", &state)
    #expect(try ExportKind.strip.content(state).name.hasSuffix("digits of a to b"))
    #expect(Account.plain(try ExportKind.strip.content(state).name).contains("Right") == false)
    let line = Sample.state(dimensions: 1)
    #expect(try ExportKind.code.content(line).name == "the code of 1 number")
  }

  @Test("One is no plural")
  func plurals() throws {
    var training = TrainingConfiguration(data: "strokes")
    (training.checkpointEvery, training.count) = (1, 1)
    let words = try #require(
      TrainingForm(Configuration(model: ModelConfiguration(), objective: ObjectiveConfiguration(), training: training))
        .takenOver)
    #expect(words.contains("a checkpoint every epoch") && words.contains("1 image") && !words.contains("1 images"))
    var state = Sample.state()
    try Sample.press("[*20", &state)
    #expect(state.message?.text.contains("plays 1 step a second") == true, "\(state.message?.text ?? "")")
  }

  @Test("A run that is paused is not said to train")
  func paused() throws {
    var state = Sample.training(120, 40)
    let entries = [1, 2, 3].map { SnapshotEntry(epoch: $0, source: $0 == 3 ? .newest : .session) }
    state.panes[Timeline.self] = Timeline(entries: entries)
    func arrive(_ place: Int, isPast: Bool) -> String {
      state.message = nil
      (state.subject.isPast, state.subject.epoch) = (isPast, entries[place].epoch)
      _ = state.arrived(at: entries[place])
      return state.message?.text ?? ""
    }
    #expect(arrive(1, isPast: true).hasSuffix("( earlier, ) later, } newest; training goes on"))
    // Before the first there is none.
    #expect(arrive(0, isPast: true).contains("1 of 3 snapshots: ) later"))
    #expect(arrive(2, isPast: false) == "the newest weights, as they are trained")
    _ = state.update(.trainingChanged(Sample.report(.paused)))
    #expect(arrive(1, isPast: true).hasSuffix("; the run is paused"))
    #expect(arrive(2, isPast: false) == "the newest weights of the run, which is paused")
    state.subject.isPast = false
    try Sample.press("q", &state)
    #expect(view(state, rendition: Rendition()).plain().contains("A run is paused"))
    #expect(Account.of(state).contains("A run is paused: s saves it"))
    try Sample.press("escape T", &state)
    #expect(state.message?.text.hasPrefix("a run is paused already") == true)
  }
}
