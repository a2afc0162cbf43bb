import Canvas
import Datasets
import Foundation
import LatentModels
import Terminal
import Testing

@testable import Explorer

/// The form begins from the whole configuration of the model at hand, and is closed once its data are open.
@Suite struct FormBeginningTests {
  private struct NoForm: Error {}

  private func form(_ state: State) throws -> TrainingForm {
    guard case .form(let form) = state.overlay else { throw NoForm() }
    return form
  }

  /// A configuration in which nothing is as usual.
  private var unusual: Configuration {
    var training = TrainingConfiguration(
      data: "strokes", treatment: .binarised, count: 2_000, epochs: 3, batch: 64, rate: 0.001_234_56,
      schedule: RateSchedule(decay: .cosine, warmUpSteps: 10), clipNorm: 1.5, seed: 7, heldOut: 200, checkpointEvery: 4)
    training.onlyClass = 3
    return Configuration(
      model: ModelConfiguration(
        hidden: [32], latent: 3, activation: .tanh, likelihood: .gaussian(deviation: 0.3)),
      objective: ObjectiveConfiguration(
        settings: ["beta": .number(1.234_567)], annealing: ["beta": .linear(steps: 100)]), training: training)
  }

  @Test func theWholeConfigurationIsTakenOverAndSaidInTheForm() throws {
    let form = TrainingForm(unusual)
    #expect(try form.configuration() == unusual)
    let words = try #require(form.takenOver)
    for word in [
      "tanh", "deviation 0.3", "beta linear:100", "batch 64", "\(Numbers.grouped(2_000)) images", "class 3 only",
      "200 held out", "binarised", "cosine after 10 warm-up steps", "clip norm 1.5", "seed 7", "every 4 epochs",
    ] { #expect(words.contains(word), "\(word): \(words)") }
    var named = unusual
    named.training.division = ClassDivision(names: ["a", "b", "c", "nine"])
    #expect(TrainingForm(named).takenOver?.contains("class nine only") == true)
    #expect(TrainingForm(Configuration()).takenOver == nil && TrainingForm(data: "strokes").takenOver == nil)
    for (width, height) in [(60, 20), (80, 24), (120, 40)] {
      var state = Sample.state(width, height)
      state.subject.configuration = unusual
      try Sample.press("T", &state)
      let screen = view(state, rendition: .init()).plain()
      #expect(screen.contains("also as before: tanh") && screen.contains("▸data set"))
      #expect(Account.of(state).contains("seed 7"))
    }
  }

  @Test func whatBeginsFromAnOlderRunIsTrainedAsAllThatBeginNow() throws {
    var older = unusual
    (older.training.wholeBatches, older.training.teachesLabels) = (false, false)
    older.training.teachesBesideOwnTerms = false
    #expect(try TrainingForm(older).configuration() == unusual)
  }

  @Test func aLineThatIsChangedChangesThatAlone() throws {
    var form = TrainingForm(unusual)
    form.fields[.epochs] = TextField("9")
    form.fields[.rate] = TextField("0.01")
    var wanted = unusual
    (wanted.training.epochs, wanted.training.rate) = (9, 0.01)
    #expect(try form.configuration() == wanted)
  }

  @Test func whatTheFormProposesItTakes() throws {
    for rate: Float in [3, 1e-8] {
      var configuration = unusual
      (configuration.training.rate, configuration.training.epochs) = (rate, 200_000)
      #expect(try TrainingForm(configuration).configuration() == configuration)
    }
    for text in ["0", "-1", "1e60"] {
      var form = TrainingForm(unusual)
      form.fields[.rate] = TextField(text)
      do {
        _ = try form.configuration()
        Issue.record("a rate of \(text) is taken")
      } catch let problem as TrainingForm.Problem {
        #expect(
          problem.field == .rate
            && problem.text == "rate is \(text); allowed: 1e-45 to 3.4028235e+38, such as 0.001")
      }
    }
  }

  @Test func whatBelongsToOtherDataIsLeftOutAndSaidSo() throws {
    var form = TrainingForm(unusual)
    form.fields[.data] = TextField("mnist")
    let training = try form.configuration().training
    #expect(training.count == nil && training.onlyClass == nil && training.heldOut == TrainingConfiguration().heldOut)
    #expect(training.batch == 64 && training.seed == 7 && training.treatment == .binarised)
    let words = try #require(form.takenOver)
    #expect(words.contains("of strokes alone, and left out: \(Numbers.grouped(2_000)) images"))
    #expect(words.contains("tanh"))
  }

  @Test func annealingStaysAsLongAsItsControlDoes() throws {
    var form = TrainingForm(unusual)
    form.focus = .beta
    form.choose(by: 1)
    #expect(try form.configuration().objective.annealing == ["beta": .linear(steps: 100)])
    form.focus = .objective
    form.choose(by: 1)
    #expect(try form.configuration().objective.annealing.isEmpty)
    // What a preset anneals is annealed when one of its numbers is changed.
    var state = Sample.state()
    try Sample.press("T", &state)
    form = try self.form(state)
    form.focus = .preset
    _ = form.type {
      $0.text = "cyclical"
      return true
    }
    form.focus = .beta
    form.choose(by: 1)
    #expect(form.text(.preset).isEmpty)
    #expect(try form.configuration().objective.annealing == ["beta": .cyclical(cycles: 4)])
    #expect(form.takenOver?.contains("beta cyclical:4") == true)
  }

  @Test func theGroupStaysWithAnotherObjectiveUnlessItRefusesIt() throws {
    var form = TrainingForm(
      Configuration(
        model: ModelConfiguration(hidden: [32], latent: 16),
        objective: ObjectiveConfiguration(
          settings: ["group": .text("D4"), "groupDecoder": .number(0.1)], annealing: ["groupWeight": .linear(steps: 9)]),
        training: TrainingConfiguration(data: "strokes")))
    func choose(_ text: String, at field: TrainingForm.Field) {
      form.focus = field
      _ = form.type {
        $0.text = text
        return true
      }
    }
    choose("factor-vae", at: .preset)
    var objective = try form.configuration().objective
    #expect(objective.settings["group"] == .text("D4") && objective.settings["groupDecoder"] == .number(0.1))
    #expect(objective.annealing["groupWeight"] == .linear(steps: 9))
    #expect(form.takenOver?.contains("group D4, groupDecoder 0.1, groupWeight linear:9") == true)
    // A model that cannot follow it does not lose it for those that can.
    choose("fair", at: .model)
    #expect(try form.configuration().objective.settings["group"] == nil)
    choose("vae", at: .model)
    objective = try form.configuration().objective
    #expect(objective.settings["group"] == .text("D4") && objective.annealing["groupWeight"] != nil)
  }

  @Test func theNextFormIsThatOfTheModelThatWasOpened() throws {
    var state = Sample.state()
    state.subject.configuration = unusual
    try Sample.press("T enter escape", &state)
    #expect(state.formerForm != nil)
    var other = state.subject
    (other.path, other.configuration) = ("other", Configuration())
    _ = state.update(.opened(Opening(subject: other, cloud: nil)))
    try Sample.press("T", &state)
    #expect(try form(state).takenOver == nil)
  }

  // MARK: Opening the data

  @Test func anAnswerThatComesTooLateIsDropped() throws {
    var state = Sample.state()
    try Sample.press("T ctrl-u type:strokes enter", &state)
    let sending = try #require(try form(state).awaited)
    #expect(state.isOpeningForTraining)
    // A second Enter asks for nothing more.
    for case .checkTraining in state.update(.key(try Key("enter"))) { Issue.record("it is opened twice") }
    try Sample.press("escape", &state)
    #expect(!state.isOpeningForTraining)
    #expect(state.take(problem: "no images", with: sending).isEmpty)
  }

  @Test(arguments: ["t", "ctrl-u", "right", "down", "backspace"])
  func nothingButEscapeLeavesTheFormWhileItsDataAreOpened(key: String) throws {
    var state = Sample.state()
    try Sample.press("T ctrl-u type:strokes enter", &state)
    let sent = try form(state)
    try Sample.press(key, &state)
    #expect(try form(state) == sent && state.isOpeningForTraining)
    #expect(view(state, rendition: .init()).plain().contains("opening strokes…; Esc leaves it"))
  }

  @Test(arguments: ["bad.npz", "words.txt", "empty"])
  func theFormStaysOpenForDataThatCannotBeRead(name: String) throws {
    let (program, _) = try RunningTests.program(80, 24)
    let folder = try RunningTests.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    if name == "empty" {
      try FileManager.default.createDirectory(atPath: "\(folder)/empty", withIntermediateDirectories: true)
    } else {
      try "hello".write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }
    let loop = ScriptedLoop(program, rendition: Rendition(), folder: nil)
    try loop.run(try Script("T ctrl-u type:\(folder)/\(name) up ctrl-u type:\(folder)/run down enter"))
    let form = try form(program.state)
    #expect(form.focus == .data && form.awaited == nil)
    #expect(form.problem?.contains(name) == true, "\(form.problem ?? "")")
    #expect(program.state.training == nil && !FileManager.default.fileExists(atPath: "\(folder)/run"))
  }

  @Test func aRunThatTheFormBeginsIsOfTheConfigurationAtHand() throws {
    let (program, _) = try RunningTests.program(80, 24)
    let folder = try RunningTests.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var configuration = unusual
    (configuration.training.count, configuration.training.heldOut, configuration.training.epochs) = (900, 100, 1)
    configuration.training.onlyClass = nil
    let given = configuration
    program.send(
      .perform {
        $0.subject.configuration = given
        $0.training = nil
        return []
      })
    let loop = ScriptedLoop(program, rendition: Rendition(), folder: nil)
    try loop.run(try Script("T up ctrl-u type:\(folder)/run enter until:trained"))
    let trained = try RunDirectory.open("\(folder)/run").configuration()
    #expect(trained.training == given.training && trained.objective == given.objective)
    #expect(trained.model.activation == .tanh && trained.model.likelihood == given.model.likelihood)
    #expect(program.state.formerForm?.runPath == nil)
  }

  @Test func aRunGivenForDataIsCalledOne() throws {
    let folder = try RunningTests.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(Effects.modelFound(at: folder, named: "tour") == nil)
    for name in ["config.json", "latest.safetensors"] {
      try "{}".write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }
    for path in [folder, "\(folder)/latest.safetensors"] {
      #expect(Effects.modelFound(at: path, named: path)?.contains(":open \(path)") == true)
    }
    let (program, _) = try RunningTests.program(80, 24)
    program.send(.openData(folder))
    #expect(program.state.readingData == nil)
    #expect(program.state.message?.text.contains("is a run and no data set") == true)
  }

  @Test func theFormNamesTheFolderOfTheRunAndOneThatIsFree() throws {
    var state = Sample.state()
    try Sample.press("T ctrl-u type:strokes", &state)
    #expect(view(state, rendition: .init()).plain().contains("runs/strokes-2d"))
    var surroundings = Surroundings()
    surroundings.takenRuns = ["runs/strokes-2d", "runs/strokes-2d-2"]
    try Sample.press("escape T", &state)
    _ = state.update(.lookedAround(surroundings))
    try Sample.press("ctrl-u type:strokes", &state)
    #expect(view(state, rendition: .init()).plain().contains("runs/strokes-2d-3"))
  }
}
