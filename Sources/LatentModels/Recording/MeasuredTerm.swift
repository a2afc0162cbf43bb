/// Names of what `HeldOutMeasurement` measures of held-out images at the end of an epoch, and what it is counted in.
enum MeasuredTerm {
  // Of the posterior means.
  static let activeUnits = "active units"
  // By `EquivarianceEvaluation`, where codes are to follow a group.
  static let equivariance = "equivariance error"
  static let relativeEquivariance = "relative equivariance error"
  static let probe = "probe for g"
  // Where a gradient estimator was asked for: of the gradients with respect to means and log-variances.
  static let pathVariance = "gradient variance, reparameterised"
  static let scoreVariance = "gradient variance, score function"
  // By the decomposition of the divergence.
  static let information = "② mutual information"
  /// Behind the names of what is measured of the style z given the likeliest class.
  static let givenClass = ", z given y"

  /// Those that are no nats. A distance of codes and a gradient have no unit.
  private static let units: [String: TermUnit] = [
    activeUnits: .count, equivariance: .none, relativeEquivariance: .none, probe: .share, pathVariance: .none,
    scoreVariance: .none,
  ]

  /// What the measured term of this name is counted in; nats of a name that is none.
  static func unit(of name: String) -> TermUnit { units[name] ?? .nats }
}
