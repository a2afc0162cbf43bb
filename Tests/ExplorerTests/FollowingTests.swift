import Canvas
import Foundation
import LatentModels
import Terminal
import Testing

@testable import Explorer

/// A training run beside the panes, as a person sees it.
@Suite struct FollowingTests {
  /// A run on the built-in strokes that goes on until it is told otherwise.
  private final class Run {
    let program = Exploration(state: State(width: 120, height: 40))
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("zscope-\(UUID().uuidString)")
      .path

    init() {
      var training = TrainingConfiguration()
      (training.data, training.count, training.heldOut) = ("strokes", 3_500, 1_500)
      training.epochs = 100_000
      let configuration = Configuration(
        model: ModelConfiguration(hidden: [8], latent: 2), objective: ObjectiveConfiguration(), training: training)
      program.send(.adoptTraining(configuration, controls: [:]))
      _ = program.effects.perform(.startTraining(configuration, run: folder))
    }

    /// Ends the run and takes its folder away.
    func end() {
      program.effects.follower?.session.stop()
      _ = program.effects.follower?.session.wait()
      try? FileManager.default.removeItem(atPath: folder)
    }

    /// Turns the loop, with whatever a person does at each turn, until something holds; false if it never does.
    func turns(_ each: () -> Void = {}, until holds: () -> Bool) async throws -> Bool {
      for _ in 0..<10_000 {
        program.collect()
        _ = program.frame(Rendition())
        program.effects.presented()
        if holds() { return true }
        each()
        try await Task.sleep(for: .milliseconds(2))
      }
      return false
    }
  }

  @Test func theLatentSpaceFormsWhileAKeyIsHeld() async throws {
    let run = Run()
    defer { run.end() }
    var seen: Set<Int> = []
    let right = try Key("right")
    let formed = try await run.turns({ run.program.send(.key(right)) }) {
      if run.program.state.cloud != nil { seen.insert(run.program.state.subject.generation) }
      return seen.count >= 5
    }
    #expect(formed, "only \(seen.count) snapshots were shown")
    #expect(run.program.state.training?.isLive == true)
  }

  @Test func aSampleOfTheCodesIsShownWhileTrainingAndAllOfThemAtRest() async throws {
    let run = Run()
    defer { run.end() }
    #expect(try await run.turns { run.program.state.cloud != nil })
    #expect(run.program.state.cloud?.count == 1_000)
    _ = run.program.effects.perform(.training(.pauseOrResume))
    #expect(try await run.turns { run.program.state.cloud?.count == 1_500 })
    #expect(run.program.state.training?.phase == .paused)
    #expect(run.program.state.cloud?.density != nil)
    let codes = try run.program.effects.model?.encode(try #require(run.program.state.cloud?.images)).mean
    #expect(run.program.state.cloud?.means == codes)
    _ = run.program.effects.perform(.training(.pauseOrResume))
    #expect(try await run.turns { run.program.state.cloud?.count == 1_000 })
  }

  @Test func dataOpenedWhileTrainingIsWhatIsWatchedFromThenOn() async throws {
    let run = Run()
    defer { run.end() }
    #expect(try await run.turns { run.program.state.cloud != nil })
    run.program.send(.openData("strokes"))
    #expect(try await run.turns { run.program.state.message?.text.contains("10,000 codes") == true })
    _ = run.program.effects.perform(.training(.pauseOrResume))
    #expect(try await run.turns { run.program.state.cloud?.count == 10_000 })
    #expect(run.program.state.training?.phase == .paused)
  }

  @Test func aCheckpointThatTheScreenHasNotComeToIsNoLaterSnapshot() async throws {
    let run = Run()
    defer { run.end() }
    #expect(try await run.turns { run.program.state.panes[Timeline.self].entries.count > 1 })
    _ = run.program.effects.perform(.training(.pauseOrResume))
    #expect(try await run.turns { run.program.state.training?.phase == .paused })
    let model = try #require(run.program.effects.model)
    try Checkpoint.save(model, to: RunDirectory(path: run.folder).checkpointPath(epoch: 99_999))
    for (key, words) in [("}", "is shown, the newest: ( steps back"), (")", "is the newest there is")] {
      run.program.send(.key(try Key(key)))
      #expect(run.program.state.message?.text.contains(words) == true, "\(run.program.state.message?.text ?? "")")
      #expect(!run.program.state.subject.isPast && run.program.state.panes[Timeline.self].awaited == nil)
    }
  }
}
