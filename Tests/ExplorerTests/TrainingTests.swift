import LatentModels
import Terminal
import Testing

@testable import Explorer

@Suite struct TrainingTests {
  @Test func theFormStartsARunWithItsDefaults() throws {
    var state = Sample.state()
    _ = state.update(.key(try Key("T")))
    let effects = state.update(.key(try Key("enter")))
    guard case .checkTraining(let configuration, nil) = effects.first else {
      Issue.record("nothing was started")
      return
    }
    // The form stays until its data are known to be here.
    #expect(state.context == .form)
    _ = state.update(.startTraining(configuration, run: nil))
    #expect(state.context == .sliders)
    #expect(configuration.model.hidden == [256, 64])
    #expect(configuration.model.latent == 2)
    #expect(configuration.initialControls["beta"] == 1)
    #expect(state.training?.phase == .preparing)
  }

  @Test(arguments: [(80, 24), (120, 32), (120, 36), (120, 40)])
  func theSamePanesAreShownWhateverTheRunIsWarnedOf(width: Int, height: Int) throws {
    var state = Sample.training(width, height)
    try Sample.press("t", &state)
    let panes = try #require(state.layout?.panes)
    var report = Sample.report(epoch: 7)
    report.history?.append(
      MetricsRecord(
        epoch: 8, step: 3_200, images: 440_000, seconds: 1, learningRate: 1, controls: [:],
        training: [Term(name: "loss", value: 1)], heldOut: nil,
        warnings: [String(repeating: "posterior collapse: lower β ", count: 9)]))
    _ = state.update(.trainingChanged(report))
    #expect(state.training?.history.last?.warnings.isEmpty == false && state.layout?.panes == panes)
    #expect(view(state, rendition: .init()).plain().contains("posterior collapse"))
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
    #expect(Control.rate.value(after: 0.0001, by: 1, .normal) == 0.00011, "with the digits that are computed with")
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
    try Sample.press("T ctrl-u type:nowhere down ctrl-u type:32", &state)
    guard case .checkTraining(let configuration, let run) = state.update(.key(try Key("enter"))).first else {
      Issue.record("nothing was started")
      return
    }
    _ = state.update(.startTraining(configuration, run: run))
    #expect(state.training?.phase == .preparing)
    _ = state.update(.trainingChanged(TrainingProgress(phase: .failed("nowhere: no data set has this name"))))
    #expect(state.training == nil)
    #expect(state.message == .error("nowhere: no data set has this name"))
    try Sample.press("T", &state)
    guard case .form(let form) = state.overlay else {
      Issue.record("no form")
      return
    }
    #expect(form.text(.data) == "nowhere" && form.text(.hidden) == "32")
  }

  /// What stands in the form once it is known that no published set is here.
  private func formWithoutPublishedData(_ state: inout State) throws -> TrainingForm {
    var surroundings = Surroundings()
    surroundings.absentData = ["mnist", "fashion-mnist", "kmnist"]
    _ = state.update(.lookedAround(surroundings))
    return try #require({ if case .form(let form) = state.overlay { form } else { nil } }())
  }

  @Test func theFormProposesDataThatAreHereAndSaysHowToGetOthers() throws {
    var state = Sample.state()
    let effects = state.update(.key(try Key("T")))
    guard case .lookAround = effects.first else {
      Issue.record("\(effects)")
      return
    }
    let form = try formWithoutPublishedData(&state)
    #expect(form.text(.data) == "strokes")
    try Sample.press("right", &state)
    #expect(view(state, rendition: .init()).plain().contains("zscope data get mnist"))
    // News of the surroundings never takes away what was typed.
    _ = state.update(.lookedAround(Surroundings()))
    guard case .form(let kept) = state.overlay else { return }
    #expect(kept.text(.data) == "mnist")
  }

  @Test(arguments: [
    ("many.npz", "many.npz"), ("digits", "digits"), ("/tmp/many.npz", "/tmp/many.npz"), ("strokes", "strokes"),
    ("kmnist", "strokes"), ("kmnist-rotated", "strokes"),
  ])
  func theFormProposesWhatTheModelLearntFromUnlessThatIsASetThatIsNotHere(data: String, proposed: String) throws {
    var state = Sample.state()
    state.subject.configuration = Configuration(
      model: ModelConfiguration(), objective: ObjectiveConfiguration(), training: TrainingConfiguration(data: data))
    try Sample.press("T", &state)
    let form = try formWithoutPublishedData(&state)
    #expect(form.text(.data) == proposed && state.suggestedData == proposed)
  }

  @Test func aResumedRunShowsTheControlsAsTheyAre() {
    var state = Sample.state()
    let configuration = Configuration(
      model: ModelConfiguration(), objective: ObjectiveConfiguration(), training: TrainingConfiguration())
    _ = state.update(.adoptTraining(configuration, controls: ["beta": 4, "rate": 0.0002]))
    #expect(state.training?.values == ["beta": 4, "rate": 0.0002])
  }

  @Test func aValueSetWhileAControlIsAnnealedEndsThatAndSaysSo() throws {
    var state = Sample.training()
    let configuration = Configuration(
      model: ModelConfiguration(), objective: ObjectiveConfiguration(annealing: ["beta": .linear(steps: 100)]),
      training: TrainingConfiguration())
    _ = state.update(.adoptTraining(configuration, controls: ["beta": 4, "rate": 0.001]))
    var report = Sample.report(.running)
    report.annealed = ["beta": 1.5]
    _ = state.update(.trainingChanged(report))
    let beta = try #require(state.training?.controls.first { $0.name == "beta" })
    #expect(state.training?.value(of: beta) == 1.5)
    _ = state.update(.setControl("beta", 2))
    #expect(state.message?.text.contains("beta is 2 from now on: its annealing (linear:100) has ended") == true)
    // A snapshot of a step before is on its way still.
    _ = state.update(.trainingChanged(report))
    #expect(state.training?.value(of: beta) == 2)
  }

  @Test func aFinishedRunIsAtAHundredPercentWhateverImagesItLeftOut() throws {
    var state = Sample.training(120, 40)
    var report = Sample.report(.running, epoch: 30)
    report.images = 30 * 400 * 128
    (report.step, report.totalSteps) = (6_000, 12_000)
    _ = state.update(.trainingChanged(report))
    #expect(state.training?.progress == 0.5)
    (report.phase, report.step) = (.finished, 12_000)
    _ = state.update(.trainingChanged(report))
    #expect(state.training?.progress == 1 && state.training?.curves.last?.epoch == 30)
    #expect(view(state, rendition: .init()).plain().contains("finished 100 %"))
  }

  @Test func epochsThatNoSnapshotToldOfAreChartedAndTheEndIsThatOfTheLast() throws {
    var state = Sample.state(120, 40)
    let configuration = Configuration(training: TrainingConfiguration(data: "strokes"))
    _ = state.update(.startTraining(configuration, run: nil))
    var report = Sample.report(.running, epoch: 5)
    report.terms = []
    _ = state.update(.trainingChanged(report))
    #expect(state.training?.curves.map(\.epoch) == [1, 2, 3, 4, 5])
    #expect(state.training?.terms == report.history?.last?.training)
    report = Sample.report(.finished, epoch: 30)
    report.terms = [Term(name: "loss", value: 1)]
    _ = state.update(.trainingChanged(report))
    #expect(state.training?.terms == report.history?.last?.training)
  }

  @Test func whatIsSaidOfASingleEpochThatIsDoneIsInTheSingular() throws {
    for (epochs, words) in [(1, "its 1 epoch is done; "), (2, "all 2 epochs are done; ")] {
      var state = Sample.training(120, 40)
      state.training?.configuration.training.epochs = epochs
      _ = state.update(.trainingChanged(Sample.report(.finished, epoch: epochs)))
      _ = state.update(.resumeTraining(rate: nil))
      #expect(state.message?.text.hasPrefix(words) == true, "\(state.message?.text ?? "")")
    }
  }

  @Test func aFinishedRunIsLeftWithoutAQuestion() throws {
    var state = Sample.training()
    _ = state.update(.trainingChanged(Sample.report(.finished)))
    try Sample.press("q", &state)
    #expect(state.ending == .quit)
  }

  @Test(arguments: [3, 5, 8], ["", "posterior collapse: train longer, let β rise slowly, or take fewer units of it"])
  func everyChartThatIsShownHasItsAxes(count: Int, warning: String) throws {
    let configuration = Configuration(
      objective: ObjectiveConfiguration(kind: "semiSupervisedBound"), training: TrainingConfiguration(data: "strokes"))
    for height in 20...60 {
      var state = Sample.choosing(120, height)
      _ = state.update(.startTraining(configuration, run: nil))
      for epoch in 1...6 {
        var report = Sample.report(epoch: epoch)
        report.terms = (0..<count).map { Term(name: "term \($0)", value: Double(epoch + $0)) }
        report.history = report.history.map { history in
          MetricsHistory(
            history.map { record in
              var record = record
              record.warnings = warning.isEmpty ? [] : [warning]
              return record
            })
        }
        _ = state.update(.trainingChanged(report))
      }
      try Sample.press("t", &state)
      let training = try #require(state.training)
      let inside = try #require(state.layout?.inside(.training))
      let area = TrainingRows(training, inside).terms(training, inside)
      let lines = view(state, rendition: .init()).plain().split(separator: "\n", omittingEmptySubsequences: false)
      let charts = lines[area.row..<area.endRow].map { $0.dropFirst(area.column).prefix(area.width) }
      // Every axis has a corner.
      let keys = charts.reduce(0) { $0 + $1.count { $0 == "━" } }
      #expect(keys > 0 && charts.reduce(0) { $0 + $1.count { $0 == "├" } } == keys, "\(height)")
    }
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

  @Test func heldOutCurvesOfALongRunAreFewPointsAndLoseNoPeak() {
    var training = TrainingView(configuration: Configuration(training: TrainingConfiguration(data: "strokes")))
    var history: MetricsHistory = []
    func add(_ epochs: ClosedRange<Int>) {
      for epoch in epochs {
        history.append(
          MetricsRecord(
            epoch: epoch, step: epoch, images: epoch, seconds: 0, learningRate: 1, controls: [:], training: [],
            heldOut: [Term(name: "loss", value: epoch == 4_321 ? 1e6 : Double(epoch))],
            measured: [Term(name: "active units", value: 2), Term(name: "loss", value: 0)]))
      }
      training.take(history: history)
    }
    add(1...900)
    let all = (1...900).map { SIMD2<Double>(Double($0), Double($0)) }
    #expect(training.heldOutCurves["loss"]?.points == all)
    for start in stride(from: 901, to: 10_000, by: 100) { add(start...start + 99) }
    let points = training.heldOutCurves["loss"]?.points ?? []
    let (peak, places) = (SIMD2<Double>(4_321, 1e6), points.map(\.x))
    #expect(points.count <= 2_000 && points.contains(peak))
    #expect(places == places.sorted())
    #expect(TermCurves(training).hasHeldOut("active units") && !TermCurves(training).hasHeldOut("KL"))
    // Who goes on from an earlier epoch has another history.
    training.take(history: MetricsHistory(history.prefix(3)))
    #expect(training.heldOutCurves["loss"]?.points.count == 3 && training.history.count == 3)
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

  @Test func theFormIsNotClosedForDataThatAreNotThereAndSaysWhatIsMeant() throws {
    let program = Exploration(state: Sample.state())
    for key in try Script("T ctrl-u type:stroke enter").steps {
      if case .key(let key) = key { program.send(.key(key)) }
    }
    guard case .form(let form) = program.state.overlay else {
      Issue.record("the form was closed")
      return
    }
    #expect(form.focus == .data)
    #expect(form.problem?.contains("did you mean strokes?") == true)
    #expect(program.state.training == nil)
  }

  @Test func theFormBeginsFromTheModelAtHand() throws {
    var state = Sample.state()
    state.subject.configuration = Configuration(
      model: ModelConfiguration(hidden: [99], latent: 7), objective: ObjectiveConfiguration(beta: 4),
      training: TrainingConfiguration(data: "strokes"))
    try Sample.press("T", &state)
    guard case .form(let form) = state.overlay else {
      Issue.record("no form")
      return
    }
    #expect(form.text(.hidden) == "99" && form.text(.latent) == "7" && form.text(.beta) == "4")
    #expect(form.text(.data) == "strokes")
  }

  @Test func endingARunIsAskedAboutAndCanBeTakenBack() throws {
    var state = Sample.training()
    try Sample.press("t x", &state)
    #expect(state.context == .confirmation)
    try Sample.press("n", &state)
    #expect(state.context == .training && state.training?.phase == .running)
    try Sample.press("x", &state)
    guard case .training(.stop) = state.update(.key(try Key("y"))).first else {
      Issue.record("nothing was stopped")
      return
    }
  }

  @Test func everyCurveOfHeldOutImagesHasItsKeyHoweverNarrowItsChart() throws {
    for (width, height) in [(80, 24), (120, 36), (120, 40), (200, 60)] {
      var state = Sample.training(width, height)
      try Sample.press("t", &state)
      let screen = view(state, rendition: .init()).plain()
      let charts = screen.matches(of: #/━ [a-zA-Z]/#).count
      #expect(charts > 0 && screen.count { $0 == "╌" } >= charts, "\(width)×\(height)")
    }
    // Beside the panes of exploring too.
    let state = Sample.training(200, 60)
    let pane = try #require(state.layout?.inside(.chart))
    let lines = view(state, rendition: .init()).plain().split(separator: "\n", omittingEmptySubsequences: false)
    let head = lines[pane.row].dropFirst(pane.column).prefix(pane.width)
    #expect(head.contains("━ loss  148.6  ╌ held out 148.6"), "\(head)")
  }

  @Test func aPausedRunShowsTheKeysThatWorkThen() throws {
    var state = Sample.training(120, 40)
    _ = state.update(.trainingChanged(Sample.report(.paused)))
    try Sample.press("t", &state)
    #expect(view(state, rendition: .init()).plain().contains("p go on"))
  }

  @Test func everyTermIsChartedOrNamedWithItsKeyFromTheFirstStepOn() throws {
    for (width, height) in [(60, 20), (80, 24), (120, 36), (120, 40), (200, 60)] {
      var state = Sample.training(width, height)
      try Sample.press("t", &state)
      let screen = view(state, rendition: .init()).plain()
      // A name gives way to its values.
      for term in ["loss", "reconstru", "KL"] { #expect(screen.contains(term), "\(term) at \(width)×\(height)") }
    }
    var first = Sample.state(120, 40)
    _ = first.update(
      .startTraining(
        Configuration(
          model: ModelConfiguration(), objective: ObjectiveConfiguration(), training: TrainingConfiguration()),
        run: nil))
    var report = Sample.report(.running, epoch: 1)
    (report.epoch, report.step, report.images, report.history, report.heldOut) = (0, 3, 384, [], nil)
    _ = first.update(.trainingChanged(report))
    try Sample.press("t", &first)
    let screen = view(first, rendition: .init()).plain()
    #expect(screen.contains("━ KL  6.0") && screen.contains("step 3 of 12,000"))
  }

  @Test func aNewRunBeginsWithAnEmptySpaceAndWhatWasMarkedBeforeIsKeptWithItsModel() throws {
    var state = Sample.state()
    try Sample.press("right*7 m a D 3 8", &state)
    var subject = state.subject
    (subject.path, subject.name, subject.generation) = ("runs/new", "new", 9)
    _ = state.update(.updated(subject, Sample.cloud(id: 2)))
    #expect(state.code == [0, 0] && state.steering.marks.isEmpty && state.steering.track == nil)
  }
}
