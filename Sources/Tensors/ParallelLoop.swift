import CIntrinsics
import Glibc

extension WorkerPool {
  /// Threads to compute with unless somebody asks for another number: one a processor, at most eight.
  public static var machineThreads: Int { max(1, min(8, sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  /// Calls `body` once for every number in `0..<count`, on any of the pool's threads in any order, and returns when all
  /// calls have. Subnormal numbers count as zero meanwhile, on every thread alike.
  ///
  /// Results do not depend on the number of threads where each call writes only what is its own. The caller answers
  /// for that; nothing else is shared. Loops may not be nested on one pool.
  public func forEach(_ count: Int, _ body: (Int) -> Void) {
    guard count > 0 else { return }
    withoutActuallyEscaping(body) { body in
      var loop = Loop(body: body, count: UInt32(clamping: count))
      withUnsafeMutablePointer(to: &loop) { pointer in
        run(
          { context, _, _ in
            let loop = context.assumingMemoryBound(to: Loop.self)
            while true {
              let next = zscope_add(&loop.pointee.taken, 1) - 1
              guard next < loop.pointee.count else { return }
              loop.pointee.body(Int(next))
            }
          }, pointer)
      }
    }
  }

  private struct Loop {
    let body: (Int) -> Void
    let count: UInt32
    var taken: UInt32 = 0
  }
}
