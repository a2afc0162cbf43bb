/// What a term of an objective is called and how it enters the loss.
public struct TermDescription: Sendable, Hashable {
  /// How a term enters the loss.
  public enum Weight: Sendable, Hashable {
    /// Always so much of it.
    case constant(Double)
    /// As much as the control of this name says.
    case control(String)
    /// Not at all: it is shown.
    case shown
  }

  /// What a heavy weight on a term does to codes: what a training is told whose codes come to tell nothing.
  public enum Burden: Sendable, Hashable {
    /// It takes from what they tell, as a divergence does.
    case heavy
    /// Codes can keep it low and tell much: only a weight far beyond what is usual leaves them nothing to tell.
    case light
    /// It asks that codes tell of their images: a weight of 0 on it may leave them nothing to tell.
    case relief
    /// None.
    case none
  }

  /// What a term is to those who look for one of its kind, whatever it is called.
  public enum Role: Sendable, Hashable {
    /// `−E log p(x | z)`.
    case reconstruction
    /// The whole divergence of the posterior from the prior.
    case divergence
    /// What is observed beside the image costs, as a class under its prior: a part of the evidence.
    case classPrior
    /// The mean cross-entropy of a second player, ln 2 where it only guesses, and the control that is its rate.
    case adversary(rate: String)
    /// What codes tell, of their images or of each other: never much, and 0 where they tell nothing, so that a weight below 0
    /// makes them tell more.
    case information
    /// Any other.
    case other
  }

  /// Its name in charts and logs.
  public let name: String
  /// The field's symbol.
  public let symbol: String
  /// How it enters the loss.
  public let weight: Weight
  /// Whether its weight is taken off the loss.
  public let isWanted: Bool
  /// What a heavy weight on it does to codes.
  public let burden: Burden
  /// What it is counted in.
  public let unit: TermUnit
  /// Whether it is taught beside the objective's own terms, whose formula does not have it.
  public let isBeside: Bool
  /// What it is to those who look for one of its kind.
  public let role: Role

  /// What a class under its prior is called.
  static let classPriorName = "class prior"
  /// What the mutual information of image and code is called where it is a part of the decomposed divergence.
  static let informationName = "mutual information"

  /// What it is called in logs and checkpoints from before a class that is generated from the code had a name of its own; nil
  /// where that is its name.
  var formerName: String? { role == .classPrior && name != Self.classPriorName ? Self.classPriorName : nil }

  init(_ term: ObjectiveTerms.Term) {
    (name, symbol, isWanted, burden) = (term.name, term.symbol, term.isWanted, term.burden)
    (unit, isBeside, role) = (term.unit, term.isBeside, term.role)
    weight =
      switch term.weight {
      case .constant(let value): .constant(Double(value))
      case .control(let name, _): .control(name)
      case .shown: .shown
      }
  }
}
