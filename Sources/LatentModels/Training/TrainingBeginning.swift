import Datasets
import Glibc
import Tensors

/// Where a training begins: its plan, its run directory taken, and loaded what it goes on from.
struct TrainingBeginning: Sendable {
  let plan: TrainingPlan
  let run: RunDirectory?
  let model: LatentModel
  /// The optimiser's moments where a training goes on; nil: they begin anew.
  let moments: Moments?
  let state: TrainingState
  let metrics: [MetricsRecord]
  /// What to tell about where it goes on, if that is not the newest checkpoint.
  let note: String?

  /// Takes the run directory of a training: locks it, removes what an interrupted save left, reads what it goes on from, and
  /// cuts the log to there. What does not fit is refused before settings and log are written.
  ///
  /// - Parameters:
  ///   - run: where the training is kept; nil: nowhere.
  ///   - resuming: whether it goes on from the run's newest checkpoint, if there is one.
  ///   - given: weights that do not begin at random, by name.
  ///   - rate: the rate to begin or go on at; nil: its own.
  /// - Throws: `TrainingError`, `CheckpointError`, `DatasetError`, or a `RunDirectoryError` where the folder is another's or
  ///   does not fit.
  init(
    _ plan: TrainingPlan, taking run: RunDirectory?, resuming: Bool, given: Parameters? = nil, rate: Double? = nil
  ) throws {
    guard run != nil || !resuming else { throw TrainingError.nothingToResume }
    let configuration = plan.configuration
    self.plan = plan
    // From here on nobody else writes there.
    let run = try run?.held()
    if let run, run.lock?.beginUse() == false {
      throw RunDirectoryError.locked(path: run.path, holder: "process \(getpid())")
    }
    self.run = run
    run?.removeLeftovers()
    let digest = plan.training.digest
    let resumption = resuming ? try run?.resumption(of: configuration, plan.epochShape, data: digest, rate: rate) : nil
    note = resumption?.note
    try run?.settleBest(epoch: resumption?.state.best?.epoch)
    if let resumption, let run {
      try Self.check(resumption, of: run, against: plan, digest)
      let old = resumption.model
      model = LatentModel(
        trusting: old.parameters, configuration: configuration, step: old.step, epoch: old.epoch, dataDigest: digest)
      moments = resumption.moments
      state = resumption.state
      metrics = resumption.metrics
    } else {
      model = LatentModel(
        trusting: Initialization.parameters(
          configuration.model.parameters, seed: configuration.training.seed, given: given),
        configuration: configuration, step: 0, epoch: 0, dataDigest: digest)
      moments = nil
      var begun = TrainingState(configuration)
      if let rate { begun.set(Control.rate.name, to: rate, in: configuration) }
      state = begun
      metrics = []
    }
    try run?.ensureIdentity()
    // A resumed run may have been given more epochs. What was set live stays said beside it.
    if let run, try resuming || run.configuration() != configuration {
      try run.write(configuration, controls: state.controls, held: state.held)
    }
    // What a save that failed left behind may be what fills the disk.
    if let file = resumption?.momentsFile { run?.removeMoments(but: file) }
    try run?.cutLog(resumption?.log ?? MetricsLog.Contents(), after: state.step)
  }

  /// Throws a `RunDirectoryError` where what a run goes on from is of another training than the plan's.
  private static func check(
    _ resumption: Resumption, of run: RunDirectory, against plan: TrainingPlan, _ digest: String
  ) throws {
    let (configuration, old) = (plan.configuration, resumption.model)
    guard old.configuration.model == configuration.model else {
      throw RunDirectoryError.mismatch(
        path: run.path, problem: "its model is \(old.configuration.model), not \(configuration.model)")
    }
    guard old.dataDigest == digest else {
      throw RunDirectoryError.mismatch(
        path: run.path,
        problem: "it was trained on other images or labels than the \(plan.training.count) images of "
          + "\(plan.training.name): put these back as they were, or begin another run")
    }
    if let setting = configuration.difference(from: old.configuration) {
      throw RunDirectoryError.mismatch(
        path: run.path,
        problem: "\(setting) is not what it was trained with: only the number of epochs can change (see config.json)")
    }
    let reached = (resumption.state.step - 1) / plan.stepsPerEpoch + 1
    guard resumption.state.step == 0 || reached <= configuration.training.epochs else {
      throw RunDirectoryError.mismatch(
        path: run.path,
        problem: "it has come to epoch \(reached) and cannot end after epoch \(configuration.training.epochs): "
          + "ask for more epochs")
    }
  }

  /// What a training that took no step ends with.
  func outcome(_ state: SessionState) -> TrainingOutcome {
    TrainingOutcome(
      state: state, model: model, metrics: metrics, best: nil, checkpoint: nil, earlier: nil, step: model.step)
  }
}
