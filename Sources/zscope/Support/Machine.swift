import ArgumentParser
import Glibc
import Tensors

/// The machine the program runs on.
enum Machine {
  /// Threads to compute with unless somebody asks for another number: one a processor, at most eight.
  static var threads: Int { WorkerPool.machineThreads }

  /// Processors that are there to compute with.
  static var processors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// How many threads may be asked for, by every command.
  private static let allowedThreads = 1...256

  /// Throws a `ValidationError` where `--threads` is out of range.
  static func check(threads: Int?) throws {
    guard let threads, !allowedThreads.contains(threads) else { return }
    throw ValidationError(
      "--threads is \(threads); allowed: \(allowedThreads.lowerBound) to \(allowedThreads.upperBound)")
  }
}
