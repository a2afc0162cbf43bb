import Glibc

/// A file that grows while a program runs: what has been appended is there for readers at once, and stays whatever becomes
/// of the program. Used by one thread.
public final class AppendedFile {
  private let path: String
  private let descriptor: Int32

  /// Makes the file at `path` one that holds `beginning`, as any output replaces what was there (see
  /// ``writeAtomically(to:_:)``), and opens it to be appended to.
  ///
  /// - Throws: `DatasetError` of kind `unwritable`; also where `path` is there and no regular file.
  public init(_ path: String, beginning: [UInt8]) throws {
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      throw DatasetError(.unwritable, path, "this is no regular file", remedy: "give the name of a file")
    }
    try writeAtomically(beginning, to: path)
    self.path = path
    descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw writingError(path, errno) }
  }

  deinit { close(descriptor) }

  /// Appends `bytes`: all of them, or none.
  ///
  /// - Throws: `DatasetError` of kind `unwritable`.
  public func append(_ bytes: [UInt8]) throws {
    try appendAll(bytes, to: descriptor, path: path)
  }
}
