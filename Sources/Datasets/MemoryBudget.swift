import Glibc

/// How much memory the content of one file may take, whatever the file claims.
enum MemoryBudget {
  /// The most bytes: a third of what the machine has, or of what this process may have (`ulimit -v`), since what is read
  /// is there more than once while it is converted; 8 GiB at most.
  static let bytes: Int = {
    var most = sysconf(Int32(_SC_PHYS_PAGES)).multipliedReportingOverflow(by: sysconf(Int32(_SC_PAGESIZE))).partialValue
    for resource in [RLIMIT_AS, RLIMIT_DATA] {
      var limit = rlimit()
      if getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0, let bytes = Int(exactly: limit.rlim_cur) {
        most = min(most, bytes)
      }
    }
    return most > 0 ? min(most / 3, 1 << 33) : 1 << 30
  }()

  /// What to say of a file whose content is more than that.
  static func exceeded(_ place: String) -> DatasetError {
    DatasetError(
      .tooLarge, place, "unpacks to more than the \(bytes >> 20) MiB that this machine can take",
      remedy: "split it into several files")
  }
}
