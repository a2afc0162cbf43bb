import Datasets
import Glibc
import LatentModels

/// Follows a training session for the panes: what is encoded, how often, and what is reported.
final class TrainingFollower {
  let session: TrainingSession
  let path: String
  /// The images whose codes the scatter shows while training stands still.
  private(set) var images: ImageSet
  /// The few of them that are encoded while training runs.
  private var watched: ImageSet
  /// The same as the model sees them, once they have been asked for.
  private var seen: ImageSet?
  private let trainingCount: Int
  private(set) var nextSnapshot = ContinuousClock.now
  private var takenAt: ContinuousClock.Instant?
  private var lastCount = 0
  private var lastStep = 0
  /// What the last command is to bring about, until a snapshot tells that it has.
  private var awaited: Awaited?
  /// Whether a checkpoint that was asked for is still to be written.
  private var isSaving = false

  /// What a command brings about; whatever ends the session ends the waiting too.
  private enum Awaited {
    case running, rest, end
    case step(after: Int)

    func isReached(by snapshot: Snapshot) -> Bool {
      switch (self, snapshot.state) {
      case (_, .stopped), (_, .finished), (_, .failed): true
      case (.running, .running), (.rest, .paused): true
      case (.step(let before), .paused): snapshot.step > before
      default: false
      }
    }
  }

  /// How many codes the scatter shows while training runs.
  private static let watchedCount = 1_000
  /// Ten frames a second at most.
  private static let shortestInterval = Duration.milliseconds(100)
  /// The share of time that following may take: trainers wait for each other, so a pause of one is a pause of all.
  private static let share = 0.015

  init(_ prepared: PreparedSession) {
    session = prepared.session
    path = prepared.path
    trainingCount = prepared.trainingCount
    images = prepared.images
    watched = Self.sample(of: prepared.images)
  }

  private static func sample(of images: ImageSet) -> ImageSet { images.subset(0..<min(images.count, watchedCount)) }

  /// Watches other images from the next snapshot on.
  func watch(_ other: ImageSet) {
    images = other
    watched = Self.sample(of: other)
    seen = nil
  }

  /// The images that are encoded while training runs, as the run's model sees them. Throws a `DatasetError`.
  func watched(by model: LatentModel) throws -> ImageSet {
    if let seen { return seen }
    let made = try model.seen(watched)
    seen = made
    return made
  }

  /// The run's name in the header.
  var name: String { fileName(path) }

  func start() -> [Action] {
    do {
      try session.start()
      var report = TrainingProgress(phase: .running)
      (report.path, report.configuration) = (path, session.configuration)
      (report.epoch, report.step, report.totalSteps) = session.progressAtBeginning
      report.imagesPerEpoch = trainingCount > 0 ? trainingCount : nil
      report.controls = session.controls
      return [.trainingChanged(report)] + (session.note.map { [.say(.note($0))] } ?? [])
    } catch {
      return [.trainingChanged(TrainingProgress(phase: .failed("\(error)")))]
    }
  }

  /// Carries a command out; what comes of it later is told on any thread.
  func direct(_ command: TrainingCommand, tell: @escaping @Sendable (Message) -> Void) -> [Action] {
    switch command {
    case .pauseOrResume:
      if session.state == .paused {
        session.resume()
        awaited = .running
      } else {
        session.pause()
        awaited = .rest
      }
    case .step:
      session.step()
      awaited = .step(after: lastStep)
    case .stop:
      session.stop()
      awaited = .end
    case .save:
      let path = path
      isSaving = true
      session.saveNow { step in tell(.note("saved \(path) at step \(Numbers.grouped(step))")) }
      return [.say(.note("saving a checkpoint to \(path)"))]
    }
    // What was asked for is to be seen at once.
    nextSnapshot = .now
    return []
  }

  /// Whether what was commanded has not come about yet.
  var isAwaiting: Bool { awaited != nil || isSaving }

  /// Notes that the checkpoint that was asked for is written.
  func hasSaved() { isSaving = false }

  /// Pauses the session and waits until it stands still (a second at most), so that the process can end beside it.
  func rest() {
    session.pause()
    let end = ContinuousClock.now + .seconds(1)
    while session.state == .running, ContinuousClock.now < end { usleep(2_000) }
  }

  /// Whether the next snapshot may be taken: one at a time is drawn, and what is not a passing state, or may be what a person
  /// waits for, is shown at once.
  func isDue(_ now: ContinuousClock.Instant) -> Bool {
    session.state != .running || awaited != nil || (takenAt == nil && now >= nextSnapshot)
  }

  /// Notes that a snapshot is being taken in.
  func took(at begin: ContinuousClock.Instant) { takenAt = begin }

  /// Notes that it is on the screen: the longer this took, the later the next.
  func presented() {
    guard let begin = takenAt else { return }
    let now = ContinuousClock.now
    takenAt = nil
    nextSnapshot = max(begin + Self.shortestInterval, now + (now - begin) / Self.share)
  }

  /// Images in an epoch; of a session prepared elsewhere, as its steps tell.
  private func imagesPerEpoch(_ snapshot: Snapshot) -> Int? {
    if trainingCount > 0 { return trainingCount }
    let training = session.configuration.training
    let steps = training.epochs > 0 ? snapshot.totalSteps / training.epochs : 0
    return steps > 0 ? steps * training.batch : nil
  }

  func report(_ snapshot: Snapshot) -> TrainingProgress {
    let phase: TrainingView.Phase =
      switch snapshot.state {
      case .idle, .running: .running
      case .paused: .paused
      case .stopped: .stopped
      case .finished: .finished
      case .failed(let message): .failed(message)
      }
    var report = TrainingProgress(phase: phase)
    lastStep = snapshot.step
    if awaited?.isReached(by: snapshot) == true { awaited = nil }
    // A run that ends saves itself.
    if phase != .running, phase != .paused { isSaving = false }
    report.path = path
    report.epoch = snapshot.epoch
    report.step = snapshot.step
    report.images = snapshot.images
    report.totalSteps = snapshot.totalSteps
    report.imagesPerEpoch = imagesPerEpoch(snapshot)
    report.terms = snapshot.terms
    report.heldOut = snapshot.heldOut
    report.annealed = snapshot.annealed
    if case .failed = phase { report.divergence = RunDirectory(path: path).divergence }
    if snapshot.seconds > 0 { report.imagesPerSecond = Double(snapshot.images) / snapshot.seconds }
    if snapshot.metrics.count != lastCount {
      report.history = snapshot.metrics
      lastCount = snapshot.metrics.count
    }
    return report
  }
}
