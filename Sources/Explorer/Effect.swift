import LatentModels

/// What a state asks of the world; carried out outside, and answered by actions.
enum Effect: Sendable {
  /// To see which models and data sets there are.
  case lookAround
  case openModel(String)
  case openData(String)
  case stopReading
  case startTraining(Configuration, run: String?)
  case training(TrainingCommand)
  case setBeta(Float)
  case setRate(Float)
  case setMouse(Bool)
}

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
