import CLinux
import Glibc
import Synchronization

/// A slot that holds the newest value only: a fast producer never waits, a slow consumer never sees an old value.
///
/// The file descriptor becomes readable when a value has been published since the last `take()`, so that an event loop
/// can sleep on it together with the keyboard.
public final class LatestValue<Value: Sendable>: Sendable {
  private struct Slot {
    var value: Value?
    var isFresh = false
  }

  private let slot = Mutex(Slot())
  /// An eventfd, readable while a value waits; -1 if the system gave none (then the slot still works, unsignalled).
  public let fileDescriptor: Int32

  /// An empty slot.
  public init() {
    fileDescriptor = zscope_eventfd()
  }

  deinit { if fileDescriptor >= 0 { close(fileDescriptor) } }

  /// Replaces the value and signals.
  public func publish(_ value: Value) {
    let wasFresh = slot.withLock { slot in
      defer { slot = Slot(value: value, isFresh: true) }
      return slot.isFresh
    }
    // One signal an untaken value: the counter cannot overflow and block.
    if !wasFresh, fileDescriptor >= 0 {
      var one: UInt64 = 1
      _ = write(fileDescriptor, &one, 8)
    }
  }

  /// The newest value if it has not been taken yet; clears the signal.
  public func take() -> Value? {
    if fileDescriptor >= 0 {
      var count: UInt64 = 0
      _ = read(fileDescriptor, &count, 8)
    }
    return slot.withLock { slot in
      defer { slot.isFresh = false }
      return slot.isFresh ? slot.value : nil
    }
  }

  /// The newest value, taken or not.
  public var latest: Value? { slot.withLock { $0.value } }
}
