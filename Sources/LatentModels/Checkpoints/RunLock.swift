import Datasets
import Glibc
import Synchronization

/// A lock on a run directory that the system lifts when its process ends, however it ends.
final class RunLock: Sendable {
  private let descriptor: Mutex<Int32>

  init(path: String) throws {
    let file = "\(path)/.lock"
    let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw RunDirectoryError.damaged(path: file, problem: "cannot be written: \(String(cString: strerror(errno)))")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let holder = (try? readFile(file, limit: 64)).map { String(decoding: $0, as: UTF8.self) } ?? ""
      close(descriptor)
      throw RunDirectoryError.locked(path: path, holder: holder.isEmpty ? "unknown" : holder)
    }
    ftruncate(descriptor, 0)
    let holder = "process \(getpid())"
    _ = holder.withCString { write(descriptor, $0, strlen($0)) }
    self.descriptor = Mutex(descriptor)
  }

  /// Lets others train; done when the training is over, though the session may live on.
  func release() {
    descriptor.withLock { descriptor in
      guard descriptor >= 0 else { return }
      // Closing alone would leave it locked for as long as a process that is being started has the descriptor too.
      flock(descriptor, LOCK_UN)
      close(descriptor)
      descriptor = -1
    }
  }

  deinit { release() }
}
