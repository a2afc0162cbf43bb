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

  /// Looks whether a run can begin before the form is closed: whether its data are here and its folder is free.
  func check(_ configuration: Configuration, run: String?) -> [Action] {
    let data = UserFolders.expanded(configuration.training.data)
    let library = DataLibrary()
    let entries = library.list()
    if let entry = entries.first(where: { $0.name == data }) {
      guard entry.isAvailable else {
        return [.formProblem(.data, "\(data) is not on this machine; fetch it with: zscope data get \(data)")]
      }
    } else if !library.isNamed(data), !isFile(data), !isFolder(data) {
      // What is recorded of the strokes is their version, which no list has.
      let names = entries.map(\.name)
      return [
        .formProblem(
          .data,
          "no data set and no file is called \(data)\(Nearest.suggestion(for: data, among: names)); there are "
            + names.joined(separator: ", "))
      ]
    }
    guard let run, !run.isEmpty else { return [.startTraining(configuration, run: nil)] }
    let path = UserFolders.expanded(run)
    do { try RunDirectory.checkNew(path) } catch { return [.formProblem(.run, "\(error)")] }
    return [.startTraining(configuration, run: path)]
  }
}
