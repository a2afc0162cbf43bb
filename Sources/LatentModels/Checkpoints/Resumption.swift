import Datasets
import Tensors

/// Everything needed to go on, as it was at the checkpoint it was read from.
struct Resumption: Sendable {
  var model: LatentModel
  var state: TrainingState
  /// The optimiser's moments, and the weights that are the objective's own; nil where they begin anew.
  var moments: Moments?
  /// The file of moments that the newest checkpoint names, where there is one: no other is of use.
  var momentsFile: String?
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
  /// begin anew, and so where a numbered one is newer: what was learnt counts for more than the averages. After a
  /// divergence it is the best one, where the newest was worse already.
  /// - Parameters:
  ///   - data: the digest of the images it goes on with; nil: those it was trained on. A checkpoint of others is not held to
  ///     what they say of its steps: that they are others is what is to be told.
  ///   - rate: the rate to go on at, where steps are left; nil: at its own.
  /// - Throws: a `CheckpointError` that names what is wrong and how to go on without it, or a `RunDirectoryError` where
  ///   going on would end as before, where the log is not of this training, or where it tells of one of which nothing is
  ///   left to go on from.
  func resumption(
    of configuration: Configuration, _ shape: EpochShape, data: String? = nil, rate: Double? = nil
  ) throws -> Resumption? {
    try checkRate(rate)
    var found = try newestOrAdvice(of: configuration, shape, data)
    if let newest = found {
      if divergence == nil { found = try newerNumbered(than: newest, of: configuration, shape) ?? newest }
    } else {
      found = try earlier(of: configuration, shape, data)
    }
    if found == nil { try checkNothingIsLost() }
    if divergence != nil, let newest = found, newest.note == nil, isWorse(newest, than: configuration) {
      found = try earlier(of: configuration, shape, data, best: true) ?? newest
    }
    if let rate, let newest = found, newest.state.step < shape.stepsPerEpoch * configuration.training.epochs {
      found?.state.set(Control.rate.name, to: rate, in: configuration)
    }
    return found
  }

  /// A training that diverged does not go on at the rate by which it did unless that is asked for.
  private func checkRate(_ rate: Double?) throws {
    if let rate {
      return try Control.rate.check(rate, as: Control.rate.name)
    }
    guard let divergence else { return }
    throw RunDirectoryError.mismatch(
      path: path,
      problem: "it diverged: the term \(divergence.term) was not finite at step \(divergence.step) at the rate "
        + "\(Setting.brief(Setting.single(divergence.rate))), and would not be again; go on with: "
        + divergence.advice(path))
  }

  /// Where the newest checkpoint cannot be gone on from, says what can be done without it.
  private func newestOrAdvice(
    of configuration: Configuration, _ shape: EpochShape, _ data: String?
  ) throws -> Resumption? {
    do { return try newest(of: configuration, shape, data) } catch {
      switch error {
      case CheckpointError.damaged(let path, let problem):
        throw CheckpointError.damaged(path: path, problem: "\(problem)\(adviceWithoutNewest())")
      case CheckpointError.mismatch(let path, let problem):
        throw CheckpointError.mismatch(path: path, problem: "\(problem)\(adviceWithoutNewest())")
      case let error as DatasetError where error.place.hasSuffix(".safetensors"):
        // Its other remedies are for files that somebody named.
        throw CheckpointError.mismatch(path: error.place, problem: "\(error.problem)\(adviceWithoutNewest())")
      default: throw error
      }
    }
  }

  /// What to do about a newest checkpoint that cannot be gone on from, behind what is wrong with it.
  private func adviceWithoutNewest() -> String {
    let others = (try? others().found) ?? []
    guard let next = others.last else {
      return "; put back the file as it was: there is no other checkpoint to go on from"
    }
    return "; put back the file as it was, or remove \(latestPath) to go on from \(next.name) (epoch \(next.epoch))"
  }

  /// Throws where the log tells of more than a training may have done before it wrote a checkpoint: to begin anew would
  /// empty the log. The record of the first epoch is written before the first checkpoint.
  private func checkNothingIsLost() throws {
    let records = try usableLog().records
    guard let last = records.last, records.count > 1 || last.epoch > 1 else { return }
    throw RunDirectoryError.mismatch(
      path: path,
      problem: "no checkpoint is left of the \(last.epoch) epochs in its log: put one back, or begin anew in another "
        + "folder")
  }

  /// The log; where it cannot be read, with what to do.
  private func usableLog() throws -> MetricsLog.Contents {
    do { return try log() } catch RunDirectoryError.damaged(let path, let problem) {
      throw RunDirectoryError.damaged(
        path: path,
        problem: "\(problem); remove that line, or move the log away: the training goes on without what it tells")
    }
  }

  /// Finds out whether the log is that of a training with this checkpoint: by the run's number, where records say it,
  /// and by what checkpoint and records both tell.
  private func check(_ log: MetricsLog.Contents, _ shape: EpochShape, _ state: TrainingState) throws {
    func refuse(_ record: MetricsRecord, _ what: String) -> RunDirectoryError {
      .damaged(
        path: metricsPath,
        problem: "the record of epoch \(record.epoch) is of another training: \(what); put back the log of this run, "
          + "or move this one away: the training goes on without what it tells")
    }
    for (record, run) in zip(log.records, log.runs) {
      if let identity = lock?.identity, let run, run != identity {
        throw refuse(record, "it says run \(run), \(Self.configurationName) says \(identity)")
      }
      let step = record.epoch.multipliedReportingOverflow(by: shape.stepsPerEpoch)
      guard !step.overflow, record.step == step.partialValue else {
        throw refuse(record, "it ends at step \(record.step), an epoch has \(shape.stepsPerEpoch) steps")
      }
      guard record.images == shape.images(after: record.step) else {
        throw refuse(record, "\(record.images) images are not those of \(record.step) steps")
      }
      // Of weights alone the seconds are not known where their record is gone.
      if state.seconds > 0, record.step <= state.step, record.seconds > state.seconds * (1 + 1e-9) + 1e-6 {
        throw refuse(record, "it was later than the checkpoint of step \(state.step)")
      }
    }
    func check(epoch: Int, _ terms: [Term]?) throws {
      guard let terms, let record = log.records.last(where: { $0.epoch == epoch }), let told = record.heldOut else {
        return
      }
      for term in terms {
        guard let value = told.first(where: { $0.name == term.name })?.value else { continue }
        // Older versions wrote fewer digits.
        guard abs(value - term.value) <= 1e-5 * max(1, abs(value)) else {
          throw refuse(record, "its held-out \(term.name) is \(value), that of the checkpoint \(term.value)")
        }
      }
    }
    try check(epoch: shape.epochs(after: state.step), state.heldOut)
    if let best = state.best { try check(epoch: best.epoch, best.terms) }
  }

  private func newest(of configuration: Configuration, _ shape: EpochShape, _ data: String?) throws -> Resumption? {
    guard try folder().holds(Self.latestName) else { return nil }
    let contents = try checkpoint(Self.latestName)
    guard var state = contents.state, let file = contents.optimiserFile, !file.contains("/") else {
      throw CheckpointError.mismatch(
        path: latestPath, problem: "it holds no state of training, so it can be explored but not resumed")
    }
    let log = try usableLog()
    let old = contents.model.configuration
    // Of another model, other settings or other images it is not the state of this training: that is said in other words.
    if old.model == configuration.model, configuration.difference(from: old) == nil, contents.model.isOf(data) {
      guard contents.model.step == state.step else {
        throw CheckpointError.damaged(
          path: latestPath, problem: "its weights are of step \(contents.model.step), its state of \(state.step)")
      }
      // A run begun before its objective had a control goes on with what it would have begun with.
      state.controls = configuration.own(state.controls)
        .merging(configuration.initialControls.filter { $0.key != Control.rate.name }) { known, _ in known }
      state.takeNewTerms(of: configuration)
      try state.check(against: shape, of: configuration, path: latestPath)
      try check(log, shape, state)
    }
    return Resumption(
      model: contents.model, state: state, moments: try moments(file, step: state.step, for: old), momentsFile: file,
      log: log)
  }

  /// The last sound numbered checkpoint of this training that is newer than `newest`; nil where none is.
  ///
  /// A training writes its newest checkpoint before the numbered one of the same epoch. Older versions did not: a full
  /// disk could leave them a numbered one alone.
  private func newerNumbered(
    than newest: Resumption, of configuration: Configuration, _ shape: EpochShape
  ) throws -> Resumption? {
    let reached = shape.epochs(after: newest.state.step)
    let newer = try folder().names.filter { name in Self.epoch(ofCheckpoint: name).map { $0 > reached } ?? false }
    for name in newer.sorted().reversed() {
      guard let contents = try? checkpoint(name) else { continue }
      let model = contents.model
      guard model.step == model.epoch * shape.stepsPerEpoch, model.step > newest.state.step,
        model.dataDigest == newest.model.dataDigest, model.configuration.model == configuration.model,
        configuration.difference(from: model.configuration) == nil
      else { continue }
      return Resumption(
        model: model, state: try state(of: contents, configuration, shape, newest.log.records), moments: nil,
        momentsFile: newest.momentsFile, log: newest.log,
        note: goingOn(why: "\(Self.latestName) is of epoch \(newest.model.epoch):", from: name, model))
    }
    return nil
  }

  private func goingOn(why: String, from name: String, _ model: LatentModel) -> String {
    "\(why) going on from \(name) (epoch \(model.epoch)), with the optimiser's averages begun anew"
  }

  private func isWorse(_ resumption: Resumption, than configuration: Configuration) -> Bool {
    let state = resumption.state
    guard let best = state.best, let now = state.heldOut else { return false }
    guard let reached = configuration.score(now, controls: state.controls),
      let lowest = configuration.score(best, controls: state.controls)
    else { return false }
    return reached > lowest
  }

  /// The last of the best and the numbered checkpoints, or the best alone.
  private func earlier(
    of configuration: Configuration, _ shape: EpochShape, _ data: String?, best: Bool = false
  ) throws -> Resumption? {
    let (found, problem) = try others(best: best)
    guard let name = found.last?.name else {
      if let problem { throw problem }
      return nil
    }
    let contents = try checkpoint(name)
    let model = contents.model
    guard !model.isOf(data) || model.step == model.epoch * shape.stepsPerEpoch else {
      throw CheckpointError.mismatch(
        path: "\(path)/\(name)",
        problem: "step \(model.step) of epoch \(model.epoch) where an epoch has \(shape.stepsPerEpoch) steps")
    }
    let why = best ? "after the divergence" : "\(Self.latestName) is not there:"
    let log = try usableLog()
    let state = try state(of: contents, configuration, shape, log.records)
    if model.configuration.difference(from: configuration) == nil, model.isOf(data) { try check(log, shape, state) }
    return Resumption(
      model: model, state: state, moments: nil, log: log, note: goingOn(why: why, from: name, model))
  }

  /// A checkpoint of the weights alone.
  private struct Other {
    var name: String
    var step: Int
    var epoch: Int
  }

  /// The sound ones of the best and the numbered checkpoints, or the best alone, by their steps; and what is wrong with
  /// one that is not.
  private func others(best: Bool = false) throws -> (found: [Other], problem: (any Error)?) {
    let names = try folder().names.filter { $0 == Self.bestName || (!best && Self.epoch(ofCheckpoint: $0) != nil) }
    var found: [Other] = []
    var problem: (any Error)?
    for name in names {
      do {
        let model = try checkpoint(name).model
        found.append(Other(name: name, step: model.step, epoch: model.epoch))
      } catch { problem = error }
    }
    // Names in their order where steps are the same, so that of two the numbered one is taken.
    found.sort { ($0.step, $0.name) < ($1.step, $1.name) }
    return (found, problem)
  }

  /// What is known of a training at the end of an epoch whose weights alone are there: from the log.
  private func state(
    of contents: Checkpoint.Contents, _ configuration: Configuration, _ shape: EpochShape, _ records: [MetricsRecord]
  ) throws -> TrainingState {
    let model = contents.model
    var state = TrainingState(configuration)
    (state.step, state.images, state.updates) = (model.step, shape.images(after: model.step), 0)
    if let record = records.last(where: { $0.step == model.step }) {
      (state.seconds, state.heldOut) = (record.seconds, record.heldOut)
      for control in configuration.controls {
        // What is annealed is logged as it was then.
        guard configuration.objective.annealing[control.name] == nil, let value = record.controls[control.name],
          control.canHold(value)
        else { continue }
        state.controls[control.name] = value
      }
    }
    // What the checkpoint itself says of them is what they were set to, annealed or not.
    for control in configuration.controls {
      guard let value = contents.controls?[control.name], control.canHold(value) else { continue }
      state.controls[control.name] = value
    }
    state.held = contents.held.intersection(configuration.objective.annealing.keys)
    // One that waits is newer, and better.
    for name in [Self.waitingBestName, Self.bestName] where try state.best == nil && folder().holds(name) {
      guard let best = try? checkpoint(name).model.epoch, best <= model.epoch,
        let record = records.last(where: { $0.epoch == best }), let terms = record.heldOut
      else { continue }
      state.best = TrainingState.Best(epoch: best, terms: terms, frame: configuration.scoreFrame(record.controls))
    }
    return state
  }
}

extension LatentModel {
  /// Whether it was trained on the images of this digest; of nil: on whichever.
  fileprivate func isOf(_ data: String?) -> Bool { data.map { $0 == dataDigest } ?? true }
}
