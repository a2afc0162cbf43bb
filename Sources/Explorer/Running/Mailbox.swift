import LatentModels
import Synchronization

/// Results of work done beside the loop, in order, with a file descriptor to sleep on.
final class Mailbox<Letter: Sendable>: Sendable {
  private let letters = Mutex<[Letter]>([])
  private let signal = LatestValue<Bool>()

  /// Readable while letters wait.
  var fileDescriptor: Int32 { signal.fileDescriptor }

  func post(_ letter: Letter) {
    letters.withLock { $0.append(letter) }
    signal.publish(true)
  }

  func take() -> [Letter] {
    _ = signal.take()
    return letters.withLock { letters in
      defer { letters = [] }
      return letters
    }
  }
}
