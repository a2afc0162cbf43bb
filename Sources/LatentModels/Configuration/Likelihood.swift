/// How the pixels of an image are distributed given the decoder's output: a row of `LikelihoodKind.all` and its number.
public struct Likelihood: Sendable, Hashable {
  /// The name of the row.
  public let kind: String
  /// The number that the row is told; 0 where it takes none.
  public let parameter: Float

  /// Every pixel is a coin: what holds where nothing is said.
  public static let bernoulli = Likelihood(kind: "bernoulli", parameter: 0)
}
