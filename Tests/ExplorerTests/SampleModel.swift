import LatentModels
import Tensors

@testable import Explorer

extension Sample {
  /// A model with weights that nobody trained: enough to see that pictures come from it.
  static func model(
    latent: Int = 2, epoch: Int = 3, seed: UInt64 = 3, treatment: PixelTreatment = .grey
  ) throws -> LatentModel {
    var configuration = Configuration(
      model: ModelConfiguration(hidden: [8], latent: latent), objective: ObjectiveConfiguration(),
      training: TrainingConfiguration())
    configuration.training.treatment = treatment
    var random = RandomSource(seed: seed)
    var weights: [String: Tensor] = [:]
    let size = configuration.model.pixelCount
    for (name, shape) in [
      ("encoder.0", [8, size]), ("encoder.2", [2 * latent, 8]), ("decoder.0", [8, latent]), ("decoder.2", [size, 8]),
    ] {
      weights["\(name).weight"] = Tensor(
        shape: shape, elements: (0..<shape[0] * shape[1]).map { _ in random.normal() / 4 })
      weights["\(name).bias"] = Tensor(shape: [shape[0]], filledWith: 0)
    }
    return try LatentModel(configuration: configuration, parameters: Parameters(weights), epoch: epoch)
  }

  /// Two codes that come with a model of two dimensions, so that no data are looked for.
  static var twoCodes: StoredCodes {
    let shape = [2, 2]
    return StoredCodes(
      posterior: Posterior(
        mean: Tensor(shape: shape, elements: [0, 1, 1, 0]), logVariance: Tensor(shape: shape, filledWith: -2)),
      labels: [0, 1], dataset: "two")
  }
}
