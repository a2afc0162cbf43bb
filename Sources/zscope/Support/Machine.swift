import Tensors

/// The machine the program runs on.
enum Machine {
  /// Threads to compute with unless somebody asks for another number: one a processor, at most eight.
  static var threads: Int { WorkerPool.machineThreads }
}
