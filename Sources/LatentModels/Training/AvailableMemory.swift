import Datasets
import Glibc

/// How much memory this process may still take.
enum AvailableMemory {
  /// Bytes of the machine's memory, or of that part of it that this process's group may have.
  static var physical: Int {
    let all = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    return min(all, ofGroup ?? all)
  }

  /// Bytes that a limit on the address space (`ulimit -v`) leaves this process; nil where there is none.
  static var withinAddressSpace: Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur != rlim_t.max,
      let pages = numbers("/proc/self/statm").first
    else { return nil }
    return Int(clamping: limit.rlim_cur) - pages * sysconf(Int32(_SC_PAGESIZE))
  }

  private static var ofGroup: Int? {
    guard let text = try? readFile("/proc/self/cgroup", limit: 1 << 16) else { return nil }
    let groups = String(decoding: text, as: UTF8.self).split(separator: "\n")
    guard let group = groups.first(where: { $0.hasPrefix("0::/") })?.dropFirst(3) else { return nil }
    return numbers("/sys/fs/cgroup\(group)/memory.max").first
  }

  /// The numbers a file of the system begins with; none where it is not there or says something else.
  private static func numbers(_ path: String) -> [Int] {
    guard let text = try? readFile(path, limit: 1 << 16) else { return [] }
    return String(decoding: text, as: UTF8.self).split { $0 == " " || $0 == "\n" }.compactMap { Int($0) }
  }
}
