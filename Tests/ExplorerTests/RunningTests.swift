import Canvas
import Datasets
import Foundation
import LatentModels
import Tensors
import Testing

@testable import Explorer

@Suite struct RunningTests {
  static func program(_ width: Int = 120, _ height: Int = 40) throws -> (Exploration, LatentModel) {
    let model = try Sample.model()
    let program = Exploration(state: State(width: width, height: height))
    let codes = StoredCodes(
      posterior: Posterior(
        mean: Tensor(shape: [4, 2], elements: [0, 0, 1, 1, -1, 1, 2, -2]),
        logVariance: Tensor(shape: [4, 2], filledWith: -2)), labels: [0, 1, 2, 3], dataset: "four")
    for action in program.effects.adopt(model, name: "test", path: "/tmp/test", codes: codes, metrics: []) {
      program.send(action)
    }
    return (program, model)
  }

  static func folder() throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("zscope-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
  }

  @Test func onlyReconstructionWithTheWholeDivergenceIsCalledABound() {
    let weighted = [("reconstruction", 100.0), ("KL", 10), ("loss", 140)].map { Term(name: $0, value: $1) }
    #expect(Subject.bound(of: weighted, towards: Configuration()) == -110)
    let autoencoder = [("reconstruction", 100.0), ("loss", 100)].map { Term(name: $0, value: $1) }
    #expect(Subject.bound(of: autoencoder, towards: Configuration()) == nil)
  }

  @Test func everyPictureOnTheScreenIsDecodedFromTheCodeOnTheScreen() throws {
    let (program, model) = try Self.program()
    for keys in ["right*3", "r", "down left", "g", "right", "G", "u"] {
      for step in try Script(keys).steps { if case .key(let key) = step { program.send(.key(key)) } }
      _ = program.frame(Rendition())
      let state = program.state
      let expected = try model.decode(state.code)
      #expect(state.scene.digit?.values == GreyImage(width: 28, height: 28, values: expected).values)
      #expect(state.sceneRequest.map { $0.isSatisfied(by: state.scene) } == true)
    }
  }

  @Test func aModelThatLearntFromDrawnPixelsIsShownAndMeasuredOnSuch() throws {
    let (program, _) = try Self.program()
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = "\(folder)/some.npy"
    let some = try DataLibrary.open("strokes", part: .test, count: 40).tensor(0..<40).reshaped([40, 28, 28])
    try writeAtomically(NPY.encode(some), to: path)
    let model = try Sample.model(treatment: .sampled)
    for action in program.effects.adopt(model, name: "drawn", path: nil, codes: Sample.twoCodes, metrics: []) {
      program.send(action)
    }
    program.send(.openData(path))
    try ScriptedLoop(program, rendition: Rendition(), folder: nil).waitForWhatWasAsked()
    let cloud = try #require(program.state.cloud)
    let given = try DataLibrary.open(path, part: .test)
    // Of the same pixels as `zscope evaluate` takes.
    let seen = try model.seen(given, seed: 1)
    let (codes, others) = (try model.encode(seen).mean, try model.encode(given).mean)
    #expect(cloud.means == codes && cloud.means != others)
    #expect(try Examination.representation(cloud).means == codes)
    #expect(cloud.images?.bytes(at: 7) == seen.bytes(at: 7))
    #expect(program.state.message?.text.contains("every pixel drawn once") == true)
  }

  @Test func aModelsOwnFilesAreReadAsItsRunWasToldUnlessSomethingElseIsSaid() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = "\(folder)/dim.npy"
    // 0…0.25 of grey, which a scale of a quarter makes white.
    let some = try DataLibrary.open("strokes", part: .test, count: 12).tensor(0..<12).reshaped([12, 28, 28])
    let dim = Tensor(shape: some.shape, elements: some.elements.map { $0 / 4 })
    try writeAtomically(NPY.encode(dim), to: path)
    let made = try Sample.model()
    var configuration = made.configuration
    var reading = ImageReading()
    reading.scale = try #require(PixelScale("0.25"))
    (configuration.training.data, configuration.training.reading) = (path, reading)
    let model = try LatentModel(configuration: configuration, parameters: made.parameters)
    var said = ImageReading()
    said.scale = try #require(PixelScale("0.5"))
    for (given, holds) in [(ImageReading(), reading), (said, said)] {
      let program = Exploration(state: State(width: 120, height: 40))
      program.effects.dataReading = given
      // Without codes of its own it is shown with those of its data.
      for action in program.effects.adopt(model, name: "dim", path: nil, codes: nil, metrics: []) {
        program.send(action)
      }
      try ScriptedLoop(program, rendition: Rendition(), folder: nil).waitForWhatWasAsked()
      let codes = try model.encode(DataLibrary.open(path, part: .test, reading: holds)).mean
      #expect(program.state.cloud?.means == codes, "\(program.state.message?.text ?? "")")
    }
  }

  @Test func whatCannotBeOpenedSaysWhatItIsAndWhatToDo() throws {
    let (program, _) = try Self.program()
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let run = "\(folder)/begun"
    let configuration = Configuration(
      model: ModelConfiguration(), objective: ObjectiveConfiguration(),
      training: TrainingConfiguration(data: "strokes"))
    _ = try RunDirectory.create(run, configuration: configuration)
    try writeAtomically(Array("junk".utf8), to: "\(folder)/some.npz")
    for (action, words) in [
      (Action.openData(run), "is a run and no data set, and holds no checkpoint yet"),
      (.openData("\(run)/config.json"), "is a file of a run and no data set"),
      (.openModel(run), "holds no checkpoint yet"), (.openModel("strokes"), ":data strokes reads it"),
      (.openModel("\(folder)/some.npz"), "is a data set and no model"),
    ] {
      program.send(action)
      let message = program.state.message
      #expect(message?.isError == true && message?.text.contains(words) == true, "\(message?.text ?? "")")
      #expect(message?.text.contains("did you mean") == false && program.state.readingData == nil)
    }
  }

  @Test func aScriptsEscapeRightAfterEnterIsAKeyOfItsOwn() throws {
    let (program, _) = try Self.program()
    let loop = ScriptedLoop(program, rendition: Rendition(), folder: nil)
    try loop.run(try Script(": type:zzz enter"))
    #expect(program.state.context == .palette && program.state.message?.isError == true)
    try loop.run(try Script("escape right : type:zzz enter escape right"))
    #expect(program.state.context == .pane(.sliders) && program.state.code == [0.2, 0])
  }

  @Test func aRunOnTheBuiltInStrokesMayBegin() throws {
    // A configuration records the version of the strokes, which is in no list of data sets.
    var configuration = Configuration(
      model: ModelConfiguration(), objective: ObjectiveConfiguration(), training: TrainingConfiguration())
    for (data, begins) in [("strokes", true), ("strokes-1", true), ("strokse", false)] {
      configuration.training.data = data
      #expect((Effects.problem(with: configuration, run: nil) == nil) == begins, "\(data)")
    }
  }

  @Test func aScriptWritesEveryFrameAsTextAnsiAndSVG() throws {
    let (program, _) = try Self.program(80, 24)
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let loop = ScriptedLoop(program, rendition: Rendition(), folder: folder)
    try loop.run(try Script("right*2 tab size:60x20"))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(names.count == 5 * 3)
    #expect(names.prefix(3) == ["0001.ansi", "0001.svg", "0001.txt"])
    let last = try String(contentsOfFile: folder + "/0005.txt", encoding: .utf8)
    #expect(last == loop.lastFrame.plain())
    #expect(last.split(separator: "\n").count == 20)
  }

  @Test func aScriptThatQuitsEndsThere() throws {
    let (program, _) = try Self.program(80, 24)
    let loop = ScriptedLoop(program, rendition: Rendition(), folder: nil)
    try loop.run(try Script("right q right right"))
    #expect(program.state.ending == .quit)
    #expect(program.state.code == [0.1, 0])
  }

  @Test func theSessionIsRememberedAndRestored() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var state = Sample.state(dimensions: 4)
    try Sample.press("right*3 m a down L tab 3 x tab d", &state)
    #expect(Memory(configuration: folder, state: folder).save(state).isEmpty)
    let loaded = Memory(configuration: folder, state: folder).load()
    #expect(loaded.problems.isEmpty)
    var fresh = Sample.state(dimensions: 4)
    let session = try #require(loaded.session)
    _ = fresh.update(.restore(session))
    _ = fresh.update(.restoreSettings(try #require(loaded.settings)))
    #expect(fresh.code == state.code)
    #expect(fresh.steering.marks == state.steering.marks)
    #expect(fresh.steering.locked == state.steering.locked)
    #expect(fresh.plot.x == state.plot.x && fresh.plot.hiddenClasses == state.plot.hiddenClasses)
    #expect(fresh.options == state.options)
  }

  @Test func aRunLeftBeforeItsFirstCheckpointIsNotWhatOneComesBackTo() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var state = Sample.state()
    #expect(Memory(configuration: folder, state: folder).save(state).isEmpty)
    state.subject.path = folder
    #expect(Memory(configuration: folder, state: folder).save(state).isEmpty)
    #expect(Memory(configuration: folder, state: folder).load().session?.model == "sample")
  }

  @Test func twoExplorersAtOnceKeepEachOthersMarks() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let memories = (0..<2).map { _ in Memory(configuration: folder, state: folder) }
    for memory in memories { _ = memory.load() }
    for (memory, letter) in zip(memories, ["a", "b"]) {
      var state = Sample.state()
      try Sample.press("right m \(letter)", &state)
      #expect(memory.save(state).isEmpty)
    }
    #expect(Memory(configuration: folder, state: folder).load().session?.marks.keys.sorted() == ["a", "b"])
    // A mark that was there from the beginning and is undone is gone.
    let later = Memory(configuration: folder, state: folder)
    _ = later.load()
    #expect(later.save(Sample.state()).isEmpty)
    #expect(Memory(configuration: folder, state: folder).load().session?.marks.isEmpty == true)
  }

  @Test func whatCannotBeWrittenIsSaid() {
    let problems = Memory(configuration: "/dev/null/a", state: "/dev/null/b").save(Sample.state())
    #expect(problems.count == 2 && problems.allSatisfy { $0.contains("/dev/null") })
  }

  @Test func theMouseIsRememberedWhenChosenByKeyAndNotWhenAskedForOnce() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var state = Sample.state()
    _ = state.update(.mouseIsOn)
    #expect(state.isMouseOn)
    #expect(Memory(configuration: folder, state: folder).save(state).isEmpty)
    #expect(Memory(configuration: folder, state: folder).load().settings?.mouse == false)
    try Sample.press("ctrl-o ctrl-o", &state)
    #expect(Memory(configuration: folder, state: folder).save(state).isEmpty)
    #expect(Memory(configuration: folder, state: folder).load().settings?.mouse == true)
  }

  @Test func aDamagedFileIsReportedAndLeftAsItIs() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for name in ["settings.json", "session.json"] {
      try "{ mine".write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }
    let memory = Memory(configuration: folder, state: folder)
    let loaded = memory.load()
    #expect(loaded.problems.count == 2)
    #expect(loaded.problems.allSatisfy { $0.contains(folder) })
    _ = memory.save(Sample.state())
    for name in ["settings.json", "session.json"] {
      #expect(try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) == "{ mine")
    }
  }

  @Test func aSessionOfAnotherModelIsNotForcedOnThisOne() throws {
    var state = Sample.state(dimensions: 2)
    let session = RememberedSession(
      model: "other", code: [1, 2, 3], locked: [7], marks: ["ab": [1], "z": [1, 2, 3]], screen: .grid,
      x: .component(5), y: .dimension(9), hiddenClasses: [1])
    _ = state.update(.restore(session))
    #expect(state.code == [0, 0])
    var three = Sample.state(dimensions: 3)
    _ = three.update(.restore(session))
    #expect(three.code == [1, 2, 3])
    #expect(three.steering.locked.isEmpty)
    #expect(three.steering.marks == ["z": [1, 2, 3]])
    #expect(three.exists(three.plot.x) && three.exists(three.plot.y))
  }

  @Test func theLinearAccountSaysWhatTheScreenShows() throws {
    var state = Sample.state(dimensions: 2)
    try Sample.press("right*5 m q", &state)
    let account = Account.of(state)
    for words in ["Model sample", "> z1 +0.50", "KL ", "600 codes of samples", "Marks: q", "Note: marked q"] {
      #expect(account.contains(words), "\(words)\n\(account)")
    }
    try Sample.press("' x", &state)
    #expect(Account.of(state).contains("Error: there is no mark x"))
    try Sample.press("m b escape", &state)
    try Sample.press("i q b right*3", &state)
    #expect(Account.of(state).contains("> q to b 0.15"))
    // The key table is told a section at a time.
    state.isPlain = true
    try Sample.press("?", &state)
    #expect(Account.of(state).contains("  Right l: slide by 0.1"))
    var told = ""
    for _ in 0..<Context.all.count + 3 {
      told += Account.of(state) + "\n"
      try Sample.press("down", &state)
    }
    #expect(told.unicodeScalars.allSatisfy { $0.isASCII })
    for command in KeyTable.commands { #expect(told.contains(Account.plain(command.summary(in: state)))) }
  }

  @Test func aModelThatIsNotThereIsAnErrorThatSaysWhatToDo() {
    let program = Exploration(state: State(width: 80, height: 24))
    program.send(.openModel("no-such-model"))
    #expect(program.state.message?.isError == true)
    #expect(program.state.message?.text.contains("no-such-model") == true)
    #expect(view(program.state, rendition: Rendition()).plain().contains("T  trains one"))
  }

  @Test func numbersReadAsPeopleWriteThem() {
    #expect(Numbers.fixed(-1.296, 2, signed: true) == "−1.30")
    #expect(Numbers.fixed(-0.001, 2, signed: true) == "+0.00")
    #expect(Numbers.fixed(Double.nan, 2) == "–")
    #expect(Numbers.brief(0.001) == "0.001")
    #expect(Numbers.brief(0.00001) == "1e−5")
    #expect(Numbers.brief(4) == "4")
    #expect(Numbers.brief(1234567) == "1.23e6")
    #expect(Numbers.grouped(1_234_567) == "1,234,567")
    #expect(NumberText.duration(3753) == "1:02:33")
    #expect(Numbers.parse("−1,5") == -1.5)
    #expect(Numbers.parse("inf") == nil)
  }
}
