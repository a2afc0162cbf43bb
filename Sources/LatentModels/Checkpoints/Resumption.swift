import Datasets
import Tensors

/// Everything needed to go on, as it was at the checkpoint it was read from.
struct Resumption: Sendable {
  var model: LatentModel
  var state: TrainingState
  /// The optimiser's moments, and the weights that are the objective's own; nil where they begin anew.
  var moments: Moments?
  /// The log, which may go on beyond the checkpoint: long ones take a while to read, and are read once.
  var log: MetricsLog.Contents
  /// What to tell the person: that it is not the newest checkpoint, and why.
  var note: String?

  /// The records of the log up to the checkpoint.
  var metrics: [MetricsRecord] { log.records.filter { $0.step <= state.step } }
}

extension RunDirectory {
  /// Where a training of `configuration` goes on; nil if no checkpoint was written yet.
  ///
  /// That is the newest checkpoint with all its state. Where it is missing, it is the last of the others, whose moments
  /// begin anew; and after a divergence the best one, where the newest was worse already.
  /// - Parameter rate: the rate that was asked for after a divergence.
  /// - Throws: a `CheckpointError` that names what is wrong, or a `RunDirectoryError` where going on would end as before.
  func resumption(of configuration: Configuration, _ shape: EpochShape, rate: Double? = nil) throws -> Resumption? {
    try checkRate(rate)
    var found = try newest(of: configuration, shape)
    if found == nil { found = try earlier(of: configuration, shape) }
    if divergence != nil, let newest = found, newest.note == nil, isWorse(newest, than: configuration) {
      found = try earlier(of: configuration, shape, best: true) ?? newest
    }
    if let rate { found?.state.controls[Control.rate.name] = rate }
    return found
  }

  /// A training that diverged goes on only at another rate, and one that did not at its own.
  private func checkRate(_ rate: Double?) throws {
    guard let divergence else {
      guard rate == nil else {
        throw RunDirectoryError.mismatch(
          path: path,
          problem: "--rate is for a training that diverged, and this one has not; the explorer changes the rate of one "
            + "that trains")
      }
      return
    }
    guard rate == nil else { return }
    throw RunDirectoryError.mismatch(
      path: path,
      problem: "it diverged: the term \(divergence.term) was not finite at step \(divergence.step) at the rate "
        + "\(Float(divergence.rate)), and would not be again; go on with: \(divergence.advice(path))")
  }

  private func newest(of configuration: Configuration, _ shape: EpochShape) throws -> Resumption? {
    guard try folder().holds(Self.latestName) else { return nil }
    let contents = try checkpoint(Self.latestName)
    guard var state = contents.state, let file = contents.optimiserFile, !file.contains("/") else {
      throw CheckpointError.mismatch(
        path: latestPath, problem: "it holds no state of training, so it can be explored but not resumed")
    }
    let old = contents.model.configuration
    // Of another model or other settings it is not the state of this training: that is said in other words.
    if old.model == configuration.model, configuration.difference(from: old) == nil {
      guard contents.model.step == state.step else {
        throw CheckpointError.damaged(
          path: latestPath, problem: "its weights are of step \(contents.model.step), its state of \(state.step)")
      }
      // A run begun before its objective had a control goes on with what it would have begun with.
      state.controls.merge(configuration.initialControls.filter { $0.key != Control.rate.name }) { known, _ in known }
      try state.check(against: shape, of: configuration, path: latestPath)
    }
    return Resumption(
      model: contents.model, state: state, moments: try moments(file, step: state.step, for: old),
      log: try log())
  }

  private func isWorse(_ resumption: Resumption, than configuration: Configuration) -> Bool {
    let state = resumption.state
    guard let best = state.best, let now = state.heldOut else { return false }
    func score(_ terms: [Term]) -> Double? { configuration.score(terms, controls: state.controls) }
    guard let reached = score(now), let lowest = score(best.terms) else { return false }
    return reached > lowest
  }

  /// The last of the best and the numbered checkpoints, or the best alone.
  private func earlier(of configuration: Configuration, _ shape: EpochShape, best: Bool = false) throws -> Resumption? {
    let names = try folder().names.filter { $0 == Self.bestName || (!best && Self.epoch(ofCheckpoint: $0) != nil) }
    var found: (name: String, model: LatentModel)?
    var problem: (any Error)?
    for name in names {
      do {
        let model = try checkpoint(name).model
        if model.step >= found?.model.step ?? 0 { found = (name, model) }
      } catch { problem = error }
    }
    guard let (name, model) = found else {
      if let problem { throw problem }
      return nil
    }
    guard model.step == model.epoch * shape.stepsPerEpoch else {
      throw CheckpointError.mismatch(
        path: "\(path)/\(name)",
        problem: "step \(model.step) of epoch \(model.epoch) where an epoch has \(shape.stepsPerEpoch) steps")
    }
    let why = best ? "after the divergence" : "\(Self.latestName) is not there:"
    let log = try log()
    return Resumption(
      model: model, state: try state(of: model, configuration, shape, log.records), moments: nil, log: log,
      note: "\(why) going on from \(name) (epoch \(model.epoch)), with the optimiser's averages begun anew")
  }

  /// What is known of a training at the end of an epoch whose weights alone are there: from the log.
  private func state(
    of model: LatentModel, _ configuration: Configuration, _ shape: EpochShape, _ records: [MetricsRecord]
  ) throws -> TrainingState {
    var state = TrainingState(configuration)
    (state.step, state.images, state.updates) = (model.step, shape.images(after: model.step), 0)
    if let record = records.last(where: { $0.step == model.step }) {
      (state.seconds, state.heldOut) = (record.seconds, record.heldOut)
      for control in configuration.controls {
        // What is annealed is logged as it was then.
        guard configuration.objective.annealing[control.name] == nil, let value = record.controls[control.name],
          control.range.contains(value)
        else { continue }
        state.controls[control.name] = value
      }
    }
    if try folder().holds(Self.bestName), let best = try? checkpoint(Self.bestName).model.epoch, best <= model.epoch,
      let terms = records.last(where: { $0.epoch == best })?.heldOut
    {
      state.best = TrainingState.Best(epoch: best, terms: terms)
    }
    return state
  }
}
