import Datasets
import Glibc
import LatentModels
import Synchronization

/// Follows a run that another process trains, through its directory: looks once a second, beside the loop, whether its log
/// or its newest checkpoints have changed, and reads what has.
final class RunWatch: Sendable {
  /// What has changed.
  struct News: Sendable {
    /// The newest weights among the checkpoints that have changed, whichever file holds them.
    var model: LatentModel?
    /// The run by its log, over where nobody trains it any more; nil where its folder holds another run now.
    var record: TrainingView?
    /// What could not be read.
    var problem: String?
  }

  /// Which run is followed.
  private struct Followed {
    var directory: RunDirectory
    /// The run's number, once it is known.
    var identity: String?
    var configuration: Configuration
    /// Its log as it was last read.
    var log: RunDirectory.ReadLog?
  }

  /// Whether nobody wants to know any more.
  fileprivate final class Life: Sendable {
    let isOver = Atomic<Bool>(false)
  }

  private let life = Life()

  /// Begins to look; `tell` is called on any thread, last when the training is over or another run is in its folder.
  ///
  /// - Parameters:
  ///   - identity: the run's number; nil: what its folder says at the first look.
  ///   - configuration: what was trained, for when the directory can no longer tell.
  init(
    _ run: RunDirectory, identity: String?, of configuration: Configuration, every interval: Duration = .seconds(1),
    tell: @escaping @Sendable (News) -> Void
  ) {
    let followed = Followed(directory: run, identity: identity, configuration: configuration)
    RunWatch.look(followed, nil, every: interval, life, tell)
  }

  deinit { life.isOver.store(true, ordering: .relaxed) }

  /// Looks beside the loop, at once or an interval after the last look, and goes on as long as the run does.
  private static func look(
    _ followed: Followed, _ known: RunMarks?, every interval: Duration, _ life: Life,
    _ tell: @escaping @Sendable (News) -> Void
  ) {
    beside(after: known == nil ? .zero : interval) {
      guard !life.isOver.load(ordering: .relaxed) else { return }
      var followed = followed
      // A run of an older version gets its number when it is gone on with.
      followed.identity = followed.identity ?? followed.directory.identity
      // Nothing is written after the lock was lifted: what is read then is all there is.
      let isOver = followed.directory.otherHolder == nil
      let marks = RunMarks(followed.directory)
      if isOver || marks != known {
        let news = RunWatch.read(&followed, changed: marks.weightsChanged(since: known))
        tell(news)
        guard news.record != nil else { return }
      }
      if !isOver { RunWatch.look(followed, marks, every: interval, life, tell) }
    }
  }

  private static func read(_ followed: inout Followed, changed: [String]) -> News {
    let run = followed.directory
    var metrics: [MetricsRecord] = []
    var problems: [String] = []
    do {
      let log = try run.log(after: followed.log)
      followed.log = log
      metrics = log.records
    } catch { problems.append("\(error)") }
    var newest: LatentModel?
    for path in changed {
      do {
        let model = try Checkpoint.load(path, ofRun: followed.identity)
        if model.configuration.model == followed.configuration.model, newest.map({ model.step > $0.step }) ?? true {
          newest = model
        }
      } catch { problems.append("\(error)") }
    }
    let record = TrainingView(of: run, otherwise: followed.configuration, MetricsHistory(metrics))
    // Asked last: what was read before was this run's if its folder still is.
    if run.isReplaced(since: followed.identity) { return News() }
    // Of a folder that is gone no file can be read, which is no fault of theirs.
    let problem = record.isGone || problems.isEmpty ? nil : problems.joined(separator: "; ")
    return News(model: newest, record: record, problem: problem)
  }
}

/// Waits for another process to take up a run at rest: looks every two seconds, beside the loop, whether its lock was written,
/// and asks who has it only then, and at the first look. A lock that is asked for often would sometimes keep out who wants it.
final class LockWatch: Sendable {
  private let life = RunWatch.Life()

  /// Begins to look; `tell` is called on any thread, at every look for as long as another process has the run, and without
  /// its name where one has had it between two looks.
  init(
    _ run: RunDirectory, every interval: Duration = .seconds(2), tell: @escaping @Sendable (_ holder: String?) -> Void
  ) {
    LockWatch.look(run, nil, every: interval, life, tell)
  }

  deinit { life.isOver.store(true, ordering: .relaxed) }

  private static func look(
    _ run: RunDirectory, _ known: RunMarks.Mark?, every interval: Duration, _ life: RunWatch.Life,
    _ tell: @escaping @Sendable (_ holder: String?) -> Void
  ) {
    beside(after: interval) {
      guard !life.isOver.load(ordering: .relaxed) else { return }
      let mark = RunMarks.mark(run.lockPath)
      var known = known
      if mark != known {
        let holder = run.otherHolder
        if holder != nil || known != nil && run.wasLastHeldByAnother { tell(holder) }
        if holder == nil { known = mark }
      }
      LockWatch.look(run, known, every: interval, life, tell)
    }
  }
}

/// By what one sees, without reading them, that files of a run have changed.
private struct RunMarks: Equatable {
  struct Mark: Equatable {
    var file: UInt64
    var size: Int64
    var seconds: Int
    var nanoseconds: Int
  }

  var log: Mark?
  /// By path, those that may hold the newest weights: the newest is written rarely, the numbered ones as was asked for.
  var weights: [String: Mark] = [:]

  init(_ run: RunDirectory) {
    log = Self.mark(run.metricsPath)
    for path in [run.latestPath, run.bestPath] + run.checkpoints.suffix(1).map(\.path) {
      weights[path] = Self.mark(path)
    }
  }

  /// The paths of the weights that have been written since.
  func weightsChanged(since known: RunMarks?) -> [String] {
    weights.keys.filter { weights[$0] != known?.weights[$0] }.sorted()
  }

  static func mark(_ path: String) -> Mark? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    let time = status.st_mtim
    return Mark(
      file: UInt64(status.st_ino), size: Int64(status.st_size), seconds: Int(time.tv_sec),
      nanoseconds: Int(time.tv_nsec))
  }
}

extension TrainingView {
  /// A run as its directory and its log tell, whoever trains it; or how a model by itself was trained, as its log does.
  init(of run: RunDirectory?, otherwise configuration: Configuration, _ metrics: MetricsHistory) {
    self.init(recordOf: (try? run?.configuration()) ?? configuration, metrics, path: run?.path)
    guard let run else { return }
    identity = run.identity
    isGone = !isFile(run.configurationPath)
    if let holder = run.otherHolder { phase = .elsewhere(by: holder) } else { divergence = run.divergence }
    guard phase == .recorded, divergence == nil, let left = Self.weightsToGoOnFrom(run), left.step < step else {
      return
    }
    // A kill leaves a log of more than was saved, and that much will be trained again.
    let record = history.last(upTo: left.step)
    (epoch, step, images) = (left.epoch, left.step, record?.images ?? 0)
    (terms, heldOut) = (record?.training ?? [], record?.heldOut)
  }

  /// The weights that training goes on from: the newest checkpoint, or where there is none the last of the others.
  private static func weightsToGoOnFrom(_ run: RunDirectory) -> LatentModel? {
    if isFile(run.latestPath) { return try? Checkpoint.load(run.latestPath) }
    let others = [run.bestPath] + run.checkpoints.suffix(1).map(\.path)
    return others.compactMap { try? Checkpoint.load($0) }.max { $0.step < $1.step }
  }

  /// What the log tells beyond the checkpoint of a run at rest; empty where it tells no more.
  var lostText: String {
    guard phase == .recorded, path != nil, let last = history.last?.epoch, last > epoch else { return "" }
    return " (logged to epoch \(last), not saved)"
  }
}

extension Effects {
  /// Follows the run of the model that is explored.
  func beginToWatch(_ run: RunDirectory) {
    guard let model else { return }
    watchCount += 1
    let (number, mailbox) = (watchCount, mailbox)
    snapshots.isFollowed = true
    lockWatch = nil
    watch = RunWatch(run, identity: snapshots.identity, of: model.configuration) { news in
      mailbox.post(.delivery { $0.take(news, of: run, watch: number) })
    }
  }

  /// Begins to follow a run at rest as soon as another process takes it up.
  func awaitOthers(_ run: RunDirectory) {
    let mailbox = mailbox
    lockWatch = LockWatch(run) { holder in mailbox.post(.action(.perform { $0.takeUp(run.path, by: holder) })) }
  }

  /// Takes in what another process has written; who has gone back to earlier weights stays there.
  private func take(_ news: RunWatch.News, of run: RunDirectory, watch number: Int) -> [Action] {
    guard watch != nil, number == watchCount else { return [] }
    snapshots.toldWatch = number
    guard let record = news.record else {
      watch = nil
      return [.perform { $0.takeReplacement() }, snapshots.news()]
    }
    if !record.isGoingOn {
      watch = nil
      if !record.isGone { awaitOthers(run) }
    }
    var actions: [Action] = [.perform { $0.take(watched: record) }]
    // Of a log that cannot be read nothing is known.
    if !record.history.isEmpty { actions += complete(with: record.history) }
    if let problem = news.problem { actions.append(.say(.error(problem))) }
    guard let model = news.model, let newest = snapshots.newest?.model, model.step > newest.step,
      model.latentSize == newest.latentSize, model.pixelCount == newest.pixelCount
    else { return actions }
    snapshots.keep(model, path: Self.absolute(run.path), metrics: record.history)
    if !snapshots.isAway, snapshots.awaited.map({ $0.source == .newest }) ?? true {
      actions += visit(SnapshotEntry(epoch: model.epoch, source: .newest), isAsked: false)
    }
    return actions + [snapshots.news()]
  }

  /// Whether a run that could be taken up is there, and no other in its place.
  func look(forRun path: String, _ identity: String?) -> [Action] {
    let run = RunDirectory(path: path)
    guard !isFile(run.configurationPath) || run.isReplaced(since: identity) else { return [] }
    return [
      .perform {
        $0.training?.isGone = true
        return []
      }
    ]
  }
}
