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
  case setControl(String, Double)
  /// To take up a run from its last checkpoint.
  case resumeTraining(String, rate: Double?)
  case setMouse(Bool)
}
