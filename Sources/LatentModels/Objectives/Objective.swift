import Tensors

/// What is minimised: a function of an inference trace and a generative trace.
///
/// To add an objective, conform in one file and add a row to `ObjectiveKind.all`; options, help, `info`, charts, the
/// metrics log, the best score and the live controls follow from its terms and settings.
public protocol Objective {
  /// Named, weighted terms, each `[batch]`, in nats an image where they do not say otherwise.
  func terms(_ traces: Traces) -> ObjectiveTerms
}

/// What an objective reads: the traces of both programs over one batch, and its controls.
public struct Traces {
  /// What the inference program did.
  public let inference: Trace
  /// What the generative program did, given it.
  public let generative: Trace
  /// The data.
  public let batch: Batch
  /// The pair of programs, for objectives that look at other images beside those of the batch.
  public let programs: any GenerativeModel
  /// The starting values of the controls.
  let initialControls: [String: Double]
  /// Whether labels teach what an objective with terms for them has none for: runs from before they did go on without.
  let teachesBesideOwnTerms: Bool

  /// The same images under another inference trace, which the generative program scores anew.
  func scored(_ inference: Trace) -> Traces {
    Traces(
      inference: inference, generative: programs.generate(batch, given: inference), batch: batch, programs: programs,
      initialControls: initialControls, teachesBesideOwnTerms: teachesBesideOwnTerms)
  }

  /// A control as a scalar of the graph, which changes between steps.
  public func control(_ name: String) -> Expression {
    batch.graph.scalar(name, initially: Float(initialControls[name] ?? 0))
  }

  /// `−E log p(x | z)`, `[batch]`.
  public var reconstruction: Expression {
    generative.reconstruction ?? batch.graph.constant(0).broadcast(to: [batch.count])
  }

  /// `KL(q(z|x) ‖ p(z))` of all latent variables, `[batch]`.
  public var divergence: Expression {
    inference.divergence(from: generative) ?? batch.graph.constant(0).broadcast(to: [batch.count])
  }

  /// `log w = log p(x, z) − log q(z | x)`, `[extent, batch]`.
  public var logWeights: Expression {
    let zero = batch.graph.constant(0).broadcast(to: [batch.count])
    let joint = generative.logProbability(generative.variables) ?? zero
    return joint - (inference.logProbability(inference.latent) ?? zero)
  }

  /// Logarithms of unbiased estimates of p(x): the log-weights of samples, or the sum over the values of an enumerated
  /// variable. `[entries, batch]`, or `[batch]` for one entry.
  public var evidenceWeights: Expression {
    valueWeights?.logSumExp(axis: 0) ?? logWeights
  }

  /// `log p(x, y, z) − log q(z | x, y)` for every value y of an enumerated variable, `[values, batch]`; nil where none is.
  private var valueWeights: Expression? {
    guard case .enumeration(let name, _) = inference.axis else { return nil }
    let zero = batch.graph.constant(0).broadcast(to: [batch.count])
    let joint = generative.logProbability(generative.variables) ?? zero
    return joint - (inference.logProbability(inference.latent.filter { $0.name != name }) ?? zero)
  }

  /// Logarithms of estimates of p(x, y) for every class y, `[batch, classes]`: the weighted prediction is their softmax.
  /// Under an importance-weighted bound q(y | x) alone is a poor classifier. Nil where no class is inferred.
  public var classEvidence: Expression? {
    if let valueWeights { return valueWeights.transposed([1, 0]) }
    guard let drawn = inference.latent.first(where: { $0.classLogits != nil }) else { return nil }
    let shape = Array(drawn.value.shape.dropLast()) + [1]
    let parts = logWeights.reshaped(shape) + drawn.value.logOfProbability()
    return inference.sampleAxis == nil ? parts : parts.logSumExp(axis: 0)
  }
}

/// The terms of an objective.
public struct ObjectiveTerms {
  /// How a term enters the loss.
  public enum Weight {
    /// Always so much of it.
    case constant(Float)
    /// As much as a control says; the expression is that control's scalar.
    case control(String, Expression)
    /// Not at all: it is shown.
    case shown
  }

  /// One named term.
  public struct Term {
    /// Its name in charts and logs.
    public let name: String
    /// The field's symbol.
    public let symbol: String
    /// Its value, `[batch]`.
    public internal(set) var value: Expression
    /// How it enters the loss.
    public let weight: Weight
    /// Whether its weight is taken off the loss: more of the term is wanted.
    public let isWanted: Bool
    /// What a heavy weight on it does to codes.
    public let burden: TermDescription.Burden
    /// What it is counted in.
    public let unit: TermUnit
    /// Whether it is told of images whose class is known only: 0 of others, and averaged without them.
    public let isOfKnownClasses: Bool
    /// Whether labels teach it beside the objective's own terms, whose formula does not have it.
    public let isBeside: Bool
    /// What it is to those who look for one of its kind.
    public let role: TermDescription.Role

    /// A term that enters the loss as it is, unless said.
    public init(
      _ name: String, symbol: String, _ value: Expression, weight: Weight = .constant(1), isWanted: Bool = false,
      burden: TermDescription.Burden = .heavy, unit: TermUnit = .nats, isOfKnownClasses: Bool = false,
      isBeside: Bool = false, role: TermDescription.Role = .other
    ) {
      self.isBeside = isBeside
      self.role = role
      self.burden = burden
      self.unit = unit
      self.isOfKnownClasses = isOfKnownClasses
      self.name = name
      self.symbol = symbol
      self.value = value
      self.weight = weight
      self.isWanted = isWanted
    }

    /// What it adds to the loss, `[batch]`; nil where it is only shown.
    var contribution: Expression? {
      let weighted: Expression? =
        switch weight {
        case .constant(let weight): weight == 1 ? value : value * weight
        case .control(_, let weight): weight * value
        case .shown: nil
        }
      return isWanted ? weighted.map { -$0 } : weighted
    }
  }

  /// A second player (Kim & Mnih 2018, arXiv:1802.05983): parameters of the objective's own, which lower a loss of their
  /// own while the model's parameters lower the objective. They are no part of the model, and saved beside the moments.
  public struct Adversary {
    /// What its parameters lower, `[]`.
    public let loss: Expression
    /// What the names of its parameters begin with: no model's do.
    public let prefix: String
    /// Adam's constants for them.
    public let adam: AdamConfiguration
    /// The control that is its rate.
    public let rate: String
  }

  /// A number that an objective keeps from step to step, such as a moving average: a scalar of the graph that begins at 0.
  public struct Memory {
    /// The scalar's name.
    public let name: String
    /// What it is at the next step, `[]`.
    public let next: Expression

    /// The name under which a step gives it out.
    static func output(of name: String) -> String { "next \(name)" }
  }

  /// Every named term in the order in which it is shown.
  public let terms: [Term]
  /// What is minimised after averaging over the batch, `[batch]`.
  public let loss: Expression
  /// The second player, where there is one.
  public let adversary: Adversary?
  /// What it keeps from step to step.
  public let memories: [Memory]

  /// Terms whose weighted sum is the loss. At least one has a weight.
  public init(_ terms: [Term], adversary: Adversary? = nil, memories: [Memory] = []) {
    let weighted = terms.compactMap(\.contribution)
    precondition(!weighted.isEmpty, "an objective without a weighted term")
    self.init(
      terms, loss: weighted.dropFirst().reduce(weighted[0], +), adversary: adversary, memories: memories)
  }

  /// Terms beside a loss that is no weighted sum of them.
  public init(_ terms: [Term], loss: Expression, adversary: Adversary? = nil, memories: [Memory] = []) {
    self.terms = terms
    self.loss = loss
    self.adversary = adversary
    self.memories = memories
  }

  /// These terms and others beside them, which add to the loss what they weigh.
  func adding(_ others: [Term]) -> ObjectiveTerms {
    guard !others.isEmpty else { return self }
    return ObjectiveTerms(
      terms + others, loss: others.compactMap(\.contribution).reduce(loss, +), adversary: adversary, memories: memories)
  }

  /// All terms and the total under the name "loss".
  public var named: [(name: String, value: Expression)] { terms.map { ($0.name, $0.value) } + [("loss", loss)] }
}
