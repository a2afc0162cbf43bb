import COpenBLAS

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The speed of OpenBLAS's single-precision matrix product: the yardstick of every throughput figure, and the only use
/// of OpenBLAS. Plans run matrix products of their own (`Kernels`), which take bias, activation or Adam along while the
/// elements are in registers, and give the same bits for any number of threads; OpenBLAS's do neither.
public enum SgemmPeak {
  /// The best of several products of 1536 × 1536 matrices, in GFLOP/s.
  ///
  /// - Parameter threads: how many threads OpenBLAS may use. It is set back to one afterwards.
  public static func measure(threads: Int, repetitions: Int = 8) -> Double {
    let size = 1536
    let buffers = (0..<3).map { _ in AlignedBuffer(count: size * size) }
    for buffer in buffers { for index in 0..<size * size { buffer.pointer[index] = Float(index % 17) * 0.01 } }
    openblas_set_num_threads(Int32(threads))
    defer { openblas_set_num_threads(1) }
    let operations = 2 * Double(size * size * size)
    var best = Double.infinity
    for repetition in 0...repetitions {
      let start = monotonicSeconds()
      cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(size), Int32(size), Int32(size), 1, buffers[0].pointer,
        Int32(size), buffers[1].pointer, Int32(size), 0, buffers[2].pointer, Int32(size))
      // The first product starts the threads.
      if repetition > 0 { best = min(best, monotonicSeconds() - start) }
    }
    return operations / best / 1e9
  }
}

/// Seconds of a clock that never goes back.
public func monotonicSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
