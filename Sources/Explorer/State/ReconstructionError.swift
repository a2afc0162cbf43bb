import Canvas
import Glibc
import LatentModels

/// How far a reconstruction is from its image.
struct ReconstructionError: Sendable, Hashable {
  /// `Σ (x − x̂)²` over the pixels.
  let squared: Double
  /// `−log p(x|z)` in nats at the code that was decoded, of pixels treated as in training; nil where the squared error
  /// tells it.
  let nats: Double?

  /// Of pictures of one size; `configuration` is of the model that reconstructed.
  init(of image: GreyImage, _ reconstruction: GreyImage, _ configuration: Configuration?) {
    let pairs = zip(image.values, reconstruction.values)
    squared = pairs.reduce(0) { sum, pair in
      let difference = Double(pair.0) - Double(pair.1)
      return sum + difference * difference
    }
    guard let configuration, !configuration.model.likelihood.row.isToldBySquares else {
      nats = nil
      return
    }
    let (likelihood, treatment) = (configuration.model.likelihood, configuration.training.treatment)
    nats = pairs.reduce(0) { sum, pair in
      sum + likelihood.cost(mean: Double(pair.1), treatment: treatment)(Double(pair.0))
    }
  }
}
