import Datasets
import FoundationEssentials
import LatentModels

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A training session that is ready to start, with what the panes will watch.
struct PreparedSession: Sendable {
  let session: TrainingSession
  let path: String
  /// The images whose codes the scatter shows.
  let images: ImageSet
  let trainingCount: Int

  /// Reads the data, makes the run directory and plans the graph; takes a second or so.
  init(_ given: Configuration, run: String?) throws {
    var configuration = given
    let all = try DataLibrary.open(
      configuration.training.data, part: .training, count: configuration.training.count,
      seed: configuration.training.seed)
    configuration.model.imageWidth = all.width
    configuration.model.imageHeight = all.height
    // A small set keeps at least half its images for learning.
    configuration.training.heldOut = min(configuration.training.heldOut, all.count / 2)
    let (training, heldOut) = try all.split(
      heldOut: configuration.training.heldOut, seed: configuration.training.seed)
    path = run ?? RunPath.fresh(for: configuration)
    let directory = try RunDirectory.create(path, configuration: configuration)
    session = try TrainingSession(
      configuration: configuration, training: training, heldOut: heldOut, run: directory)
    images = heldOut.count > 0 ? heldOut : training.subset(0..<min(5_000, training.count))
    trainingCount = training.count
  }

  /// A session that the command line prepared; the scatter watches the data set's test images.
  init(_ session: TrainingSession, in run: RunDirectory) throws {
    self.session = session
    path = run.path
    let training = session.configuration.training
    let named = try? DataLibrary.open(training.data, part: .test, count: 5_000)
    images = try named ?? DataLibrary.open(training.data, part: .training, count: 5_000)
    trainingCount = 0
  }
}

/// Follows a training session for the panes: what is encoded, how often, and what is reported.
final class TrainingFollower {
  let session: TrainingSession
  let path: String
  /// The images whose codes the scatter shows while training stands still.
  private(set) var images: ImageSet
  /// The few of them that are encoded while training runs.
  private(set) var watched: ImageSet
  private let trainingCount: Int
  private(set) var nextSnapshot = ContinuousClock.now
  private var takenAt: ContinuousClock.Instant?
  private var lastCount = 0

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
  }

  /// The run's name in the header.
  var name: String { fileName(path) }

  func start() -> [Action] {
    do {
      try session.start()
      var report = TrainingReport(phase: .running)
      report.path = path
      report.imagesPerEpoch = trainingCount > 0 ? trainingCount : nil
      return [.trainingChanged(report)]
    } catch {
      return [.trainingChanged(TrainingReport(phase: .failed("\(error)")))]
    }
  }

  func direct(_ command: TrainingCommand) -> [Action] {
    switch command {
    case .pauseOrResume:
      if session.state == .paused { session.resume() } else { session.pause() }
    case .step: session.step()
    case .stop: session.stop()
    case .save:
      session.saveNow()
      return [.say(.note("saving a checkpoint to \(path)"))]
    }
    // What was asked for is to be seen at once.
    nextSnapshot = .now
    return []
  }

  /// Pauses the session and waits until it stands still (a second at most), so that the process can end beside it.
  func rest() {
    session.pause()
    let end = ContinuousClock.now + .seconds(1)
    while session.state == .running, ContinuousClock.now < end { usleep(2_000) }
  }

  /// Whether the next snapshot may be taken: one at a time is drawn, and what is not a passing state is shown at once.
  func isDue(_ now: ContinuousClock.Instant) -> Bool {
    session.state != .running || (takenAt == nil && now >= nextSnapshot)
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

  func report(_ snapshot: Snapshot) -> TrainingReport {
    let phase: TrainingView.Phase =
      switch snapshot.state {
      case .idle, .running: .running
      case .paused: .paused
      case .stopped: .stopped
      case .finished: .finished
      case .failed(let message): .failed(message)
      }
    var report = TrainingReport(phase: phase)
    report.path = path
    report.epoch = snapshot.epoch
    report.step = snapshot.step
    report.images = snapshot.images
    report.imagesPerEpoch = imagesPerEpoch(snapshot)
    report.terms = snapshot.terms
    report.heldOut = snapshot.heldOut
    if snapshot.seconds > 0 { report.imagesPerSecond = Double(snapshot.images) / snapshot.seconds }
    if snapshot.metrics.count != lastCount {
      report.history = snapshot.metrics
      lastCount = snapshot.metrics.count
    }
    return report
  }
}

/// Where runs started from within the explorer go.
enum RunPath {
  /// A path that is not there yet: `./runs/strokes-2d`, numbered where there is one already; in the user's data folder
  /// where the working folder cannot be written.
  static func fresh(for configuration: Configuration) -> String {
    let folder = isWritable(".") ? "runs" : "\(UserFolders.data)/runs"
    let data = fileName(configuration.training.data).filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
    let name = "\(data.isEmpty ? "run" : data)-\(configuration.model.latent)d"
    var path = "\(folder)/\(name)"
    var number = 2
    while exists(path) {
      path = "\(folder)/\(name)-\(number)"
      number += 1
    }
    return path
  }

  private static func isWritable(_ path: String) -> Bool { FileManager.default.isWritableFile(atPath: path) }
  private static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}
