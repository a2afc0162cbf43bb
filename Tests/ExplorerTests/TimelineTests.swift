import Canvas
import Foundation
import LatentModels
import Terminal
import Testing

@testable import Explorer

/// Back through the snapshots of a run and forth again.
@Suite struct TimelineTests {
  /// A run's folder with numbered checkpoints and a newest one, all of untrained models.
  private final class Run {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("zscope-\(UUID().uuidString)").path
    let program = Exploration(state: State(width: 120, height: 40))
    let past: [Int: LatentModel]
    let newest: LatentModel

    init(epochs: [Int] = [10, 20], newestEpoch: Int = 25) throws {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      var past: [Int: LatentModel] = [:]
      for epoch in epochs {
        let model = try Sample.model(epoch: epoch, seed: UInt64(epoch))
        try Checkpoint.save(model, to: RunDirectory(path: folder).checkpointPath(epoch: epoch))
        past[epoch] = model
      }
      self.past = past
      newest = try Sample.model(epoch: newestEpoch, seed: 99)
      let path = RunDirectory(path: folder).bestPath
      try Checkpoint.save(newest, to: path)
      for action in program.effects.adopt(newest, name: "run", path: path, codes: Sample.twoCodes, metrics: []) {
        program.send(action)
      }
    }

    func remove() { try? FileManager.default.removeItem(atPath: folder) }

    func press(_ keys: String) throws {
      for step in try Script(keys).steps { if case .key(let key) = step { program.send(.key(key)) } }
    }

    /// Presses keys, then waits until the weights of an epoch are shown.
    func press(_ keys: String, until epoch: Int) async throws {
      try press(keys)
      func isThere() -> Bool {
        program.state.subject.epoch == epoch && program.state.panes[Timeline.self].awaited == nil
      }
      for _ in 0..<2_000 where !isThere() {
        program.collect()
        try await Task.sleep(for: .milliseconds(5))
      }
      #expect(program.state.subject.epoch == epoch)
    }
  }

  @Test func stepsLeadThroughNumberedCheckpointsAndBackAndTheCodeIsDecodedAnew() async throws {
    let run = try Run()
    defer { run.remove() }
    #expect(run.program.state.panes[Timeline.self].entries.map(\.epoch) == [10, 20, 25])
    try run.press("right*3")
    let code = run.program.state.code
    for (key, epoch) in [("(", 20), ("(", 10), (")", 20), (")", 25), ("(", 20), ("}", 25)] {
      try await run.press(key, until: epoch)
      let state = run.program.state
      let model = run.past[epoch] ?? run.newest
      _ = run.program.frame(Rendition())
      let expected = try model.decode(code)
      #expect(run.program.state.scene.digit == GreyImage(width: 28, height: 28, values: expected))
      #expect(state.code == code && state.subject.isPast == (epoch != 25))
      #expect(Account.of(state).contains("past epoch \(epoch)") == (epoch != 25))
    }
  }

  @Test func keysThatComeFasterThanWeightsLeadAsFar() async throws {
    let run = try Run()
    defer { run.remove() }
    try await run.press("( (", until: 10)
    try run.press("(")
    #expect(run.program.state.message?.text == "epoch 10 is the first that is kept")
    try await run.press(") )", until: 25)
    try run.press(")")
    #expect(run.program.state.message?.text == "epoch 25 is the newest there is")
  }

  @Test func aBestCheckpointIsAPlaceAmongTheOthers() async throws {
    let run = try Run(newestEpoch: 15)
    defer { run.remove() }
    #expect(run.program.state.subject.epochText == "best epoch 15")
    try await run.press(")", until: 20)
    #expect(run.program.state.subject.epochText == "past epoch 20")
    try await run.press("(", until: 15)
    #expect(run.program.state.subject.epochText == "best epoch 15")
  }

  @Test func codesOfOtherWeightsAreNotShownAndComeBackWithTheirs() async throws {
    let run = try Run()
    defer { run.remove() }
    #expect(run.program.state.cloud?.count == 2)
    try await run.press("(", until: 20)
    #expect(run.program.state.cloud == nil)
    try await run.press("}", until: 25)
    #expect(run.program.state.cloud?.count == 2)
  }

  @Test func withoutSnapshotsItSaysHowTheyAreKeptAndADamagedOneIsAnError() async throws {
    let run = try Run(epochs: [])
    defer { run.remove() }
    try run.press("(")
    #expect(run.program.state.message?.text.contains("--checkpoint-every 1") == true)
    // Both ways of going there say the same.
    try run.press("}")
    #expect(run.program.state.message?.text == "epoch 25 is shown, the newest and the only one that is kept")
    let path = RunDirectory(path: run.folder).checkpointPath(epoch: 5)
    try "nothing".write(toFile: path, atomically: true, encoding: .utf8)
    try run.press("(")
    for _ in 0..<2_000 where run.program.state.message?.isError != true {
      run.program.collect()
      try await Task.sleep(for: .milliseconds(5))
    }
    #expect(run.program.state.message?.text.contains("checkpoint-000005") == true)
    #expect(run.program.state.subject.epoch == 25 && run.program.state.panes[Timeline.self].awaited == nil)
  }

  @Test func theSnapshotBeforeIsWhatAModelIsComparedWithUnlessNamed() async throws {
    let run = try Run()
    defer { run.remove() }
    run.program.send(.perform { $0.compare(with: nil) })
    for _ in 0..<2_000 where run.program.state.compared == nil {
      run.program.collect()
      try await Task.sleep(for: .milliseconds(5))
    }
    #expect(run.program.state.compared?.epoch == 20 && run.program.state.compared?.name == "run")
  }

  @Test func theSnapshotBeforeIsCountedFromTheOneThatIsOnItsWay() async throws {
    let run = try Run()
    defer { run.remove() }
    try run.press("(")
    run.program.send(.perform { $0.compare(with: nil) })
    for _ in 0..<2_000 where run.program.state.compared == nil {
      run.program.collect()
      try await Task.sleep(for: .milliseconds(5))
    }
    #expect(run.program.state.compared?.epoch == 10)
  }

  @Test func aScriptWaitsForTheWeightsThatItsKeysAskFor() throws {
    let run = try Run()
    defer { run.remove() }
    let loop = ScriptedLoop(run.program, rendition: Rendition(), folder: nil)
    try loop.run(try Script("("))
    #expect(run.program.state.subject.epochText == "past epoch 20")
    #expect(loop.lastFrame.plain().contains("past epoch 20"))
    try loop.run(try Script("( ("))
    #expect(run.program.state.subject.epoch == 10)
    #expect(run.program.state.message?.text == "epoch 10 is the first that is kept")
  }

  @Test(arguments: [(60, 20), (80, 24), (120, 40), (250, 70)])
  func theHeaderSaysThatItIsThePastAndChartsMarkTheEpoch(width: Int, height: Int) throws {
    var state = Sample.training(width, height)
    try Sample.press("t", &state)
    #expect(state.pastEpoch == nil)
    var subject = state.subject
    (subject.epoch, subject.isPast, subject.generation) = (3, true, subject.generation + 1)
    let past = subject
    _ = state.update(.updated(past, nil))
    Sample.render(&state)
    #expect(state.pastEpoch == 3)
    let text = view(state, rendition: Rendition()).plain()
    #expect(text.split(separator: "\n").first?.contains(width < 80 ? "past 3" : "past epoch 3") == true, "\(text)")
    #expect(text.contains("training, past epoch 3 is shown"))
    let training = try #require(state.training)
    let chart = TermCurves(training).chart("loss", theme: Theme(rendition: Rendition()), marking: state.pastEpoch)
    #expect(chart.cursor == 3)
    // News of the run leave it there.
    _ = state.update(.trainingChanged(Sample.report(epoch: 9)))
    #expect(state.subject.epoch == 3 && state.training?.epoch == 9)
  }

  @Test func aRunGoesOnTrainingWhileOneIsInItsPast() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("zscope-\(UUID().uuidString)").path
    var training = TrainingConfiguration()
    (training.data, training.count, training.heldOut) = ("strokes", 3_500, 1_500)
    training.epochs = 100_000
    let configuration = Configuration(
      model: ModelConfiguration(hidden: [8], latent: 2), objective: ObjectiveConfiguration(), training: training)
    let program = Exploration(state: State(width: 120, height: 40))
    program.send(.adoptTraining(configuration, controls: [:]))
    _ = program.effects.perform(.startTraining(configuration, run: folder))
    defer {
      program.effects.follower?.session.stop()
      _ = program.effects.follower?.session.wait()
      try? FileManager.default.removeItem(atPath: folder)
    }
    func turns(until holds: () -> Bool) async throws -> Bool {
      for _ in 0..<10_000 {
        program.collect()
        _ = program.frame(Rendition())
        program.effects.presented()
        if holds() { return true }
        try await Task.sleep(for: .milliseconds(2))
      }
      return false
    }
    #expect(try await turns { program.state.panes[Timeline.self].entries.count > 2 })
    program.send(.key(try Key("(")))
    #expect(try await turns { program.state.subject.isPast })
    let (shown, epoch) = (program.state.subject, program.state.training?.epoch ?? 0)
    #expect(try await turns { (program.state.training?.epoch ?? 0) > epoch + 1 })
    #expect(program.state.subject == shown && program.state.training?.phase == .running)
    program.send(.key(try Key("}")))
    #expect(!program.state.subject.isPast && program.state.subject.epoch > shown.epoch)
    let generation = program.state.subject.generation
    #expect(try await turns { program.state.subject.generation > generation })
  }

  // MARK: Keys of charts

  @Test func aTitleIsShortenedBeforeTheHeldOutValue() throws {
    var state = Sample.training(120, 40)
    try Sample.press("t", &state)
    #expect(view(state, rendition: .init()).plain().contains(#/━ reconst.* {2}142\.6 {2}╌ 142\.6/#))
  }

  @Test func aQuantityOfAnEpochsEndHasADashedKeyAndItsValue() throws {
    var state = Sample.training(120, 60)
    var report = Sample.report(epoch: 6)
    let name = "a quantity" + String(repeating: " as it is", count: 12)
    let records = try #require(report.history)
    report.history = MetricsHistory(
      records.map {
        MetricsRecord(
          epoch: $0.epoch, step: $0.step, images: $0.images, seconds: $0.seconds, learningRate: $0.learningRate,
          controls: $0.controls, training: $0.training, heldOut: $0.heldOut, measured: [Term(name: name, value: 5.75)])
      })
    _ = state.update(.trainingChanged(report))
    try Sample.press("t", &state)
    for unicode in [true, false] {
      let screen = view(state, rendition: Rendition(unicode: unicode)).plain()
      #expect(screen.contains(unicode ? #/╌ a quant.*… {2}5\.[78]/# : #/-- a quant.* {2}5\.[78]/#))
      #expect(!screen.contains("━ a quant") && !screen.contains("= a quant"))
    }
  }
}
