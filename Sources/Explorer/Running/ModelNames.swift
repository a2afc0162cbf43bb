import Datasets
import Glibc

/// What models are called, and where they are.
extension Effects {
  /// What a model is called in the first line: of a path the part that tells it apart.
  static func displayName(_ name: String) -> String {
    // A folder that is named by where it lies, as `.` is, has a name of its own.
    let name = [".", ".."].contains(fileName(name)) ? absolute(name) : name
    guard name.contains("/") else { return name }
    let last = fileName(name)
    if ["best", "model", "latest"].contains(where: { last == "\($0).safetensors" }) {
      let folder = folderName(name)
      return fileName(folder == "." ? absolute(folder) : folder)
    }
    return last
  }

  /// A path that can be opened from another working folder too.
  static func absolute(_ path: String) -> String {
    // One place has one path, however it was typed.
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
