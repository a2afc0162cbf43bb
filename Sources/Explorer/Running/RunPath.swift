import Datasets
import FoundationEssentials
import LatentModels

/// Where runs started from within the explorer go.
enum RunPath {
  /// The folder that runs get folders in: `runs`; in the user's data folder where the working folder cannot be written.
  static var folder: String {
    FileManager.default.isWritableFile(atPath: ".") ? "runs" : "\(UserFolders.data)/runs"
  }

  /// What already lies in that folder, as paths.
  static func taken(in folder: String) -> Set<String> { Set(folderContents(folder).map { "\(folder)/\($0)" }) }

  /// A path that is not taken: `runs/strokes-2d`, after the data and the latent size, with a `y` before the size where
  /// the model has a class; numbered where there is one already. What the form proposes is what a run gets.
  static func fresh(
    data: String, latent: String, hasClass: Bool, in folder: String, isTaken: (String) -> Bool
  ) -> String {
    let title = fileName(DataLibrary.spokenName(data)).filter {
      $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_"
    }
    let base = "\(folder)/\(title.isEmpty ? "run" : title)-\(hasClass ? "y" : "")\(latent)d"
    var path = base
    var number = 2
    while isTaken(path) {
      path = "\(base)-\(number)"
      number += 1
    }
    return path
  }

  /// A path for a run that begins now.
  static func fresh(for configuration: Configuration) -> String {
    fresh(
      data: configuration.training.data, latent: String(configuration.model.latent),
      hasClass: configuration.model.row.usesLabels, in: folder,
      isTaken: { FileManager.default.fileExists(atPath: $0) })
  }
}
