import Tensors

/// What a term is counted in, as people are told it.
public enum TermUnit: String, Sendable, Hashable {
  case nats = "nats an image"
  case share = "share of images"
  case count = "count"
  case none = "no unit"
}

extension ObjectiveTerms.Term {
  /// How often a class is told rightly, 1 or 0 an image, `[batch]`: of images whose class is known, and only shown.
  static func accuracy(_ value: Expression, named name: String = "accuracy", symbol: String = "accuracy") -> Self {
    Self(name, symbol: symbol, value, weight: .shown, unit: .share, isOfKnownClasses: true)
  }
}
