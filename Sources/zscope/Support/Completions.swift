import Analysis
import ArgumentParser
import Datasets
import LatentModels

/// What a shell offers where a name or a path is asked for.
enum Completions {
  /// Bundled models by name, checkpoints and run directories by path.
  static let models = namesAndPaths { ModelLibrary.bundled().map(\.name) }
  /// Data sets by name, files by path.
  static let data = namesAndPaths { NamedSet.names() }
  /// The data sets that can be fetched.
  static let published = CompletionKind.custom { _, _, prefix in
    NamedSet.names(fetched: true).filter { $0.hasPrefix(prefix) }
  }

  /// Measures by name.
  static let measures = CompletionKind.list(["all", MeasureOptions.usual] + Measure.all.map(\.name))

  private static func namesAndPaths(_ names: @escaping @Sendable () -> [String]) -> CompletionKind {
    .custom { _, _, prefix in names().filter { $0.hasPrefix(prefix) } + paths(prefix) }
  }

  /// The files and folders whose paths begin with `prefix`; hidden ones only where it names a dot.
  private static func paths(_ prefix: String) -> [String] {
    let folder = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
    let name = prefix.dropFirst(folder.count)
    // Bash marks folders itself.
    let mark = CompletionShell.requesting == .bash ? "" : "/"
    return folderContents(folder.isEmpty ? "." : folder)
      .filter { $0.hasPrefix(name) && ($0.hasPrefix(".") == name.hasPrefix(".")) }
      .map { folder + $0 + (isFolder(folder + $0) ? mark : "") }
  }
}
