import Datasets
import Foundation
import Glibc
import Tensors
import Testing

@testable import LatentModels

/// A hundred images in batches of sixteen.
let smallShape = EpochShape(batch: 16, stepsPerEpoch: 7, imagesPerEpoch: 100)

/// What a training of the small model is like after so many steps.
func soundState(_ step: Int, _ configuration: Configuration = Fixture.configuration()) -> TrainingState {
  var state = TrainingState(configuration)
  state.step = step
  state.images = smallShape.images(after: step)
  state.summed = state.images - smallShape.images(after: step / 7 * 7)
  state.sums = (configuration.terms.map(\.name) + ["loss"]).map { Term(name: $0, value: 0.5) }
  return state
}

@Suite("Resuming")
struct ResumptionTests {
  /// A run of three epochs with numbered checkpoints, and the images it learnt from.
  func run(in folder: TemporaryFolder, epochs: Int = 3) throws -> (RunDirectory, Configuration) {
    var configuration = Fixture.configuration(epochs: epochs)
    configuration.training.checkpointEvery = 1
    let run = try RunDirectory.create(folder.file("run"), configuration: configuration)
    #expect(try train(configuration, run).state == .finished)
    return (try RunDirectory.open(run.path), configuration)
  }

  func train(
    _ configuration: Configuration, _ run: RunDirectory, resuming: Bool = false, rate: Double? = nil
  ) throws -> TrainingOutcome {
    let images = try Fixture.images(120)
    let session = try TrainingSession(
      configuration: configuration, training: images.subset(0..<100), heldOut: images.subset(100..<120), run: run,
      resuming: resuming, rate: rate, threads: 1)
    try session.start()
    return session.wait()
  }

  @Test("Every number of a state of training that cannot be is named, and none traps")
  func states() throws {
    let configuration = Fixture.configuration()
    func complaint(_ change: (inout TrainingState) -> Void) -> String {
      var state = soundState(10)
      change(&state)
      do {
        try state.check(against: smallShape, of: configuration, path: "latest")
        return ""
      } catch { return "\(error)" }
    }
    #expect(complaint { _ in }.isEmpty)
    for step in [-1, .min, .max, 11, 0] { #expect(!complaint { $0.step = step }.isEmpty, "step \(step)") }
    for images in [-1, .min, .max, 0, 149] { #expect(complaint { $0.images = images }.contains("images seen")) }
    for summed in [-1, .min, .max, 0] { #expect(complaint { $0.summed = summed }.contains("sums over")) }
    for seconds: Double in [-1.0, .nan, .infinity, 1e300] {
      #expect(complaint { $0.seconds = seconds }.contains("seconds"))
    }
    #expect(complaint { $0.sums.removeLast() }.contains("sums of"))
    #expect(complaint { $0.sums[0].value = .nan }.contains("nan"))
    #expect(complaint { $0.sums = [] }.contains("sums of"))
    #expect(complaint { $0.heldOut = [Term(name: "loss", value: .infinity)] }.contains("loss is inf"))
    for epoch in [-1, 2, .max] {
      #expect(complaint { $0.best = .init(epoch: epoch, terms: []) }.contains("best epoch"))
    }
    for value: Double in [1e-10, 11, 1e6] { #expect(complaint { $0.controls["rate"] = value }.isEmpty) }
    for value: Double in [-1.0, 0, 1e300, .nan, .infinity] {
      #expect(complaint { $0.controls["rate"] = value }.contains("rate is"))
    }
    #expect(complaint { $0.controls = [:] }.contains("is missing"))
    for updates in [-1, 11, .max] { #expect(complaint { $0.updates = updates }.contains("updates")) }
  }

  @Test("A run killed between its newest checkpoint and the numbered one of that epoch has both once it goes on")
  func numberedIsMissing() throws {
    let folder = try TemporaryFolder()
    var (run, configuration) = try run(in: folder)
    let path = run.checkpointPath(epoch: 3)
    #expect(unlink(path) == 0)
    configuration.training.epochs = 4
    run = try RunDirectory.open(run.path)
    #expect(try train(configuration, run, resuming: true).state == .finished)
    #expect(run.checkpoints.map(\.epoch) == [1, 2, 3, 4])
    let twin = try RunDirectory.create(folder.file("twin"), configuration: configuration)
    #expect(try train(configuration, twin).state == .finished)
    for epoch in 1...4 {
      let (own, other) = (
        try Checkpoint.read(run.checkpointPath(epoch: epoch)), try Checkpoint.read(twin.checkpointPath(epoch: epoch))
      )
      for name in other.model.parameters.names {
        #expect(own.model.parameters[name]?.elements == other.model.parameters[name]?.elements, "\(epoch) \(name)")
      }
    }
  }

  @Test("A run begun before its objective had a control goes on with what it would have begun with")
  func olderControls() throws {
    let folder = try TemporaryFolder()
    var (run, configuration) = try run(in: folder)
    configuration.training.epochs = 4
    let twin = try RunDirectory.create(folder.file("twin"), configuration: configuration)
    let straight = try train(configuration, twin).model
    let contents = try Checkpoint.read(run.latestPath)
    var state = try #require(contents.state)
    #expect(state.controls.removeValue(forKey: "beta") != nil)
    let bytes = try Checkpoint.encode(
      contents.model, state: state, optimiserFile: contents.optimiserFile, run: contents.metadata["run"])
    try Data(bytes).write(to: URL(fileURLWithPath: run.latestPath))
    run = try RunDirectory.open(run.path)
    let resumed = try train(configuration, run, resuming: true).model
    for name in straight.parameters.names {
      #expect(resumed.parameters[name]?.elements == straight.parameters[name]?.elements, "\(name)")
    }
  }

  @Test("Without its newest checkpoint a run goes on from the last of the others, and keeps its log")
  func withoutNewest() throws {
    let folder = try TemporaryFolder()
    var (run, configuration) = try run(in: folder)
    let before = try run.metrics()
    #expect(unlink(run.latestPath) == 0)
    #expect(unlink(run.checkpointPath(epoch: 3)) == 0 && unlink(run.bestPath) == 0)
    configuration.training.epochs = 4
    let images = try Fixture.images(120)
    let session = try TrainingSession(
      configuration: configuration, training: images.subset(0..<100), heldOut: images.subset(100..<120), run: run,
      resuming: true, threads: 1)
    #expect(session.note?.contains("going on from checkpoint-000002.safetensors (epoch 2)") == true)
    try session.start()
    let outcome = session.wait()
    #expect(outcome.state == .finished && outcome.model.step == 28)
    let after = try run.metrics()
    #expect(after.map(\.epoch) == [1, 2, 3, 4] && Array(after.prefix(2)) == Array(before.prefix(2)))
    // And again, from a newest checkpoint that knows of the averages begun anew.
    configuration.training.epochs = 5
    #expect(try train(configuration, run, resuming: true).model.step == 35)
  }

  @Test(
    "A numbered checkpoint that is newer than the newest with its averages is gone on from, and the log stays",
    arguments: [false, true])
  func newerNumbered(lastIsTorn: Bool) throws {
    let folder = try TemporaryFolder()
    var (run, configuration) = try run(in: folder, epochs: 1)
    func newest() -> [String] { folderContents(run.path).filter { $0.hasPrefix("latest.") } }
    let old = try newest().map { (name: $0, bytes: try readFile("\(run.path)/\($0)")) }
    configuration.training.epochs = 3
    #expect(try train(configuration, run, resuming: true).state == .finished)
    let log = try run.metrics()
    // As versions left it that wrote the numbered one alone, with what a save left that failed half-way.
    for name in newest() { #expect(unlink("\(run.path)/\(name)") == 0) }
    for (name, bytes) in old { try writeAtomically(bytes, to: "\(run.path)/\(name)") }
    try writeAtomically([1, 2, 3], to: "\(run.path)/latest.optimiser-20.safetensors")
    try writeAtomically(readFile(run.bestPath), to: "\(run.path)/best-waiting.safetensors")
    if lastIsTorn { try writeAtomically([1, 2, 3], to: run.checkpointPath(epoch: 3)) }

    configuration.training.epochs = 4
    run = try RunDirectory.open(run.path)
    let images = try Fixture.images(120)
    let session = try TrainingSession(
      configuration: configuration, training: images.subset(0..<100), heldOut: images.subset(100..<120), run: run,
      resuming: true, threads: 1)
    let epoch = lastIsTorn ? 2 : 3
    let note = "latest.safetensors is of epoch 1: going on from checkpoint-00000\(epoch).safetensors (epoch \(epoch))"
    #expect(session.note?.hasPrefix(note) == true, "\(session.note ?? "")")
    #expect(try run.metrics() == Array(log.prefix(epoch)))
    #expect(newest() == old.map(\.name))
    #expect(!folderContents(run.path).contains("best-waiting.safetensors"))
    try session.start()
    #expect(session.wait().state == .finished)
    #expect(try run.metrics().map(\.epoch) == [1, 2, 3, 4])
    #expect(run.checkpoints.map(\.epoch) == [1, 2, 3, 4])
    #expect(try Checkpoint.load(run.checkpointPath(epoch: 3)).epoch == 3)
  }

  @Test("A save that fails leaves what was there before, and nothing of itself; an ending tells only of what it saved")
  func failedSave() throws {
    let folder = try TemporaryFolder()
    var configuration = Fixture.configuration(epochs: 100_000)
    configuration.training.checkpointEvery = 0
    let run = try RunDirectory.create(folder.file("run"), configuration: configuration)
    let images = try Fixture.images(120)
    func session(resuming: Bool) throws -> TrainingSession {
      try TrainingSession(
        configuration: configuration, training: images.subset(0..<100), heldOut: images.subset(100..<120), run: run,
        resuming: resuming, threads: 1)
    }
    // A folder of its name refuses the newest checkpoint as a full disk would.
    #expect(mkdir(run.latestPath, 0o777) == 0)
    let first = try session(resuming: false)
    try first.start()
    let failed = first.wait()
    guard case .failed = failed.state else {
      Issue.record("it ended \(failed.state)")
      return
    }
    #expect(failed.checkpoint == nil && failed.earlier == nil)
    let left = folderContents(run.path)
    #expect(left == [".lock", "config.json", "latest.safetensors", "metrics.jsonl"], "\(left)")

    #expect(rmdir(run.latestPath) == 0)
    let second = try session(resuming: true)
    try second.start()
    second.wait(forEpoch: 3)
    second.stop()
    let stopped = second.wait()
    #expect(stopped.checkpoint == run.latestPath && stopped.earlier == nil)
    // Of an ending that saves nothing the one before is told, with its epoch.
    let third = try session(resuming: true)
    try third.start(paused: true)
    third.abandon()
    let abandoned = third.wait()
    #expect(abandoned.checkpoint == nil)
    #expect(abandoned.earlier?.path == run.latestPath && abandoned.earlier?.epoch == stopped.model.epoch)
    #expect(abandoned.earlier?.step == stopped.model.step)
    // Of one whose folder is gone nothing is.
    let fourth = try session(resuming: true)
    try fourth.start(paused: true)
    try FileManager.default.removeItem(atPath: run.path)
    fourth.stop()
    let gone = fourth.wait()
    guard case .failed(let message) = gone.state else {
      Issue.record("it ended \(gone.state)")
      return
    }
    #expect(message == RunDirectoryError.replaced(run.path).description)
    #expect(gone.checkpoint == nil && gone.earlier == nil)
  }

  @Test("A folder that cannot be read is not one that was lost")
  func unreadableIdentity() throws {
    let folder = try TemporaryFolder()
    let (run, _) = try run(in: folder, epochs: 1)
    let held = try RunDirectory.open(run.path).held()
    #expect(unlink(held.configurationPath) == 0 && mkdir(held.configurationPath, 0o777) == 0)
    #expect(throws: DatasetError.self) { try held.checkIdentity() }
    held.lock?.release()
    #expect(throws: DatasetError.self) { try RunDirectory(path: run.path).held() }
    #expect(throws: RunDirectoryError.self) { try RunDirectory.checkNew(run.path) }
  }

  @Test(
    "A run is known by its number: files of another one are refused, and another one in its folder is not written to")
  func identity() throws {
    let folder = try TemporaryFolder()
    let (run, configuration) = try run(in: folder)
    let other = try RunDirectory.create(folder.file("other"), configuration: configuration)
    #expect(try train(configuration, other).state == .finished)
    try FileManager.default.removeItem(atPath: run.latestPath)
    try FileManager.default.copyItem(atPath: other.latestPath, toPath: run.latestPath)
    var longer = configuration
    longer.training.epochs = 4
    let mixed = #expect(throws: CheckpointError.self) { try train(longer, run, resuming: true) }
    #expect(mixed?.description.contains("it is of another run") == true)

    let held = try RunDirectory.open(other.path).held()
    try held.checkIdentity()
    try FileManager.default.removeItem(atPath: held.configurationPath)
    #expect(throws: RunDirectoryError.replaced(held.path)) { try held.checkIdentity() }
    try FileManager.default.copyItem(atPath: run.configurationPath, toPath: held.configurationPath)
    #expect(throws: RunDirectoryError.replaced(held.path)) { try held.append(try #require(try run.metrics().first)) }
  }

  @Test("A folder that is renamed takes its training with it; one that is made anew in its place stays another's")
  func renamed() throws {
    let folder = try TemporaryFolder()
    let configuration = Fixture.configuration(epochs: 100_000)
    let run = try RunDirectory.create(folder.file("run"), configuration: configuration)
    let images = try Fixture.images(120)
    let session = try TrainingSession(
      configuration: configuration, training: images.subset(0..<100), heldOut: images.subset(100..<120), run: run,
      threads: 1)
    try session.start()
    session.wait(forEpoch: 2)
    #expect(rename(run.path, folder.file("moved")) == 0)
    let second = try RunDirectory.create(run.path, configuration: Fixture.configuration(epochs: 1, seed: 8))
    session.stop()
    let outcome = session.wait()
    #expect(outcome.state == .stopped)
    #expect(outcome.checkpoint?.hasSuffix("/moved/latest.safetensors") == true)
    #expect(session.run?.currentPath.hasSuffix("/moved") == true)
    #expect(folderContents(second.path).filter { $0 != ".lock" && $0 != "config.json" }.isEmpty)
    #expect(try Checkpoint.load(folder.file("moved/latest.safetensors")).step == outcome.model.step)
  }

  @Test("After a divergence a run goes on at another rate, and only so")
  func divergence() throws {
    let folder = try TemporaryFolder()
    var configuration = Fixture.configuration(epochs: 40)
    configuration.training.rate = 1e6
    let run = try RunDirectory.create(folder.file("run"), configuration: configuration)
    guard case .failed = try train(configuration, run).state else {
      Issue.record("a rate of a million does not diverge")
      return
    }
    let divergence = try #require(run.divergence)
    #expect(divergence.rate == 1e6 && divergence.advice("r").hasSuffix("--rate 0.001"))
    let reopened = try RunDirectory.open(run.path)
    let refused = #expect(throws: RunDirectoryError.self) { try train(configuration, reopened, resuming: true) }
    #expect(refused?.description.contains("it diverged") == true && refused?.description.contains("--rate") == true)
    let outcome = try train(configuration, reopened, resuming: true, rate: 1e-3)
    #expect(outcome.state == .finished, "\(outcome.state)")
    #expect(reopened.divergence == nil)
    // The rate it went on at is what it goes on with, and what its files say.
    #expect(try ModelLibrary.open(reopened.latestPath).controls["rate"] == 1e-3)
    let text = String(decoding: try readFile(reopened.configurationPath), as: UTF8.self)
    #expect(text.contains("\"controls\""))
    var longer = configuration
    longer.training.epochs = 41
    #expect(try train(longer, reopened, resuming: true).metrics.last?.controls["rate"] == 1e-3)
    // One that did not diverge goes on at another rate too, where that is asked for.
    longer.training.epochs = 42
    #expect(try train(longer, reopened, resuming: true, rate: 1e-4).metrics.last?.controls["rate"] == 1e-4)
    // Where no step is left, none is taken at another rate, and no file says that one was.
    let written = try readFile(reopened.configurationPath)
    #expect(try train(longer, reopened, resuming: true, rate: 1e-2).state == .finished)
    #expect(try ModelLibrary.open(reopened.latestPath).controls["rate"] == 1e-4)
    #expect(try readFile(reopened.configurationPath) == written)
    for rate: Double in [0, -1, .nan, .infinity] {
      #expect(throws: ConfigurationError.self) { try train(longer, reopened, resuming: true, rate: rate) }
    }
  }

  @Test("A rate with which a training can begin, though no key leads to it, is one with which it can go on")
  func rates() throws {
    let folder = try TemporaryFolder()
    var configuration = Fixture.configuration(epochs: 2)
    configuration.training.rate = 1e-10
    let run = try RunDirectory.create(folder.file("run"), configuration: configuration)
    #expect(try train(configuration, run).state == .finished)
    configuration.training.epochs = 3
    let outcome = try train(configuration, try RunDirectory.open(run.path), resuming: true)
    #expect(outcome.state == .finished && outcome.metrics.count == 3)
    #expect(outcome.metrics.last?.controls["rate"] == outcome.metrics.first?.controls["rate"])
  }

  @Test("Without any checkpoint a run that had come further is not begun anew, and its log stays")
  func nothingLeft() throws {
    let folder = try TemporaryFolder()
    let (run, configuration) = try run(in: folder)
    for name in folderContents(run.path) where name.hasSuffix(".safetensors") { unlink("\(run.path)/\(name)") }
    let log = try readFile(run.metricsPath)
    let refused = #expect(throws: RunDirectoryError.self) { try train(configuration, run, resuming: true) }
    #expect(refused?.description.contains("no checkpoint is left of the 3 epochs") == true)
    #expect(try readFile(run.metricsPath) == log)
    // One that was killed before its first checkpoint has told of no epoch, or just of the first.
    for kept in [0, 1] {
      let lines = log.split(separator: UInt8(ascii: "\n")).prefix(kept)
      try Data(lines.flatMap { Array($0) + [UInt8(ascii: "\n")] }).write(to: URL(filePath: run.metricsPath))
      for name in folderContents(run.path) where name.hasSuffix(".safetensors") { unlink("\(run.path)/\(name)") }
      #expect(try train(configuration, run, resuming: true).state == .finished)
      #expect(try run.metrics().map(\.epoch) == [1, 2, 3])
    }
  }

  @Test("Where the newest checkpoint cannot be gone on from, what to remove is said, and then it goes on")
  func deadEnds() throws {
    let folder = try TemporaryFolder()
    let (run, begun) = try run(in: folder)
    var configuration = begun
    configuration.training.epochs = 4
    let newest = try readFile(run.latestPath)
    let name = try #require(folderContents(run.path).first { $0.hasPrefix("latest.optimiser-") })
    let moments = try readFile("\(run.path)/\(name)")
    func restore() throws {
      try Data(newest).write(to: URL(filePath: run.latestPath))
      try Data(moments).write(to: URL(filePath: "\(run.path)/\(name)"))
    }
    func put(_ bytes: some Sequence<UInt8>, _ path: String) throws {
      try Data(Array(bytes)).write(to: URL(filePath: path))
    }
    let log = try readFile(run.metricsPath)
    for hurt in [
      { _ = unlink("\(run.path)/\(name)") },
      { try put(moments.prefix(moments.count / 2), "\(run.path)/\(name)") },
      { try put([], run.latestPath) },
      { try put(newest.prefix(newest.count / 2), run.latestPath) },
      { try put(try readFile(run.bestPath), run.latestPath) },
      { try put(try readFile(run.checkpointPath(epoch: 2)), run.latestPath) },
    ] as [() throws -> Void] {
      try restore()
      try hurt()
      let refused = #expect(throws: CheckpointError.self) { try train(configuration, run, resuming: true) }
      let said = refused?.description ?? ""
      let advice = "remove \(run.latestPath) to go on from checkpoint-000003.safetensors (epoch 3)"
      #expect(said.contains(advice), "\(said)")
      #expect(try readFile(run.metricsPath) == log)
    }
    #expect(unlink(run.latestPath) == 0)
    #expect(try train(configuration, run, resuming: true).state == .finished)
  }
}
