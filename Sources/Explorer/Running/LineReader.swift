import Glibc

/// Lines of standard input, until it ends or a signal asks to stop.
struct LineReader {
  private var pending: [UInt8] = []
  private var hasEnded = false
  private let interruption: ExplorerOptions.Interruption?

  init(interruption: ExplorerOptions.Interruption?) { self.interruption = interruption }

  /// The next line without its end; nil at the end of the input, and once a signal has come.
  mutating func next() -> String? {
    while interruption?.received() == nil {
      if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: pending[..<end], as: UTF8.self)
        pending.removeSubrange(...end)
        return line
      }
      guard !hasEnded else {
        defer { pending = [] }
        return pending.isEmpty ? nil : String(decoding: pending, as: UTF8.self)
      }
      readMore()
    }
    return nil
  }

  private mutating func readMore() {
    // A negative descriptor is not watched.
    var watched = [
      pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
      pollfd(fd: interruption?.fileDescriptor ?? -1, events: Int16(POLLIN), revents: 0),
    ]
    guard poll(&watched, nfds_t(watched.count), -1) > 0, watched[0].revents != 0 else { return }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(STDIN_FILENO, &bytes, bytes.count)
    if count > 0 { pending += bytes[..<count] } else if count == 0 || errno != EINTR { hasEnded = true }
  }
}
