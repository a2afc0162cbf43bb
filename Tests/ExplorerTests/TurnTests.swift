import Canvas
import Foundation
import LatentModels
import Testing

@testable import Explorer

@Suite("Turning code and image by a group")
struct TurnTests {
  /// A state whose model follows quarter turns with one invariant dimension of five.
  private func state() -> State {
    var state = Sample.state(120, 40, dimensions: 5, withImages: true)
    var configuration = Configuration()
    configuration.model.latent = 5
    configuration.objective.settings["group"] = .text("C4")
    state.subject.configuration = configuration
    return state
  }

  @Test("The dimensions of a block move as the image is turned, and after all elements all is as it was")
  func permutes() throws {
    var state = state()
    let code: [Float] = [0.5, 1, 2, 3, 4]
    state.setCode(code, origin: .steered)
    try Sample.press("A", &state)
    #expect(state.code[0] == 0.5 && state.code != code && state.code.sorted() == code.sorted())
    #expect(state.message?.text.contains("quarter turn") == true)
    let structure = try #require(state.groupStructure)
    #expect(state.code == structure.apply(1, toCode: code))
    try Sample.press("A", &state)
    #expect(state.code == structure.apply(2, toCode: code))
    try Sample.press("u", &state)
    #expect(state.code == structure.apply(1, toCode: code) && state.steering.element == 1)
    try Sample.press("A A A", &state)
    #expect(state.code == code && state.steering.element == 0)
  }

  @Test("The original is shown turned beside what the permuted code decodes to, and crosshair and sliders follow")
  func pictures() throws {
    var state = state()
    state.take(stored: 3)
    Sample.render(&state)
    let upright = try #require(state.scene.original).image
    let crosshair = state.crosshair
    try Sample.press("A", &state)
    Sample.render(&state)
    let comparison = try #require(Comparison(state))
    let structure = try #require(state.groupStructure)
    #expect(comparison.pictures[0].0 == "original, turned")
    #expect(comparison.pictures[0].1?.values == structure.apply(1, toImage: upright.values))
    #expect(comparison.pictures[1].1 == state.scene.digit)
    #expect(state.crosshair != crosshair && state.options.contains(.look))
    // Another image begins upright.
    state.take(stored: 4)
    #expect(state.steering.element == 0)
  }

  @Test("A turn that would move what is locked is refused, and nothing is turned")
  func locked() throws {
    var state = state()
    let code: [Float] = [0.5, 1, 2, 3, 4]
    state.setCode(code, origin: .steered)
    try Sample.press("down down L A*4", &state)
    #expect(state.message?.text == "z3 is locked: press L on it in the sliders to unlock it")
    #expect(state.code == code && state.steering.element == 0)
    state.steering.locked = Set(0..<5)
    try Sample.press("A", &state)
    #expect(state.message?.text.contains("every slider is locked") == true && state.steering.element == 0)
    // What no turn moves can be locked.
    state.steering.locked = [0]
    try Sample.press("A", &state)
    #expect(state.steering.element == 1 && state.code != code)
  }

  @Test("Interpolations and directions are ways of upright codes")
  func ways() throws {
    var state = state()
    state.take(stored: 3)
    try Sample.press("m a A m b i a b", &state)
    #expect(state.steering.element == 0 && state.steering.track?.name == "a→b")
    try Sample.press("A right", &state)
    #expect(state.steering.element == 0)
    try Sample.press("A D 1 2", &state)
    #expect(state.steering.element == 0 && state.steering.track?.name == "1→2")
  }

  @Test("A model that follows no group says how one is trained")
  func none() throws {
    var state = Sample.state()
    state.turn(by: 1)
    #expect(state.message?.isError == true && state.message?.text.contains("--group C4") == true)
  }

  @Test("Warnings of an epoch are told once, and charts that do not fit are turned to")
  func training() throws {
    var state = Sample.training(120, 40)
    try Sample.press("t", &state)
    var report = TrainingProgress(phase: .running)
    let measured = [
      "① likelihood ratio", "② mutual information", "③ evidence", "④ aggregate divergence", "active units",
    ]
    report.history = [
      MetricsRecord(
        epoch: 1, step: 1, images: 1, seconds: 1, learningRate: 1, controls: [:],
        training: [Term(name: "loss", value: 1)], heldOut: [Term(name: "loss", value: 1)],
        measured: measured.map { Term(name: $0, value: 2) }, warnings: ["posterior collapse: lower β"])
    ]
    _ = state.update(.trainingChanged(report))
    #expect(state.message?.text.contains("posterior collapse") == true && state.message?.isError == false)
    #expect(!Account.lines(state).contains { $0.hasPrefix("Error: ") })
    // It goes away when it holds no more.
    var better = report
    better.history?.append(
      MetricsRecord(
        epoch: 2, step: 2, images: 2, seconds: 2, learningRate: 1, controls: [:],
        training: [Term(name: "loss", value: 1)], heldOut: nil))
    var later = state
    _ = later.update(.trainingChanged(better))
    #expect(later.message == nil)
    state.message = nil
    _ = state.update(.trainingChanged(report))
    #expect(state.message == nil)
    var seen = ""
    for _ in 0..<6 {
      seen += view(state, rendition: Rendition()).plain()
      try Sample.press("n", &state)
    }
    for name in measured { #expect(seen.contains("╌ \(name.prefix(10))"), "\(name)") }
    #expect(!seen.contains("likelihood ratio held out") && seen.contains("② mutual information 2.0"))
    #expect(seen.contains("posterior collapse: lower β"))
  }
}
