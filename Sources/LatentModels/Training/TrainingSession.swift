import CLinux
import Datasets
import Glibc
import Tensors

/// How a training ended.
public struct TrainingOutcome: Sendable {
  /// Stopped, finished or failed.
  public let state: SessionState
  /// The model as it was at the end; after a failure, the last good one.
  public let model: LatentModel
  /// One record a completed epoch.
  public let metrics: [MetricsRecord]
  /// The epoch and the terms of the best held-out result.
  public let best: (epoch: Int, terms: [Term])?
  /// The checkpoint that its ending wrote, where that is now; nil where it wrote none.
  public let checkpoint: String?
  /// Where its ending wrote none, the newest checkpoint that is sound and in the run's folder now, and the epoch and the step it is
  /// of.
  public let earlier: (path: String, epoch: Int, step: Int)?
  /// Completed steps, also those behind the model after a failure.
  public let step: Int
}

/// One training on its own threads, steered from any other.
///
/// The session owns the weights and publishes immutable snapshots; nobody waits for anybody. Its threads run at a lower
/// priority than the process, so that a screen stays smooth. Results do not depend on the number of threads, and a
/// resumed training continues bit for bit as if it had not been interrupted.
public final class TrainingSession: Sendable {
  /// The newest snapshot, with a file descriptor that signals it: at most one every tenth of a second while running, and
  /// at once after an epoch, a pause, a single step and the end.
  public let snapshots = LatestValue<Snapshot>()
  /// What is trained and how.
  public let configuration: Configuration
  let control: Monitor<TrainingControl>
  private let beginning: TrainingBeginning

  /// Prepares a training; `start()` begins it.
  ///
  /// - Parameters:
  ///   - training: the images to learn from, without those held out.
  ///   - heldOut: images that choose the best checkpoint; nil or empty: there is no best.
  ///   - run: where configuration, log and checkpoints go; nil: nowhere.
  ///   - resuming: continue from the run's latest checkpoint, if it has one.
  ///   - given: weights that do not begin at random, by name.
  ///   - rate: the learning rate with which a training goes on that has diverged.
  ///   - threads: how many threads compute; nil: one for every processor.
  /// - Throws: `ConfigurationError`, `TrainingError`, `RunDirectoryError`, `CheckpointError`, `DatasetError`.
  public init(
    configuration: Configuration, training: ImageSet, heldOut: ImageSet?, run: RunDirectory? = nil,
    resuming: Bool = false, given: Parameters? = nil, rate: Double? = nil, threads: Int? = nil
  ) throws {
    self.configuration = configuration
    do {
      let plan = try TrainingPlan(
        checking: configuration, training: training, heldOut: heldOut, resuming: resuming,
        threads: threads ?? sysconf(Int32(_SC_NPROCESSORS_ONLN)))
      beginning = try TrainingBeginning(plan, taking: run, resuming: resuming, given: given, rate: rate)
    } catch {
      // Of a run that never began nothing stays behind.
      if !resuming { run?.discard() }
      throw error
    }
    control = Monitor(TrainingControl(controls: beginning.state.controls, held: beginning.state.held))
  }

  // Nobody could steer or await it any more.
  deinit { stop() }

  /// Begins training, or with `paused` waits for the first `step()` or `resume()`. Throws `TrainingError.thread` if the
  /// system gives no thread; a second call does nothing.
  public func start(paused: Bool = false) throws {
    let isFirst = control.withLock { control in
      guard control.state == .idle else { return false }
      control.state = paused ? .paused : .running
      control.isPaused = paused
      return true
    }
    guard isFirst else { return }
    let trainer = (beginning, control, snapshots)
    do {
      try startThread(named: "zscope-train") { Trainer.run(trainer.0, control: trainer.1, snapshots: trainer.2) }
    } catch {
      let failed = SessionState.failed("\(error)")
      control.withLock { ($0.state, $0.outcome) = (failed, beginning.outcome(failed)) }
      throw error
    }
  }

  /// Takes back the folder that was made for a training that is not begun after all.
  public func discard() {
    if state == .idle { beginning.run?.discard() }
  }

  /// Waits after the running step, until `resume()`, `step()` or `stop()`.
  public func pause() { control.withLock { $0.isPaused = true } }

  /// Goes on after a pause.
  public func resume() { control.withLock { $0.isPaused = false } }

  /// Takes one step and pauses.
  public func step() {
    control.withLock { control in
      control.isPaused = true
      control.singleSteps += 1
    }
  }

  /// Stops after the running step and writes a checkpoint; `wait()` says where.
  public func stop() { control.withLock { $0.isStopping = true } }

  /// Ends after the running step and writes nothing: what a kill leaves behind, for tests.
  func abandon() { control.withLock { ($0.isStopping, $0.isAbandoned) = (true, true) } }

  /// Writes a checkpoint after the running step, without stopping; then calls `saved`, on the training's thread, with the
  /// number of completed steps. A run without a directory, or one that ends meanwhile, does not call it.
  public func saveNow(saved: (@Sendable (_ step: Int) -> Void)? = nil) {
    control.withLock { control in
      control.isSaving = true
      if let saved { control.awaitingSave.append(saved) }
    }
  }

  /// Sets a control from the next step on, and ends its annealing if it has one. Returns false, and changes nothing, where there is no such control or the value
  /// is outside its range.
  @discardableResult
  public func set(_ name: String, to value: Double) -> Bool {
    guard let control = configuration.controls.first(where: { $0.name == name }), control.range.contains(value) else {
      return false
    }
    self.control.withLock { state in
      state.controls[name] = value
      if configuration.objective.annealing[name] != nil { state.held.insert(name) }
    }
    return true
  }

  /// The run directory as it is held: it knows where its folder is now.
  public var run: RunDirectory? { beginning.run }

  /// What of the configuration takes more steps than the training has, and what changes nothing as the model is: in words.
  public var notesOnSettings: [String] {
    settled.unreached(inSteps: beginning.plan.totalSteps) + [settled.objective.row.remark(settled)].compactMap(\.self)
  }

  /// That a training that was planned for `planned` epochs becomes another by its present number; nil where it does not.
  public func noteOnLength(planned: Int) -> String? { settled.noteOnLength(planned: planned) }

  /// The configuration without the annealing that a person has ended.
  private var settled: Configuration { beginning.plan.configuration.settled(beginning.state.held) }

  /// Where a resumed training goes on, if that is not its newest checkpoint, and why.
  public var note: String? { beginning.note }

  /// How many of the images are learnt from with their class; nil for a model that has no variable for it.
  public var labelUse: LabelUse? {
    guard configuration.model.row.usesLabels else { return nil }
    let (labelled, images) = (beginning.plan.labelledTotal, beginning.plan.training.count)
    let share = beginning.plan.mixed.map { Double($0.labelledPerStep) / Double(max(1, $0.batch)) }
    return LabelUse(
      labelled: labelled, images: images, classes: configuration.model.classNames.count,
      share: 1..<max(2, images) ~= labelled ? share : nil)
  }

  /// Whether training images come with classes that the loss uses, and held-out images without: then the loss of these lacks
  /// the terms of labels.
  public var holdsOutWithoutClasses: Bool {
    beginning.plan.heldOut != nil && beginning.plan.labelledTotal > 0 && !beginning.plan.holdsOutWithClasses
  }

  /// What the session is doing.
  public var state: SessionState { control.withLock { $0.state } }

  /// What every control is set to, by name, before schedule and annealing.
  public var controls: [String: Double] { control.withLock { $0.controls } }

  /// The completed epochs and steps from which the training begins or goes on, and the steps of all of it.
  public var progressAtBeginning: (epoch: Int, step: Int, totalSteps: Int) {
    (beginning.model.epoch, beginning.state.step, beginning.plan.totalSteps)
  }

  /// What every control is at the step at which the training begins or goes on, by name: as it was set, and as far as its
  /// annealing has come.
  public var controlsAtBeginning: [String: Double] {
    configuration.controlsInForce(
      beginning.state.controls, held: beginning.state.held, step: beginning.state.step,
      totalSteps: beginning.plan.totalSteps)
  }

  /// How each control that is annealed stands at that step, in words.
  public var annealingAtBeginning: [String] {
    configuration.annealingTexts(
      at: controlsAtBeginning, towards: beginning.state.controls, held: beginning.state.held)
  }

  /// Sleeps until the training is over, and says how it ended. Returns at once if it was never started.
  public func wait() -> TrainingOutcome {
    control.wait { control in
      control.outcome ?? (control.state == .idle ? beginning.outcome(.idle) : nil)
    }
  }
}

/// What other threads ask of a trainer, and what it answers.
struct TrainingControl: Sendable {
  var state = SessionState.idle
  var isPaused = false
  var isStopping = false
  var isAbandoned = false
  var isSaving = false
  /// Called with the step of the next checkpoint.
  var awaitingSave: [@Sendable (_ step: Int) -> Void] = []
  var singleSteps = 0
  var controls: [String: Double]
  /// Controls that a person set in place of their annealing.
  var held: Set<String>
  var outcome: TrainingOutcome?

  init(controls: [String: Double], held: Set<String> = []) { (self.controls, self.held) = (controls, held) }
}

/// Runs `body` on a new detached thread. Throws `TrainingError.thread`.
private func startThread(named name: String, _ body: @escaping @Sendable () -> Void) throws {
  final class Box: Sendable {
    let name: String
    let body: @Sendable () -> Void
    init(_ name: String, _ body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }
  let box = Unmanaged.passRetained(Box(name, body))
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
  defer { pthread_attr_destroy(&attributes) }
  var thread = pthread_t()
  // Signals belong to the thread that has the terminal: this one, and the workers it starts, take none but their own faults.
  var previous = zscope_block_signals()
  let code = pthread_create(
    &thread, &attributes,
    { argument in
      guard let argument else { return nil }
      let box = Unmanaged<Box>.fromOpaque(argument).takeRetainedValue()
      zscope_name_thread(box.name)
      zscope_use_alternate_stack()
      box.body()
      zscope_drop_alternate_stack()
      return nil
    }, box.toOpaque())
  pthread_sigmask(SIG_SETMASK, &previous, nil)
  guard code == 0 else {
    box.release()
    throw TrainingError.thread(code)
  }
}
