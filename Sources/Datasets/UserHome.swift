import Glibc

/// The user's own folders, by the XDG base directory specification: the one place that says where they are.
public enum UserHome {
  /// Why nothing is kept where there is no such folder.
  public static var problem: String {
    let unusable = ["ZSCOPE_DATA", "XDG_DATA_HOME", "XDG_STATE_HOME", "HOME"].first(
      where: OutsideText.isUnusable(variable:))
    return unusable.map { "\($0) is not UTF-8" }
      ?? "there is no home folder (HOME names none, and the list of users neither)"
  }

  /// The home folder: `$HOME`, or what the system's list of users says where that is no absolute path; nil where neither
  /// names a folder that is there, and where `$HOME` is not UTF-8. Another one, such as one that all users share, is never taken.
  public static var path: String? {
    if OutsideText.isUnusable(variable: "HOME") { return nil }
    if let home = environmentVariable("HOME"), home.hasPrefix("/") { return home }
    guard let entry = getpwuid(getuid()), let folder = entry.pointee.pw_dir.map({ String(cString: $0) }) else {
      return nil
    }
    return folder.hasPrefix("/") && isFolder(folder) ? folder : nil
  }

  /// The program's folder below that which `variable` names, as `XDG_DATA_HOME`, or below `fallback` in the home folder;
  /// nil where there is neither, and where `variable` is not UTF-8.
  public static func folder(_ variable: String, fallback: String) -> String? {
    if OutsideText.isUnusable(variable: variable) { return nil }
    // The specification says that relative paths are to be ignored.
    if let value = environmentVariable(variable), value.hasPrefix("/") { return "\(value)/zscope" }
    return path.map { "\($0)/\(fallback)/zscope" }
  }

  /// Where data sets and what else is worth keeping go: `$XDG_DATA_HOME/zscope`.
  public static var data: String? { folder("XDG_DATA_HOME", fallback: ".local/share") }
}
