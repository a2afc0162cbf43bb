import CAllocationCounter
import Testing

@testable import LatentModels
@testable import Tensors

@Suite("Memory")
struct AllocationTests {
  @Test(
    "The steady state of a training step allocates nothing, whatever is trained",
    arguments: ObjectiveKind.all.filter { !$0.requirements.usesLabels }.map(\.identifier))
  func stepsAllocateNothing(kind: String) throws {
    guard zscope_can_count_allocations() != 0 else {
      print("SKIPPED: a sanitizer's allocator does not let allocations be counted")
      return
    }
    var configuration = Fixture.configuration(
      objective: ObjectiveConfiguration(
        kind: kind, samples: min(3, try #require(ObjectiveKind.named(kind)).requirements.samples.upperBound)),
      treatment: .sampled, epochs: 2, batch: 2)
    configuration.training.clipNorm = kind == ObjectiveKind.reconstruction.identifier ? 1 : nil
    configuration.training.schedule = RateSchedule(decay: .cosine, warmUpSteps: 5)
    let plan = try TrainingPlan(
      checking: configuration, training: Fixture.images(200), heldOut: nil, resuming: false, threads: 2)
    var control = TrainingControl(controls: configuration.initialControls)
    control.state = .running
    let trainer = Trainer(try TrainingBeginning(plan, taking: nil, resuming: false), Monitor(control), LatestValue())
    for _ in 0..<3 {
      _ = try trainer.nextOrder()
      try trainer.step()
    }
    let counter = UnsafeMutablePointer<UInt64>.allocate(capacity: 1)
    counter.initialize(to: 0)
    defer { counter.deallocate() }
    // The work of the trainer's threads is to count from here on.
    trainer.pool.run({ raw, _, _ in zscope_count_allocations(raw.assumingMemoryBound(to: UInt64.self)) }, counter)
    for _ in 0..<60 {
      _ = try trainer.nextOrder()
      try trainer.step()
    }
    let count = counter.pointee
    trainer.pool.run({ _, _, _ in zscope_count_allocations(nil) }, counter)
    #expect(count == 0, "\(count) allocations in 60 steps")
  }
}
