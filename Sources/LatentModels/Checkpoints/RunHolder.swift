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
    let name = Self.holder(in: file) ?? "another process"
    return name == RunLock.ownName ? nil : name
  }

  /// Whether the last process that trained in it, now or before, is another than this one.
  public var wasLastHeldByAnother: Bool {
    guard let file = try? folder().openToRead(RunLock.fileName) else { return false }
    defer { close(file) }
    return Self.holder(in: file).map { $0 != RunLock.ownName } ?? false
  }

  private static func holder(in file: Int32) -> String? {
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = read(file, &bytes, bytes.count)
    let holder = count > 0 ? Array(bytes.prefix(count)) : []
    return holder.isEmpty || !RunLock.isLock(holder) ? nil : String(decoding: holder, as: UTF8.self)
  }
}
