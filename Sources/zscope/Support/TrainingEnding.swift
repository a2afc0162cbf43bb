import LatentModels

/// What the end of a training left, in words: only what it saved itself, and where that is now.
struct TrainingEnding {
  let outcome: TrainingOutcome
  /// As the training held it: its folder may have been moved meanwhile.
  let run: RunDirectory

  init(of session: TrainingSession, in run: RunDirectory) {
    outcome = session.wait()
    self.run = session.run ?? run
  }

  /// Where the run's folder is now.
  var folder: String { run.currentPath }

  /// The checkpoint that is there of it.
  var checkpoint: String {
    if let saved = outcome.checkpoint { return "saved \(saved)" }
    guard let earlier = outcome.earlier else { return "nothing was saved" }
    let last = "nothing more was saved; the last checkpoint is of epoch \(earlier.epoch): \(earlier.path)"
    guard outcome.step > earlier.step else { return last }
    // No more than that: a training whose save fails ends at once, for with every step that it went on a kill would take
    // more.
    return last
      + ", which is whole; what was learnt since its step \(earlier.step), up to step \(outcome.step), is lost"
  }

  /// Why it failed, with what to do; nil where it did not fail.
  var failure: String? {
    guard case .failed(let message) = outcome.state else { return nil }
    return "\(message); \(run.divergence.map { "go on with: \($0.advice(folder))" } ?? checkpoint)"
  }

  /// Where it was stopped, and what there is of it; nil where it was not stopped.
  var stop: String? {
    guard outcome.state == .stopped else { return nil }
    return "stopped at epoch \(outcome.model.epoch), step \(outcome.model.step); \(checkpoint)"
  }

  /// That its folder is no longer where it was; nil where it is.
  var move: String? { folder == run.path ? nil : "\(run.path) was moved while it was trained in: it is \(folder) now" }
}
