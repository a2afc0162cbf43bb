import Canvas
import Glibc
import LatentModels

/// How far a reconstruction is from its image.
struct ReconstructionError: Sendable, Hashable {
  /// `Σ (x − x̂)²` over the pixels.
  let squared: Double
  /// `−log p(x|z)` in nats at the code that was decoded, of pixels treated as in training; nil where pixels are not
  /// Bernoulli: of normal ones the squared error tells it, up to a constant.
  let nats: Double?

  /// Of pictures of one size; `configuration` is of the model that reconstructed.
  init(of image: GreyImage, _ reconstruction: GreyImage, _ configuration: Configuration?) {
    let pairs = zip(image.values, reconstruction.values)
    squared = pairs.reduce(0) { sum, pair in
      let difference = Double(pair.0) - Double(pair.1)
      return sum + difference * difference
    }
    guard let configuration, case .bernoulli = configuration.model.likelihood else {
      nats = nil
      return
    }
    let isBinarised = configuration.training.treatment == .binarised
    // A probability that a float rounds to 0 or 1 is none that a finite logit gives.
    let least = 1e-7
    nats = pairs.reduce(0) { sum, pair in
      let target = isBinarised ? (pair.0 >= 0.5 ? 1 : 0) : Double(pair.0)
      let probability = min(max(Double(pair.1), least), 1 - least)
      return sum - target * log(probability) - (1 - target) * log(1 - probability)
    }
  }
}
