import Datasets
import Tensors

/// Everything needed to go on, as it was at the checkpoint it was read from.
struct Resumption: Sendable {
  var model: LatentModel
  var state: TrainingState
  var moments: [String: (first: Tensor, second: Tensor)]
  /// The records of the log up to the checkpoint.
  var metrics: [MetricsRecord]
}

extension RunDirectory {
  /// The newest checkpoint with all its state; nil if none was written yet. Records of the log beyond it are left out.
  /// Throws a `CheckpointError` that names what is wrong.
  func resumption() throws -> Resumption? {
    guard try folder().holds(Self.latestName) else { return nil }
    let contents = try checkpoint(Self.latestName)
    guard let state = contents.state, let file = contents.optimiserFile, !file.contains("/") else {
      throw CheckpointError.mismatch(
        path: latestPath, problem: "it holds no state of training, so it can be explored but not resumed")
    }
    return Resumption(
      model: contents.model, state: state,
      moments: try moments(file, step: state.step, for: contents.model.configuration.model),
      metrics: try metrics().filter { $0.step <= state.step })
  }
}
