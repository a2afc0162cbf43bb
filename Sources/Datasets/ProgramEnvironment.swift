import Glibc

/// What the program was given from outside as text that names files.
public enum OutsideText {
  /// A text that is UTF-8: a repaired one could be the name of another file.
  ///
  /// - Parameter what: what messages call it.
  /// - Throws: `DatasetError` of kind `unsupported`.
  public static func checked(_ text: UnsafePointer<CChar>, _ what: String, remedy: String) throws -> String {
    if let valid = String(validatingCString: text) { return valid }
    let bytes = UnsafeRawBufferPointer(start: text, count: strlen(text))
    throw DatasetError(.unsupported, what, "\(NameText.text(of: bytes)) is not UTF-8", remedy: remedy)
  }

  /// Throws where a variable of the environment names a folder by what is not UTF-8: for who needs that folder.
  ///
  /// - Throws: `DatasetError` of kind `unsupported`.
  public static func check(variable name: String) throws {
    guard let value = getenv(name) else { return }
    _ = try checked(value, name, remedy: "name a folder of which the whole path is UTF-8")
  }

  /// Whether a variable of the environment is set to what is not UTF-8: it names a folder, but none that can be used, and no
  /// other is to take its place.
  public static func isUnusable(variable name: String) -> Bool {
    getenv(name).map { String(validatingCString: $0) == nil } ?? false
  }
}

/// A variable of the environment; nil where it is unset, empty, or not UTF-8.
public func environmentVariable(_ name: String) -> String? {
  guard let value = getenv(name), value.pointee != 0 else { return nil }
  return String(validatingCString: value)
}

/// The folder of the running program's file, symbolic links followed; nil where the system does not tell.
public var programFolder: String? {
  guard let path = realpath("/proc/self/exe", nil) else { return nil }
  defer { free(path) }
  // Of another path nothing could be found by text.
  return String(validatingCString: path).map(folderName)
}
