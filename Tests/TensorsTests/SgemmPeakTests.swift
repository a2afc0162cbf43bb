import Testing

@testable import Tensors

@Suite("The yardstick of throughput")
struct SgemmPeakTests {
  // OpenBLAS 0.3.21 takes the kernels of a Prescott for processors that came out after it: a fifth of the peak.
  @Test func runsTheKernelsOfTheWidestInstructionSetThatTheProcessorHas() throws {
    guard let kernels = try SgemmPeak.kernels() else { return }
    switch KernelBuild.level {
    case 4...: #expect(kernels == "SkylakeX")
    case 3: #expect(kernels == "Haswell")
    default: break
    }
    #expect(try SgemmPeak.measure(threads: 1, repetitions: 1) > 0)
  }
}
