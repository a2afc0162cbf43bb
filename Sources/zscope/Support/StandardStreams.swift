import Canvas
import Datasets
import Glibc
import HarmlessText
import Terminal

/// Standard error: messages and progress.
enum StandardError {
  static let isTerminal = isatty(STDERR_FILENO) == 1

  /// The columns of the terminal, or 80 where there is none.
  static var columns: Int { terminalColumns(STDERR_FILENO) }

  /// Writes lines at once, with what would act on a terminal made harmless, and in ASCII where there is no more; a closed
  /// stream is nobody's fault here.
  static func write(_ text: String) {
    write(drawing: harmless(text, ascii: !TerminalSession.printsUnicode))
  }

  /// Writes `problem` as one line that begins with the program's name.
  static func complain(_ problem: String) { write("zscope: \(problem.harmlessLine)\n") }

  /// Writes what draws by escape sequences of the program's own; names have been made harmless before.
  static func write(drawing text: String) {
    var text = text
    text.withUTF8 { try? writeAll(UnsafeRawBufferPointer($0), to: STDERR_FILENO, path: "standard error") }
  }
}

/// Standard output: results.
enum StandardOutput {
  static let isTerminal = isatty(STDOUT_FILENO) == 1

  /// Writes lines for a person, with what would act on a terminal made harmless, and in ASCII where there is no more or that is
  /// asked for. What comes from outside and stands in a line passes `harmlessLine` besides, so that it stays in it.
  /// Throws `DatasetError` where the stream refuses it.
  static func write(_ text: String, ascii: Bool = !TerminalSession.printsUnicode) throws {
    try write(drawing: harmless(text, ascii: ascii))
  }

  /// Writes what a program reads, in UTF-8 whatever the locale is. Throws `DatasetError` where the stream refuses it.
  static func write(document text: String) throws { try write(drawing: text.harmless) }

  /// Writes pictures with escape sequences of the program's own. Throws `DatasetError` where the stream refuses it.
  static func write(drawing text: String) throws {
    var text = text
    try text.withUTF8 { try writeAll(UnsafeRawBufferPointer($0), to: STDOUT_FILENO, path: "standard output") }
  }

  /// The columns of the terminal, or 80 where there is none.
  static var columns: Int { terminalColumns(STDOUT_FILENO) }
}

/// The three descriptors every program is given.
enum StandardDescriptors {
  /// Puts something that refuses in the place of those that were closed when the program began: else the next file that
  /// is opened would get their number, and the report would be written into it.
  static func occupy() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
      // The lowest free number is given out: it is this one. Reading and writing still fail as on a closed one.
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }
}

/// Text that cannot act on a terminal, in ASCII where it has no more.
private func harmless(_ text: String, ascii: Bool) -> String { ascii ? text.harmless.inASCII : text.harmless }

private func terminalColumns(_ descriptor: Int32) -> Int {
  var size = winsize()
  guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
  return Int(size.ws_col)
}
