import Glibc

/// How much memory this process may take: Swift ends a program that asks for more than it gets, so what needs much of it
/// asks here first.
public enum MemoryBudget {
  /// The most bytes that the content of one packed file or picture may take, whatever the file claims: a third of what the
  /// machine has, or of what this process may have (`ulimit -v`), since what is read is there more than once while it is
  /// converted; 8 GiB at most.
  static let bytes: Int = {
    var most = physical
    for resource in [RLIMIT_AS, RLIMIT_DATA] { most = min(most, limit(resource) ?? most) }
    return most > 0 ? min(most / 3, 1 << 33) : 1 << 30
  }()

  /// Bytes of the machine's memory, or of that part of it that this process's group may have.
  public static let physical: Int = {
    let all = sysconf(Int32(_SC_PHYS_PAGES)).multipliedReportingOverflow(by: pageSize).partialValue
    return min(all, ofGroup ?? all)
  }()

  /// Bytes that limits on addresses and data (`ulimit -v`, `ulimit -d`) leave this process; nil where there are none.
  public static var withinLimits: Int? {
    let (addresses, data) = (limit(RLIMIT_AS), limit(RLIMIT_DATA))
    guard addresses != nil || data != nil else { return nil }
    // Pages of addresses, resident, shared, code, none, data and stack.
    let pages = numbers("/proc/self/statm")
    guard pages.count > 5 else { return nil }
    return [addresses.map { $0 - pages[0] * pageSize }, data.map { $0 - pages[5] * pageSize }].compactMap(\.self).min()
  }

  /// What threads and small things take beside what was asked for.
  private static let beside = 12 << 20

  /// So much is there without asking: to ask costs more.
  private static let little = 1 << 20

  /// Throws where this process cannot take `needed` bytes more than it has.
  ///
  /// - Throws: `DatasetError` of kind `tooLarge`.
  public static func require(_ needed: Int, for place: String, left: Int? = nil) throws {
    guard needed > little else { return }
    let most = left ?? min(physical / 4 * 3, (withinLimits ?? .max) - beside)
    guard needed <= most else {
      throw DatasetError(
        .tooLarge, place, "takes \(needed >> 20) MiB of memory where \(max(0, most) >> 20) MiB can be had",
        remedy: "take fewer images or codes at a time, or allow this program more memory (see ulimit -v)")
    }
  }

  /// The same, of a number of things of some bytes each.
  ///
  /// - Throws: `DatasetError` of kind `tooLarge`.
  static func require(_ count: Int, of size: Int, for place: String) throws {
    let (needed, overflow) = count.multipliedReportingOverflow(by: size)
    try require(overflow ? .max : needed, for: place)
  }

  /// What to say of a file whose content is more than `bytes`.
  static func exceeded(_ place: String) -> DatasetError {
    DatasetError(
      .tooLarge, place, "unpacks to more than the \(bytes >> 20) MiB that this machine can take",
      remedy: "split it into several files")
  }

  private static var pageSize: Int { sysconf(Int32(_SC_PAGESIZE)) }

  /// A limit on this process; nil where there is none.
  private static func limit(_ resource: __rlimit_resource) -> Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0, limit.rlim_cur != rlim_t.max else {
      return nil
    }
    return Int(exactly: limit.rlim_cur)
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
