/// Threads that run the pieces of a plan.
public final class WorkerPool: Sendable {
  /// The number of threads, the caller included.
  public let threads: Int
  /// The caller alone.
  public static let inline = WorkerPool(threads: 1)
  /// A pool of `threads` threads, the caller included.
  public init(threads: Int) { self.threads = max(1, threads) }
}
