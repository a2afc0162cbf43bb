import Glibc
import Synchronization
import Terminal

/// What the signal handler may touch: the first signal that came, and where to say so.
private let firstSignal = Atomic<Int32>(0)
private let signalledDescriptor = Atomic<Int32>(-1)
/// By its number, what a fault did before.
private nonisolated(unsafe) let faultActions = UnsafeMutablePointer<sigaction>.allocate(capacity: 65)

/// Remembers the first signal and wakes who waits; from a signal handler.
private func note(_ signal: Int32) {
  let saved = errno
  _ = firstSignal.compareExchange(expected: 0, desired: signal, ordering: .sequentiallyConsistent)
  var byte: UInt8 = 0
  _ = write(signalledDescriptor.load(ordering: .sequentiallyConsistent), &byte, 1)
  errno = saved
}

/// What asks a program to end — ^C, SIGTERM, a lost terminal, the batch system, a limit on its time — as something to
/// wait for: from `init` on none of it ends the program, but makes `fileDescriptor` readable. Meanwhile a reader that has
/// gone and a file that may not grow are errors of the write that meets them, not signals.
///
/// There is one at a time; when it goes, the signals act as before.
final class Interruption: Sendable {
  /// The signals of a program's own faults, which somebody else may send as well.
  private static let faults = [SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP]
  private static let ignored = [SIGPIPE, SIGXFSZ]

  /// Readable once a signal has come; -1 where the system refused one.
  let fileDescriptor: Int32
  private let writingEnd: Int32
  private let hasEndedWait = Atomic<Bool>(false)
  private let previous: [(signal: Int32, action: sigaction)]

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
    action.__sigaction_handler.sa_handler = { note($0) }
    action.sa_flags = SA_RESTART
    var unblocked = sigset_t()
    sigemptyset(&unblocked)
    var previous: [(signal: Int32, action: sigaction)] = []
    for signal in EndingSignals.all + Self.ignored {
      var old = sigaction()
      sigaction(signal, nil, &old)
      // Who started this by nohup has it go on without a terminal.
      if signal == SIGHUP, Self.isIgnoring(old) { continue }
      previous.append((signal, old))
      if Self.ignored.contains(signal) {
        var ignoring = sigaction()
        ignoring.__sigaction_handler.sa_handler = SIG_IGN
        sigaction(signal, &ignoring, nil)
      } else {
        sigaction(signal, &action, nil)
        sigaddset(&unblocked, signal)
      }
    }
    // A fault that somebody sends asks for the end; one that happens does what it did before.
    var sent = sigaction()
    sent.__sigaction_handler.sa_sigaction = { signal, information, _ in
      guard let information else { return }
      let isSent = information.pointee.si_code <= 0
      if isSent, information.pointee._sifields._kill.si_pid != getpid() { return note(signal) }
      sigaction(signal, faultActions + Int(signal), nil)
      // A fault of an instruction happens again by itself.
      if isSent { raise(signal) }
    }
    // What overflows the stack has none left for a handler but the other one.
    sent.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK
    for signal in Self.faults {
      var old = sigaction()
      sigaction(signal, nil, &old)
      previous.append((signal, old))
      (faultActions + Int(signal)).initialize(to: old)
      sigaction(signal, &sent, nil)
      sigaddset(&unblocked, signal)
    }
    self.previous = previous
    // A parent may have left them blocked, as programs that start others from worker threads do.
    pthread_sigmask(SIG_UNBLOCK, &unblocked, nil)
  }

  deinit {
    for (signal, action) in previous {
      var action = action
      sigaction(signal, &action, nil)
    }
    signalledDescriptor.store(-1, ordering: .sequentiallyConsistent)
    for end in [fileDescriptor, writingEnd] where end >= 0 { close(end) }
  }

  /// The first signal that has come, or nil.
  var received: Int32? {
    let signal = firstSignal.load(ordering: .sequentiallyConsistent)
    return signal == 0 ? nil : signal
  }

  /// Waits until one of `descriptors` or a signal is readable, or `milliseconds` have passed. A signal ends one wait: it stays
  /// readable, and what it stops may take a while.
  func wait(for descriptors: [Int32], milliseconds: Int32) {
    let awaited = descriptors + (hasEndedWait.load(ordering: .relaxed) ? [] : [fileDescriptor])
    var waiting = awaited.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    _ = poll(&waiting, nfds_t(waiting.count), milliseconds)
    if received != nil { hasEndedWait.store(true, ordering: .relaxed) }
  }

  private static func isIgnoring(_ action: sigaction) -> Bool {
    unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// The exit status by which shells know a program ended by `signal`: 130 for ^C, 143 for SIGTERM.
  static func status(_ signal: Int32) -> Int32 { 128 + signal }
}
