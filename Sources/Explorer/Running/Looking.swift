import Datasets
import LatentModels

/// What effects look up on the disk: names to complete, and whether a run can begin.
extension Effects {
  /// Which models and data sets there are now.
  static func lookAround() -> Surroundings {
    let runs = folderContents("runs").map { "runs/\($0)" }.filter { isFile("\($0)/config.json") }
    let data = DataLibrary().list()
    let runFolder = RunPath.folder
    return Surroundings(
      models: ModelLibrary.bundled().map(\.name) + runs, dataNames: data.map(\.name),
      absentData: Set(data.filter { !$0.isAvailable }.map(\.name)), runFolder: runFolder,
      takenRuns: RunPath.taken(in: runFolder))
  }

  /// What a folder holds, folders with a stroke at their end: to complete paths by.
  static func list(_ folder: String) -> [String] {
    let path = UserFolders.expanded(folder.isEmpty ? "." : folder)
    return folderContents(path).filter { !$0.hasPrefix(".") }.sorted().prefix(500).map { name in
      isFolder("\(path)/\(name)") ? "\(name)/" : name
    }
  }

  /// Opens the data of a run beside the loop before its form is closed, and holds everything against them; or says what is
  /// wrong where that needs no opening.
  func check(_ configuration: Configuration, run: String?) -> [Action] {
    if let problem = Self.problem(with: configuration, run: run) { return [problem] }
    let (mailbox, codesOf) = (mailbox, codes(for: configuration))
    let sending = TrainingForm.Sending(configuration: configuration, run: run)
    var asked = configuration
    // What the command line says of reading images holds for those that are learnt from too, where no run has said it.
    if asked.training.reading == nil, dataReading != ImageReading(), !DataLibrary().isNamed(asked.training.data) {
      asked.training.reading = dataReading
    }
    beside { [asked] in
      do {
        let data = try Effects.open(asked, codesOf: codesOf)
        // Labels, batches and memory are held against them where a training is made, here of one that no folder is for.
        _ = try TrainingSession(
          configuration: data.configuration, training: data.training, heldOut: data.heldOut, given: data.given)
        mailbox.post(.action(.perform { $0.take(opened: data, run: run.map(UserFolders.expanded), for: sending) }))
      } catch { mailbox.post(.action(.perform { $0.take(problem: "\(error)", with: sending) })) }
    }
    return []
  }

  /// The data of a new run. What its form does not say is left to them; a small set keeps at least half its images for
  /// learning.
  static func open(_ configuration: Configuration, codesOf: LatentModel?) throws -> TrainingData {
    var configuration = configuration
    configuration.training.data = UserFolders.expanded(configuration.training.data)
    return try TrainingData.prepare(configuration, largestShare: 2, codesOf: codesOf)
  }

  /// The model whose codes are taken in place of images, where that is asked for.
  func codes(for configuration: Configuration) -> LatentModel? { configuration.model.row.usesCodes ? model : nil }

  /// What stands against a run as far as names tell: data that are not here, or a folder that is taken.
  static func problem(with configuration: Configuration, run: String?) -> Action? {
    let data = UserFolders.expanded(configuration.training.data)
    let library = DataLibrary()
    let entries = library.list()
    if let entry = entries.first(where: { $0.name == data }) {
      guard entry.isAvailable else {
        return .formProblem(.data, "\(data) is not on this machine; fetch it with: zscope data get \(data)")
      }
    } else if !library.isNamed(data), !isFile(data), !isFolder(data) {
      // What is recorded of the strokes is their version, which no list has.
      let names = entries.map(\.name)
      return .formProblem(
        .data,
        "no data set and no file is called \(data)\(Nearest.suggestion(for: data, among: names)); there are "
          + names.joined(separator: ", "))
    } else if let model = modelFound(at: data, named: configuration.training.data) {
      return .formProblem(.data, "\(model): a run learns from images")
    }
    guard let run, !run.isEmpty else { return nil }
    do { try RunDirectory.checkNew(UserFolders.expanded(run)) } catch { return .formProblem(.run, "\(error)") }
    return nil
  }

  /// Where what was given for data leads to a run, a checkpoint or a bundled model: that this is none, and how it is
  /// opened, if there is anything to open.
  static func modelFound(at path: String, named name: String) -> String? {
    let run = RunDirectory(path: path)
    let checkpoints = [run.latestPath, run.bestPath, "\(path)/model.safetensors"]
    if isFile(run.configurationPath) {
      if checkpoints.contains(where: isFile) { return "\(name) is a run and no data set, and :open \(name) opens it" }
      // A file of this name may lie among pictures, too.
      if let configuration = try? run.configuration() {
        return "\(name) is a run and no data set, and holds no checkpoint yet that :open could open; it learns from "
          + configuration.training.dataTitle
      }
    }
    let isModel =
      isFile(path)
      ? path.lowercased().hasSuffix(".safetensors")
      : !isFolder(path) && ModelLibrary.bundled().contains { $0.name == path }
    if isModel { return "\(name) is a model and no data set, and :open \(name) opens it" }
    guard isFile(path), path.lowercased().hasSuffix(".json") || path.lowercased().hasSuffix(".jsonl"),
      isFile(RunDirectory(path: folderName(path)).configurationPath)
    else { return nil }
    return "\(name) is a file of a run and no data set: name the images, such as strokes or a path"
  }

  /// Why a name opens no model, in words; what may have been meant in its place where nothing is called that.
  static func problem(_ error: any Error, opening name: String) -> String {
    if let data = dataFound(at: name, named: name) { return data }
    // What is there and cannot be read was meant; a bundled model that may have been is told already.
    guard case ModelLibraryError.notFound(_, let bundled) = error else { return "\(error)" }
    return "\(error)"
      + (Nearest.name(to: name, among: bundled) == nil ? Nearest.suggestion(for: name, among: lookAround().models) : "")
  }

  /// How files of images end, which are opened as data.
  private static let dataEndings = [".npz", ".npy", ".png", ".jpg", ".jpeg", ".zip", ".gz", "-ubyte"]

  /// Where what was given for a model and is none is a data set by its name or a file of images by its ending: that it is, and
  /// how it is read.
  private static func dataFound(at path: String, named name: String) -> String? {
    let isData =
      isFile(path)
      ? dataEndings.contains(where: path.lowercased().hasSuffix) : DataLibrary().isNamed(path) && !isFolder(path)
    guard isData else { return nil }
    return "\(name) is a data set and no model, and :data \(name) reads it (at the start, --data \(name))"
  }
}
