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
  }

  var phase: Phase
  var configuration: Configuration
  /// The run directory, once there is one.
  var path: String?
  var epoch = 0
  var step = 0
  var totalSteps = 0
  var images = 0
  /// Images in an epoch, for the progress bar; 0 until known.
  var imagesPerEpoch = 0
  /// Terms of the newest snapshot, averaged over recent batches.
  var terms: [Term] = []
  var heldOut: [Term]?
  var history: [MetricsRecord] = []
  /// Terms of the snapshots so far, over fractional epochs.
  private(set) var curves: [(epoch: Double, terms: [Term])] = []
  /// What can be changed while it trains, in the order of their rows.
  let controls: [Control]
  /// What they are set to, by name.
  var values: [String: Double]
  /// What those are by now that change by themselves.
  var annealed: [String: Double] = [:]
  /// Those that a person set, which ended their annealing.
  var held: Set<String> = []
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
  init(recordOf configuration: Configuration, _ history: [MetricsRecord], path: String?) {
    self.init(configuration: configuration, phase: .recorded)
    self.path = path
    self.history = history
    heldOut = history.last?.heldOut
    values.merge(history.last?.controls ?? [:]) { _, now in now }
    for record in history {
      epoch = record.epoch
      step = record.step
      images = record.images
      terms = record.training
      imagesPerEpoch = record.epoch > 0 ? record.images / record.epoch : 0
      chart(record.training)
    }
  }

  /// Whether there is a session that could go on.
  var isLive: Bool {
    switch phase {
    case .preparing, .running, .paused: true
    case .finished, .stopped, .failed, .recorded: false
    }
  }

  /// How much of all epochs is done, in 0…1.
  var progress: Double {
    let epochs = configuration.training.epochs
    guard epochs > 0 else { return 0 }
    if imagesPerEpoch > 0 { return min(1, Double(images) / Double(imagesPerEpoch * epochs)) }
    return min(1, Double(epoch) / Double(epochs))
  }

  /// Adds a point to the curves; of a long run every other point is kept.
  mutating func chart(_ terms: [Term]) {
    let perEpoch = configuration.training.epochs > 0 ? Double(totalSteps) / Double(configuration.training.epochs) : 0
    let place =
      imagesPerEpoch > 0
      ? Double(images) / Double(imagesPerEpoch) : perEpoch > 0 ? Double(step) / perEpoch : Double(epoch)
    if let last = curves.last, place <= last.epoch { return }
    if curves.count >= 1_000 {
      curves = stride(from: 1, to: curves.count, by: 2).map { curves[$0] }
    }
    curves.append((place, terms))
  }

  /// Whether the run can be taken up where it ended.
  var canResume: Bool {
    switch phase {
    case .stopped, .failed, .recorded: path != nil && epoch < configuration.training.epochs
    case .preparing, .running, .paused, .finished: false
    }
  }

  /// Where it stands: `training, epoch 2 of 30, step 860 of 12,900`.
  var placeText: String {
    var text = shortPlaceText
    if step > 0 { text += ", step \(Numbers.grouped(step))" }
    if step > 0, totalSteps > 0 { text += " of \(Numbers.grouped(totalSteps))" }
    return text
  }

  /// The same without the steps.
  var shortPlaceText: String { "\(phaseText), epoch \(epoch) of \(configuration.training.epochs)" }

  /// The phase in one word or a few.
  var phaseText: String {
    switch phase {
    case .preparing: "preparing"
    case .running: "training"
    case .paused: "paused"
    case .finished: "finished"
    case .stopped: "stopped"
    case .failed: "failed"
    case .recorded: "trained"
    }
  }
}
