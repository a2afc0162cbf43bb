/// The distribution of a noise node.
public enum NoiseKind: String, Codable, Sendable, CaseIterable {
  /// Normal with mean 0 and variance 1.
  case standardNormal
  /// Uniform on the open interval (0, 1): never 0, so that its logarithm is finite.
  case uniform
}
