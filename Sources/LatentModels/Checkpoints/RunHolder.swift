import Datasets
import Glibc

extension RunDirectory {
  /// The file that a process writes its name into when it takes the run.
  public var lockPath: String { "\(path)/\(RunLock.fileName)" }

  /// The other process that trains in it at the moment, such as `process 4711`; nil where none does.
  ///
  /// Nothing is taken: a lock that can be had is given back at once, which happens once, when the training is over.
  public var otherHolder: String? {
    guard let file = try? folder().openToRead(RunLock.fileName) else { return nil }
    defer { close(file) }
    guard flock(file, LOCK_SH | LOCK_NB) != 0 else {
      flock(file, LOCK_UN)
      return nil
    }
    guard errno == EWOULDBLOCK else { return nil }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = read(file, &bytes, bytes.count)
    let holder = count > 0 ? Array(bytes.prefix(count)) : []
    guard !holder.isEmpty, RunLock.isLock(holder) else { return "another process" }
    let name = String(decoding: holder, as: UTF8.self)
    return name == RunLock.ownName ? nil : name
  }
}
