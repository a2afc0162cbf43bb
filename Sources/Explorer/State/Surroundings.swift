import Datasets

/// What is to be had on this machine by name, as last looked up: a value, so that updating the state and drawing it
/// never read a file.
struct Surroundings: Sendable, Hashable {
  /// What `open` completes to: bundled models, then runs in the working folder.
  var models: [String] = []
  /// The data sets known by name.
  var dataNames = NamedSet.names()
  /// Those of them that are not on this machine.
  var absentData: Set<String> = []
  /// Where runs without a name of their own go, and the paths that are taken there.
  var runFolder = "runs"
  var takenRuns: Set<String> = []
  /// What folders hold, as far as a path has been typed into them.
  var folders: [String: [String]] = [:]

  /// What a new run learns from unless said otherwise: MNIST where it is, the built-in strokes elsewhere.
  var defaultData: String {
    let (wanted, builtIn) = (NamedSet.mnist.name, NamedSet.strokes.name)
    return dataNames.contains(wanted) && !absentData.contains(wanted) ? wanted : builtIn
  }

  /// Whether a name is that of a set, or of its half-rotated form, that is not on this machine.
  func isAbsent(_ data: String) -> Bool {
    absentData.contains { data == $0 || data == "\($0)-\(ImageSet.rotatedFactor)" }
  }

  /// The folder of a path being typed, with its stroke; empty for the working folder.
  static func folder(of typed: String) -> String { typed.lastIndex(of: "/").map { String(typed[...$0]) } ?? "" }

  /// The paths that what has been typed may become.
  func paths(_ typed: String) -> [String] {
    let folder = Self.folder(of: typed)
    return (folders[folder] ?? []).map { folder + $0 }.filter { $0.hasPrefix(typed) }
  }
}
