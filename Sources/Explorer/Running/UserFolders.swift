import Datasets

/// The user's folders, none where there is no home folder.
enum UserFolders {
  /// `$XDG_CONFIG_HOME/zscope`.
  static var configuration: String? { UserHome.folder("XDG_CONFIG_HOME", fallback: ".config") }
  /// `$XDG_STATE_HOME/zscope`.
  static var state: String? { UserHome.folder("XDG_STATE_HOME", fallback: ".local/state") }
  /// `$XDG_CACHE_HOME/zscope`.
  static var cache: String? { UserHome.folder("XDG_CACHE_HOME", fallback: ".cache") }

  /// A path as a person types it, with `~` for the home folder as in a shell; strokes at the end of a folder's are left
  /// out.
  static func expanded(_ path: String) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    guard path == "~" || path.hasPrefix("~/"), let home = UserHome.path else { return path }
    return home + path.dropFirst()
  }
}
