import Datasets
import Glibc
import Synchronization

/// A run held by this process: its folder is open and locked, and known by the run's number. The system lifts the lock
/// when the process ends, however it ends.
///
/// Both the folder and the file `.lock` in it are locked: the file for programs that know of no other, and to say who
/// holds it; the folder because a file can be removed.
final class RunLock: Sendable {
  static let fileName = ".lock"
  private static let holderPrefix = "process "
  /// What this process is called as a holder.
  static var ownName: String { "\(holderPrefix)\(getpid())" }

  /// Whether a file of these bytes may be a lock of a run: a holder, or nothing.
  static func isLock(_ bytes: [UInt8]) -> Bool { bytes.isEmpty || bytes.starts(with: holderPrefix.utf8) }

  /// The folder, wherever it is moved.
  let folder: OwnedFolder
  private let path: String
  private struct Held {
    var file: Int32
    var identity: String?
    var isInUse = false
  }
  private let held: Mutex<Held>

  /// Takes the run at `path`, which may be a link where it is said so.
  ///
  /// - Throws: `RunDirectoryError.locked` if another has it, or a `DatasetError`.
  init(path: String, followingLink: Bool) throws {
    self.path = path
    let folder = try OwnedFolder(path, followingLink: followingLink)
    func locked() -> RunDirectoryError {
      let holder = (try? folder.read(Self.fileName, limit: 64)).map { String(decoding: $0, as: UTF8.self) } ?? ""
      return .locked(path: path, holder: holder.isEmpty ? "unknown" : holder)
    }
    guard folder.lock() else { throw locked() }
    guard let file = try folder.openToLock(Self.fileName) else { throw locked() }
    ftruncate(file, 0)
    _ = Self.ownName.withCString { write(file, $0, strlen($0)) }
    self.folder = folder
    held = Mutex(Held(file: file))
  }

  /// The run's number, once it is known.
  var identity: String? { held.withLock { $0.identity } }

  /// Says which run this is; every write checks that it still is.
  func identify(as identity: String) { held.withLock { $0.identity = identity } }

  /// Whether the run is still this process's.
  var isHeld: Bool { held.withLock { $0.file >= 0 } }

  /// Takes the run for one training; false where another training of this process has it.
  func beginUse() -> Bool {
    held.withLock { held in
      guard !held.isInUse else { return false }
      held.isInUse = true
      return true
    }
  }

  /// Lets others train; done when the training is over, though the session may live on.
  func release() {
    held.withLock { held in
      guard held.file >= 0 else { return }
      // Closing alone would leave it locked for as long as a process that is being started has the descriptor too.
      flock(held.file, LOCK_UN)
      close(held.file)
      held.file = -1
      folder.unlock()
    }
  }

  deinit { release() }
}
