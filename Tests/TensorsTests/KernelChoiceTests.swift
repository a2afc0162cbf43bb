import Testing

@testable import Tensors

@Suite("Which kernels run")
struct KernelChoiceTests {
  @Test("The widest that the processor has run, or a lower one that is asked for", arguments: [0, 3, 4])
  func chosen(available: Int) {
    for asked in [nil, "", "9", "-1", "3.0", "avx2", "1"] {
      let choice = KernelChoice(asked: asked, available: available)
      #expect(choice.level == available)
      #expect((choice.problem == nil) == (asked ?? "").isEmpty)
    }
    for asked in KernelChoice.levels {
      let choice = KernelChoice(asked: "\(asked)", available: available)
      #expect(choice.level == min(asked, available))
      #expect((choice.problem == nil) == (asked <= available))
    }
  }
}
