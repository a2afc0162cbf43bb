import Glibc

/// What the program was given from outside as text that names files.
public enum OutsideText {
  /// The variables of the environment that name folders.
  private static let folderVariables = [
    "HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "ZSCOPE_ASSETS",
    "ZSCOPE_DATA",
  ]

  /// A text that is UTF-8: a repaired one could be the name of another file.
  ///
  /// - Parameter what: what messages call it.
  /// - Throws: `DatasetError` of kind `unsupported`.
  public static func checked(_ text: UnsafePointer<CChar>, _ what: String, remedy: String) throws -> String {
    if let valid = String(validatingCString: text) { return valid }
    let bytes = UnsafeRawBufferPointer(start: text, count: strlen(text))
    throw DatasetError(.unsupported, what, "\(NameText.text(of: bytes)) is not UTF-8", remedy: remedy)
  }

  /// Throws where a variable of the environment names a folder by what is not UTF-8.
  ///
  /// - Throws: `DatasetError` of kind `unsupported`.
  public static func checkEnvironment() throws {
    for name in folderVariables {
      guard let value = getenv(name) else { continue }
      _ = try checked(value, name, remedy: "name a folder of which the whole path is UTF-8")
    }
  }
}

/// A variable of the environment; nil where it is unset or empty.
public func environmentVariable(_ name: String) -> String? {
  guard let value = getenv(name), value.pointee != 0 else { return nil }
  return String(cString: value)
}

/// The folder of the running program's file, symbolic links followed; nil where the system does not tell.
public var programFolder: String? {
  guard let path = realpath("/proc/self/exe", nil) else { return nil }
  defer { free(path) }
  // Of another path nothing could be found by text.
  return String(validatingCString: path).map(folderName)
}
