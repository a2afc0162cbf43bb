import Datasets
import FoundationEssentials
import Glibc
import Tensors

/// What can be wrong with a run directory.
public enum RunDirectoryError: Error, Equatable, CustomStringConvertible {
  /// There is no run.
  case missing(String)
  /// There is one already.
  case exists(String)
  /// Another process trains in it.
  case locked(path: String, holder: String)
  /// A file of it is unreadable.
  case damaged(path: String, problem: String)
  /// What is resumed is not what was begun.
  case mismatch(path: String, problem: String)

  public var description: String {
    switch self {
    case .missing(let path): "\(path) is not a run directory: it has no config.json"
    case .exists(let path): "\(path) already holds a training: resume it, or choose another name"
    case .locked(let path, let holder): "another process (\(holder)) is training in \(path): stop it first"
    case .damaged(let path, let problem): "\(path): \(problem)"
    case .mismatch(let path, let problem): "\(path) cannot be resumed: \(problem)"
    }
  }
}

/// A folder that holds one training: `config.json`, `metrics.jsonl`, `latest.safetensors` with the optimiser's moments
/// beside it, `best.safetensors`, and `checkpoint-000010.safetensors` and so on.
///
/// Every file is written to a temporary name, synced and renamed. `latest.safetensors` names its optimiser file, which is
/// written before it and removed after the next, so a kill at any moment leaves a pair that fits. A new best checkpoint
/// waits under another name until the newest one that knows of it is there.
public struct RunDirectory: Sendable, Hashable {
  /// The folder.
  public let path: String

  /// The folder at `path`, whether or not it holds a run.
  public init(path: String) { self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path }

  /// The folder of an existing run. Throws `RunDirectoryError.missing` if there is no configuration in it.
  public static func open(_ path: String) throws -> RunDirectory {
    let run = RunDirectory(path: path)
    guard access(run.configurationPath, F_OK) == 0 else { throw RunDirectoryError.missing(path) }
    return run
  }

  /// Finds out, before data are read, whether a run could be made at `path`. Throws `RunDirectoryError.exists` if a
  /// training is in it already, or a `DatasetError` where it cannot be written.
  public static func checkNew(_ path: String) throws {
    let run = RunDirectory(path: path)
    guard access(run.latestPath, F_OK) != 0, access(run.metricsPath, F_OK) != 0 else {
      throw RunDirectoryError.exists(path)
    }
    try checkWritableFolder(run.path)
  }

  /// Makes the folder and writes the configuration. Throws what `checkNew` throws.
  public static func create(_ path: String, configuration: Configuration) throws -> RunDirectory {
    try checkNew(path)
    let run = RunDirectory(path: path)
    try configuration.validate()
    try makeFolder(run.path)
    try run.write(configuration)
    return run
  }

  /// `config.json`.
  public var configurationPath: String { "\(path)/config.json" }
  /// `metrics.jsonl`, one object a line.
  public var metricsPath: String { "\(path)/metrics.jsonl" }
  /// The newest checkpoint.
  public var latestPath: String { "\(path)/latest.safetensors" }
  /// The checkpoint of the lowest held-out loss.
  public var bestPath: String { "\(path)/best.safetensors" }

  /// The numbered checkpoint of an epoch.
  public func checkpointPath(epoch: Int) -> String {
    let digits = "\(epoch)"
    return "\(path)/checkpoint-\(String(repeating: "0", count: max(0, 6 - digits.count)))\(digits).safetensors"
  }

  /// Epochs and paths of all numbered checkpoints, in order.
  public var checkpoints: [(epoch: Int, path: String)] {
    names.compactMap { name in
      guard name.hasPrefix("checkpoint-"), name.hasSuffix(".safetensors") else { return nil }
      return Int(name.dropFirst(11).dropLast(12)).map { ($0, "\(path)/\(name)") }
    }.sorted { $0.epoch < $1.epoch }
  }

  /// The configuration. Throws what `Configuration(json:)` throws, or a `DatasetError`.
  public func configuration() throws -> Configuration {
    do {
      return try Configuration(json: String(decoding: readFile(configurationPath, limit: 1 << 24), as: UTF8.self))
    } catch let error as ConfigurationError {
      throw RunDirectoryError.damaged(path: configurationPath, problem: "\(error)")
    }
  }

  func write(_ configuration: Configuration) throws {
    try writeAtomically(Array((configuration.json(pretty: true) + "\n").utf8), to: configurationPath)
  }

  /// All records of the log; none if there is no log yet. Throws `RunDirectoryError.damaged` naming the line.
  public func metrics() throws -> [MetricsRecord] {
    guard access(metricsPath, F_OK) == 0 else { return [] }
    return try Self.metrics(at: metricsPath)
  }

  /// The records of a log. Throws `RunDirectoryError.damaged` naming the line, or a `DatasetError`.
  public static func metrics(at path: String) throws -> [MetricsRecord] {
    let decoder = JSONDecoder()
    return try readFile(path).split(separator: UInt8(ascii: "\n")).enumerated().map { number, line in
      do { return try decoder.decode(MetricsRecord.self, from: Data(line)) } catch {
        throw RunDirectoryError.damaged(path: path, problem: "line \(number + 1) is not a record of metrics")
      }
    }
  }

  func write(_ metrics: [MetricsRecord]) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    var bytes: [UInt8] = []
    for record in metrics { bytes += try encoder.encode(record) + [UInt8(ascii: "\n")] }
    try writeAtomically(bytes, to: metricsPath)
  }

  /// Everything needed to go on, as it was at the last checkpoint.
  struct Resumption: Sendable {
    var model: LatentModel
    var state: TrainingState
    var moments: [String: (first: Tensor, second: Tensor)]
    var metrics: [MetricsRecord]
  }

  /// Writes the newest checkpoint and the optimiser's moments, with it the best model if there is a new one, and removes
  /// the moments of the checkpoint before.
  func saveLatest(
    _ model: LatentModel, state: TrainingState, moments: [String: (first: Tensor, second: Tensor)],
    best: LatentModel? = nil
  ) throws {
    if let best { try Checkpoint.save(best, to: waitingBestPath) }
    let file = "latest.optimiser-\(state.step).safetensors"
    var tensors: [String: Tensor] = [:]
    for (name, moment) in moments {
      tensors["\(name).first"] = moment.first
      tensors["\(name).second"] = moment.second
    }
    let sealed = Checkpoint.seal(
      tensors, metadata: ["format": "zscope", "version": Checkpoint.version, "step": "\(state.step)"])
    try writeAtomically(sealed, to: "\(path)/\(file)")
    try Checkpoint.save(model, state: state, optimiserFile: file, to: latestPath)
    if best != nil { try keepWaitingBest() }
    for name in names where name.hasPrefix("latest.optimiser-") && name != file { unlink("\(path)/\(name)") }
  }

  /// The newest checkpoint with all its state; nil if none was written yet. Records of the log beyond it are left out.
  /// Throws a `CheckpointError` that names what is wrong.
  func resumption() throws -> Resumption? {
    guard access(latestPath, F_OK) == 0 else { return nil }
    let contents = try Checkpoint.read(latestPath)
    guard let state = contents.state, let file = contents.optimiserFile, !file.contains("/") else {
      throw CheckpointError.mismatch(
        path: latestPath, problem: "it holds no state of training, so it can be explored but not resumed")
    }
    let optimiserPath = "\(path)/\(file)"
    let (tensors, metadata) = try Checkpoint.open(try readFile(optimiserPath), path: optimiserPath)
    guard metadata["step"] == "\(state.step)" else {
      throw CheckpointError.mismatch(
        path: optimiserPath, problem: "it is of step \(metadata["step"] ?? "?"), the weights are of \(state.step)")
    }
    var moments: [String: (first: Tensor, second: Tensor)] = [:]
    do {
      for (name, shape) in contents.model.configuration.model.parameters {
        moments[name] = (
          try tensors.tensor("\(name).first", shape: shape), try tensors.tensor("\(name).second", shape: shape)
        )
      }
    } catch {
      throw CheckpointError.damaged(path: optimiserPath, problem: "\(error)")
    }
    return Resumption(
      model: contents.model, state: state, moments: moments,
      metrics: try metrics().filter { $0.step <= state.step })
  }

  /// Holds the run for this process until the lock is released. Throws `RunDirectoryError.locked` if another has it.
  func lock() throws -> RunLock { try RunLock(path: path) }

  /// Removes what a process that was killed while it wrote a file of the run left behind. Only the holder of the lock may
  /// do so, for then nobody is writing. Temporary files of other names, such as of codes stored here, are not touched.
  func removeLeftovers() {
    let written = [".config.json.", ".metrics.jsonl.", ".latest.", ".best", ".checkpoint-"]
    for name in names where name.hasSuffix(".partial") && written.contains(where: name.hasPrefix) {
      unlink("\(path)/\(name)")
    }
  }

  /// A best checkpoint that no newest one knows of yet.
  private var waitingBestPath: String { "\(path)/best-waiting.safetensors" }

  private func keepWaitingBest() throws {
    guard rename(waitingBestPath, bestPath) == 0 else {
      throw RunDirectoryError.damaged(path: bestPath, problem: "cannot be written: \(String(cString: strerror(errno)))")
    }
  }

  /// Finishes or takes back what a kill between a new best checkpoint and the newest one left: the best is that of `epoch`.
  func settleBest(epoch: Int?) throws {
    guard access(waitingBestPath, F_OK) == 0 else { return }
    if let epoch, try Checkpoint.load(waitingBestPath).epoch == epoch {
      try keepWaitingBest()
    } else {
      unlink(waitingBestPath)
    }
  }

  /// Removes the numbered checkpoints after `epoch`: what a killed part of a training left that was then not repeated.
  func removeCheckpoints(after epoch: Int) {
    for checkpoint in checkpoints where checkpoint.epoch > epoch { unlink(checkpoint.path) }
  }

  private var names: [String] { folderContents(path) }
}
