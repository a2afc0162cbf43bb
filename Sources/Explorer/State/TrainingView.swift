import Canvas
import LatentModels

/// What is known of the training run beside the explorer.
struct TrainingView: Sendable {
  /// Where the run stands.
  enum Phase: Sendable, Hashable {
    /// Data are being read and the graph planned.
    case preparing
    case running, paused
    /// Its epochs are done.
    case finished
    /// A person stopped it.
    case stopped
    case failed(String)
    /// It ended before the explorer began; its log is here.
    case recorded
    /// Another process trains it, which is called so; what it writes is followed.
    case elsewhere(by: String)
  }

  var phase: Phase
  var configuration: Configuration
  /// The run directory, once there is one; nil for a model by itself, which no training can go on with.
  var path: String?
  /// The number of the run, where its directory says one and was looked at.
  var identity: String?
  /// Whether that directory has been taken away, or holds another run by now.
  var isGone = false
  /// How it diverged, if it did.
  var divergence: Divergence?
  var epoch = 0
  var step = 0
  var totalSteps = 0
  var images = 0
  /// Images in an epoch, for the progress bar where steps are not known; 0 until known.
  var imagesPerEpoch = 0
  /// Terms of the newest snapshot, averaged over recent batches.
  var terms: [Term] = []
  var heldOut: [Term]?
  private(set) var history: MetricsHistory = []
  /// How many bytes of its log stand before these records and are still being read; 0: the records are all there are.
  var unreadLog = 0
  /// Terms on held-out images over epochs, by name, with what was measured on them.
  private(set) var heldOutCurves: [String: ThinnedCurve] = [:]
  /// Terms of the snapshots so far, over fractional epochs.
  private(set) var curves: [(epoch: Double, terms: [Term])] = []
  /// What can be changed while it trains, in the order of their rows.
  private(set) var controls: [Control]
  /// What they are set to, by name.
  var values: [String: Double]
  /// What those are by now that change by themselves.
  var annealed: [String: Double] = [:]
  /// Those that a person set, which ended their annealing.
  var held: Set<String> = []
  /// Values that were chosen while the run was being prepared, for its trainer to get.
  var awaitedValues: [String: Double] = [:]
  /// Images a second, as last measured.
  var imagesPerSecond: Double?
  /// Which of the controls the arrow keys move.
  var selectedControl = 0
  /// How many pages of charts have been turned.
  var chartPage = 0

  init(configuration: Configuration, phase: Phase = .preparing) {
    self.configuration = configuration
    self.phase = phase
    controls = configuration.controls
    values = configuration.initialControls
  }

  /// A control as it is now.
  func value(of control: Control) -> Double {
    annealed[control.name] ?? values[control.name] ?? control.defaultValue
  }

  /// A run that is over, as its log tells.
  init(recordOf configuration: Configuration, _ history: MetricsHistory, path: String?) {
    self.init(configuration: configuration, phase: .recorded)
    self.path = path
    if let record = history.last {
      epoch = record.epoch
      step = record.step
      images = record.images
      terms = record.training
      heldOut = record.heldOut
      imagesPerEpoch = record.epoch > 0 ? record.images / record.epoch : 0
      values.merge(record.controls) { _, now in now }
    }
    take(history: history)
  }

  /// Takes over what is trained by now, which is not what it was where the run was gone on with elsewhere. Controls stay
  /// where they are.
  mutating func take(_ configuration: Configuration) {
    self.configuration = configuration
    controls = configuration.controls
    values = configuration.initialControls.merging(values) { _, now in now }
  }

  /// Takes all records so far, and adds to the curves those that are new.
  mutating func take(history next: MetricsHistory) {
    // Where only the newest were known, the others come before them.
    if unreadLog > 0 { (unreadLog, history, heldOutCurves, curves) = (0, [], [:], []) }
    let known = history.count
    // Records that were not saved are trained again by who goes on.
    let goesOn = known == 0 || known <= next.count && next[known - 1] == history[known - 1]
    if !goesOn { heldOutCurves = [:] }
    chartHeldOut(next.dropFirst(goesOn ? known : 0))
    chart(epochs: next.dropFirst(known))
    history = next
  }

  /// Forgets what is known of steps beyond the present one: a session that goes on from here takes them anew.
  mutating func forgetLaterSteps() {
    let place = place
    guard curves.last.map({ $0.epoch > place }) == true || history.last.map({ $0.step > step }) == true else { return }
    curves.removeAll { $0.epoch > place }
    history = MetricsHistory(history.prefix { $0.step <= step })
    heldOutCurves = [:]
    chartHeldOut(history)
    (terms, heldOut) = (history.last?.training ?? [], history.last?.heldOut)
  }

  private mutating func chartHeldOut(_ records: some Sequence<MetricsRecord>) {
    for record in records {
      for term in record.heldOut ?? [] { chartHeldOut(term, at: record.epoch) }
      for term in record.measured ?? [] where record.heldOut?[term.name] == nil { chartHeldOut(term, at: record.epoch) }
    }
  }

  private mutating func chartHeldOut(_ term: Term, at epoch: Int) {
    heldOutCurves[term.name, default: ThinnedCurve()].append(SIMD2(Double(epoch), term.value))
  }

  /// Takes over what controls are set to, as far as the run has them; what is annealed has its own way.
  mutating func take(_ controls: [String: Double]) {
    for control in self.controls where configuration.objective.annealing[control.name] == nil {
      if let value = controls[control.name] { values[control.name] = value }
    }
  }

  /// Whether there is a session, here or in another process.
  var isGoingOn: Bool {
    if case .elsewhere = phase { return true }
    return isLive
  }

  /// Whether so much of its log is still to be read that a person would see the charts without it.
  var isReadingLog: Bool { unreadLog > Self.bytesReadUnnoticed }

  /// As much of a log as is read before a person would miss it.
  private static let bytesReadUnnoticed = 1 << 22

  /// Whether its weights change at the moment.
  var isMoving: Bool { phase == .running || isGoingOn && !isLive }

  /// What its session is about: `a run is training`.
  var sessionText: String {
    switch phase {
    case .paused: "a run is paused"
    case .preparing: "a run is being prepared"
    default: "a run is training"
    }
  }

  /// Whether all epochs are done.
  private var isComplete: Bool { epoch >= configuration.training.epochs }

  /// Whether there is a session that could go on.
  var isLive: Bool {
    switch phase {
    case .preparing, .running, .paused: true
    case .finished, .stopped, .failed, .recorded, .elsewhere: false
    }
  }

  /// How much of all epochs is done, in 0…1.
  var progress: Double {
    let epochs = configuration.training.epochs
    if phase == .finished { return 1 }
    guard epochs > 0 else { return 0 }
    // Images that fill no last batch are left out of an epoch: steps are what a run is to make.
    if totalSteps > 0 { return min(1, Double(step) / Double(totalSteps)) }
    // Of a log whose end alone is known, the record of the weights shown may be further up.
    if imagesPerEpoch > 0, images > 0 || epoch == 0 { return min(1, Double(images) / Double(imagesPerEpoch * epochs)) }
    return min(1, Double(epoch) / Double(epochs))
  }

  /// Adds a point to the curves; of a long run every other point is kept.
  mutating func chart(_ terms: [Term]) { chart(terms, at: place) }

  /// The place of the present step in the curves, in epochs.
  private var place: Double {
    let perEpoch = configuration.training.epochs > 0 ? Double(totalSteps) / Double(configuration.training.epochs) : 0
    return perEpoch > 0
      ? Double(step) / perEpoch : imagesPerEpoch > 0 ? Double(images) / Double(imagesPerEpoch) : Double(epoch)
  }

  /// Adds those epochs to the curves of which no snapshot has told: they came faster than snapshots, or before this
  /// session.
  private mutating func chart(epochs records: some Sequence<MetricsRecord>) {
    for record in records where curves.last.map({ $0.epoch <= Double(record.epoch - 1) }) ?? true {
      chart(record.training, at: Double(record.epoch))
    }
  }

  private mutating func chart(_ terms: [Term], at place: Double) {
    if let last = curves.last, place <= last.epoch { return }
    if curves.count >= 1_000 {
      curves = stride(from: 1, to: curves.count, by: 2).map { curves[$0] }
    }
    curves.append((place, terms))
  }

  /// Whether the run can be taken up where it ended.
  var canResume: Bool {
    switch phase {
    case .stopped, .failed, .recorded: path != nil && !isGone && !(isComplete && divergence == nil)
    case .preparing, .running, .paused, .finished, .elsewhere: false
    }
  }

  /// The rate at which it goes on unless another is given: its own, or after a divergence one that can work.
  var proposedRate: Double? { divergence?.proposedRate }

  /// Where it stands: `training, epoch 2 of 30, step 860 of 12,900`.
  var placeText: String {
    var text = shortPlaceText + lostText
    if step > 0 { text += ", step \(Numbers.grouped(step))" }
    if step > 0, totalSteps > 0 { text += " of \(Numbers.grouped(totalSteps))" }
    return text
  }

  /// The same without the steps; `stopped at epoch 9 of 400` of one that ended before its last epoch.
  var shortPlaceText: String {
    let hasEndedEarly: Bool
    switch phase {
    case .stopped, .failed: hasEndedEarly = true
    // What became of a run since its directory went, nobody knows.
    case .recorded: hasEndedEarly = !isGone && (!isComplete || divergence != nil)
    case .preparing, .running, .paused, .finished, .elsewhere: hasEndedEarly = false
    }
    return "\(phaseText)\(hasEndedEarly ? " at" : ",") epoch \(epoch) of \(configuration.training.epochs)"
  }

  /// The phase in one word or a few.
  var phaseText: String {
    switch phase {
    case .preparing: "preparing"
    case .running: "training"
    case .paused: "paused"
    case .finished: "finished"
    case .stopped: "stopped"
    case .failed: "failed"
    case .elsewhere: "training elsewhere"
    case .recorded: isGone ? "gone" : divergence != nil ? "diverged" : isComplete ? "trained" : "stopped"
    }
  }
}

extension State {
  /// What the session of the run is about, as a sentence begins: `A run is training`.
  var liveSentence: String {
    let text = training?.sessionText ?? "a run is training"
    return text.prefix(1).uppercased() + text.dropFirst()
  }
}
