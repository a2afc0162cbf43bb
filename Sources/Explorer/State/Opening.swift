/// A model that was opened.
struct Opening: Sendable {
  var subject: Subject
  var cloud: CodeCloud?
  /// How it was trained, where a log tells.
  var record: TrainingView?

  init(subject: Subject, cloud: CodeCloud?, record: TrainingView? = nil) {
    self.subject = subject
    self.cloud = cloud
    self.record = record
  }
}
