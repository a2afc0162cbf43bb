import Datasets
import FoundationEssentials
import Glibc
import Tensors

/// A folder that holds one training: `config.json`, `metrics.jsonl`, `latest.safetensors` with the optimiser's moments
/// beside it, `best.safetensors`, and `checkpoint-000010.safetensors` and so on.
///
/// Every file but the log is written whole under no or a temporary name, synced and renamed; the log is appended to.
/// `latest.safetensors` names its optimiser file, which is written before it and removed after the next, so a kill at any
/// moment leaves a pair that fits. A new best checkpoint waits under another name until the newest one that knows of it
/// is there. A number in `config.json` and in the checkpoints says which run they are of: a training looks at it before
/// every write. No file of a run is followed out of its folder.
public struct RunDirectory: Sendable, Hashable {
  /// The folder.
  public let path: String
  /// What this process holds the run by, where it does.
  let lock: RunLock?
  /// The folders that were made for it, outermost first.
  private let made: [String]

  /// The folder at `path`, whether or not it holds a run.
  public init(path: String) { self.init(path: path, lock: nil) }

  private init(path: String, lock: RunLock?, made: [String] = []) {
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    self.lock = lock
    self.made = made
  }

  /// One path is one run.
  public static func == (first: RunDirectory, second: RunDirectory) -> Bool { first.path == second.path }
  /// By the path.
  public func hash(into hasher: inout Hasher) { hasher.combine(path) }

  /// The folder of an existing run. Throws `RunDirectoryError.missing` if there is no configuration in it, or a `DatasetError`
  /// where the system does not let that be seen.
  public static func open(_ path: String) throws -> RunDirectory {
    let run = RunDirectory(path: path)
    try checkVisible(run.configurationPath)
    guard access(run.configurationPath, F_OK) == 0 else {
      throw classRuns(in: path).isEmpty ? RunDirectoryError.missing(path) : .oneAClass(path)
    }
    return run
  }

  /// Finds out, before data are read, whether a run could be made at `path`. Throws `RunDirectoryError.exists` if a
  /// training is in it already, `RunDirectoryError.oneAClass` if one a class is, `RunDirectoryError.occupied` where a file of
  /// another kind has the name of one of a run, or a `DatasetError` where it cannot be written.
  public static func checkNew(_ path: String) throws {
    let run = RunDirectory(path: path)
    guard classRuns(in: run.path).isEmpty else { throw RunDirectoryError.oneAClass(run.path) }
    if let folder = try? run.folder() { try run.checkVacant(folder) }
    try checkWritableFolder(run.path)
  }

  /// Makes the folder, takes it for this process and writes the configuration: of two that begin a run in one folder at
  /// once, one is refused. Throws what `checkNew` and `held` throw.
  public static func create(_ path: String, configuration: Configuration) throws -> RunDirectory {
    try checkNew(path)
    try configuration.validate()
    let missing = missingFolders(path)
    try makeFolder(path)
    let run = try RunDirectory(path: path, lock: nil, made: missing).held()
    guard let lock = run.lock else { throw RunDirectoryError.exists(path) }
    try run.checkVacant(lock.folder)
    // What a training that never began left is no run's.
    lock.identify(as: RunConfiguration.newIdentity())
    try run.put(configuration)
    return run
  }

  /// The folders that `path` needs and that are not there, outermost first.
  private static func missingFolders(_ path: String) -> [String] {
    var missing: [String] = []
    var folder = RunDirectory(path: path).path
    while folder != ".", !isFolder(folder), missing.first != folder {
      missing.insert(folder, at: 0)
      folder = folderName(folder)
    }
    return missing
  }

  /// Takes back what `create` made for a training that then could not begin: files that it wrote, a log without an epoch
  /// among them, and folders that it made, as long as nothing else is in them. A folder that was there before stays as it is.
  func discard() {
    guard made.last == path, let folder = try? folder(),
      Set(folder.names).isSubset(of: [Self.configurationName, RunLock.fileName, MetricsLog.fileName]),
      (try? folder.read(MetricsLog.fileName, limit: 1 << 16))?.isEmpty ?? !folder.holds(MetricsLog.fileName)
    else { return }
    for name in folder.names { folder.remove(name) }
    for folder in made.reversed() where rmdir(folder) != 0 { break }
  }

  /// Throws where a run that is made here would write over something: over a training, or over a file that only has the
  /// name of one of its files. What a training that never began left may be written over, and a link is only replaced.
  private func checkVacant(_ folder: OwnedFolder) throws {
    let names = Set(folder.names)
    func check(_ name: String, _ problem: String, isOwn: ([UInt8]) -> Bool) throws {
      guard names.contains(name), !folder.isLink(name) else { return }
      do {
        if isOwn(try folder.read(name, limit: 1 << 24)) { return }
      } catch let error as DatasetError where error.kind == .unreadable {
        // What cannot be read, for want of descriptors or of permission, is not said to be of another kind.
        throw RunDirectoryError.occupied(
          path: "\(path)/\(name)", problem: "cannot be told to be of a run (\(error.problem))")
      } catch {}
      throw RunDirectoryError.occupied(path: "\(path)/\(name)", problem: problem)
    }
    try check(Self.configurationName, "is no configuration of a training") { (try? RunConfiguration($0)) != nil }
    // A log by itself is of no training that could be resumed.
    if !names.contains(Self.configurationName) {
      try check(MetricsLog.fileName, "is not of a run, which would have a \(Self.configurationName)", isOwn: \.isEmpty)
    }
    if holdsTraining(folder) { throw RunDirectoryError.exists(path) }
    try check(Divergence.fileName, "does not say how a training ended") { Divergence($0) != nil }
    try check(RunLock.fileName, "is not the lock of a run", isOwn: RunLock.isLock)
  }

  /// A training is there once it has written anything but its configuration and an empty log.
  func holdsTraining(_ folder: OwnedFolder) -> Bool {
    if folder.holds(Self.latestName) || folder.holds(Self.bestName) { return true }
    if folder.names.contains(where: { Self.epoch(ofCheckpoint: $0) != nil }) { return true }
    guard folder.holds(MetricsLog.fileName) else { return false }
    return (try? folder.read(MetricsLog.fileName, limit: 0)) == nil
  }

  /// `config.json`.
  public var configurationPath: String { "\(path)/\(Self.configurationName)" }
  /// `metrics.jsonl`, one object a line.
  public var metricsPath: String { "\(path)/\(MetricsLog.fileName)" }
  /// The newest checkpoint.
  public var latestPath: String { "\(path)/\(Self.latestName)" }
  /// The checkpoint of the lowest held-out loss.
  public var bestPath: String { "\(path)/\(Self.bestName)" }

  static let configurationName = "config.json"
  static let latestName = "latest.safetensors"
  static let bestName = "best.safetensors"
  /// A best checkpoint that no newest one knows of yet.
  static let waitingBestName = "best-waiting.safetensors"

  static func checkpointName(epoch: Int) -> String {
    let digits = "\(epoch)"
    return "checkpoint-\(String(repeating: "0", count: max(0, 6 - digits.count)))\(digits).safetensors"
  }

  /// Epochs and paths of all numbered checkpoints, in order.
  public var checkpoints: [(epoch: Int, path: String)] {
    folderContents(path).compactMap { name in Self.epoch(ofCheckpoint: name).map { ($0, "\(path)/\(name)") } }
      .sorted { $0.epoch < $1.epoch }
  }

  static func epoch(ofCheckpoint name: String) -> Int? {
    guard name.hasPrefix("checkpoint-"), name.hasSuffix(".safetensors") else { return nil }
    return Int(name.dropFirst(11).dropLast(12)).flatMap { Limits.epochs.contains($0) ? $0 : nil }
  }

  /// The open folder: that which is held, or as the path leads there now.
  func folder() throws -> OwnedFolder { try lock.map(\.folder) ?? OwnedFolder(path) }

  /// Where the folder is now: that of a run which is held may have been moved. Of one that was removed, where it was.
  public var currentPath: String {
    guard let current = lock?.folder.currentPath, isFolder(current) else { return path }
    return current
  }

  /// Whether the folder has a file of this name, wherever it is now.
  func holds(_ name: String) -> Bool { (try? folder().holds(name)) ?? false }

  // MARK: The configuration

  /// The configuration. Throws what `Configuration(json:)` throws, or a `DatasetError`.
  public func configuration() throws -> Configuration {
    do { return try RunConfiguration(readConfiguration()).configuration } catch let error as ConfigurationError {
      throw RunDirectoryError.damaged(path: configurationPath, problem: "\(error)")
    }
  }

  func readConfiguration() throws -> [UInt8] { try folder().read(Self.configurationName, limit: 1 << 24) }

  /// Writes the configuration, with what controls are set to by now where that is not what it began with.
  func write(_ configuration: Configuration, controls: [String: Double] = [:], held: Set<String> = []) throws {
    try checkIdentity()
    try put(configuration, controls: controls, held: held)
  }

  private func put(_ configuration: Configuration, controls: [String: Double] = [:], held: Set<String> = []) throws {
    let text = try RunConfiguration(configuration, identity: lock?.identity, controls: controls, held: held).json()
    try folder().write(Array(text.utf8), as: Self.configurationName)
  }

  // MARK: Whose it is

  /// The run, held for this process until `lock` is released or forgotten. Throws `RunDirectoryError.locked` if another
  /// process has it.
  func held() throws -> RunDirectory {
    if let lock, lock.isHeld { return self }
    // What a person names may be a link; what this process made, and what is in a folder of runs, is none.
    let followingLink = made.last != path && !isOfClass
    let held = RunDirectory(path: path, lock: try RunLock(path: path, followingLink: followingLink), made: made)
    // A run of an older version gets its number with the next write of its configuration.
    let bytes = try held.configurationIfThere()
    held.lock?.identify(as: bytes.flatMap(RunConfiguration.identity) ?? RunConfiguration.newIdentity())
    return held
  }

  /// The bytes of `config.json`; nil where there is none, or a link in its place, which the next write replaces. Throws a
  /// `DatasetError` where it cannot be read: that says nothing of whose it is.
  private func configurationIfThere() throws -> [UInt8]? {
    do { return try readConfiguration() } catch let error as DatasetError {
      let isLink = (try? folder().isLink(Self.configurationName)) ?? false
      guard error.kind == .missing || isLink else { throw error }
      return nil
    }
  }

  /// Gives a run its number where an older version made it without one.
  func ensureIdentity() throws {
    guard lock != nil, RunConfiguration.identity(in: try readConfiguration()) == nil else { return }
    try put(try configuration())
  }

  /// Throws `RunDirectoryError.replaced` where the folder of a run that is held is another run's by now, or a `DatasetError`
  /// where that cannot be found out.
  func checkIdentity() throws {
    guard let lock, let identity = lock.identity else { return }
    guard let bytes = try configurationIfThere(), RunConfiguration.identity(in: bytes) == identity else {
      throw RunDirectoryError.replaced(currentPath)
    }
  }

  // MARK: The log

  /// All records of the log; none if there is no log yet. Throws `RunDirectoryError.damaged` naming the line.
  public func metrics() throws -> [MetricsRecord] { try log().records }

  /// The log as it was read at one time.
  public struct ReadLog: Sendable {
    let contents: MetricsLog.Contents
    /// All its records.
    public var records: [MetricsRecord] { contents.records }
  }

  /// All of the log, of which no more is read than what was added since it was read as `known`. Throws what `metrics()`
  /// throws.
  public func log(after known: ReadLog?) throws -> ReadLog {
    ReadLog(contents: try MetricsLog(in: folder()).read(after: known?.contents))
  }

  /// The records of a log. Throws `RunDirectoryError.damaged` naming the line, or a `DatasetError`.
  public static func metrics(at path: String) throws -> [MetricsRecord] {
    let log = try MetricsLog(in: OwnedFolder(folderName(path))).read()
    if let torn = log.tornLine { throw RunDirectoryError.damaged(path: path, problem: torn) }
    return log.records
  }

  /// The newest records of a long log, and how many bytes before them were not read; of a short one all records, and 0.
  /// A torn last line behind them is none. Throws what `metrics(at:)` throws.
  public static func newestMetrics(at path: String) throws -> (records: [MetricsRecord], unread: Int) {
    let log = MetricsLog(in: try OwnedFolder(folderName(path)))
    if let end = log.end() { return end }
    let whole = try log.read()
    if let torn = whole.tornLine, whole.records.isEmpty { throw RunDirectoryError.damaged(path: path, problem: torn) }
    return (whole.records, 0)
  }

  /// Cuts the log, which holds `contents`, behind the last record of at most `step` steps.
  func cutLog(_ contents: MetricsLog.Contents, after step: Int) throws {
    try checkIdentity()
    try MetricsLog(in: folder()).cut(contents, after: step)
  }

  /// What the log holds, with where each record ends. Throws what `metrics()` throws.
  func log() throws -> MetricsLog.Contents { try MetricsLog(in: folder()).read() }

  /// Adds a record to the log.
  func append(_ record: MetricsRecord) throws {
    try checkIdentity()
    try MetricsLog(in: folder()).append(record, run: lock?.identity)
  }

  // MARK: Checkpoints

  /// Writes the newest checkpoint and the optimiser's moments, with it the best model if there is a new one, and removes
  /// the moments of the checkpoint before. Where that fails, the one before is there as it was, and nothing else.
  func saveLatest(
    _ model: LatentModel, state: TrainingState, moments: Moments,
    best: LatentModel? = nil, bestControls: (values: [String: Double], held: Set<String>)? = nil
  ) throws {
    try checkIdentity()
    let folder = try folder()
    MetricsLog(in: folder).sync()
    let identity = lock?.identity
    let file = "\(Self.momentsPrefix)\(state.step).safetensors"
    // One of the same step is that of the checkpoint before.
    let isNew = !folder.holds(file)
    do {
      if let best {
        let (controls, held) = bestControls ?? (state.controls, state.held)
        try folder.write(
          Checkpoint.encode(best, run: identity, controls: controls, held: held), as: Self.waitingBestName)
      }
      try folder.write(moments.encode(step: state.step, run: identity), as: file)
      let newest = try Checkpoint.encode(model, state: state, optimiserFile: file, run: identity)
      try folder.write(newest, as: Self.latestName)
    } catch {
      // On a full disk what is half of a save would be in the way of the next.
      if best != nil { folder.remove(Self.waitingBestName) }
      if isNew { folder.remove(file) }
      throw error
    }
    if best != nil { try folder.rename(Self.waitingBestName, to: Self.bestName) }
    removeMoments(but: file)
  }

  /// Removes the optimiser's moments of every checkpoint but that which names the file `kept`.
  func removeMoments(but kept: String) {
    guard let folder = try? folder() else { return }
    for name in folder.names where name.hasPrefix(Self.momentsPrefix) && name != kept { folder.remove(name) }
  }

  private static let momentsPrefix = "latest.optimiser-"

  /// Writes the numbered checkpoint of an epoch.
  func saveNumbered(_ model: LatentModel, epoch: Int, state: TrainingState) throws {
    try checkIdentity()
    let bytes = try Checkpoint.encode(model, run: lock?.identity, controls: state.controls, held: state.held)
    try folder().write(bytes, as: Self.checkpointName(epoch: epoch))
  }

  /// A checkpoint of this run. Throws a `CheckpointError` that names what is wrong, also where it is another run's.
  func checkpoint(_ name: String) throws -> Checkpoint.Contents {
    let place = "\(path)/\(name)"
    let contents = try Checkpoint.decode(folder().read(name, limit: Checkpoint.largestFile), path: place)
    try Checkpoint.checkRun(contents.metadata, lock?.identity, of: place)
    return contents
  }

  /// The newest checkpoint where it is now, if it is sound and this run's, and the epoch and the step it is of.
  var newestSound: (path: String, epoch: Int, step: Int)? {
    guard (try? checkIdentity()) != nil, let model = try? checkpoint(Self.latestName).model else { return nil }
    return ("\(currentPath)/\(Self.latestName)", model.epoch, model.step)
  }

  /// The optimiser's moments for a checkpoint that names their file. Throws a `CheckpointError`.
  func moments(_ name: String, step: Int, for configuration: Configuration) throws -> Moments {
    let place = "\(path)/\(name)"
    let (file, metadata) = try Checkpoint.open(folder().read(name, limit: Checkpoint.largestFile), path: place)
    try Checkpoint.checkRun(metadata, lock?.identity, of: place)
    return try Moments(file, metadata, step: step, for: configuration, path: place)
  }

  /// Removes what a process that was killed while it wrote a file of the run left behind. Only the holder of the lock may
  /// do so, for then nobody is writing. Temporary files of other names, such as of codes stored here, are not touched.
  func removeLeftovers() {
    guard let folder = try? folder() else { return }
    let written = [".config.json.", ".metrics.jsonl.", ".latest.", ".best", ".checkpoint-", ".diverged."]
    for name in folder.names where name.hasSuffix(".partial") && written.contains(where: name.hasPrefix) {
      folder.remove(name)
    }
  }

  /// Finishes or takes back what a kill between a new best checkpoint and the newest one left: the best is that of `epoch`.
  func settleBest(epoch: Int?) throws {
    let folder = try folder()
    guard folder.holds(Self.waitingBestName) else { return }
    if let epoch, try checkpoint(Self.waitingBestName).model.epoch == epoch {
      try folder.rename(Self.waitingBestName, to: Self.bestName)
    } else {
      folder.remove(Self.waitingBestName)
    }
  }

  /// Removes the numbered checkpoints after `epoch`: what a killed part of a training left that was then not repeated.
  func removeCheckpoints(after epoch: Int) {
    guard let folder = try? folder() else { return }
    for name in folder.names {
      if let other = Self.epoch(ofCheckpoint: name), other > epoch { folder.remove(name) }
    }
  }
}
