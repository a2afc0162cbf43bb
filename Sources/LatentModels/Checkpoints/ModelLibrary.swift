import Datasets
import Glibc
import HarmlessText
import Tensors

/// Codes that come with a model, so that a scatter needs no data set.
public struct StoredCodes: Sendable {
  /// Posterior of every image, `[n, K]`.
  public let posterior: Posterior
  /// The images' classes, −1 where one is not known; nil where none is.
  public let labels: [Int32]?
  /// The data the codes are of.
  public let dataset: String

  /// Joins a posterior and labels.
  public init(posterior: Posterior, labels: [Int32]?, dataset: String) {
    self.posterior = posterior
    self.labels = labels
    self.dataset = dataset
  }
}

/// A model with everything that lies beside it.
public struct OpenedModel: Sendable {
  /// The bundled name, or the path as given.
  public let name: String
  /// The model.
  public let model: LatentModel
  /// Codes of its held-out set, if they come with it.
  public let codes: StoredCodes?
  /// One record an epoch, if the log lies beside it; of a long one that was not asked for as a whole, the newest.
  public let metrics: [MetricsRecord]
  /// How many bytes of the log stand before these records and were not read; 0: the records are all there are.
  public let unreadLog: Int
  /// The checkpoint's file.
  public let path: String
  /// What lies beside the model and cannot be read, each file with what is wrong with it: the model is whole without. What
  /// `foreign` says comes first.
  public let problems: [String]
  /// That checkpoints of another run lie in the folder of this one, which were passed over, or that this is one of them, in
  /// words.
  public let foreign: [String]
  /// Whether it is of another run than what lies beside it, of which then nothing is told.
  public let isForeign: Bool
  /// What the controls of the training were set to when the checkpoint was written, by name; of what is not known nothing.
  public let controls: [String: Double]
  /// Controls that a person set in place of their annealing.
  public let held: Set<String>

  /// What every control was at the last step before the checkpoint, as in the log: as it was set, and as far as its annealing
  /// had come. What is spread over the length of a training is left out where its log is not there.
  public var controlsInForce: [String: Double] {
    let configuration = model.configuration
    let last = metrics.last { $0.epoch > 0 }
    let steps = last.map { $0.step / $0.epoch } ?? (model.epoch > 0 ? model.step / model.epoch : nil)
    return configuration.controlsInForce(
      configuration.initialControls.merging(controls) { $1 }, held: held, step: max(0, model.step - 1),
      totalSteps: steps.flatMap { steps in
        let (total, overflow) = steps.multipliedReportingOverflow(by: configuration.training.epochs)
        return overflow ? nil : total
      })
  }

  /// How each control that is annealed stood at that step, in words.
  public var annealing: [String] {
    model.configuration.annealingTexts(at: controlsInForce, towards: controls, held: held)
  }
}

/// A model that comes with the program.
public struct BundledModel: Sendable, Hashable {
  /// The name to open it by.
  public let name: String
  /// Its folder.
  public let path: String
}

/// What can be wrong with the name of a model.
public enum ModelLibraryError: Error, Equatable, CustomStringConvertible {
  /// Nothing has this name.
  case notFound(String, bundled: [String])
  /// The run has no checkpoint yet.
  case noCheckpoint(String)
  /// The folder holds one run a class.
  case oneAClass(String)
  /// The run diverged before it had a checkpoint.
  case diverged(String, advice: String)
  /// The codes beside a model do not fit it.
  case codes(path: String, problem: String)

  public var description: String {
    switch self {
    case .notFound(let name, let bundled):
      "there is no model \(name.isEmpty ? "without a name" : name)\(Nearest.suggestion(for: name, among: bundled)): name a checkpoint, a run directory, or "
        + (bundled.isEmpty
          ? "a bundled model (none was found: is ZSCOPE_ASSETS right?)" : "one of \(bundled.joined(separator: ", "))")
    case .noCheckpoint(let path):
      "\(path) holds no checkpoint yet: let it train for an epoch, or go on with zscope train --resume \(path.shellWord)"
    case .oneAClass(let path):
      "\(path) holds one model a class: name one of \(RunDirectory.classNamesText(path)), or see all with zscope evaluate "
        + "\(path.shellWord)"
    case .diverged(let path, let advice):
      "\(path) diverged before it had a checkpoint: begin it again at another rate with \(advice)"
    case .codes(let path, let problem): "\(path): \(problem)"
    }
  }
}

/// Finds models by checkpoint path, run directory or bundled name.
public enum ModelLibrary {
  /// Opens a model: a `.safetensors` file, a folder with `best.safetensors`, `model.safetensors` or `latest.safetensors`
  /// (in this order, those of another run than `config.json` last), or the name of a bundled model. Throws
  /// `ModelLibraryError`, `CheckpointError` or `DatasetError`;
  /// what is wrong only with its log or its codes is among its `problems`.
  ///
  /// - Parameter withWholeLog: whether its log is read from the beginning, however long it is; else of a long one only the
  ///   newest records are.
  public static func open(_ nameOrPath: String, withWholeLog: Bool = true) throws -> OpenedModel {
    if isFile(nameOrPath) {
      let contents = try Checkpoint.read(nameOrPath)
      let identity = RunDirectory(path: folderName(nameOrPath)).identity
      if let problem = Checkpoint.foreignness(contents.metadata, identity) {
        return openedForeign(contents, nameOrPath, name: nameOrPath, problem)
      }
      return opened(contents, nameOrPath, name: nameOrPath, withWholeLog)
    }
    if isFolder(nameOrPath) { return try openFolder(nameOrPath, name: nameOrPath, withWholeLog) }
    if !nameOrPath.isEmpty, !nameOrPath.contains("/"), nameOrPath != "..", nameOrPath != ".",
      let assets = assetsDirectory, isFolder("\(assets)/\(nameOrPath)")
    {
      return try openFolder("\(assets)/\(nameOrPath)", name: nameOrPath, withWholeLog)
    }
    try checkVisible(nameOrPath)
    try OutsideText.check(variable: "ZSCOPE_ASSETS")
    throw ModelLibraryError.notFound(nameOrPath, bundled: bundled().map(\.name))
  }

  /// The models that come with the program, by name.
  public static func bundled() -> [BundledModel] {
    guard let assets = assetsDirectory else { return [] }
    return folderContents(assets).compactMap { name in
      let path = "\(assets)/\(name)"
      return isFile("\(path)/model.safetensors") ? BundledModel(name: name, path: path) : nil
    }
  }

  /// Where bundled models lie: `$ZSCOPE_ASSETS` (or its `models`), else `assets/models` in a folder above the program,
  /// else `/usr/local/share/zscope/models`; nil if there is none of these, and where that variable is not UTF-8.
  public static var assetsDirectory: String? {
    var candidates: [String] = []
    if OutsideText.isUnusable(variable: "ZSCOPE_ASSETS") { return nil }
    if let named = environmentVariable("ZSCOPE_ASSETS") {
      candidates = ["\(named)/models", named]
    } else {
      var folder = programFolder ?? ""
      while !folder.isEmpty, folder != "/" {
        candidates.append("\(folder)/assets/models")
        folder = folderName(folder)
      }
      candidates.append("/usr/local/share/zscope/models")
    }
    return candidates.first(where: isFolder)
  }

  private static func openFolder(_ folder: String, name: String, _ withWholeLog: Bool) throws -> OpenedModel {
    let identity = RunDirectory(path: folder).identity
    var foreign: [(contents: Checkpoint.Contents, path: String, problem: String)] = []
    for file in ["best.safetensors", "model.safetensors", "latest.safetensors"] where isFile("\(folder)/\(file)") {
      let path = "\(folder)/\(file)"
      let bytes = try OwnedFolder(folder).read(file, limit: Checkpoint.largestFile)
      let contents = try Checkpoint.decode(bytes, path: path)
      if let problem = Checkpoint.foreignness(contents.metadata, identity) {
        foreign.append((contents, path, problem))
        continue
      }
      return opened(
        contents, path, name: name, withWholeLog,
        passingOver: foreign.map { "\($0.path): \($0.problem): it is passed over" })
    }
    // Where all are of other runs there is nothing to take in their place.
    if let first = foreign.first { return openedForeign(first.contents, first.path, name: name, first.problem) }
    try checkVisible("\(folder)/latest.safetensors")
    if let divergence = RunDirectory(path: folder).divergence {
      throw ModelLibraryError.diverged(folder, advice: divergence.advice(folder))
    }
    if !isFile("\(folder)/config.json"), !RunDirectory.classRuns(in: folder).isEmpty {
      throw ModelLibraryError.oneAClass(folder)
    }
    throw isFile("\(folder)/config.json")
      ? ModelLibraryError.noCheckpoint(folder) : ModelLibraryError.notFound(name, bundled: bundled().map(\.name))
  }

  /// A checkpoint of another run than what lies beside it.
  private static func openedForeign(
    _ contents: Checkpoint.Contents, _ path: String, name: String, _ problem: String
  ) -> OpenedModel {
    let foreign = ["\(path): \(problem): of the log and the codes beside it nothing is told"]
    let model = contents.model
    return OpenedModel(
      name: name, model: model, codes: nil, metrics: [], unreadLog: 0, path: path, problems: foreign, foreign: foreign,
      isForeign: true, controls: model.configuration.own(contents.controls ?? [:]), held: contents.held)
  }

  /// - Parameter passedOver: what there is to say of other checkpoints that were not taken.
  private static func opened(
    _ contents: Checkpoint.Contents, _ path: String, name: String, _ withWholeLog: Bool,
    passingOver passedOver: [String] = []
  ) -> OpenedModel {
    let folder = folderName(path)
    let model = contents.model
    var problems = passedOver
    func beside<Value>(otherwise nothing: Value, _ read: () throws -> Value) -> Value {
      do { return try read() } catch {
        problems.append("\(error)")
        return nothing
      }
    }
    let stored = beside(otherwise: nil) { try codes(in: folder, of: model) }
    let log = "\(folder)/metrics.jsonl"
    let (metrics, unread): ([MetricsRecord], Int) = beside(otherwise: ([], 0)) {
      guard isFile(log) else { return ([], 0) }
      if withWholeLog { return (try RunDirectory.metrics(at: log), 0) }
      let newest = try RunDirectory.newestMetrics(at: log)
      return (newest.records, newest.unread)
    }
    return OpenedModel(
      name: name, model: model, codes: stored, metrics: metrics, unreadLog: unread, path: path, problems: problems,
      foreign: passedOver, isForeign: false,
      controls: model.configuration.own(contents.controls ?? logged(metrics, of: model)), held: contents.held)
  }

  /// What the log tells of the controls of an older checkpoint: of what is annealed only what it had come to.
  private static func logged(_ metrics: [MetricsRecord], of model: LatentModel) -> [String: Double] {
    let annealing = model.configuration.objective.annealing
    return (metrics.last(upTo: model.step)?.controls ?? [:]).filter { annealing[$0.key] == nil }
  }

  /// The most bytes of codes, or of labels, beside a model.
  private static let largestCodes = 1 << 28

  private static func codes(in folder: String, of model: LatentModel) throws -> StoredCodes? {
    let path = "\(folder)/codes.npy"
    guard isFile(path) else { return nil }
    let beside = try OwnedFolder(folder)
    let joined = try NPY.decode(beside.read("codes.npy", limit: largestCodes), name: path).tensor
    guard joined.shape.count == 2, joined.shape[1] == 2 * model.latentSize else {
      throw ModelLibraryError.codes(
        path: path, problem: "the shape is \(joined.shape), not [n, \(2 * model.latentSize)]")
    }
    let posterior = try Posterior(joined: joined)
    var labels: [Int32]?
    let labelsPath = "\(folder)/labels.npy"
    if isFile(labelsPath) {
      labels = try NPY.decode(beside.read("labels.npy", limit: largestCodes), name: labelsPath).labels(name: labelsPath)
      guard labels?.count == posterior.count else {
        throw ModelLibraryError.codes(
          path: labelsPath, problem: "\(labels?.count ?? 0) labels for \(posterior.count) codes")
      }
    }
    return StoredCodes(posterior: posterior, labels: labels, dataset: model.configuration.training.data)
  }

  /// Writes codes and labels beside a model, as `codes.npy` `[n, 2K]` and `labels.npy`; links called so are replaced.
  /// Throws a `DatasetError`.
  public static func write(_ codes: StoredCodes, to folder: String) throws {
    let beside = try OwnedFolder(folder)
    try beside.write(NPY.encode(codes.posterior.joined), as: "codes.npy")
    if let labels = codes.labels { try beside.write(NPY.encode(labels: labels), as: "labels.npy") }
  }
}
