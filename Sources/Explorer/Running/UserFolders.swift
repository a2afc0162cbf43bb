import Datasets

/// The folders of the XDG base directory specification.
enum UserFolders {
  /// `$XDG_CONFIG_HOME/zscope`.
  static var configuration: String { folder("XDG_CONFIG_HOME", fallback: ".config") }
  /// `$XDG_STATE_HOME/zscope`.
  static var state: String { folder("XDG_STATE_HOME", fallback: ".local/state") }
  /// `$XDG_DATA_HOME/zscope`.
  static var data: String { folder("XDG_DATA_HOME", fallback: ".local/share") }

  /// `$XDG_CACHE_HOME/zscope`.
  static var cache: String { folder("XDG_CACHE_HOME", fallback: ".cache") }

  private static func folder(_ variable: String, fallback: String) -> String {
    // The specification says that relative paths are to be ignored.
    if let value = environmentVariable(variable), value.hasPrefix("/") { return "\(value)/zscope" }
    return "\(environmentVariable("HOME") ?? "/tmp")/\(fallback)/zscope"
  }

  /// A path as a person types it, with `~` for the home folder as in a shell; strokes at the end of a folder's are left
  /// out.
  static func expanded(_ path: String) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    guard path == "~" || path.hasPrefix("~/"), let home = environmentVariable("HOME") else { return path }
    return home + path.dropFirst()
  }
}
