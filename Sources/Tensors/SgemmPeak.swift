import CIntrinsics
import Glibc

/// The speed of OpenBLAS's single-precision matrix product: the yardstick of every throughput figure, and the only use
/// of OpenBLAS. Plans run matrix products of their own (`Kernels`), which take bias, activation or Adam along while the
/// elements are in registers, and give the same bits for any number of threads; OpenBLAS's do neither.
///
/// The library is loaded when it is first asked for: linked, it would start a thread and take its memory in every
/// command, and a command whose memory is limited could not end for waiting until that thread has got it.
public enum SgemmPeak {
  /// Why there is no yardstick.
  public struct Unavailable: Error, CustomStringConvertible {
    /// What the system's loader said.
    public let reason: String

    public var description: String {
      "OpenBLAS, which the peak is measured with, cannot be loaded (\(reason)); install libopenblas0"
    }
  }

  /// The best of several products of 1536 × 1536 matrices, in GFLOP/s.
  ///
  /// - Parameter threads: how many threads OpenBLAS may use. It is set back to one afterwards.
  /// - Throws: ``Unavailable`` where OpenBLAS is not installed.
  public static func measure(threads: Int, repetitions: Int = 8) throws -> Double {
    let library = try OpenBLAS.loaded.get()
    let size = 1536
    let buffers = (0..<3).map { _ in AlignedBuffer(count: size * size) }
    for buffer in buffers { for index in 0..<size * size { buffer.pointer[index] = Float(index % 17) * 0.01 } }
    library.setThreads(CInt(clamping: threads))
    defer { library.setThreads(1) }
    let operations = 2 * Double(size * size * size)
    var best = Double.infinity
    for repetition in 0...max(1, repetitions) {
      let start = monotonicSeconds()
      library.product(
        OpenBLAS.rowMajor, OpenBLAS.asStored, OpenBLAS.asStored, CInt(size), CInt(size), CInt(size), 1,
        buffers[0].pointer, CInt(size), buffers[1].pointer, CInt(size), 0, buffers[2].pointer, CInt(size))
      // The first product starts the threads.
      if repetition > 0 { best = min(best, monotonicSeconds() - start) }
    }
    return operations / best / 1e9
  }

  /// The processor whose kernels OpenBLAS runs, by its name for it; nil where it does not say.
  ///
  /// - Throws: ``Unavailable`` where OpenBLAS is not installed.
  public static func kernels() throws -> String? {
    guard let name = try OpenBLAS.loaded.get().core?() else { return nil }
    return String(cString: name)
  }
}

/// The functions of OpenBLAS that are used, from the system's library; it stays loaded.
private struct OpenBLAS {
  /// `cblas_sgemm` of the CBLAS interface (Blackford et al. 2002): order, two transpositions, m, n, k, α, A, lda, B, ldb, β,
  /// C, ldc.
  typealias Product =
    @convention(c) (
      CInt, CInt, CInt, CInt, CInt, CInt, Float, UnsafePointer<Float>, CInt, UnsafePointer<Float>, CInt, Float,
      UnsafeMutablePointer<Float>, CInt
    ) -> Void
  typealias SetThreads = @convention(c) (CInt) -> Void

  /// `CblasRowMajor`.
  static let rowMajor: CInt = 101
  /// `CblasNoTrans`.
  static let asStored: CInt = 111

  /// `openblas_get_corename`: the processor whose kernels are run.
  typealias CoreName = @convention(c) () -> UnsafePointer<CChar>?

  let product: Product
  let setThreads: SetThreads
  /// Nil where the library has no such function.
  let core: CoreName?

  /// Loaded when it is first asked for, and once: for that the environment is changed for a moment, which nobody else should
  /// read meanwhile.
  static let loaded = Result { try OpenBLAS() }

  private init() throws {
    guard let handle = Self.load(),
      let product = dlsym(handle, "cblas_sgemm"), let setThreads = dlsym(handle, "openblas_set_num_threads")
    else {
      let reason = dlerror().map { String(cString: $0) } ?? "it lacks cblas_sgemm"
      throw SgemmPeak.Unavailable(reason: reason)
    }
    self.product = unsafeBitCast(product, to: Product.self)
    self.setThreads = unsafeBitCast(setThreads, to: SetThreads.self)
    core = dlsym(handle, "openblas_get_corename").map { unsafeBitCast($0, to: CoreName.self) }
  }

  /// Loads the library with the kernels of the widest instruction set that the processor has. Left to itself it goes by
  /// the processor's model, and takes the oldest kernels, at a fifth of the speed, for one that came out after it.
  private static func load() -> UnsafeMutableRawPointer? {
    let variable = "OPENBLAS_CORETYPE"
    let kernels = [3: "Haswell", 4: "SkylakeX"][Int(zscope_instruction_level())]
    // A person's own choice stands.
    guard let kernels, getenv(variable) == nil else { return firstLoaded() }
    setenv(variable, kernels, 1)
    defer { unsetenv(variable) }
    return firstLoaded()
  }

  private static func firstLoaded() -> UnsafeMutableRawPointer? {
    let names: [String] = ["libopenblas.so.0", "libopenblas.so"]
    return names.lazy.compactMap { dlopen($0, RTLD_NOW | RTLD_LOCAL) }.first
  }
}

/// Seconds of a clock that never goes back.
public func monotonicSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
