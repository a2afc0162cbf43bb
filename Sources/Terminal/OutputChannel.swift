import Glibc

/// The way to the terminal: holds what the terminal has not taken yet, and never waits.
struct OutputChannel {
  /// Where frames are written.
  let descriptor: Int32
  /// Whether a write refuses instead of waiting.
  private let refuses: Bool
  private var pending: [UInt8] = []
  private var written = 0

  /// Whether everything was handed over.
  var isEmpty: Bool { written == pending.count }
  /// Whether nothing more can be written before the terminal has read some: watch for room, then `flush`.
  private(set) var isFull = false

  /// A channel to the terminal behind a descriptor.
  ///
  /// The terminal is opened anew where possible: whether writes wait is a property of the open file, which is shared
  /// with the shell, and must not change under it.
  init?(duplicating terminal: Int32) {
    let anew = open("/proc/self/fd/\(terminal)", O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
    refuses = anew >= 0
    descriptor = anew >= 0 ? anew : fcntl(terminal, F_DUPFD_CLOEXEC, 10)
    if descriptor < 0 { return nil }
  }

  /// Adds bytes to what is to be written.
  mutating func append(_ bytes: [UInt8]) {
    if isEmpty {
      pending = bytes
      written = 0
    } else {
      pending.append(contentsOf: bytes)
    }
  }

  /// Forgets what was not handed over.
  mutating func discard() {
    pending.removeAll(keepingCapacity: true)
    written = 0
    isFull = false
  }

  /// Hands over what the terminal takes now, and looks whether it would take more. Returns how many bytes it took.
  mutating func flush() -> Int {
    var accepted = 0
    while written < pending.count {
      // Where writes wait, only a little is written at a time, and only when there is room.
      if !refuses, !isReady { break }
      let count = pending[written...].withUnsafeBytes {
        write(descriptor, $0.baseAddress, refuses ? $0.count : min($0.count, 256))
      }
      if count > 0 {
        written += count
        accepted += count
      } else if errno == EAGAIN {
        break
      } else if errno != EINTR {
        // The terminal is gone; the hang-up arrives by signal and by the end of input.
        discard()
      }
    }
    isFull = !isEmpty || !isReady
    return accepted
  }

  private var isReady: Bool {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return poll(&waiting, 1, 0) > 0 && waiting.revents & Int16(POLLOUT) != 0
  }

  /// Closes the descriptor.
  func close() { _ = Glibc.close(descriptor) }
}
