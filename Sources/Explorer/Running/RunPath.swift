import Datasets
import FoundationEssentials
import LatentModels

/// Where runs started from within the explorer go.
enum RunPath {
  /// The folder that runs get folders in: `runs`; in the user's data folder where the working folder cannot be written.
  static var folder: String {
    guard let data = UserHome.data, !FileManager.default.isWritableFile(atPath: ".") else { return "runs" }
    return "\(data)/runs"
  }

  /// What already lies in that folder, as paths.
  static func taken(in folder: String) -> Set<String> { Set(folderContents(folder).map { "\(folder)/\($0)" }) }

  /// The run that a checkpoint belongs to: that in whose directory it lies, whichever checkpoint it is. Nil for a model by
  /// itself, as a bundled one, which has its log and its settings beside it and nothing to go on from.
  static func run(ofCheckpoint path: String) -> RunDirectory? {
    let folder = folderName(path)
    let run = RunDirectory(path: folder == "." ? Effects.absolute(folder) : folder)
    let isByItself = isFile("\(run.path)/model.safetensors") && !isFile(run.latestPath)
    return isFile(run.configurationPath) && !isByItself ? run : nil
  }

  /// A path that is not taken: `runs/strokes-2d`, after the data and the latent size, with the name of a model other than
  /// the usual ones and a `y` before the size where it has a class; numbered where there is one already. What the form
  /// proposes is what a run gets.
  static func fresh(
    data: String, latent: String, model: ModelKind?, in folder: String, isTaken: (String) -> Bool
  ) -> String {
    let title = withoutEndings(fileName(DataLibrary.spokenName(data))).filter {
      $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_"
    }
    // The first model of the table, and the first that has a class, go without their names.
    let usual = [ModelKind.all.first, ModelKind.all.first(where: \.usesLabels)].compactMap { $0?.identifier }
    let name = model.map { usual.contains($0.identifier) ? "" : "\($0.name)-" } ?? ""
    let hasClass = model?.usesLabels ?? false
    let base = "\(folder)/\(title.isEmpty ? "run" : title)-\(name)\(hasClass ? "y" : "")\(latent)d"
    var path = base
    var number = 2
    while isTaken(path) {
      path = "\(base)-\(number)"
      number += 1
    }
    return path
  }

  /// How files of images end, in the order that endings come off in.
  private static let dataEndings = [
    ".gz", ".idx3-ubyte", "-idx3-ubyte", ".idx", ".npz", ".npy", ".png", ".jpg", ".jpeg", ".zip",
  ]

  /// What a data file is called without the endings of its format: `letters` of `letters.npz`, `train-images` of
  /// `train-images-idx3-ubyte.gz`.
  private static func withoutEndings(_ name: String) -> String {
    dataEndings.reduce(name) { name, ending in
      name.count > ending.count && name.lowercased().hasSuffix(ending) ? String(name.dropLast(ending.count)) : name
    }
  }

  /// A path for a run that begins now.
  static func fresh(for configuration: Configuration) -> String {
    fresh(
      data: configuration.training.data, latent: String(configuration.model.latent),
      model: configuration.model.row, in: folder,
      isTaken: { FileManager.default.fileExists(atPath: $0) })
  }
}
