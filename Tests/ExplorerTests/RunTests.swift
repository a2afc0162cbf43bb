import Canvas
import Datasets
import Foundation
import Glibc
import LatentModels
import Terminal
import Testing

@testable import Explorer

/// Runs that were not begun in this session: opened, gone on with, and watched while another process trains them.
@Suite struct RunTests {
  /// The directory of a run of untrained models, as a training leaves it.
  private final class Folder {
    let path: String
    let run: RunDirectory
    let configuration: Configuration
    private var lock: Int32 = -1

    init(epochs: Int = 400) throws {
      path = FileManager.default.temporaryDirectory.appendingPathComponent("zscope-\(UUID().uuidString)").path
      var configuration = try Sample.model().configuration
      configuration.training.epochs = epochs
      configuration.training.data = "strokes"
      self.configuration = configuration
      run = RunDirectory(path: path)
      _ = try RunDirectory.create(path, configuration: configuration)
    }

    func write(epoch: Int, to path: String) throws {
      let model = try Sample.model(epoch: epoch, seed: UInt64(epoch))
      let told = try LatentModel(
        configuration: configuration, parameters: model.parameters, step: epoch * 10, epoch: epoch)
      try Checkpoint.save(told, to: path)
    }

    func log(epochs: Int) throws {
      let lines = try (1...epochs).map { epoch in
        let record = MetricsRecord(
          epoch: epoch, step: epoch * 10, images: epoch * 100, seconds: Double(epoch), learningRate: 0.002,
          controls: ["beta": 1, "rate": 0.002], training: [Term(name: "loss", value: 200 - Double(epoch))],
          heldOut: nil)
        return String(decoding: try JSONEncoder().encode(record), as: UTF8.self)
      }
      try (lines.joined(separator: "\n") + "\n").write(toFile: run.metricsPath, atomically: true, encoding: .utf8)
    }

    /// Locks it as another process does.
    func hold() throws {
      try "process 1".write(toFile: "\(path)/.lock", atomically: true, encoding: .utf8)
      lock = open("\(path)/.lock", O_RDWR)
      #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
    }

    func letGo() {
      guard lock >= 0 else { return }
      flock(lock, LOCK_UN)
      close(lock)
      lock = -1
    }

    /// Where it is put to make room for another.
    var aside: String { "\(path)-old" }

    func remove() {
      letGo()
      for path in [path, aside] { try? FileManager.default.removeItem(atPath: path) }
    }

    /// Takes the place of another, which is put aside.
    func replace(_ other: Folder) -> Bool { rename(other.path, other.aside) == 0 && rename(path, other.path) == 0 }
  }

  private static func program(opening path: String) -> Exploration {
    let program = Exploration(state: State(width: 120, height: 40))
    program.send(.openModel(path))
    return program
  }

  private static func wait(_ program: Exploration, until holds: (State) -> Bool) async throws -> Bool {
    for _ in 0..<3_000 {
      program.collect()
      if holds(program.state) { return true }
      try await Task.sleep(for: .milliseconds(5))
    }
    return false
  }

  @Test(arguments: ["", "/", "//", "/best.safetensors", "/latest.safetensors", "/checkpoint-000004.safetensors"])
  func aCheckpointBelongsToTheRunInWhoseDirectoryItLies(ending: String) throws {
    let folder = try Folder()
    defer { folder.remove() }
    for path in [folder.run.bestPath, folder.run.latestPath, folder.run.checkpointPath(epoch: 4)] {
      try folder.write(epoch: 4, to: path)
    }
    try folder.log(epochs: 9)
    var state = Self.program(opening: folder.path + ending).state
    let training = try #require(state.training)
    #expect(training.path == folder.path && training.canResume)
    // It goes on from the newest checkpoint, whatever more the log tells.
    #expect(training.shortPlaceText == "stopped at epoch 4 of 400" && training.values["rate"] == 0.002)
    #expect(training.placeText.contains("(logged to epoch 9, not saved), step 40"))
    let effects = state.update(.resumeTraining(rate: nil))
    guard case .resumeTraining(let path, nil) = effects.first else {
      Issue.record("\(effects)")
      return
    }
    #expect(path == folder.path)
  }

  @Test func aModelByItselfCannotGoOnAndSaysWhatCan() throws {
    let folder = try Folder()
    defer { folder.remove() }
    try folder.log(epochs: 9)
    try folder.write(epoch: 9, to: "\(folder.path)/model.safetensors")
    var state = Self.program(opening: folder.path).state
    #expect(state.training?.canResume == false)
    let isTakenUp = state.update(.resumeTraining(rate: nil)).contains {
      if case .resumeTraining = $0 { true } else { false }
    }
    #expect(!isTakenUp)
    #expect(state.message?.text.contains("T begins a new run") == true)
    #expect(state.message?.text.contains("safetensors") == false)
  }

  @Test func aRunWithAllItsEpochsNamesItsFolder() throws {
    let folder = try Folder(epochs: 9)
    defer { folder.remove() }
    try folder.log(epochs: 9)
    try folder.write(epoch: 9, to: folder.run.bestPath)
    var state = Self.program(opening: folder.run.bestPath).state
    _ = state.update(.resumeTraining(rate: nil))
    #expect(state.message?.text.contains("--resume \(folder.path) --epochs 18") == true, "\(state.message?.text ?? "")")
  }

  @Test(arguments: [(10.0, 0.001), (0.001, 0.0001)])
  func afterADivergenceARunGoesOnAtARateThatCanWorkOrAtTheOneGiven(failed: Double, proposed: Double) throws {
    let folder = try Folder()
    defer { folder.remove() }
    try folder.log(epochs: 9)
    try folder.write(epoch: 9, to: folder.run.bestPath)
    try "{\"rate\":\(failed),\"step\":95,\"term\":\"loss\"}".write(
      toFile: "\(folder.path)/diverged.json", atomically: true, encoding: .utf8)
    let state = Self.program(opening: folder.path).state
    #expect(state.training?.shortPlaceText == "diverged at epoch 9 of 400")
    for (given, expected) in [(nil, proposed), (0.0007, 0.0007)] {
      var state = state
      guard case .resumeTraining(_, let rate?) = state.update(.resumeTraining(rate: given)).first else {
        Issue.record("it does not go on")
        return
      }
      #expect(abs(rate - expected) < 1e-9 && state.training?.values["rate"] == rate)
      #expect(state.message?.text.contains("at the rate \(Numbers.brief(expected))") == true)
      #expect(state.message?.text.contains("zscope train") == false)
    }
  }

  @Test func whatIsChosenWhileARunIsPreparedReachesItsTrainer() throws {
    var state = Sample.training()
    _ = state.update(.trainingChanged(Sample.report(.stopped)))
    _ = state.update(.resumeTraining(rate: nil))
    func controls(_ effects: [Effect]) -> [String: Double] {
      effects.reduce(into: [:]) { if case .setControl(let name, let value) = $1 { $0[name] = value } }
    }
    #expect(controls(state.update(.setControl("rate", 0.01))).isEmpty)
    #expect(state.training?.values["rate"] == 0.01 && state.message?.text.contains("as soon as the run begins") == true)
    // What is learnt of the run meanwhile takes nothing back.
    let configuration = try #require(state.training?.configuration)
    _ = state.update(.adoptTraining(configuration, controls: ["rate": 0.001]))
    var report = Sample.report(.running)
    report.controls = ["rate": 0.001, "beta": 2]
    #expect(controls(state.update(.trainingChanged(report))) == ["rate": 0.01])
    #expect(state.training?.values == ["rate": 0.01, "beta": 2])
    #expect(controls(state.update(.trainingChanged(Sample.report(.running)))).isEmpty)
  }

  @Test func theNewestOfAllCheckpointsIsShownOfARunTrainedElsewhereAndAScriptWaitsForIt() async throws {
    let folder = try Folder()
    defer { folder.remove() }
    try folder.log(epochs: 6)
    try folder.write(epoch: 1, to: folder.run.bestPath)
    try folder.write(epoch: 2, to: folder.run.latestPath)
    for epoch in 1...5 { try folder.write(epoch: epoch, to: folder.run.checkpointPath(epoch: epoch)) }
    try folder.hold()
    let program = Self.program(opening: folder.path)
    let loop = ScriptedLoop(program, rendition: Rendition(), folder: nil)
    try loop.waitForWhatWasAsked()
    #expect(program.state.subject.epochText == "epoch 5" && program.state.isBehindItsRun)
    try loop.run(try Script("("))
    #expect(program.state.subject.epochText == "past epoch 4")
    #expect(loop.lastFrame.plain().contains("past epoch 4"))
    try loop.run(try Script("}"))
    #expect(program.state.subject.epochText == "epoch 5")
    try folder.write(epoch: 7, to: folder.run.bestPath)
    #expect(try await Self.wait(program) { $0.subject.epoch == 7 })
    // The last weights are those that are shown in the end.
    try folder.log(epochs: 8)
    try folder.write(epoch: 8, to: folder.run.latestPath)
    folder.letGo()
    #expect(try await Self.wait(program) { $0.subject.epoch == 8 && $0.training?.isGoingOn == false })
    #expect(program.state.training?.shortPlaceText == "stopped at epoch 8 of 400")
  }

  @Test func theBestOfARunThatCameFurtherIsSaidToBeSo() throws {
    let folder = try Folder(epochs: 9)
    defer { folder.remove() }
    try folder.log(epochs: 9)
    try folder.write(epoch: 4, to: folder.run.bestPath)
    try folder.write(epoch: 9, to: folder.run.latestPath)
    let program = Self.program(opening: folder.path)
    #expect(program.state.message?.text.contains("best epoch 4 of a run that came to epoch 9") == true)
    #expect(program.state.training?.shortPlaceText == "trained, epoch 9 of 9")
    program.send(.key(try Key(")")))
    #expect(program.state.message?.text.contains("the newest there is") == false)
  }

  @Test func aRunThatWasTakenAwayIsNotOffered() throws {
    let folder = try Folder()
    try folder.log(epochs: 9)
    try folder.write(epoch: 9, to: folder.run.bestPath)
    let program = Self.program(opening: folder.path)
    program.send(.key(try Key("t")))
    #expect(program.state.training?.canResume == true)
    folder.remove()
    program.send(.key(try Key("n")))
    #expect(program.state.training?.canResume == false)
    program.send(.resumeTraining(rate: nil))
    #expect(program.state.message?.text.contains("no longer there") == true)
  }

  @Test func aRunThatAnotherProcessTrainsIsFollowedUntilItEnds() async throws {
    let folder = try Folder()
    defer { folder.remove() }
    try folder.log(epochs: 2)
    try folder.write(epoch: 2, to: folder.run.bestPath)
    try folder.hold()
    #expect(folder.run.otherHolder == "process 1")
    let program = Self.program(opening: folder.path)
    #expect(program.state.training?.shortPlaceText == "training elsewhere, epoch 2 of 400")
    for key in ["t", "right", "x", "s", "c"] {
      program.send(.key(try Key(key)))
      if key != "t" { #expect(program.state.message?.text.contains("process 1 trains this run") == true, "\(key)") }
      #expect(program.state.overlay.isNone)
    }
    for epoch in [3, 4] {
      try folder.log(epochs: epoch)
      try folder.write(epoch: epoch, to: folder.run.latestPath)
      #expect(try await Self.wait(program) { $0.subject.epoch == epoch && $0.training?.epoch == epoch })
    }
    #expect(program.state.panes[Timeline.self].entries.map(\.epoch) == [2, 3, 4])
    // Who has gone back stays there.
    program.send(.key(try Key("(")))
    #expect(try await Self.wait(program) { $0.subject.epoch == 3 && $0.subject.isPast })
    try folder.log(epochs: 5)
    try folder.write(epoch: 5, to: folder.run.latestPath)
    #expect(try await Self.wait(program) { $0.training?.epoch == 5 })
    #expect(program.state.subject.epoch == 3)
    program.send(.key(try Key("}")))
    #expect(try await Self.wait(program) { $0.subject.epoch == 5 && !$0.subject.isPast })
    folder.letGo()
    #expect(try await Self.wait(program) { $0.message?.text.contains("is over: stopped at epoch 5 of 400") == true })
    #expect(program.state.training?.canResume == true && program.effects.watch == nil)
    // Whoever takes it up again is followed again.
    try folder.hold()
    #expect(try await Self.wait(program) { $0.training?.isGoingOn == true })
    try folder.log(epochs: 6)
    try folder.write(epoch: 6, to: folder.run.latestPath)
    #expect(try await Self.wait(program) { $0.subject.epoch == 6 && $0.training?.epoch == 6 })
  }

  @Test(arguments: [true, false])
  func aRunThatIsRefusedForWhatOthersDidWithItIsShownAsTheyLeftIt(isHeld: Bool) async throws {
    let folder = try Folder()
    defer { folder.remove() }
    try folder.log(epochs: 2)
    try folder.write(epoch: 2, to: folder.run.latestPath)
    let program = Self.program(opening: folder.path)
    #expect(program.state.training?.canResume == true)
    if isHeld { try folder.hold() }
    try folder.log(epochs: 9)
    let completed = CompletedRun(path: folder.path, epochs: 400)
    program.effects.prepareBeside(of: folder.path) { throw completed }
    #expect(try await Self.wait(program) { $0.training?.history.count == 9 })
    #expect(program.state.training?.isGoingOn == isHeld)
  }

  @Test func aModelIsThereBeforeAllOfItsLongLogIsAndTheLogTellsTheSameInTheEnd() throws {
    let folder = try Folder(epochs: 4_000)
    defer { folder.remove() }
    try folder.log(epochs: 2_000)
    try folder.write(epoch: 3, to: folder.run.bestPath)
    try folder.write(epoch: 2_000, to: folder.run.latestPath)
    let program = Self.program(opening: folder.path)
    let first = try #require(program.state.training)
    #expect(program.state.subject.epoch == 3 && program.state.subject.loss == nil && program.effects.isAwaitingRun)
    #expect(first.unreadLog > 0 && first.history.count < 2_000 && first.terms["loss"] == -1_800)
    #expect(first.shortPlaceText == "stopped at epoch 2000 of 4000")
    try ScriptedLoop(program, rendition: Rendition(), folder: nil).waitForWhatWasAsked()
    let training = try #require(program.state.training)
    let whole = TrainingView(
      of: folder.run, otherwise: folder.configuration, MetricsHistory(try folder.run.metrics()))
    #expect(Array(training.history) == Array(whole.history) && training.history.count == 2_000)
    #expect(training.curves.map { $0.epoch } == whole.curves.map { $0.epoch } && training.unreadLog == 0)
    #expect(training.placeText == first.placeText && program.state.subject.loss == 197)
    #expect(!program.effects.isAwaitingRun)
    // Who goes on with the run meanwhile brings all records.
    var resumed = first
    resumed.take(history: whole.history)
    #expect(resumed.curves.map { $0.epoch } == whole.curves.map { $0.epoch } && resumed.unreadLog == 0)
  }

  @Test(arguments: [true, false]) func ofALongLogThatIsDamagedFarFromItsEndWhatWasShownStays(isKilled: Bool) throws {
    let folder = try Folder(epochs: 4_000)
    defer { folder.remove() }
    try folder.log(epochs: 2_000)
    let log = try String(contentsOfFile: folder.run.metricsPath, encoding: .utf8)
    let damaged = isKilled ? log + "{\"epoch\":2001,\"st" : "nonsense\n" + log
    try damaged.write(toFile: folder.run.metricsPath, atomically: true, encoding: .utf8)
    try folder.write(epoch: 3, to: folder.run.bestPath)
    let program = Self.program(opening: folder.path)
    let first = try #require(program.state.training)
    #expect(first.unreadLog > 0 && !first.history.isEmpty)
    try ScriptedLoop(program, rendition: Rendition(), folder: nil).waitForWhatWasAsked()
    let training = try #require(program.state.training)
    // What a kill tore is no damage.
    #expect(program.state.message?.text.contains("line 1 is not a record of metrics") ?? false == !isKilled)
    #expect(training.history.count == (isKilled ? 2_000 : first.history.count) && training.unreadLog == 0)
    #expect(program.state.subject.epoch == 3 && training.shortPlaceText == first.shortPlaceText)
  }

  @Test func theLongLogOfARunTrainedElsewhereIsReadByWhoFollowsIt() async throws {
    let folder = try Folder(epochs: 4_000)
    defer { folder.remove() }
    try folder.log(epochs: 2_000)
    try folder.write(epoch: 3, to: folder.run.bestPath)
    try folder.hold()
    let program = Self.program(opening: folder.path)
    #expect(program.state.training?.unreadLog ?? 0 > 0 && program.effects.snapshots.awaitedLog == nil)
    #expect(try await Self.wait(program) { $0.training?.history.count == 2_000 && $0.subject.loss == 197 })
    #expect(program.state.training?.isGoingOn == true && program.state.training?.unreadLog == 0)
  }

  @Test func aRunThatTakesThePlaceOfTheOneFollowedIsNotMixedWithIt() async throws {
    let (folder, other) = (try Folder(), try Folder())
    defer { for each in [folder, other] { each.remove() } }
    try folder.log(epochs: 3)
    try folder.write(epoch: 3, to: folder.run.bestPath)
    try folder.hold()
    try other.log(epochs: 9)
    try other.write(epoch: 9, to: other.run.latestPath)
    try other.write(epoch: 2, to: other.run.checkpointPath(epoch: 2))
    try other.hold()
    let program = Self.program(opening: folder.path)
    #expect(program.state.training?.isGoingOn == true)
    #expect(other.replace(folder))
    let news = "\(folder.path) was followed to epoch 3, and holds another run now"
    #expect(try await Self.wait(program) { $0.message?.text.contains(news) == true })
    let training = try #require(program.state.training)
    #expect(training.history.count == 3 && training.epoch == 3 && !training.canResume)
    #expect(program.state.subject.epoch == 3 && program.effects.watch == nil)
    program.send(.key(try Key("(")))
    #expect(program.state.panes[Timeline.self].entries.map(\.epoch) == [3])
  }

  @Test func aRunThatIsTakenAwayWhileItIsFollowedKeepsWhatItHasShown() async throws {
    let folder = try Folder()
    defer { folder.remove() }
    try folder.log(epochs: 6)
    try folder.write(epoch: 6, to: folder.run.bestPath)
    try folder.hold()
    let program = Self.program(opening: folder.path)
    #expect(rename(folder.path, folder.aside) == 0)
    let news = "\(folder.path) was followed to epoch 6, and its folder is no longer there"
    #expect(try await Self.wait(program) { $0.message?.text.contains(news) == true })
    #expect(program.state.message?.text.contains("stopped") == false)
    let training = try #require(program.state.training)
    #expect(training.history.count == 6 && !training.terms.isEmpty && !training.canResume)
    #expect(training.shortPlaceText == "gone, epoch 6 of 400")
  }

  @Test func aRunThatTakesThePlaceOfOneAtRestIsNotTakenUpForIt() throws {
    let (folder, other) = (try Folder(), try Folder())
    defer { for each in [folder, other] { each.remove() } }
    for each in [folder, other] {
      try each.log(epochs: 9)
      try each.write(epoch: 9, to: each.run.bestPath)
    }
    let program = Self.program(opening: folder.path)
    #expect(program.state.training?.canResume == true)
    #expect(other.replace(folder))
    program.send(.key(try Key("t")))
    #expect(program.state.training?.canResume == false)
  }
}

extension State.Overlay {
  fileprivate var isNone: Bool { if case .none = self { true } else { false } }
}
