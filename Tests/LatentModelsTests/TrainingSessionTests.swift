import Datasets
import Foundation
import Tensors
import Testing

@testable import LatentModels

/// A session over the small images, started.
private func session(
  _ configuration: Configuration = Fixture.configuration(), run: RunDirectory? = nil, resuming: Bool = false,
  threads: Int = 2, paused: Bool = false
) throws -> TrainingSession {
  let images = try Fixture.images(120)
  let session = try TrainingSession(
    configuration: configuration, training: images.subset(0..<100), heldOut: images.subset(100..<120), run: run,
    resuming: resuming, threads: threads)
  try session.start(paused: paused)
  return session
}

private func weights(_ model: LatentModel) -> [String: Tensor] { Fixture.tensors(model.parameters) }

@Suite("Training sessions")
struct TrainingSessionTests {
  @Test("A session trains to its last epoch, and the terms fall")
  func trains() throws {
    let outcome = try session(Fixture.configuration(epochs: 30)).wait()
    #expect(outcome.state == .finished)
    #expect(outcome.metrics.count == 30)
    // 100 images in batches of 16: seven steps an epoch, the last of four images.
    #expect(outcome.model.step == 210)
    #expect(outcome.metrics.last?.images == 3000)
    let first = try #require(outcome.metrics.first?.training["loss"])
    let last = try #require(outcome.metrics.last?.training["loss"])
    #expect(last < first - 0.5)
    let heldOut = try #require(outcome.metrics.last?.heldOut)
    #expect(heldOut.map(\.name) == ["reconstruction", "KL", "loss"])
    let best = try #require(outcome.best)
    #expect(best.terms["loss"] == outcome.metrics.compactMap { $0.heldOut?["loss"] }.min())
  }

  @Test("The last snapshot tells of the last steps, though none came since the one before")
  func lastTerms() throws {
    let training = try session(Fixture.configuration(epochs: 1))
    #expect(training.wait().state == .finished)
    let last = try #require(training.snapshots.latest)
    #expect(last.state == .finished && last.terms.map(\.name) == last.metrics.last?.training.map(\.name))
  }

  @Test("Records that were given away stay as they were, whatever is added")
  func history() {
    var history: MetricsHistory = []
    var given: [MetricsHistory] = []
    for epoch in 1...600 {
      given.append(history)
      history.append(
        MetricsRecord(
          epoch: epoch, step: epoch * 7, images: epoch, seconds: 0, learningRate: 1, controls: [:], training: [],
          heldOut: nil))
    }
    for (count, earlier) in given.enumerated() { #expect(earlier.count == count && earlier.last?.epoch ?? 0 == count) }
    #expect(history.map(\.epoch) == Array(1...600) && MetricsHistory(Array(history)).map(\.epoch) == Array(1...600))
    #expect(history.last(upTo: 7 * 256 + 1)?.epoch == 256 && history.last(upTo: 6) == nil)
  }

  @Test(
    "Every objective and likelihood trains",
    arguments: ObjectiveKind.all.filter { !$0.requirements.usesLabels }.map(\.identifier))
  func objectives(kind: String) throws {
    let requirements = try #require(ObjectiveKind.named(kind)).requirements
    for (place, row) in LikelihoodKind.all.enumerated() {
      // One sample and several in turn.
      let samples = min(place.isMultiple(of: 2) ? 1 : 3, requirements.samples.upperBound)
      let configuration = Fixture.configuration(
        objective: ObjectiveConfiguration(kind: kind, samples: samples), epochs: 12,
        likelihood: try Fixture.likelihood(row))
      let metrics = try session(configuration).wait().metrics
      let first = try #require(metrics.first?.training["loss"])
      #expect(try #require(metrics.last?.training["loss"]) < first)
      #expect(metrics.last?.training.map(\.name) == configuration.terms.map(\.name) + ["loss"])
    }
  }

  @Test("The rate of every epoch's last step is what the schedule says")
  func schedule() throws {
    var configuration = Fixture.configuration(epochs: 4)
    configuration.training.schedule = RateSchedule(decay: .cosine, warmUpSteps: 10)
    // Seven steps an epoch: steps 6, 13, 20 and 27 of 28, of which ten warm up.
    let rates = try session(configuration).wait().metrics.map(\.learningRate)
    let cosines = [13, 20, 27].map { 0.5 * (1 + cos(Double.pi * Double($0 - 10) / 18)) }
    for (rate, factor) in zip(rates, [0.7] + cosines) { #expect(abs(rate - 0.01 * factor) < 1e-8) }
  }

  @Test("Images that are held out never touch the weights, and no image is both held out and learnt from")
  func heldOut() throws {
    let images = try Fixture.images(160)
    func train(_ heldOut: ImageSet?) throws -> [String: Tensor] {
      let session = try TrainingSession(
        configuration: Fixture.configuration(treatment: .sampled), training: images.subset(0..<100), heldOut: heldOut)
      try session.start()
      return weights(session.wait().model)
    }
    let without = try train(nil)
    #expect(try train(images.subset(100..<120)) == without)
    #expect(try train(images.subset(120..<160)) == without)

    var configuration = Configuration()
    (configuration.training.data, configuration.training.count, configuration.training.heldOut) = ("strokes", 200, 50)
    let data = try TrainingData.open(configuration)
    let (training, heldOut) = (data.training, data.heldOut)
    #expect(training.count == 150 && heldOut.count == 50)
    #expect(Set(training.rows + heldOut.rows) == Set(0..<200))
    #expect(try TrainingData.open(configuration).heldOut.rows == heldOut.rows)
    configuration.training.heldOut = 200
    #expect(throws: TrainingError.self) { try TrainingData.open(configuration) }
  }

  @Test("A session pauses, takes single steps, resumes and stops on request")
  func control() throws {
    let folder = try TemporaryFolder()
    let configuration = Fixture.configuration(epochs: 100_000)
    let run = try RunDirectory.create(folder.file("run"), configuration: configuration)
    let session = try session(configuration, run: run, paused: true)
    advance(session, to: 3)
    #expect(session.snapshots.latest?.step == 3)
    #expect(session.state == .paused)
    session.resume()
    session.wait(forStep: 50)
    #expect(session.state == .running)
    session.pause()
    session.wait { session.snapshots.latest?.state == .paused }
    let paused = try #require(session.snapshots.latest)
    #expect(paused.state == .paused)
    usleep(20_000)
    #expect(session.snapshots.latest?.step == paused.step)
    session.stop()
    let outcome = session.wait()
    #expect(outcome.state == .stopped)
    #expect(outcome.checkpoint == run.latestPath)
    #expect(try Checkpoint.load(run.latestPath).step == outcome.model.step)
    #expect(session.snapshots.latest?.state == .stopped)
  }

  @Test("Snapshots are whole models that do not change while training goes on")
  func snapshots() throws {
    let session = try session(Fixture.configuration(epochs: 100_000))
    session.wait(forStep: 10)
    let snapshot = try #require(session.snapshots.take())
    let before = try snapshot.model.decode([0.5, -0.5])
    session.wait(forStep: snapshot.step + 1)
    let later = try #require(session.snapshots.take())
    #expect(later.step > snapshot.step)
    #expect(try snapshot.model.decode([0.5, -0.5]) == before)
    #expect(try later.model.decode([0.5, -0.5]) != before)
    #expect(later.terms.map(\.name) == ["reconstruction", "KL", "loss"])
    session.stop()
    _ = session.wait()
  }

  @Test("β and the learning rate change while training, from the next step on")
  func liveSettings() throws {
    let session = try session(Fixture.configuration(epochs: 100_000), paused: true)
    advance(session, to: 2)
    let before = weights(try #require(session.snapshots.latest).model)
    #expect(session.set("rate", to: 1e-9))
    #expect(session.set("beta", to: 7))
    #expect(!session.set("beta", to: .nan))
    #expect(!session.set("rate", to: -1))
    #expect(!session.set("gamma", to: 1))
    advance(session, to: 3)
    let snapshot = try #require(session.snapshots.latest)
    #expect(snapshot.controls["beta"] == 7)
    #expect(snapshot.learningRate == 1e-9)
    for (name, tensor) in weights(snapshot.model) {
      let former = try #require(before[name]).elements
      #expect(zip(tensor.elements, former).allSatisfy { abs($0 - $1) < 1e-7 })
    }
    let terms = snapshot.terms
    let total = try #require(terms["reconstruction"]) + 7 * (try #require(terms["KL"]))
    #expect(abs(total - (try #require(terms["loss"]))) < 1e-3)
    session.stop()
    _ = session.wait()
  }

  @Test(
    "A run that dies at any step and is resumed ends with the same bits, live changes included",
    arguments: [1, 5, 9, 14, 16])
  func resume(death: Int) throws {
    let folder = try TemporaryFolder()
    var configuration = Fixture.configuration(objective: ObjectiveConfiguration(samples: 2), treatment: .sampled)
    if death > 8 {
      configuration.training.schedule = RateSchedule(decay: .cosine, warmUpSteps: 5)
      configuration.training.clipNorm = 1
    }
    /// Trains with a change of β at step 4 and of the rate at step 8, dying `death` steps in if asked.
    func train(_ name: String, dies: Bool) throws -> (LatentModel, [MetricsRecord]) {
      let run = try RunDirectory.create(folder.file(name), configuration: configuration)
      var session = try session(configuration, run: run, paused: true)
      func change(upTo step: Int, from start: Int) {
        for (at, apply) in [(4, { session.set("beta", to: 3) }), (8, { session.set("rate", to: 3e-3) })]
          as [(Int, () -> Void)]
        where at >= start && at < step {
          advance(session, to: at)
          apply()
        }
        advance(session, to: step)
      }
      if dies {
        change(upTo: death, from: 0)
        session.saveNow()
        session.wait { (try? Checkpoint.load(run.latestPath).step) == death }
        change(upTo: min(21, death + 3), from: death)
        session.abandon()
        #expect(session.wait().state == .stopped)
        session = try LatentModelsTests.session(configuration, run: run, resuming: true, threads: 1, paused: true)
        session.wait { session.snapshots.latest != nil }
        #expect(session.snapshots.latest?.step == death)
        change(upTo: 21, from: death)
      } else {
        change(upTo: 21, from: 0)
      }
      session.resume()
      let outcome = session.wait()
      #expect(outcome.state == .finished)
      return (outcome.model, try run.metrics())
    }
    let (whole, wholeMetrics) = try train("whole", dies: false)
    let (resumed, resumedMetrics) = try train("resumed", dies: true)
    #expect(weights(resumed) == weights(whole))
    #expect(resumedMetrics.map(\.training) == wholeMetrics.map(\.training))
    #expect(resumedMetrics.map(\.heldOut) == wholeMetrics.map(\.heldOut))
    #expect(resumedMetrics.map(\.step) == [7, 14, 21])
    let (first, second) = (RunDirectory(path: folder.file("whole")), RunDirectory(path: folder.file("resumed")))
    #expect(weights(try Checkpoint.load(second.bestPath)) == weights(try Checkpoint.load(first.bestPath)))
  }

  @Test("A loss that is not finite stops the training, names term and step, and keeps the last good checkpoint")
  func notFinite() throws {
    let folder = try TemporaryFolder()
    var configuration = Fixture.configuration(epochs: 1000)
    // A numbered checkpoint would have the newest one written before it.
    configuration.training.checkpointEvery = 0
    let run = try RunDirectory.create(folder.file("run"), configuration: configuration)
    let session = try session(configuration, run: run, paused: true)
    advance(session, to: 5)
    let told = LatestValue<Int>()
    session.saveNow { told.publish($0) }
    session.wait { told.latest != nil }
    // Who asked is told once it is written, and of which step it is.
    #expect(told.latest == 5)
    #expect(try Checkpoint.load(run.latestPath).step == 5)
    session.set("rate", to: 10)
    session.resume()
    let outcome = session.wait()
    guard case .failed(let message) = outcome.state else {
      Issue.record("the training ended \(outcome.state)")
      return
    }
    #expect(message.contains("not finite at step"))
    #expect(message.contains("reconstruction") || message.contains("KL"))
    #expect(message.contains(run.latestPath))
    #expect(try Checkpoint.load(run.latestPath).step == 5)
    #expect(session.snapshots.latest?.state == outcome.state)
    #expect(weights(outcome.model).values.allSatisfy { $0.elements.allSatisfy(\.isFinite) })
  }

  @Test("A run holds its log, its best, its newest and its numbered checkpoints")
  func runDirectory() throws {
    let folder = try TemporaryFolder()
    let configuration = Fixture.configuration(epochs: 5)
    let run = try RunDirectory.create(folder.file("run"), configuration: configuration)
    let outcome = try session(configuration, run: run).wait()
    #expect(run.checkpoints.map(\.epoch) == [2, 4])
    #expect(try run.metrics() == outcome.metrics)
    #expect(try run.configuration() == configuration)
    #expect(try Checkpoint.load(run.bestPath).epoch == outcome.best?.epoch)
    #expect(try Checkpoint.load(run.latestPath).epoch == 5)
    // Finished already: resuming has nothing to add, more epochs go on.
    #expect(try session(configuration, run: run, resuming: true).wait().model.step == 35)
    var longer = configuration
    longer.training.epochs = 6
    #expect(try session(longer, run: run, resuming: true).wait().metrics.count == 6)
  }

  @Test("A run ends with the files of an uninterrupted one, though a killed part of it had gone further")
  func shorterAfterKill() throws {
    let folder = try TemporaryFolder()
    var configuration = Fixture.configuration(epochs: 9)
    let run = try RunDirectory.create(folder.file("run"), configuration: configuration)
    let killed = try session(configuration, run: run, paused: true)
    advance(killed, to: 10)
    killed.saveNow()
    killed.wait { (try? Checkpoint.load(run.latestPath).step) == 10 }
    advance(killed, to: 7 * 5 + 3)
    killed.abandon()
    _ = killed.wait()
    // The newest checkpoint is never older than a numbered one: it was written before it.
    #expect(run.checkpoints.map(\.epoch) == [2, 4])
    #expect(try Checkpoint.load(run.latestPath).step == 28)
    #expect(try run.metrics().map(\.epoch) == [1, 2, 3, 4, 5])
    // One that is not sound is not gone on from, and does not stay.
    let torn = try readFile(run.checkpointPath(epoch: 4))
    try writeAtomically(Array(torn.prefix(torn.count / 2)), to: run.checkpointPath(epoch: 8))
    configuration.training.epochs = 5
    let metrics = try session(configuration, run: run, resuming: true).wait().metrics
    #expect(metrics.map(\.epoch) == [1, 2, 3, 4, 5])
    #expect(run.checkpoints.map(\.epoch) == [2, 4])
    let best = try #require(metrics.min { $0.heldOut?["loss"] ?? 0 < $1.heldOut?["loss"] ?? 0 })
    #expect(try Checkpoint.load(run.bestPath).epoch == best.epoch)
    // What is done cannot be undone by asking for less, and the configuration goes on to say what was done.
    configuration.training.epochs = 3
    let problem = "it has come to epoch 5 and cannot end after epoch 3: ask for more epochs"
    #expect(throws: RunDirectoryError.mismatch(path: run.path, problem: problem)) {
      try session(configuration, run: run, resuming: true)
    }
    #expect(try run.configuration().training.epochs == 5)
  }

  @Test("What does not fit is refused before training: a second trainer, other images, settings or sizes, no images")
  func refusals() throws {
    let folder = try TemporaryFolder()
    let configuration = Fixture.configuration(epochs: 100_000)
    let run = try RunDirectory.create(folder.file("run"), configuration: configuration)
    let first = try session(configuration, run: run)
    #expect(throws: RunDirectoryError.locked(path: run.path, holder: "process \(getpid())")) {
      try session(configuration, run: run, resuming: true)
    }
    first.stop()
    _ = first.wait()
    withExtendedLifetime(first) {}
    let images = try Fixture.images(30)
    #expect(throws: TrainingError.nothingToResume) { try session(configuration, resuming: true) }
    #expect(throws: TrainingError.noImages) {
      try TrainingSession(configuration: configuration, training: images.subset([]), heldOut: nil)
    }
    var changed = configuration
    changed.training.batch = 8
    let problem =
      "training.batch is not what it was trained with: only the number of epochs can change (see config.json)"
    #expect(throws: RunDirectoryError.mismatch(path: run.path, problem: problem)) {
      try session(changed, run: run, resuming: true)
    }
    var vast = configuration
    (vast.model.hidden, vast.objective.samples) = ([1 << 20], 10_000)
    let error = #expect(throws: TrainingError.self) { try session(vast) }
    #expect(error?.description.contains("MB of memory") == true)
    var wide = configuration
    wide.model.imageWidth = 4
    #expect(throws: TrainingError.self) { try TrainingSession(configuration: wide, training: images, heldOut: nil) }
  }
}
