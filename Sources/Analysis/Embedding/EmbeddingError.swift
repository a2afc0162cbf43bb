import Datasets
import FoundationEssentials

/// What can be wrong with what a t-SNE is asked.
public enum EmbeddingError: Error, Equatable, LocalizedError, CustomStringConvertible {
  /// A perplexity counts neighbours: there must be three times as many points beside each.
  case perplexityTooLarge(perplexity: Double, points: Int)
  /// All points are the same.
  case constant(points: Int)
  /// Coordinates became infinite or no numbers: the steps were too long.
  case diverged(iteration: Int, rate: Double)
  /// A setting lies outside what it may be.
  case setting(name: String, value: String, allowed: String)
  /// A start of another shape than `[points, 2]`.
  case start(shape: [Int], points: Int)

  public var description: String {
    switch self {
    case .perplexityTooLarge(let perplexity, let points):
      "a perplexity of \(perplexity.brief) needs at least \(TSNE.fewestPoints(perplexity: perplexity)) points and "
        + "was given \(points): "
        + (points < TSNE.fewestPoints(perplexity: 1)
          ? "give more points" : "use a perplexity of at most \(TSNE.largestPerplexity(points: points).brief)")
    case .constant(let points):
      "all \(points) points are the same, so there are no neighbours to lay out: look at the model or the file they "
        + "came from"
    case .diverged(let iteration, let rate):
      "the layout diverged at iteration \(iteration): the learning rate of \(rate.brief) is too high"
    case .setting(let name, let value, let allowed): "\(name) is \(value); allowed: \(allowed)"
    case .start(let shape, let points):
      "a layout of shape \(shape) cannot be the start of \(points) points: give [\(points), 2]"
    }
  }

  public var errorDescription: String? { description }
}
