import Tensors

/// What is minimised: a function of an inference trace and a generative trace.
///
/// To add an objective, conform in one file; the log, the charts and the evaluation show whatever terms it names.
public protocol Objective {
  /// Named terms and their total, each `[batch]`, in nats an image.
  func terms(inference: Trace, generative: Trace) -> ObjectiveTerms
}

/// The terms of an objective.
public struct ObjectiveTerms {
  /// Every named term, `[batch]`; to be shown, whether or not it is part of the total.
  public let terms: [(name: String, value: Expression)]
  /// What is minimised after averaging over the batch, `[batch]`.
  public let loss: Expression

  /// Names the terms of a loss.
  public init(terms: [(name: String, value: Expression)], loss: Expression) {
    self.terms = terms
    self.loss = loss
  }

  /// All terms and the total under the name "loss".
  public var named: [(name: String, value: Expression)] { terms + [("loss", loss)] }
}

extension Trace {
  /// Averages `value` over the samples, if it has them: `[samples, batch]` or `[batch]` → `[batch]`.
  func overSamples(_ value: Expression) -> Expression { value.rank == 2 ? value.mean(axes: [0]) : value }

  /// `−log p(x | z)` of all observed variables averaged over the samples, `[batch]`.
  var reconstruction: Expression? {
    let observed = variables.filter(\.isObserved).map(\.logProbability)
    guard let first = observed.first else { return nil }
    return -overSamples(observed.dropFirst().reduce(first, +))
  }

  /// The log-probability of all variables, `[samples…, batch]`.
  var logProbability: Expression? {
    let all = variables.map(\.logProbability)
    guard let first = all.first else { return nil }
    return all.dropFirst().reduce(first, +)
  }

  /// KL of this inference from a generative trace: in closed form where there is one, otherwise estimated from the
  /// samples. `[batch]`.
  func divergence(from generative: Trace) -> Expression? {
    let parts = latent.compactMap { variable -> Expression? in
      guard let other = generative[variable.name] else { return nil }
      if let exact = variable.distribution.divergence(from: other.distribution) { return exact.sum(axes: [-1]) }
      return overSamples(variable.logProbability - other.logProbability)
    }
    guard let first = parts.first else { return nil }
    return parts.dropFirst().reduce(first, +)
  }
}
