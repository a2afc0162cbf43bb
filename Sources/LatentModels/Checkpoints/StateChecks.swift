import Datasets

extension TrainingState {
  /// Holds what was read from a checkpoint to the training that goes on from it: every number that is computed with.
  ///
  /// - Parameters:
  ///   - shape: how steps and images of the training follow from each other.
  ///   - configuration: whose terms and controls these are.
  ///   - path: the checkpoint.
  /// - Throws: `CheckpointError.damaged` naming the number.
  func check(against shape: EpochShape, of configuration: Configuration, path: String) throws {
    func refuse(_ what: String) -> CheckpointError {
      .damaged(path: path, problem: "its state of training cannot be: \(what)")
    }
    guard Limits.steps.contains(step) else { throw refuse("step \(step)") }
    guard images == shape.images(after: step) else {
      throw refuse("\(images) images seen in \(step) steps, which see \(shape.images(after: step))")
    }
    guard Limits.seconds.contains(seconds) else { throw refuse("\(seconds) seconds of training") }
    let names = configuration.terms.map(\.name) + ["loss"]
    guard sums.map(\.name) == names || (sums.isEmpty && step == 0) else {
      throw refuse("sums of \(sums.map(\.name)) where the objective has \(names)")
    }
    guard summed == shape.images(after: step) - shape.images(after: shape.epochs(after: step) * shape.stepsPerEpoch)
    else { throw refuse("sums over \(summed) images") }
    let terms = sums + (best?.terms ?? []) + (heldOut ?? [])
    if let wrong = terms.first(where: { !$0.value.isFinite }) { throw refuse("\(wrong.name) is \(wrong.value)") }
    if let best, !(0...shape.epochs(after: step)).contains(best.epoch) {
      throw refuse("the best epoch is \(best.epoch) of \(shape.epochs(after: step))")
    }
    for control in configuration.controls {
      guard let value = controls[control.name], control.canHold(value) else {
        throw refuse("\(control.name) is \(controls[control.name].map { "\($0)" } ?? "missing")")
      }
    }
    if let name = held.sorted().first(where: { configuration.objective.annealing[$0] == nil }) {
      throw refuse("\(name) is said to be set in place of an annealing that it has not")
    }
    for name in configuration.objectiveMemories where step > 0 {
      guard let value = memory[name], value.isFinite, Double(Float(value)) == value else {
        throw refuse("the objective's \(name) is \(memory[name].map { "\($0)" } ?? "missing")")
      }
    }
    if let updates, !(0...step).contains(updates) { throw refuse("\(updates) updates in \(step) steps") }
  }
}

/// How many steps an epoch has, and how many images they see.
struct EpochShape: Sendable, Hashable {
  /// Images of every full step.
  var batch: Int
  /// Steps of an epoch.
  var stepsPerEpoch: Int
  /// Images of an epoch.
  var imagesPerEpoch: Int

  /// Whole epochs in so many steps.
  func epochs(after step: Int) -> Int { step / stepsPerEpoch }

  /// Images seen in so many steps, counted with repetition.
  func images(after step: Int) -> Int {
    let (epochs, rest) = step.quotientAndRemainder(dividingBy: stepsPerEpoch)
    let (whole, overflow) = epochs.multipliedReportingOverflow(by: imagesPerEpoch)
    return overflow ? .max : whole.addingReportingOverflow(min(rest * batch, imagesPerEpoch)).partialValue
  }
}
