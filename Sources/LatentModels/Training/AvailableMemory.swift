import Datasets
import Glibc
import Tensors

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

  /// Throws `TrainingError.memory` where the machine, or what limits this process, has less than a training needs: Swift
  /// ends a program that gets no memory.
  static func check(_ needed: Int, threads: Int) throws {
    let most = physical / 4 * 3
    guard needed <= most else { throw TrainingError.memory(needed: needed, there: most) }
    guard let left = withinAddressSpace else { return }
    // Planning a step, and a checkpoint being written.
    let beside = 32 << 20
    let all = needed + threads * WorkerPool.stackSize + beside
    guard all <= left else { throw TrainingError.memory(needed: all, there: left) }
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

extension Configuration {
  /// Bytes that a training on so many images needs, to a tenth or so: weights with moments and a snapshot, and for every row of a
  /// step what its layers compute, forward and backward.
  func memory(images: Int) -> Int {
    let rows = min(training.batch, images)
    let hidden = model.hidden.reduce(0, +)
    let width = model.variables.width
    // What is decoded is decoded for every sample, or for every class of a variable that is summed out.
    let passes = max(objective.samples, model.row.usesLabels ? model.classNames.count : 1)
    let activations = rows * (model.pixelCount + hidden + 2 * width + passes * (width + hidden + model.pixelCount))
    let own = objectiveParameters.reduce(0) { $0 + $1.shape.reduce(1, *) }
    return MemoryLayout<Float>.stride * (4 * (model.parameterCount + own) + 2 * activations)
  }
}
