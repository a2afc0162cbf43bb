import Glibc
import Synchronization

/// What the signal handler may touch: the first signal that came, and where to say so.
private let firstSignal = Atomic<Int32>(0)
private let signalledDescriptor = Atomic<Int32>(-1)

/// ^C and SIGTERM as something to wait for: from `init` on they no longer end the program but make `fileDescriptor` readable.
///
/// There is one at a time; when it goes, the signals act as before.
final class Interruption: Sendable {
  private static let signals = [SIGINT, SIGTERM]

  /// Readable once a signal has come; -1 where the system refused one.
  let fileDescriptor: Int32
  private let writingEnd: Int32

  init() {
    // A pipe, because the C library's module offers neither signalfd nor eventfd.
    var ends: [Int32] = [-1, -1]
    if pipe(&ends) == 0 {
      for end in ends {
        _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        _ = fcntl(end, F_SETFL, O_NONBLOCK)
      }
    }
    (fileDescriptor, writingEnd) = (ends[0], ends[1])
    firstSignal.store(0, ordering: .sequentiallyConsistent)
    signalledDescriptor.store(writingEnd, ordering: .sequentiallyConsistent)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { signal in
      let saved = errno
      _ = firstSignal.compareExchange(expected: 0, desired: signal, ordering: .sequentiallyConsistent)
      var byte: UInt8 = 0
      _ = write(signalledDescriptor.load(ordering: .sequentiallyConsistent), &byte, 1)
      errno = saved
    }
    action.sa_flags = SA_RESTART
    var unblocked = sigset_t()
    sigemptyset(&unblocked)
    for signal in Self.signals {
      sigaction(signal, &action, nil)
      sigaddset(&unblocked, signal)
    }
    // A parent may have left them blocked, as programs that start others from worker threads do.
    pthread_sigmask(SIG_UNBLOCK, &unblocked, nil)
  }

  deinit {
    for number in Self.signals { signal(number, SIG_DFL) }
    signalledDescriptor.store(-1, ordering: .sequentiallyConsistent)
    for end in [fileDescriptor, writingEnd] where end >= 0 { close(end) }
  }

  /// The first signal that has come, or nil.
  var received: Int32? {
    let signal = firstSignal.load(ordering: .sequentiallyConsistent)
    return signal == 0 ? nil : signal
  }

  /// Waits until one of `descriptors` or a signal is readable, or `milliseconds` have passed.
  func wait(for descriptors: [Int32], milliseconds: Int32) {
    var waiting = (descriptors + [fileDescriptor]).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    _ = poll(&waiting, nfds_t(waiting.count), milliseconds)
  }

  /// The exit status by which shells know a program ended by `signal`: 130 for ^C, 143 for SIGTERM.
  static func status(_ signal: Int32) -> Int32 { 128 + signal }
}
