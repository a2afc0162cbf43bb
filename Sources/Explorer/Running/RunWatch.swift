import Datasets
import LatentModels

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Follows a run that another process trains, through its directory: looks once a second, beside the loop, whether its log
/// or its newest checkpoint has changed, and reads what has.
final class RunWatch: Sendable {
  /// What has changed.
  struct News: Sendable {
    /// The weights of the newest checkpoint, where there is a new one.
    var model: LatentModel?
    /// The run by its log; over where nobody trains it any more.
    var record: TrainingView
    /// What could not be read.
    var problem: String?
  }

  private let task: Task<Void, Never>

  /// Begins to look; `tell` is called on any thread, last when the training is over.
  ///
  /// - Parameter configuration: what was trained, for when the directory can no longer tell.
  init(
    _ run: RunDirectory, of configuration: Configuration, every interval: Duration = .seconds(1),
    tell: @escaping @Sendable (News) -> Void
  ) {
    task = Task.detached(priority: .utility) {
      var known = RunMarks()
      while !Task.isCancelled {
        // Nothing is written after the lock was lifted: what is read then is all there is.
        let isOver = run.otherHolder == nil
        let marks = RunMarks(run)
        if isOver || marks != known {
          tell(RunWatch.read(run, configuration, hasNewWeights: marks.newest != known.newest))
          known = marks
        }
        if isOver { return }
        try? await Task.sleep(for: interval)
      }
    }
  }

  deinit { task.cancel() }

  private static func read(_ run: RunDirectory, _ configuration: Configuration, hasNewWeights: Bool) -> News {
    do {
      let metrics = try run.metrics()
      let model = hasNewWeights && isFile(run.latestPath) ? try Checkpoint.load(run.latestPath) : nil
      return News(model: model, record: TrainingView(of: run, otherwise: configuration, metrics))
    } catch {
      return News(record: TrainingView(of: run, otherwise: configuration, []), problem: "\(error)")
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
  var newest: Mark?

  init() {}

  init(_ run: RunDirectory) { (log, newest) = (Self.mark(run.metricsPath), Self.mark(run.latestPath)) }

  private static func mark(_ path: String) -> Mark? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    #if canImport(Glibc)
      let time = status.st_mtim
    #else
      let time = status.st_mtimespec
    #endif
    return Mark(
      file: UInt64(status.st_ino), size: Int64(status.st_size), seconds: Int(time.tv_sec),
      nanoseconds: Int(time.tv_nsec))
  }
}

extension TrainingView {
  /// A run as its directory and its log tell, whoever trains it; or how a model by itself was trained, as its log does.
  init(of run: RunDirectory?, otherwise configuration: Configuration, _ metrics: [MetricsRecord]) {
    self.init(recordOf: (try? run?.configuration()) ?? configuration, metrics, path: run?.path)
    guard let run else { return }
    isGone = !isFile(run.configurationPath)
    if let holder = run.otherHolder { phase = .elsewhere(by: holder) } else { divergence = run.divergence }
  }
}

extension Effects {
  /// Follows the run of the model that is explored.
  func beginToWatch(_ run: RunDirectory) {
    guard let model else { return }
    watchCount += 1
    let (number, mailbox) = (watchCount, mailbox)
    watch = RunWatch(run, of: model.configuration) { news in
      mailbox.post(.delivery { $0.take(news, of: run, watch: number) })
    }
  }

  /// Takes in what another process has written; who has gone back to earlier weights stays there.
  private func take(_ news: RunWatch.News, of run: RunDirectory, watch number: Int) -> [Action] {
    guard watch != nil, number == watchCount else { return [] }
    if !news.record.isGoingOn { watch = nil }
    let record = news.record
    var actions: [Action] = [.perform { $0.take(watched: record) }]
    if let problem = news.problem { actions.append(.say(.error(problem))) }
    guard let model = news.model, let newest = snapshots.newest?.model, model.step != newest.step,
      model.latentSize == newest.latentSize, model.pixelCount == newest.pixelCount
    else { return actions }
    snapshots.keep(model, path: Self.absolute(run.path), metrics: record.history)
    if !snapshots.isAway, snapshots.awaited.map({ $0.source == .newest }) ?? true {
      actions += visit(SnapshotEntry(epoch: model.epoch, source: .newest), isAsked: false)
    }
    return actions + [snapshots.news()]
  }

  /// Whether a run that could be taken up is there.
  func look(forRun path: String) -> [Action] {
    guard !isFile(RunDirectory(path: path).configurationPath) else { return [] }
    return [
      .perform {
        $0.training?.isGone = true
        return []
      }
    ]
  }
}
