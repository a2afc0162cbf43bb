import CIntrinsics
import Glibc

/// Threads that run the pieces of a plan together with the caller.
///
/// Workers wait for the next run by spinning for some tens of microseconds and then sleep on a futex, so an idle pool
/// costs nothing. Results never depend on the number of threads.
public final class WorkerPool: Sendable {
  /// The number of threads, the caller included.
  public let threads: Int
  private let shared: SharedState

  /// Bytes of a worker's stack: kernels keep little there, and what is reserved counts where address space is limited.
  public static let stackSize = 1 << 20

  /// The caller alone; it may be used from many threads at once.
  public static let inline = WorkerPool(threads: 1)

  /// A pool of `threads` threads, the caller included; of fewer where the system gives no more.
  public init(threads: Int) {
    shared = SharedState()
    self.threads = shared.start(threads)
  }

  deinit { shared.stop() }

  /// One piece of work: context, worker number, number of workers.
  typealias Work = @convention(c) (_ context: UnsafeMutableRawPointer, _ worker: Int, _ workers: Int) -> Void

  /// Runs `work` once on every thread and returns when all are done. Allocates nothing.
  func run(_ work: Work, _ context: UnsafeMutableRawPointer) {
    if threads == 1 {
      let mode = zscope_flush_subnormals()
      work(context, 0, 1)
      zscope_restore_float_mode(mode)
      return
    }
    shared.run(work, context)
  }

  /// Waits until every worker has come to the same point; `count` numbers the barriers of one run from 1.
  func barrier(_ count: Int) {
    if threads > 1 { shared.barrier(UInt32(truncatingIfNeeded: count)) }
  }
}

/// What a pool's threads share. Its words are at fixed addresses, a cache line apart, because futexes need that; so is the
/// lock, which several callers hold or wait for at once.
private final class SharedState: @unchecked Sendable {
  // Unchecked: `threads` and `handles` are written by `start` alone, before the pool is anybody's. `work` and `context` are
  // written between lock and unlock of `mutex`, before `generation` announces the run, and read by workers after they saw
  // that and before they count themselves in `left`, for all of which the writer waits. The words of `memory` are atomic.
  private var threads = 1
  private let memory: UnsafeMutableRawPointer
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private var handles: [pthread_t] = []
  private var work: WorkerPool.Work = { _, _, _ in }
  private var context: UnsafeMutableRawPointer

  private var generation: UnsafeMutablePointer<UInt32> { word(0) }
  private var sleepers: UnsafeMutablePointer<UInt32> { word(1) }
  private var arrived: UnsafeMutablePointer<UInt32> { word(2) }
  private var stopping: UnsafeMutablePointer<UInt32> { word(3) }
  private var names: UnsafeMutablePointer<UInt32> { word(4) }
  private var left: UnsafeMutablePointer<UInt32> { word(5) }
  private var waiters: UnsafeMutablePointer<UInt32> { word(6) }

  init() {
    memory = .allocate(byteCount: 7 * 128, alignment: 128)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: 7 * 128)
    context = memory
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
    memory.deallocate()
  }

  private func word(_ index: Int) -> UnsafeMutablePointer<UInt32> {
    (memory + index * 128).assumingMemoryBound(to: UInt32.self)
  }

  /// Starts workers until there are `wanted` threads with the caller, and says how many there are.
  func start(_ wanted: Int) -> Int {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, WorkerPool.stackSize)
    for _ in 1..<max(wanted, 1) {
      var handle = pthread_t()
      let reference = Unmanaged.passRetained(self)
      let code = pthread_create(
        &handle, &attributes,
        { raw in
          guard let raw else { return nil }
          Unmanaged<SharedState>.fromOpaque(raw).takeRetainedValue().loop()
          return nil
        }, reference.toOpaque())
      guard code == 0 else {
        // Results do not depend on the number of threads, so those there are will do.
        reference.release()
        break
      }
      handles.append(handle)
    }
    // Workers read this after the first run has been announced to them.
    threads = 1 + handles.count
    return threads
  }

  func stop() {
    zscope_store(stopping, 1)
    _ = zscope_add(generation, 1)
    zscope_futex_wake(generation, Int32.max)
    for handle in handles { pthread_join(handle, nil) }
  }

  func run(_ work: WorkerPool.Work, _ context: UnsafeMutableRawPointer) {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    self.work = work
    self.context = context
    zscope_store(arrived, 0)
    _ = zscope_add(generation, 1)
    if zscope_load_ordered(sleepers) > 0 { zscope_futex_wake(generation, Int32.max) }
    let mode = zscope_flush_subnormals()
    work(context, 0, threads)
    zscope_restore_float_mode(mode)
    leave()
  }

  /// The end of a run: nobody may start the next before all have left this one.
  private func leave() {
    wait(left, for: UInt32(threads - 1))
    zscope_store(left, 0)
  }

  func barrier(_ count: UInt32) {
    let target = count &* UInt32(threads)
    arrive(arrived, target)
    wait(arrived, for: target)
  }

  /// Counts the caller in, and wakes those who fell asleep over it.
  private func arrive(_ word: UnsafeMutablePointer<UInt32>, _ target: UInt32) {
    if zscope_add(word, 1) == target, zscope_load_ordered(waiters) > 0 { zscope_futex_wake(word, Int32.max) }
  }

  /// Spins, then sleeps: a wait that gets long means that the other thread is not running, and it should have this
  /// processor rather than see it spin.
  @inline(__always)
  private func wait(_ word: UnsafeMutablePointer<UInt32>, for target: UInt32) {
    var spins = 0
    while true {
      let value = zscope_load(word)
      if Int32(bitPattern: value &- target) >= 0 { return }
      zscope_pause()
      spins += 1
      if spins > 2000 {
        _ = zscope_add(waiters, 1)
        zscope_futex_wait(word, value)
        _ = zscope_add(waiters, UInt32.max)
        spins = 0
      }
    }
  }

  private func loop() {
    _ = zscope_flush_subnormals()
    let worker = Int(zscope_add(names, 1))
    var seen: UInt32 = 0
    while true {
      var spins = 0
      while zscope_load(generation) == seen {
        zscope_pause()
        spins += 1
        if spins > 4000 {
          _ = zscope_add(sleepers, 1)
          zscope_futex_wait(generation, seen)
          _ = zscope_add(sleepers, UInt32.max)
          spins = 0
        }
      }
      seen &+= 1
      if zscope_load(stopping) != 0 { return }
      work(context, worker, threads)
      arrive(left, UInt32(threads - 1))
    }
  }
}
