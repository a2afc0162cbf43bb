import Tensors

/// What a probabilistic program did: its named random variables, each with its distribution and its value.
///
/// An inference program samples variables; a generative program scores the same names. An objective reads two traces
/// and little else (van de Meent 2018, arXiv:1809.10756, on programs as distributions over traces).
public struct Trace {
  /// What the leading axis of values runs over. Every expectation over a trace uses its weights, and no code asks for a
  /// rank: with one sample the axis has the extent 1 and no place in the shapes, so that nothing is paid for it.
  public enum LeadingAxis {
    /// So many independent samples of every image, each of weight 1/S.
    case samples(Int)
    /// The values of a discrete variable, weighted by the probability of each, `[values, batch]`.
    case enumeration(of: String, weights: Expression)

    /// How many samples or values there are.
    public var extent: Int {
      switch self {
      case .samples(let count): count
      case .enumeration(_, let weights): weights.shape[0]
      }
    }
  }

  /// What a variable is in a trace.
  public enum Role: Sendable, Hashable {
    /// Drawn.
    case latent
    /// Data.
    case observed
    /// Summed out, value by value.
    case enumerated
  }

  /// What of an image an observed variable is: programs call their variables as they like.
  public enum Subject: Sendable, Hashable {
    /// Its pixels.
    case image
    /// Its class.
    case imageClass
    /// The property that the model is told.
    case property
  }

  /// One random variable.
  public struct Variable {
    /// Its name, unique in a trace.
    public let name: String
    /// How it is distributed given the variables before it.
    public let distribution: any Distribution
    /// Its value, `[extent, batch, D]`, without the first axis where the extent is 1.
    public let value: Expression
    /// Whether it was drawn, seen or enumerated.
    public let role: Role
    /// What it is of an image, where it was seen.
    public let subject: Subject?
    /// Whether its prior is given variables that were inferred from its draw: only that draw can be held against it.
    public let isFollowed: Bool

    init(
      name: String, distribution: any Distribution, value: Expression, role: Role, subject: Subject? = nil,
      isFollowed: Bool = false
    ) {
      (self.name, self.distribution, self.value) = (name, distribution, value)
      (self.role, self.subject, self.isFollowed) = (role, subject, isFollowed)
    }

    /// Its KL from the distribution of another trace by dimension, where that is in closed form.
    func closedDivergence(from other: Variable) -> Expression? {
      isFollowed ? nil : distribution.divergence(from: other.distribution)
    }

    /// Its log-probability in nats, `[extent, batch]`.
    public var logProbability: Expression { distribution.logProbability(of: value) }

    /// Its distribution where that is of independent normal dimensions.
    var normal: Normal? { if case .normal(let normal) = distribution.codeForm { normal } else { nil } }

    /// The unnormalised log-probabilities of its classes, where it is one of some.
    var classLogits: Expression? { if case .classes(let logits) = distribution.codeForm { logits } else { nil } }
  }

  /// All variables in the order in which the program met them.
  public private(set) var variables: [Variable] = []
  /// What the leading axis of values runs over.
  public let axis: LeadingAxis
  /// Images of the batch.
  public let batch: Int

  /// A trace of a program over `batch` images.
  public init(batch: Int, axis: LeadingAxis = .samples(1)) {
    self.batch = batch
    self.axis = axis
  }

  /// The variable called `name`.
  public subscript(name: String) -> Variable? { variables.first { $0.name == name } }

  /// The variables that are not data.
  public var latent: [Variable] { variables.filter { $0.role != .observed } }

  /// The first variable that is not data and cannot be held against the codes of other images; nil where all can.
  var formless: Variable? { latent.first { $0.distribution.codeForm == nil } }

  /// Whether this trace of a generative program distributes `variables` as a standard prior does. What it does not generate, as
  /// a property that it is told, has no prior that could be another.
  func hasStandardPrior(of variables: [LatentVariable]) -> Bool {
    variables.allSatisfy { self[$0.name]?.distribution.isStandard ?? true }
  }

  /// The variables of these names, in the order of the trace.
  public func subset(_ names: Set<String>) -> [Variable] { variables.filter { names.contains($0.name) } }

  /// The extent of the leading axis as distributions take it; nil: values have no place for it.
  public var sampleAxis: Int? { axis.extent > 1 ? axis.extent : nil }

  /// Draws the variable `name` from `distribution`, or gives it the value of the same variable in another trace.
  ///
  /// - Parameter isFollowed: whether variables are inferred from this draw that its prior is given.
  @discardableResult
  public mutating func sample(
    _ name: String, _ distribution: any Distribution, value: Expression? = nil, isFollowed: Bool = false
  ) -> Expression {
    // Parameters that already vary along the axis have it in their shape: one draw of each is enough.
    let hasAxis = Array(distribution.shape.dropLast()) != [batch]
    let value = value ?? distribution.sample(named: name, samples: hasAxis ? nil : sampleAxis)
    add(Variable(name: name, distribution: distribution, value: value, role: .latent, isFollowed: isFollowed))
    return value
  }

  /// Says that the variable `name`, distributed as `distribution`, was seen to be `value`, and what that is of an image.
  public mutating func observe(
    _ name: String, as subject: Subject?, _ distribution: any Distribution, value: Expression
  ) {
    add(Variable(name: name, distribution: distribution, value: value, role: .observed, subject: subject))
  }

  /// Says that every value of the discrete variable `name` is gone through: `value` is `[values, batch, classes]`.
  public mutating func enumerate(_ name: String, _ distribution: any Distribution, value: Expression) {
    add(Variable(name: name, distribution: distribution, value: value, role: .enumerated))
  }

  private mutating func add(_ variable: Variable) {
    precondition(self[variable.name] == nil, "a program names its variable \(variable.name) twice")
    variables.append(variable)
  }
}

/// Expectations.
extension Trace {
  /// The expectation over the leading axis of a value for every image: `[extent, batch]` or, where it does not vary along
  /// the axis, `[batch]` → `[batch]`.
  public func expectation(of value: Expression) -> Expression {
    if value.shape == [batch] { return value }
    switch axis {
    case .samples: return value.mean(axes: [0])
    case .enumeration(_, let weights): return (weights * value).sum(axes: [0])
    }
  }

  /// The same of a value for every dimension of every image: `[extent, batch, D]` or `[batch, D]` → `[batch, D]`.
  func expectationByDimension(of value: Expression) -> Expression {
    if value.rank < 3 { return value }
    switch axis {
    case .samples: return value.mean(axes: [0])
    case .enumeration(_, let weights): return (weights.reshaped(weights.shape + [1]) * value).sum(axes: [0])
    }
  }

  /// The expected log-probability of these variables, `[batch]`; nil where the trace has none of them.
  public func expectedLogProbability(_ variables: [Variable]) -> Expression? {
    logProbability(variables).map(expectation)
  }

  /// The joint log-probability of these variables, `[extent, batch]`; nil where there are none.
  public func logProbability(_ variables: [Variable]) -> Expression? {
    let parts = variables.map(\.logProbability)
    guard let first = parts.first else { return nil }
    return parts.dropFirst().reduce(first, +)
  }

  /// `−log p(x | z)` of the observed image, in expectation, `[batch]`.
  public var reconstruction: Expression? {
    expectedLogProbability(variables.filter { $0.subject == .image }).map { -$0 }
  }

  /// KL of the latent variables of this inference from a generative trace, one a variable: in closed form where there is
  /// one, otherwise estimated from the samples; `[batch]` each.
  public func divergences(from generative: Trace) -> [(name: String, value: Expression)] {
    latent.compactMap { variable in
      guard let other = generative[variable.name] else { return nil }
      let value =
        variable.closedDivergence(from: other)?.sum(axes: [-1])
        ?? variable.logProbability - other.logProbability
      return (variable.name, expectation(of: value))
    }
  }

  /// The same by dimension, `[batch, D]`, where it is in closed form; estimated from samples it has one column.
  func divergenceParts(from generative: Trace) -> [(name: String, value: Expression)] {
    latent.compactMap { variable in
      guard let other = generative[variable.name] else { return nil }
      if let closed = variable.closedDivergence(from: other) {
        return (variable.name, expectationByDimension(of: closed))
      }
      let estimate = expectation(of: variable.logProbability - other.logProbability)
      return (variable.name, estimate.reshaped([batch, 1]))
    }
  }

  /// KL of all latent variables of this inference from a generative trace, `[batch]`; nil where there are none.
  public func divergence(from generative: Trace) -> Expression? {
    let parts = divergences(from: generative).map(\.value)
    guard let first = parts.first else { return nil }
    return parts.dropFirst().reduce(first, +)
  }
}
