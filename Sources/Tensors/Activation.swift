/// The nonlinearity that follows a linear layer.
public enum Activation: String, Codable, Sendable, CaseIterable {
  /// `x`.
  case identity
  /// `max(x, 0)`.
  case relu
  /// `x` for positive `x`, otherwise `exp(x) − 1` (Clevert 2015, 1511.07289, α = 1).
  case elu
  /// `log(1 + exp(x))`.
  case softplus
  /// Hyperbolic tangent.
  case tanh
  /// `1 / (1 + exp(−x))`.
  case sigmoid
}

/// How stored bytes become the pixels a network sees.
public enum PixelTreatment: String, Codable, Sendable, CaseIterable {
  /// `byte / 255`.
  case grey
  /// 1 where the byte is at least 128, otherwise 0.
  case binarised
  /// A Bernoulli draw with probability `byte / 255`, anew at every step.
  case sampled

  /// Whether every pixel is exactly 0 or 1, which sparse first layers exploit.
  public var isBinary: Bool { self != .grey }
}

/// The distribution of a noise node.
public enum NoiseKind: String, Codable, Sendable, CaseIterable {
  /// Normal with mean 0 and variance 1.
  case standardNormal
  /// Uniform on the open interval (0, 1): never 0, so that its logarithm is finite.
  case uniform
}
