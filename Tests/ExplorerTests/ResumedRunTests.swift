import LatentModels
import Terminal
import Testing

@testable import Explorer
@Suite struct ResumedRunTests {
  @Test(arguments: [TrainingView.Phase.stopped, .failed("the loss is no number: lower the rate")])
  func aRunThatEndedEarlyIsTakenUpAgain(phase: TrainingView.Phase) throws {
    var state = Sample.training(120, 40)
    _ = state.update(.trainingChanged(Sample.report(phase)))
    state.message = nil
    try Sample.press("t", &state)
    let screen = view(state, rendition: .init()).plain()
    #expect(screen.contains("c resume") && !screen.contains("p pause") && !screen.contains("x stop"))
    if case .failed(let reason) = phase { #expect(screen.contains(reason)) }
    guard case .resumeTraining("runs/strokes-2d", let rate) = state.update(.key(try Key("c"))).first else {
      Issue.record("nothing was taken up")
      return
    }
    // Only where the rate was to blame it goes on at another.
    #expect(rate == nil)
    #expect(state.training?.phase == .preparing)
  }

  @Test(arguments: [false, true])
  func aRunThatGoesOnFromAnEarlierStepKeepsNothingOfThoseItTakesAgain(isFast: Bool) throws {
    var state = Sample.training(120, 40)
    var failed = Sample.report(.failed("the loss is no number"), epoch: 8)
    (failed.step, failed.terms) = (3_293, [Term(name: "loss", value: 4e24)])
    _ = state.update(.trainingChanged(failed))
    #expect(state.training?.curves.last?.terms["loss"] == 4e24)
    _ = state.update(.resumeTraining(rate: 0.001))
    var begun = TrainingProgress(phase: .running)
    (begun.epoch, begun.step, begun.totalSteps) = (4, 1_600, 12_000)
    _ = state.update(.trainingChanged(begun))
    #expect(state.training?.curves.map(\.epoch) == [1, 2, 3, 4] && state.training?.history.count == 4)
    #expect(state.training?.heldOutCurves["loss"]?.points.map(\.x) == [1, 2, 3, 4])
    #expect(state.training?.terms == state.training?.history.last?.training)
    // The next that is told of may lie before the step that failed or beyond it.
    let epochs = isFast ? [12] : [5, 6, 7]
    for epoch in epochs { _ = state.update(.trainingChanged(Sample.report(epoch: epoch))) }
    let values = state.training?.curves.compactMap { $0.terms["loss"] } ?? []
    #expect(values.allSatisfy { $0 < 200 } && state.training?.curves.last?.epoch == epochs.last.map(Double.init))
  }

  @Test func aRunThatGoesOnFromItsLastStepKeepsItsCurves() throws {
    var state = Sample.training(120, 40)
    let terms = state.training?.terms
    _ = state.update(.trainingChanged(Sample.report(.stopped, epoch: 6)))
    _ = state.update(.resumeTraining(rate: nil))
    var begun = TrainingProgress(phase: .running)
    (begun.epoch, begun.step, begun.totalSteps) = (6, 2_400, 12_000)
    _ = state.update(.trainingChanged(begun))
    #expect(state.training?.curves.count == 6 && state.training?.terms == terms)
  }

  @Test func aRunThatWasContinuedElsewhereGoesOnAsItIsConfiguredNow() throws {
    var state = Sample.training(120, 40)
    _ = state.update(.trainingChanged(Sample.report(.stopped, epoch: 6)))
    _ = state.update(.resumeTraining(rate: nil))
    var configuration = try #require(state.training?.configuration)
    configuration.training.epochs = 900
    var begun = TrainingProgress(phase: .running)
    begun.configuration = configuration
    (begun.epoch, begun.step, begun.totalSteps) = (54, 54 * 400, 900 * 400)
    _ = state.update(.trainingChanged(begun))
    #expect(state.training?.placeText == "training, epoch 54 of 900, step 21,600 of 360,000")
    // What was known lies before the step at which it goes on.
    #expect(state.training?.curves.count == 6)
    #expect(state.training?.values["rate"] == Double(configuration.training.rate))
    _ = state.update(.trainingChanged(Sample.report(.stopped, epoch: 70)))
    #expect(state.training?.canResume == true)
  }
}
