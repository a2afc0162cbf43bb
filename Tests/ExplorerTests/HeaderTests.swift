import Canvas
import LatentModels
import Testing

@testable import Explorer

/// The first line, whatever a run is called.
@Suite struct HeaderTests {
  private let long = "a-very-long-name-of-a-run-directory-that-will-not-fit-in-any-header"

  private func header(_ state: State) -> String {
    String(view(state, rendition: Rendition()).plain().prefix { $0 != "\n" })
  }

  @Test func aLongNameIsCutAndTheRestKept() {
    for (width, height, words) in [
      (60, 20, ["20 %"]), (80, 24, ["training 20 %"]), (120, 40, ["training 20 %", "epoch 30"]),
    ] {
      var state = Sample.training(width, height)
      state.subject.name = long
      let header = header(state)
      #expect(header.contains("a-v") && header.contains("…"), "\(header)")
      for word in words { #expect(header.contains(word), "\(header)") }
    }
    var state = Sample.state(80, 24)
    state.subject.name = long
    #expect(header(state).contains("epoch 30"))
    state.subject.isPast = true
    #expect(header(state).contains("past epoch 30"))
    state.size = (60, 20)
    #expect(header(state).contains("past 30"))
  }

  @Test func aShortNameStaysWholeAsLongAsItCan() {
    for (width, height) in [(60, 20), (80, 24), (250, 70)] {
      #expect(header(Sample.state(width, height)).contains("zscope  sample"))
    }
  }

  @Test func onTheTrainingScreenKeysAreOfferedThatDoSomething() throws {
    func hints(_ state: State) -> [String] { Hint.all(in: state.context, state).map(\.text) }
    var wide = Sample.training(250, 70)
    try Sample.press("t", &wide)
    #expect(!hints(wide).contains("charts") && hints(wide).contains("control") && hints(wide).contains("change"))
    try Sample.press("n", &wide)
    #expect(wide.message?.text == "every chart is shown" && wide.training?.chartPage == 0)
    var low = Sample.training(60, 20)
    try Sample.press("t", &low)
    #expect(hints(low).contains("charts"))
    try Sample.press("n", &low)
    #expect(low.training?.chartPage == 1)
    _ = wide.update(.trainingChanged(Sample.report(.finished)))
    #expect(!hints(wide).contains("control") && !hints(wide).contains("change"))
  }
}
