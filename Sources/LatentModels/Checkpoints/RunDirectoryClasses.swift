import Datasets
import Glibc

/// A folder of one run a class, as `train --by-class` makes it: `class-0`, `class-1` …, each a run of its own.
extension RunDirectory {
  /// The runs in a folder that `train --by-class` made, in the order of their classes.
  public static func classRuns(in folder: String) -> [(label: Int, path: String)] {
    labels(in: folder).map { (label: $0, path: classPath(in: folder, $0)) }
      .filter { access("\($0.path)/\(configurationName)", F_OK) == 0 }
  }

  /// Where `train --by-class` puts the run of a class.
  public static func classPath(in folder: String, _ label: Int) -> String {
    "\(RunDirectory(path: folder).path)/\(classPrefix)\(label)"
  }

  /// Finds out, before data are read, whether one run a class could be made in `folder`. Throws `RunDirectoryError.exists`
  /// where a training is in it or in what has the name of one of its runs, and what `checkClasses` and `checkNew` throw.
  public static func checkNewClasses(in folder: String) throws {
    let run = RunDirectory(path: folder)
    // With a configuration in it, it would be taken for one run.
    guard !run.holds(configurationName), (try? OwnedFolder(run.path)).map(run.holdsTraining) != true else {
      throw RunDirectoryError.exists(run.path)
    }
    try checkClasses(in: folder)
    for label in labels(in: folder) { try checkNew(classPath(in: folder, label)) }
    try checkWritableFolder(run.path)
  }

  /// Whether it is named as the run of a class is.
  var isOfClass: Bool { Self.label(ofClass: fileName(path)) != nil }

  /// Throws `RunDirectoryError.link` where the run of a class would lead out of `folder`, or a `DatasetError` where that cannot
  /// be seen.
  public static func checkClasses(in folder: String) throws {
    try checkVisible(classPath(in: folder, 0))
    guard let owned = try? OwnedFolder(RunDirectory(path: folder).path) else { return }
    for label in labels(in: folder) where owned.isLink("\(classPrefix)\(label)") {
      throw RunDirectoryError.link(classPath(in: folder, label))
    }
  }

  /// The classes that there is something for, in order.
  private static func labels(in folder: String) -> [Int] {
    folderContents(folder).compactMap(label(ofClass:)).sorted()
  }

  private static func label(ofClass name: String) -> Int? {
    guard name.hasPrefix(classPrefix), let label = Int(name.dropFirst(classPrefix.count)), label >= 0 else {
      return nil
    }
    // A number is written in one way.
    return name == "\(classPrefix)\(label)" ? label : nil
  }

  private static let classPrefix = "class-"

  /// The first and the last of these runs, in words.
  static func classNamesText(_ folder: String) -> String {
    let paths = classRuns(in: folder).map(\.path)
    guard let first = paths.first, let last = paths.last, first != last else { return paths.first ?? "" }
    return "\(first) to \(last)"
  }
}
