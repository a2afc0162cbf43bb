import LatentModels

/// News from the training session.
struct TrainingProgress: Sendable {
  var phase: TrainingView.Phase
  /// What a session that begins trains, which may be more epochs than were known.
  var configuration: Configuration?
  var path: String?
  var epoch: Int?
  var step: Int?
  var totalSteps: Int?
  var images: Int?
  var imagesPerEpoch: Int?
  var imagesPerSecond: Double?
  var terms: [Term]?
  var heldOut: [Term]?
  /// What those controls are by now that change by themselves, by name.
  var annealed: [String: Double]?
  /// All records so far, when there are new ones.
  var history: MetricsHistory?
  /// What controls are set to, where that is news.
  var controls: [String: Double]?
  /// How a run diverged that has failed.
  var divergence: Divergence?

  init(phase: TrainingView.Phase) { self.phase = phase }
}
