import Datasets
import FoundationEssentials
import LatentModels

/// Where runs started from within the explorer go.
enum RunPath {
  /// A path that is not there yet: `./runs/strokes-2d`, numbered where there is one already; in the user's data folder
  /// where the working folder cannot be written.
  static func fresh(for configuration: Configuration) -> String {
    let folder = isWritable(".") ? "runs" : "\(UserFolders.data)/runs"
    let data = fileName(configuration.training.dataTitle).filter {
      $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_"
    }
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
