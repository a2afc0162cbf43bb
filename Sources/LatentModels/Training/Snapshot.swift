/// What a training session is doing.
public enum SessionState: Sendable, Hashable, CustomStringConvertible {
  /// Not started yet.
  case idle
  /// Taking steps.
  case running
  /// Waiting for `resume()`, `step()` or `stop()`.
  case paused
  /// Stopped before its last epoch, on request.
  case stopped
  /// All epochs are done.
  case finished
  /// Stopped by an error, whose description this is.
  case failed(String)

  /// Whether no further step will be taken.
  public var isOver: Bool {
    switch self {
    case .idle, .running, .paused: false
    case .stopped, .finished, .failed: true
    }
  }

  public var description: String {
    switch self {
    case .idle: "idle"
    case .running: "running"
    case .paused: "paused"
    case .stopped: "stopped"
    case .finished: "finished"
    case .failed(let message): "failed: \(message)"
    }
  }
}

/// A training session at one moment: a model that never changes, and what is known about it.
public struct Snapshot: Sendable {
  /// The weights of this moment, ready to encode and decode.
  public let model: LatentModel
  /// Completed epochs.
  public let epoch: Int
  /// Completed steps.
  public let step: Int
  /// Images seen, counted with repetition.
  public let images: Int
  /// Steps of the whole training.
  public let totalSteps: Int
  /// Seconds of training, pauses not counted.
  public let seconds: Double
  /// The rate of the next step, after the schedule.
  public let learningRate: Float
  /// What every control is set to, by name, before schedule and annealing.
  public let controls: [String: Double]
  /// What those controls are by now that change by themselves, by name.
  public let annealed: [String: Double]
  /// Training terms averaged over the steps since the snapshot before, or where none was taken since, over those of that
  /// one, nats an image; empty before the first step.
  public let terms: [Term]
  /// Terms on the held-out images after the last completed epoch.
  public let heldOut: [Term]?
  /// One record a completed epoch.
  public let metrics: MetricsHistory
  /// What the session was doing.
  public let state: SessionState
}
