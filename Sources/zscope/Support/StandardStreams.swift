import Datasets
import Glibc

/// Standard error: messages and progress.
enum StandardError {
  static let isTerminal = isatty(STDERR_FILENO) == 1

  /// The columns of the terminal, or 80 where there is none.
  static var columns: Int { terminalColumns(STDERR_FILENO) }

  /// Writes at once; a closed stream is nobody's fault here.
  static func write(_ text: String) {
    var text = text
    text.withUTF8 { try? writeAll(UnsafeRawBufferPointer($0), to: STDERR_FILENO, path: "standard error") }
  }
}

/// Standard output: results.
enum StandardOutput {
  static let isTerminal = isatty(STDOUT_FILENO) == 1

  /// Writes text; throws `DatasetError` where the stream refuses it.
  static func write(_ text: String) throws {
    var text = text
    try text.withUTF8 { try writeAll(UnsafeRawBufferPointer($0), to: STDOUT_FILENO, path: "standard output") }
  }

  /// The columns of the terminal, or 80 where there is none.
  static var columns: Int { terminalColumns(STDOUT_FILENO) }
}

private func terminalColumns(_ descriptor: Int32) -> Int {
  var size = winsize()
  guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
  return Int(size.ws_col)
}
