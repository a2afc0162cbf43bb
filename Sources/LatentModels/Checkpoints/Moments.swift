import Tensors

/// The optimiser's moments beside a checkpoint: a safetensors file of `NAME.first` and `NAME.second` for every weight, and
/// of `NAME.value` for weights that are the objective's own and no part of the model.
struct Moments: Sendable {
  /// Averages of gradients and of their squares, of every weight.
  var pairs: [String: (first: Tensor, second: Tensor)] = [:]
  /// The weights that are the objective's own.
  var own: [String: Tensor] = [:]

  /// Moments, and weights of the objective's own.
  init(pairs: [String: (first: Tensor, second: Tensor)], own: [String: Tensor] = [:]) {
    self.pairs = pairs
    self.own = own
  }

  /// The file's bytes.
  func encode(step: Int, run: String?) -> [UInt8] {
    var tensors: [String: Tensor] = [:]
    for (name, value) in own { tensors["\(name).value"] = value }
    for (name, moment) in pairs {
      tensors["\(name).first"] = moment.first
      tensors["\(name).second"] = moment.second
    }
    var metadata = ["format": "zscope", "version": Checkpoint.version, "step": "\(step)"]
    metadata["run"] = run
    return Checkpoint.seal(tensors, metadata: metadata)
  }

  /// Reads the moments of a file that has been opened: one pair for every weight of model and objective, finite, the second
  /// not negative.
  ///
  /// - Throws: a `CheckpointError` naming `path`.
  init(
    _ file: Safetensors, _ metadata: [String: String], step: Int, for configuration: Configuration, path: String
  ) throws {
    guard metadata["step"] == "\(step)" else {
      throw CheckpointError.mismatch(
        path: path, problem: "it is of step \(metadata["step"] ?? "?"), the weights are of \(step)")
    }
    let objective = configuration.objectiveParameters
    for (name, shape) in configuration.model.parameters + objective {
      do {
        pairs[name] = (
          try file.tensor("\(name).first", shape: shape), try file.tensor("\(name).second", shape: shape)
        )
        if objective.contains(where: { $0.name == name }) {
          own[name] = try file.tensor("\(name).value", shape: shape)
        }
      } catch {
        throw CheckpointError.damaged(path: path, problem: "\(error)")
      }
      guard own[name]?.elements.allFinite ?? true, let pair = pairs[name], pair.first.elements.allFinite,
        pair.second.elements.allFinite,
        !pair.second.elements.contains(where: { $0 < 0 })
      else {
        throw CheckpointError.damaged(path: path, problem: "the moments of \(name) are no averages of gradients")
      }
    }
  }
}
