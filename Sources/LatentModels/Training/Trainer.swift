import Datasets
import Glibc
import Tensors

/// The loop of a training: owner of weights, moments and programs, on one thread.
final class Trainer {
  private let plan: TrainingPlan
  private let run: RunDirectory?
  private let control: Monitor<TrainingControl>
  private let snapshots: LatestValue<Snapshot>
  let pool: WorkerPool
  private let store: ParameterStore
  /// Parameters of the store that are the objective's and no part of the model.
  private let ownNames: [String]
  /// What the objective keeps from step to step.
  private let memories: [(name: String, output: String)]
  private var programs: [BatchComposition: Executable] = [:]
  private let evaluator: HeldOutEvaluator?
  private let measurement: HeldOutMeasurement?
  private let watch: TrainingWatch
  private var state: TrainingState
  private var metrics: MetricsHistory
  private var order: (epoch: Int, steps: [MixedOrder.Step]) = (-1, [])
  /// Where the images of a step lie in the storage.
  private var rows: [Int32]
  /// The last model whose terms were all finite.
  private var model: LatentModel
  /// Sums of terms over so many images: those of no snapshot yet, and those of the last one.
  private var recent, told: (sums: [Double], images: Int)
  private let recordedNames: [String]
  private var pendingBest: (model: LatentModel, controls: (values: [String: Double], held: Set<String>))?
  /// Whether this training has written a checkpoint, and whether its ending has.
  private var (hasSaved, hasSavedAtEnd) = (false, false)
  private var (lastPublished, lastSaved) = (monotonicSeconds(), monotonicSeconds())
  private var lastSavingTook = 0.0
  /// What config.json says the controls are set to, and which of them by a person in place of their annealing.
  private var recordedControls: (values: [String: Double], held: Set<String>)

  private static let secondsBetweenSnapshots = 0.1
  private static let secondsBetweenSaves = 5.0
  /// So many times as long as a save takes the next is waited for, within an epoch.
  private static let mostOfSaving = 10.0

  init(_ beginning: TrainingBeginning, _ control: Monitor<TrainingControl>, _ snapshots: LatestValue<Snapshot>) {
    let plan = beginning.plan
    self.plan = plan
    run = beginning.run
    self.control = control
    self.snapshots = snapshots
    pool = WorkerPool(threads: plan.threads)
    let own = plan.configuration.objectiveParameters
    store = ParameterStore(shapes: plan.configuration.model.parameters + own)
    // What is the objective's own begins as another network of the same seed.
    let begun = Initialization.parameters(own, seed: plan.configuration.training.seed ^ 0x6f77_6e)
    for name in store.names {
      if let value = beginning.moments?.own[name] ?? beginning.model.parameters[name] ?? begun[name] {
        store[name] = value
      }
    }
    ownNames = own.map(\.name)
    memories = plan.configuration.objectiveMemories.map { ($0, ObjectiveTerms.Memory.output(of: $0)) }
    if let moments = beginning.moments { store.moments = moments.pairs }
    store.updateCount = beginning.state.updates ?? beginning.state.step
    rows = [Int32](repeating: 0, count: plan.batch)
    evaluator = plan.heldOut.map {
      HeldOutEvaluator(
        plan.configuration, images: $0, batch: plan.heldOutBatch, total: plan.training.count,
        isSupervised: plan.areAllKnown)
    }
    measurement = plan.heldOut.map { HeldOutMeasurement(plan.configuration, images: $0) }
    watch = TrainingWatch(
      plan.configuration, images: plan.heldOut, parts: plan.parts, total: plan.training.count)
    state = beginning.state
    metrics = MetricsHistory(beginning.metrics)
    model = beginning.model
    recordedNames = plan.configuration.terms.map(\.name) + ["loss"]
    recent = ([Double](repeating: 0, count: recordedNames.count), 0)
    told = recent
    recordedControls = (beginning.state.controls, beginning.state.held)
    if state.sums.isEmpty { resetSums() }
  }

  /// Trains to the end, a stop or a failure, and leaves the outcome in `control`.
  static func run(_ beginning: TrainingBeginning, control: Monitor<TrainingControl>, snapshots: LatestValue<Snapshot>) {
    let trainer = Trainer(beginning, control, snapshots)
    var end: SessionState
    do {
      end = try trainer.loop()
      if !control.withLock({ $0.isAbandoned }) { try trainer.saveAtEnd() }
      if end == .finished { trainer.run?.removeCheckpoints(after: trainer.state.step / trainer.plan.stepsPerEpoch) }
    } catch {
      end = .failed("\(error)")
      trainer.keepWhatCanBeKept(after: error)
    }
    trainer.publish(end)
    let best = trainer.state.best.map { (epoch: $0.epoch, terms: $0.terms) }
    trainer.run?.lock?.release()
    let outcome = TrainingOutcome(
      state: end, model: trainer.model, metrics: Array(trainer.metrics), best: best,
      checkpoint: trainer.hasSavedAtEnd ? trainer.newestPath : nil,
      earlier: trainer.hasSavedAtEnd ? nil : trainer.run?.newestSound, step: trainer.state.step)
    control.withLock { ($0.state, $0.outcome) = (end, outcome) }
  }

  /// After a divergence, what it was; after any other failure, such as of a full disk, the weights if they can be saved
  /// by now.
  private func keepWhatCanBeKept(after error: any Error) {
    guard !control.withLock({ $0.isAbandoned }) else { return }
    if case TrainingError.notFinite(let term, let step, _) = error {
      // Before the first step there is no rate to blame, and nothing to keep.
      guard step > 0 else {
        run?.discard()
        return
      }
      try? run?.write(Divergence(term: term, step: step, rate: controls[Control.rate.name] ?? 0))
    } else {
      try? saveAtEnd()
    }
  }

  /// Saves what the training ends with; what was saved before does not count as that.
  private func saveAtEnd() throws {
    hasSaved = false
    defer { hasSavedAtEnd = hasSaved }
    try save()
  }

  private func loop() throws -> SessionState {
    publish(control.withLock { $0.state })
    // A kill may have come between the newest checkpoint and the numbered one of its epoch.
    try saveNumbered(ifMissing: true)
    while state.step < plan.totalSteps {
      switch try nextOrder() {
      case .stop: return .stopped
      case .single:
        try step()
        publish(.paused)
      case .go:
        try step()
        if monotonicSeconds() - lastPublished >= Self.secondsBetweenSnapshots { publish(.running) }
      }
    }
    return .finished
  }

  enum Order { case go, single, stop }

  /// What to do next; sleeps while paused. Live settings take effect here, between two steps.
  func nextOrder() throws -> Order {
    while true {
      enum Wish { case order(Order), save, announcePause }
      let wish = control.wait { control -> Wish? in
        (state.controls, state.held) = (control.controls, control.held)
        if control.isStopping { return .order(.stop) }
        if control.isSaving {
          control.isSaving = false
          return .save
        }
        guard control.isPaused else {
          control.state = .running
          return .order(.go)
        }
        if control.singleSteps > 0 {
          control.singleSteps -= 1
          control.state = .paused
          return .order(.single)
        }
        if control.state != .paused {
          control.state = .paused
          return .announcePause
        }
        return nil
      }
      switch wish {
      case .order(let order): return order
      case .save:
        try save()
        tellThatItSaved()
      case .announcePause: publish(.paused)
      }
    }
  }

  /// Tells who asked for a checkpoint that it is written.
  private func tellThatItSaved() {
    guard run != nil else { return }
    let awaiting = control.withLock { control in
      defer { control.awaitingSave = [] }
      return control.awaitingSave
    }
    for tell in awaiting { tell(state.step) }
  }

  func step() throws {
    let time = RunningTime()
    let epoch = state.step / plan.stepsPerEpoch
    if order.epoch != epoch { order = (epoch, plan.steps(epoch: epoch)) }
    let step = order.steps[state.step - epoch * plan.stepsPerEpoch]
    let count = step.rows.count
    let program = program(BatchComposition(labelled: step.labelled, unlabelled: count - step.labelled))
    bind(program, step)
    let controls = self.controls
    for (name, value) in controls { program.setScalar(name, Float(value)) }
    for (name, value) in state.memory { program.setScalar(name, Float(value)) }
    program.setScalar("learningRate", learningRate(controls, at: state.step))
    program.run(store, seed: plan.configuration.training.seed, step: UInt64(state.step), pool: pool)
    try collectTerms(program, images: count)
    for (name, output) in memories { state.memory[name] = Double(program.scalarOutput(output)) }
    state.step += 1
    state.updates? += 1
    state.images += count
    state.seconds += time.elapsed
    if state.step % plan.stepsPerEpoch == 0 { try endEpoch() }
    if isSaveDue { try save() }
  }

  /// Names the images of a step, and the classes of those that are labelled.
  private func bind(_ program: Executable, _ step: MixedOrder.Step) {
    for (index, place) in step.rows.enumerated() { rows[index] = plan.training.rows[Int(place)] }
    let base = plan.training.storage.base
    rows.withUnsafeBufferPointer { rows in
      if step.labelled > 0 {
        program.bindImages(
          Recording.Input.labelledImages, to: base, rows: UnsafeBufferPointer(rebasing: rows[..<step.labelled]))
      }
      if step.labelled < step.rows.count {
        program.bindImages(
          Recording.Input.images, to: base,
          rows: UnsafeBufferPointer(rebasing: rows[step.labelled..<step.rows.count]))
      }
    }
    let (known, others) = (step.rows[..<step.labelled], step.rows[step.labelled...])
    if let labels = plan.labels { program.mark(Recording.Input.labels, known.map { labels[Int($0)] }) }
    if let sensitive = plan.sensitive {
      program.mark(Recording.Input.labelledSensitive, known.map { sensitive[Int($0)] })
      program.mark(Recording.Input.sensitive, others.map { sensitive[Int($0)] })
    }
  }

  /// The rate of a step, whose controls these are.
  private func learningRate(_ controls: [String: Double], at step: Int) -> Float {
    Float(controls[Control.rate.name] ?? 0)
      * plan.configuration.training.schedule.factor(step: step, totalSteps: plan.totalSteps)
  }

  /// What the controls are at the next step, after annealing.
  private var controls: [String: Double] { controls(at: state.step) }

  private func controls(at step: Int) -> [String: Double] {
    plan.configuration.controlsInForce(state.controls, held: state.held, step: step, totalSteps: plan.totalSteps)
  }

  /// Those of them that change by themselves.
  private var annealedControls: [String: Double] {
    let annealing = plan.configuration.objective.annealing
    guard !annealing.isEmpty else { return [:] }
    return controls.filter { annealing[$0.key] != nil && !state.held.contains($0.key) }
  }

  private func program(_ composition: BatchComposition) -> Executable {
    if let program = programs[composition] { return program }
    let recording = Recording(
      plan.configuration, composition, total: plan.training.count, labelledTotal: plan.labelledTotal)
    let program = recording.compileStep(clipNorm: plan.configuration.training.clipNorm)
    programs[composition] = program
    return program
  }

  private func collectTerms(_ program: Executable, images: Int) throws {
    for (index, name) in recordedNames.enumerated() {
      let sum = program.withOutput(name) { values in values.reduce(0.0) { $0 + Double($1) } }
      guard sum.isFinite else { throw notFinite(name) }
      state.sums[index].value += sum
      recent.sums[index] += sum
    }
    state.summed += images
    recent.images += images
  }

  private func notFinite(_ term: String) -> TrainingError {
    .notFinite(
      term: term, step: state.step, kept: run?.holds(RunDirectory.latestName) == true ? newestPath : nil)
  }

  /// Where the newest checkpoint is, or is to be; nil where the training is kept nowhere.
  private var newestPath: String? { run.map { "\($0.currentPath)/\(RunDirectory.latestName)" } }

  private func endEpoch() throws {
    let time = RunningTime()
    let epoch = state.step / plan.stepsPerEpoch
    // As the last step was taken: at the next one a cycle may begin at 0 again.
    let controls = controls(at: state.step - 1)
    let terms = state.sums.map { Term(name: $0.name, value: $0.value / Double(max(1, state.summed))) }
    resetSums()
    // The weights after the last step may be spoilt although its loss was finite; look before anything is kept.
    let heldOut = evaluator?.evaluate(store, controls: controls, pool: pool)
    if let spoilt = heldOut?.first(where: { !$0.value.isFinite }) { throw notFinite("held-out \(spoilt.name)") }
    state.heldOut = heldOut
    let measured = measurement?.measure(store, controls: controls, model: currentModel(), pool: pool)
    state.seconds += time.elapsed
    var record = MetricsRecord(
      epoch: epoch, step: state.step, images: state.images, seconds: state.seconds,
      learningRate: Double(learningRate(controls, at: state.step - 1)),
      controls: controls.merging(plan.configuration.limits) { $1 },
      training: terms, heldOut: heldOut, measured: measured)
    record.warnings = watch.warnings(of: record, after: metrics.last, towards: state.controls, held: state.held)
    metrics.append(record)
    try run?.append(record)
    let lowest = state.best.flatMap { plan.configuration.score($0, controls: controls) }
    if let heldOut, let reached = plan.configuration.score(heldOut, controls: controls), reached < lowest ?? .infinity {
      state.best = .init(epoch: epoch, terms: heldOut, frame: plan.configuration.scoreFrame(controls))
      pendingBest = (model: currentModel(), controls: (values: state.controls, held: state.held))
    }
    // The numbered one alone would be gone on from without the optimiser's averages, if this ended here.
    if !hasSaved || numberedEpoch != nil { try save() }
    try saveNumbered()
    publish(control.withLock { $0.state })
  }

  /// The epoch that ended with the last step, where it is to have a numbered checkpoint.
  private var numberedEpoch: Int? {
    let every = plan.configuration.training.checkpointEvery
    let (epoch, rest) = state.step.quotientAndRemainder(dividingBy: plan.stepsPerEpoch)
    return every > 0 && epoch > 0 && rest == 0 && epoch % every == 0 ? epoch : nil
  }

  /// Writes the numbered checkpoint of the epoch that ended with the last step, where it is to have one.
  private func saveNumbered(ifMissing: Bool = false) throws {
    guard let run, let epoch = numberedEpoch else { return }
    if ifMissing, run.holds(RunDirectory.checkpointName(epoch: epoch)) { return }
    try run.saveNumbered(currentModel(), epoch: epoch, state: state)
  }

  private func resetSums() {
    state.sums = recordedNames.map { Term(name: $0, value: 0) }
    state.summed = 0
  }

  private func currentModel() -> LatentModel {
    LatentModel(
      trusting: store.snapshot { !ownNames.contains($0) }, configuration: plan.configuration, step: state.step,
      epoch: state.step / plan.stepsPerEpoch, dataDigest: model.dataDigest)
  }

  private func publish(_ sessionState: SessionState) {
    let hasFailed = if case .failed = sessionState { true } else { false }
    // A gradient may overflow under a finite loss: the next step names it, and nobody need see it before.
    if !hasFailed, case let current = currentModel(), current.parameters.areFinite { model = current }
    // Where no step has come since, this one takes the place of the last, which nobody may have seen.
    if recent.images == 0 { recent = told }
    let terms = zip(recordedNames, recent.sums).map { Term(name: $0, value: $1 / Double(max(1, recent.images))) }
    snapshots.publish(
      Snapshot(
        model: model, epoch: model.epoch, step: model.step, images: state.images, totalSteps: plan.totalSteps,
        seconds: state.seconds, learningRate: learningRate(controls, at: state.step), controls: state.controls,
        annealed: annealedControls, terms: recent.images > 0 ? terms : [], heldOut: state.heldOut, metrics: metrics,
        state: sessionState))
    told = recent
    recent = ([Double](repeating: 0, count: recordedNames.count), 0)
    lastPublished = monotonicSeconds()
  }

  /// Whether work of so many seconds would be lost to a kill that it is time to save. Where saving itself takes long, the
  /// end of an epoch is waited for.
  private var isSaveDue: Bool {
    guard run != nil else { return false }
    let since = monotonicSeconds() - lastSaved
    return since >= Self.secondsBetweenSaves
      && (state.step % plan.stepsPerEpoch == 0 || since >= Self.mostOfSaving * lastSavingTook)
  }

  /// Writes the newest model with all that continuing needs, and the best if it is new.
  private func save() throws {
    guard let run else { return }
    let began = monotonicSeconds()
    let current = currentModel()
    guard current.parameters.areFinite else { throw notFinite("weights") }
    let own = Dictionary(ownNames.map { ($0, store[$0]) }, uniquingKeysWith: { first, _ in first })
    guard own.values.allSatisfy({ $0.elements.allFinite }) else { throw notFinite("weights of the objective") }
    try run.saveLatest(
      current, state: state, moments: Moments(pairs: store.moments, own: own), best: pendingBest?.model,
      bestControls: pendingBest?.controls)
    pendingBest = nil
    hasSaved = true
    // It goes on: what it had diverged by is past.
    run.forgetDivergence()
    if (state.controls, state.held) != recordedControls {
      try run.write(plan.configuration, controls: state.controls, held: state.held)
      recordedControls = (state.controls, state.held)
    }
    lastSaved = monotonicSeconds()
    lastSavingTook = lastSaved - began
  }
}

extension Parameters {
  /// Whether no weight is infinite or not a number.
  var areFinite: Bool { names.allSatisfy { self[$0]?.elements.allFinite ?? true } }
}
