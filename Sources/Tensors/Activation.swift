/// The nonlinearity that follows a linear layer.
public enum Activation: String, Codable, Sendable, CaseIterable {
  /// `x`.
  case identity
  /// `max(x, 0)`.
  case relu
  /// `x` for positive `x`, otherwise `exp(x) − 1` (Clevert 2015, 1511.07289, α = 1).
  case elu
  /// `x` for positive `x`, otherwise `x / 5` (the slope of Kim & Mnih 2018, 1802.05983).
  case leakyRelu
  /// `log(1 + exp(x))`.
  case softplus
  /// Hyperbolic tangent.
  case tanh
  /// `1 / (1 + exp(−x))`.
  case sigmoid
}
