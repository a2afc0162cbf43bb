import LatentModels
import Terminal
import Testing

@testable import Explorer

@Suite struct TrainingTests {
  @Test func theFormStartsARunWithItsDefaults() throws {
    var state = Sample.state()
    _ = state.update(.key(try Key("T")))
    let effects = state.update(.key(try Key("enter")))
    guard case .startTraining(let configuration, nil) = effects.first else {
      Issue.record("nothing was started")
      return
    }
    #expect(configuration.model.hidden == [256, 64])
    #expect(configuration.model.latent == 2)
    #expect(configuration.initialControls["beta"] == 1)
    #expect(state.training?.phase == .preparing)
  }

  @Test func aWrongFieldIsNamedAndNothingStarts() throws {
    var state = Sample.state()
    try Sample.press("T down ctrl-u type:12,x enter", &state)
    guard case .form(let form) = state.overlay else {
      Issue.record("the form was closed")
      return
    }
    #expect(form.focus == .hidden)
    #expect(form.problem != nil)
    #expect(state.training == nil)
  }

  @Test func betaAndRateChangeWhileTraining() throws {
    var state = Sample.training()
    try Sample.press("t", &state)
    guard case .setControl("beta", let beta) = state.update(.key(try Key("right"))).first else {
      Issue.record("β did not change")
      return
    }
    #expect(beta == 1.1)
    _ = state.update(.key(try Key("down")))
    guard case .setControl("rate", let rate) = state.update(.key(try Key("<"))).first else {
      Issue.record("the rate did not change")
      return
    }
    #expect(abs(rate - 0.0005) < 1e-9)
  }

  @Test func quittingWhileTrainingAsksFirst() throws {
    var state = Sample.training()
    try Sample.press("q", &state)
    #expect(state.ending == nil)
    try Sample.press("escape", &state)
    #expect(state.ending == nil)
    #expect(state.context == .sliders)
    var saving = state
    try Sample.press("q s", &saving)
    #expect(saving.ending == .saveAndQuit)
    try Sample.press("q d", &state)
    #expect(state.ending == .quit)
  }

  @Test func aRunThatCannotBeginLeavesWhatWasThereAndTheFormAsItWasFilledIn() throws {
    var state = Sample.state()
    try Sample.press("T ctrl-u type:nowhere down ctrl-u type:32 enter", &state)
    #expect(state.training?.phase == .preparing)
    _ = state.update(.trainingChanged(TrainingReport(phase: .failed("nowhere: no data set has this name"))))
    #expect(state.training == nil)
    #expect(state.message == .error("nowhere: no data set has this name"))
    try Sample.press("T", &state)
    guard case .form(let form) = state.overlay else {
      Issue.record("no form")
      return
    }
    #expect(form.text(.data) == "nowhere" && form.text(.hidden) == "32")
  }

  @Test func theFormProposesDataThatAreHereAndSaysHowToGetOthers() throws {
    var state = Sample.state()
    let effects = state.update(.key(try Key("T")))
    guard case .lookAround = effects.first else {
      Issue.record("\(effects)")
      return
    }
    var surroundings = Surroundings()
    surroundings.absentData = ["mnist", "fashion-mnist", "kmnist"]
    _ = state.update(.lookedAround(surroundings))
    guard case .form(let form) = state.overlay else {
      Issue.record("no form")
      return
    }
    #expect(form.text(.data) == "strokes")
    try Sample.press("right", &state)
    #expect(view(state, rendition: .init()).plain().contains("zscope data get mnist"))
    // News of the surroundings never takes away what was typed.
    _ = state.update(.lookedAround(Surroundings()))
    guard case .form(let kept) = state.overlay else { return }
    #expect(kept.text(.data) == "mnist")
  }

  @Test func aResumedRunShowsTheControlsAsTheyAre() {
    var state = Sample.state()
    let configuration = Configuration(
      model: ModelConfiguration(), objective: ObjectiveConfiguration(), training: TrainingConfiguration())
    _ = state.update(.adoptTraining(configuration, controls: ["beta": 4, "rate": 0.0002]))
    #expect(state.training?.values == ["beta": 4, "rate": 0.0002])
  }

  @Test func aFinishedRunIsLeftWithoutAQuestion() throws {
    var state = Sample.training()
    _ = state.update(.trainingChanged(Sample.report(.finished)))
    try Sample.press("q", &state)
    #expect(state.ending == .quit)
  }

  @Test func curvesKeepTheirShapeHoweverLongTheRun() {
    var training = TrainingView(
      configuration: Configuration(
        model: ModelConfiguration(), objective: ObjectiveConfiguration(), training: TrainingConfiguration()))
    training.imagesPerEpoch = 1000
    for step in 1...10_000 {
      training.images = step * 10
      training.chart([Term(name: "loss", value: Double(step))])
    }
    #expect(training.curves.count <= 1_000)
    #expect(training.curves.last?.terms["loss"] == 10_000)
    let places = training.curves.map(\.epoch)
    #expect(places == places.sorted())
  }

  @Test func newWeightsKeepWhatIsSteered() throws {
    var state = Sample.training()
    try Sample.press("right*7 m a", &state)
    var subject = state.subject
    subject.generation += 1
    _ = state.update(.updated(subject, Sample.cloud(id: 2)))
    #expect(state.code == [0.7, 0])
    #expect(state.steering.marks["a"] == [0.7, 0])
    #expect(state.sceneRequest.map { !$0.isSatisfied(by: state.scene) } == true)
  }
}
