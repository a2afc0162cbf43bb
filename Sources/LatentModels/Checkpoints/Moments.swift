import Tensors

/// The optimiser's moments beside a checkpoint: a safetensors file of `NAME.first` and `NAME.second` for every weight.
enum Moments {
  /// The file's bytes.
  static func encode(
    _ moments: [String: (first: Tensor, second: Tensor)], step: Int, run: String?
  ) -> [UInt8] {
    var tensors: [String: Tensor] = [:]
    for (name, moment) in moments {
      tensors["\(name).first"] = moment.first
      tensors["\(name).second"] = moment.second
    }
    var metadata = ["format": "zscope", "version": Checkpoint.version, "step": "\(step)"]
    metadata["run"] = run
    return Checkpoint.seal(tensors, metadata: metadata)
  }

  /// The moments of a file that has been opened: one pair for every weight of `model`, finite, the second not negative.
  ///
  /// - Throws: a `CheckpointError` naming `path`.
  static func decode(
    _ file: Safetensors, _ metadata: [String: String], step: Int, for model: ModelConfiguration, path: String
  ) throws -> [String: (first: Tensor, second: Tensor)] {
    guard metadata["step"] == "\(step)" else {
      throw CheckpointError.mismatch(
        path: path, problem: "it is of step \(metadata["step"] ?? "?"), the weights are of \(step)")
    }
    var moments: [String: (first: Tensor, second: Tensor)] = [:]
    for (name, shape) in model.parameters {
      do {
        moments[name] = (
          try file.tensor("\(name).first", shape: shape), try file.tensor("\(name).second", shape: shape)
        )
      } catch {
        throw CheckpointError.damaged(path: path, problem: "\(error)")
      }
      guard let pair = moments[name], pair.first.elements.allFinite, pair.second.elements.allFinite,
        !pair.second.elements.contains(where: { $0 < 0 })
      else {
        throw CheckpointError.damaged(path: path, problem: "the moments of \(name) are no averages of gradients")
      }
    }
    return moments
  }
}
