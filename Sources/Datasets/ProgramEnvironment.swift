import Glibc

/// A variable of the environment; nil where it is unset or empty.
public func environmentVariable(_ name: String) -> String? {
  guard let value = getenv(name), value.pointee != 0 else { return nil }
  return String(cString: value)
}

/// The folder of the running program's file, symbolic links followed; nil where the system does not tell.
public var programFolder: String? {
  guard let path = realpath("/proc/self/exe", nil) else { return nil }
  defer { free(path) }
  return folderName(String(cString: path))
}
