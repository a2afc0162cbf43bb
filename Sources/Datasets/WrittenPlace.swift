import Glibc

/// Where what is written to a path comes to stand: two paths of one place would destroy one another's content.
public enum WrittenPlace: Hashable, Sendable {
  /// A file or a pipe that is there.
  case file(device: UInt64, number: UInt64)
  /// A file that is not there yet, in a folder that is.
  case new(device: UInt64, folder: UInt64, name: String)
  /// What standard output or another open descriptor leads to, where that is no file.
  case descriptor(Int32)

  /// The place of `path`, whatever links lead there; `-` is standard output. Nil where nothing can be destroyed, as of a
  /// device or of a folder that is not there.
  public init?(of path: String) {
    guard path != "-" else {
      self = Self.descriptor(STDOUT_FILENO)
      if let file = Self.file(of: STDOUT_FILENO) { self = file }
      return
    }
    guard !path.isEmpty, let target = try? linkEnd(path) else { return nil }
    if let number = descriptorNumber(target) {
      self = Self.file(of: number) ?? .descriptor(number)
      return
    }
    var status = stat()
    if stat(target, &status) == 0 {
      guard let file = Self.file(status) else { return nil }
      self = file
    } else {
      guard stat(folderName(target), &status) == 0 else { return nil }
      self = .new(device: UInt64(status.st_dev), folder: UInt64(status.st_ino), name: fileName(target))
    }
  }

  private static func file(of descriptor: Int32) -> WrittenPlace? {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? file(status) : nil
  }

  private static func file(_ status: stat) -> WrittenPlace? {
    let kind = status.st_mode & S_IFMT
    guard kind == S_IFREG || kind == S_IFIFO else { return nil }
    return .file(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
  }
}
