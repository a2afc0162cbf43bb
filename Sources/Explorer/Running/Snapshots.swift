import Datasets
import LatentModels

/// The weights that the run explored has had, as far as they are kept: numbered checkpoints of its directory, and
/// snapshots seen since the session began.
final class SnapshotShelf {
  /// The newest weights: those that are being trained, or the model as it was opened.
  struct Newest {
    var model: LatentModel
    var name: String
    var path: String?
    var metrics: MetricsHistory
    /// Codes that came with it.
    var codes: StoredCodes?
  }

  private(set) var newest: Newest?
  /// The newest snapshot of a run that is followed.
  private(set) var latest: Snapshot?
  private var seen: [Int: LatentModel] = [:]
  /// The number of the run that the weights are of: checkpoints of any other are none of these.
  private(set) var identity: String?
  /// Whether the newest weights come by themselves: a numbered checkpoint above them is of what is still to be shown.
  var isFollowed = false
  /// Every so many epochs a snapshot is kept.
  private var spacing = 1
  /// Whether weights are shown that are not the newest.
  var isAway = false
  /// Which visit is still wanted: what others bring is dropped.
  var visit = 0
  var awaited: SnapshotEntry?
  /// The number of the reading that brings all of a long log; nil: none is on its way.
  private(set) var awaitedLog: Int?
  private var logCount = 0
  /// The last watch over a run trained elsewhere that has told what it found.
  var toldWatch = 0

  /// How many snapshots are kept at most, and how many weights in all: a quarter of a gigabyte.
  private static let mostSnapshots = 32
  private static let mostWeights = 1 << 26

  /// Begins anew with a model that was opened; nil: with a run whose first snapshot is still to come.
  func begin(_ newest: Newest?) {
    self.newest = newest
    identity = newest?.path.flatMap { Self.run(at: $0).identity }
    isFollowed = false
    latest = nil
    seen = [:]
    spacing = 1
    isAway = false
    visit += 1
    awaited = nil
    awaitedLog = nil
  }

  /// Awaits all of a log of which the end was read; the number of its reading.
  func awaitLog() -> Int {
    logCount += 1
    awaitedLog = logCount
    return logCount
  }

  /// Awaits it no longer; false where it is not the one awaited.
  func endLog(_ number: Int) -> Bool {
    guard awaitedLog == number else { return false }
    awaitedLog = nil
    return true
  }

  /// Takes all records there are of the newest weights.
  func take(_ metrics: MetricsHistory) { newest?.metrics = metrics }

  /// Keeps the first snapshot seen of an epoch, of many epochs every other; tells whether the epoch is a new one.
  func keep(_ snapshot: Snapshot, name: String, path: String) -> Bool {
    let isNew = newest.map { $0.model.epoch != snapshot.epoch || latest == nil } ?? true
    if latest == nil { identity = Self.run(at: path).identity }
    isFollowed = true
    latest = snapshot
    newest = Newest(model: snapshot.model, name: name, path: path, metrics: snapshot.metrics, codes: nil)
    if isNew { remember(snapshot.model) }
    return isNew
  }

  /// Keeps the newest weights that another process has written of the run that was opened, and those they follow.
  func keep(_ model: LatentModel, path: String, metrics: MetricsHistory) {
    guard let before = newest else { return }
    remember(before.model)
    remember(model)
    newest = Newest(model: model, name: before.name, path: path, metrics: metrics, codes: nil)
  }

  private func remember(_ model: LatentModel) {
    guard model.epoch % spacing == 0, seen[model.epoch] == nil else { return }
    seen[model.epoch] = model
    let parameters = model.parameters
    let weights = parameters.names.reduce(1) { $0 + (parameters.shape(of: $1)?.reduce(1, *) ?? 0) }
    let most = max(2, min(Self.mostSnapshots, Self.mostWeights / weights))
    while seen.count > most {
      spacing *= 2
      seen = seen.filter { $0.key % spacing == 0 }
    }
  }

  /// The snapshots there are now, by epoch.
  var entries: [SnapshotEntry] {
    guard let newest else { return [] }
    var known: [Int: SnapshotEntry.Source] = [:]
    if let run = newest.path.map(Self.run), !run.isReplaced(since: identity) {
      for (epoch, path) in run.checkpoints where !isFollowed || epoch < newest.model.epoch {
        known[epoch] = .file(path)
      }
    }
    for epoch in seen.keys { known[epoch] = .session }
    known[newest.model.epoch] = .newest
    return known.sorted { $0.key < $1.key }.map { SnapshotEntry(epoch: $0.key, source: $0.value) }
  }

  /// The run in whose folder a checkpoint lies, or that is there.
  private static func run(at path: String) -> RunDirectory {
    RunDirectory(path: isFolder(path) ? path : folderName(path))
  }

  /// Tells the state what there is; nothing is on its way any more that is not.
  func news() -> Action {
    let (entries, awaited) = (entries, awaited)
    return .perform { state in
      state.panes[Timeline.self].entries = entries
      state.panes[Timeline.self].awaited = awaited
      return []
    }
  }

  /// Tells the state of a model that was opened what there is, and the person which of it is shown.
  func openingNews() -> [Action] { [news(), .perform { $0.tellWhichIsShown() }] }

  /// How the weights of an entry are got, on any thread. The reading throws what `Checkpoint.load(_:ofRun:)` throws.
  func reading(_ entry: SnapshotEntry) -> (@Sendable () throws -> LatentModel)? {
    switch entry.source {
    case .newest:
      guard let model = newest?.model else { return nil }
      return { model }
    case .session:
      guard let model = seen[entry.epoch] else { return nil }
      return { model }
    case .file(let path):
      let identity = identity
      return { try Checkpoint.load(path, ofRun: identity) }
    }
  }
}

extension Effects {
  /// Whether weights that were asked for are on their way, or all of a long log, or what a run trained elsewhere has come to
  /// is not known yet.
  var isAwaitingRun: Bool {
    snapshots.awaited != nil || snapshots.awaitedLog != nil || watch != nil && snapshots.toldWatch != watchCount
  }

  /// Gets the weights of a snapshot, and codes of the images at hand under them, beside the loop; then shows both at once. It is
  /// said that they are there where a person asked for them.
  func visit(_ entry: SnapshotEntry, isAsked: Bool = true) -> [Action] {
    snapshots.visit += 1
    snapshots.awaited = nil
    if entry.source == .newest, let follower, let latest = snapshots.latest {
      snapshots.isAway = false
      return follow(latest, follower) + [snapshots.news(), .perform { $0.arrived(at: entry) }]
    }
    guard let newest = snapshots.newest, let read = snapshots.reading(entry) else {
      // Of many snapshots every other is dropped in time.
      return [snapshots.news(), .say(.error("the weights of epoch \(entry.epoch) are no longer kept"))]
    }
    snapshots.awaited = entry
    let (number, id, mailbox) = (snapshots.visit, nextCloud(), mailbox)
    let images = follower?.images ?? images
    let codes = entry.source == .newest ? newest.codes : nil
    beside {
      do {
        let model = try read()
        guard model.latentSize == newest.model.latentSize, model.pixelCount == newest.model.pixelCount else {
          throw SnapshotError.otherModel(epoch: entry.epoch, name: newest.name)
        }
        var cloud: CodeCloud?
        if let images = try images.map({ try model.seen($0) }) {
          cloud = try CodeCloud(of: images, by: model, id: id)
        } else if let codes {
          cloud = CodeCloud(codes, of: model, id: id)
        }
        let made = cloud
        mailbox.post(.delivery { $0.arrive(at: entry, model, made, visit: number, isAsked: isAsked) })
      } catch {
        let problem = "\(error)"
        mailbox.post(.delivery { $0.failVisit(problem, visit: number) })
      }
    }
    return []
  }

  private func failVisit(_ problem: String, visit: Int) -> [Action] {
    guard snapshots.visit == visit else { return [] }
    snapshots.awaited = nil
    return [snapshots.news(), .say(.error(problem))]
  }

  private func arrive(
    at entry: SnapshotEntry, _ model: LatentModel, _ cloud: CodeCloud?, visit: Int, isAsked: Bool
  ) -> [Action] {
    guard snapshots.visit == visit, let newest = snapshots.newest else { return [] }
    snapshots.awaited = nil
    snapshots.isAway = entry.source != .newest
    // Its place stays that of the run: steering belongs to it, and the next session begins with its newest.
    var subject = Subject(
      model, name: newest.name, path: newest.path, record: newest.metrics.last(upTo: model.step), generation: 0)
    if snapshots.isAway { (subject.isPast, subject.isBest) = (true, false) }
    let hasCodes = cloud != nil
    return show(model, as: subject, cloud)
      + [.perform { $0.arrived(at: entry, hasCodes: hasCodes, isAsked: isAsked) }]
  }
}

/// Why the weights of a snapshot cannot be shown.
enum SnapshotError: Error, CustomStringConvertible {
  /// The checkpoint is of another model than the run's.
  case otherModel(epoch: Int, name: String)
  /// There is none before the weights shown.
  case noneBefore(String)

  var description: String {
    switch self {
    case .otherModel(let epoch, let name):
      "the checkpoint of epoch \(epoch) holds another model than \(name): :open opens it by its path"
    case .noneBefore(let name):
      "compare with what? Type compare mnist-2d, or the path of a run; \(name) has no earlier snapshot to be compared with"
    }
  }
}
