import Glibc

/// The machine the program runs on.
enum Machine {
  /// Threads to compute with unless somebody asks for another number: one a processor, at most eight.
  static var threads: Int { max(1, min(8, sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}
