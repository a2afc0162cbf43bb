/// Weights that a run has had, to be gone back to.
struct SnapshotEntry: Sendable, Hashable {
  /// Completed epochs.
  var epoch: Int
  var source: Source

  /// Where the weights are.
  enum Source: Sendable, Hashable {
    /// A numbered checkpoint.
    case file(String)
    /// Kept since they were seen in this session.
    case session
    /// The newest there are: those that are being trained, or the model as it was opened.
    case newest
  }
}

/// How a person goes through the snapshots of a run.
enum SnapshotStep: Sendable, Hashable { case earlier, later, newest }

/// The snapshots of the run that is explored.
struct Timeline: PaneState {
  /// As last looked up, by epoch; the newest weights are among them.
  var entries: [SnapshotEntry] = []
  /// The one that is being read and whose codes are being made.
  var awaited: SnapshotEntry?

  init() {}

  init(entries: [SnapshotEntry]) { self.entries = entries }
}
