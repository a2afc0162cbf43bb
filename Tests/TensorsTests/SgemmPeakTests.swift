import CIntrinsics
import Glibc
import Testing

@testable import Tensors

@Suite("The yardstick of throughput")
struct SgemmPeakTests {
  // OpenBLAS 0.3.21 takes the kernels of a Prescott for processors that came out after it: a fifth of the peak.
  private static let isOurChoice: Bool = {
    let kernels = try? SgemmPeak.kernels()
    if kernels == nil { print("SKIPPED: the yardstick's tests, because OpenBLAS is not installed (libopenblas0)") }
    return kernels != nil && getenv("OPENBLAS_CORETYPE") == nil
  }()

  @Test(.enabled(if: SgemmPeakTests.isOurChoice))
  func runsTheKernelsOfTheWidestInstructionSetThatTheProcessorHas() throws {
    guard let kernels = try SgemmPeak.kernels() else { return }
    switch zscope_instruction_level() {
    case 4...: #expect(kernels == "SkylakeX")
    case 3: #expect(kernels == "Haswell")
    default: break
    }
    #expect(try SgemmPeak.measure(threads: 1, repetitions: 1) > 0)
  }
}
