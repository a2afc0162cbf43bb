/// A loss, the parameters that are to lower it, and how Adam moves them.
///
/// One executable may minimise several losses, each over parameters of its own: an adversary (Kim & Mnih 2018,
/// 1802.05983) has a loss, a rate and constants that differ from those of the model it looks at. All gradients are taken
/// at the weights before the step. A value that a loss should see but not change is recorded with `stoppingGradient()`,
/// or belongs to parameters that the predicate leaves out.
public struct Minimisation {
  /// Of shape `[]`.
  public var loss: Expression
  /// Whether the parameter of a name belongs to this loss; no parameter may belong to two.
  public var parameters: (String) -> Bool
  /// Constants, and the limit of the gradient's norm over these parameters.
  public var adam: AdamConfiguration
  /// The scalar that holds the rate; initially 1e-3 where the graph does not say otherwise.
  public var rate: String

  /// A loss over the parameters whose names fulfil a predicate: all, unless it is given.
  public init(
    loss: Expression, parameters: @escaping (String) -> Bool = { _ in true }, adam: AdamConfiguration,
    rate: String = "learningRate"
  ) {
    self.loss = loss
    self.parameters = parameters
    self.adam = adam
    self.rate = rate
  }
}

/// Adam's constants (Kingma & Ba 2014, 1412.6980). The rate is a scalar that may change from run to run.
public struct AdamConfiguration: Codable, Sendable, Hashable {
  /// Decay of the first moment.
  public var beta1: Float
  /// Decay of the second moment.
  public var beta2: Float
  /// Added to the root of the second moment.
  public var epsilon: Float
  /// Largest Euclidean norm of the whole gradient, or nil for no limit.
  public var clipNorm: Float?

  /// The usual constants, without clipping.
  public init(beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, clipNorm: Float? = nil) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.clipNorm = clipNorm
  }
}
