import Tensors

/// What a probabilistic program did: its named random variables, each with its distribution and its value.
///
/// An inference program samples variables; a generative program scores the same names. An objective reads two traces
/// and nothing else (van de Meent 2018, arXiv:1809.10756, on programs as distributions over traces).
public struct Trace {
  /// One random variable.
  public struct Variable {
    /// Its name, unique in a trace.
    public let name: String
    /// How it is distributed given the variables before it.
    public let distribution: any Distribution
    /// Its value, `[samples…, batch, D]`.
    public let value: Expression
    /// Whether it is data rather than latent.
    public let isObserved: Bool

    /// Its log-probability in nats, `[samples…, batch]`.
    public var logProbability: Expression { distribution.logProbability(of: value) }
  }

  /// All variables in the order in which the program met them.
  public private(set) var variables: [Variable] = []
  /// The extent of the leading axis of sampled values; nil: values have none.
  public let samples: Int?

  /// A trace of a program that draws `samples` values of each variable for every entry of the batch.
  public init(samples: Int? = nil) { self.samples = samples }

  /// The variable called `name`.
  public subscript(name: String) -> Variable? { variables.first { $0.name == name } }

  /// The variables that are not data.
  public var latent: [Variable] { variables.filter { !$0.isObserved } }

  /// Draws the variable `name` from `distribution`, or gives it the value of the same variable in another trace.
  @discardableResult
  public mutating func sample(
    _ name: String, _ distribution: any Distribution, value: Expression? = nil
  ) -> Expression {
    let value = value ?? distribution.sample(named: name, samples: samples)
    add(Variable(name: name, distribution: distribution, value: value, isObserved: false))
    return value
  }

  /// Says that the variable `name`, distributed as `distribution`, was seen to be `value`.
  public mutating func observe(_ name: String, _ distribution: any Distribution, value: Expression) {
    add(Variable(name: name, distribution: distribution, value: value, isObserved: true))
  }

  private mutating func add(_ variable: Variable) {
    precondition(self[variable.name] == nil, "a program names its variable \(variable.name) twice")
    variables.append(variable)
  }
}
