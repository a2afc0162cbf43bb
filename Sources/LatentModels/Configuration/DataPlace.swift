import Datasets
import Glibc

/// A path that was typed in one working folder means nothing in another: where its files lie is kept beside it.
extension TrainingConfiguration {
  /// Notes where the data lie, if they are files named by a path from the working folder.
  mutating func noteDataPath() {
    dataPath = nil
    guard data != "-", !data.hasPrefix("/"), !DataLibrary().isNamed(data) else { return }
    dataPath = Self.place(of: data)
  }

  /// Makes `data` name the files that the training was begun with, in whatever working folder this is. The path stays as it
  /// was typed where it leads to them from here, and where they are no longer in their old place but this leads to some.
  mutating func findData() {
    guard let dataPath, dataPath.hasPrefix("/") else { return }
    let here = Self.place(of: data)
    guard here != dataPath, here == nil || Self.place(of: dataPath) != nil else { return }
    data = dataPath
  }

  /// The path from the root of what there is at `path`, links followed; nil where there is nothing.
  private static func place(of path: String) -> String? {
    guard let resolved = realpath(path, nil) else {
      // What is in an archive is where the archive is.
      guard let archive = DataLibrary.file(of: path), let place = place(of: archive) else { return nil }
      return place + path.dropFirst(archive.count)
    }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
