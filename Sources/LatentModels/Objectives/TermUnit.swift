import Tensors

/// What a term is counted in, as people are told it.
public enum TermUnit: String, Sendable, Hashable {
  case nats = "nats an image"
  case share = "share of images"
  case count = "count"
  case none = "no unit"
}

extension ObjectiveTerms.Term {
  /// `−E log p(x | z)`, `[batch]`.
  static func reconstruction(_ value: Expression, weight: ObjectiveTerms.Weight = .constant(1)) -> Self {
    Self("reconstruction", symbol: "R", value, weight: weight, role: .reconstruction)
  }

  /// The whole divergence of the posterior from the prior, `[batch]`.
  static func divergence(_ value: Expression, weight: ObjectiveTerms.Weight = .constant(1)) -> Self {
    Self("KL", symbol: "KL", value, weight: weight, role: .divergence)
  }

  /// What a class that is part of the evidence costs, `[batch]`.
  static func classPrior(
    _ value: Expression, named name: String = TermDescription.classPriorName, symbol: String = "−log p(y)",
    weight: ObjectiveTerms.Weight = .constant(1)
  ) -> Self {
    Self(name, symbol: symbol, value, weight: weight, role: .classPrior)
  }

  /// How often a class is told rightly, 1 or 0 an image, `[batch]`: of images whose class is known, and only shown.
  static func accuracy(_ value: Expression, named name: String = "accuracy", symbol: String = "accuracy") -> Self {
    Self(name, symbol: symbol, value, weight: .shown, unit: .share, isOfKnownClasses: true)
  }
}
