import Tensors

/// A probability distribution whose parameters are expressions of a graph. Values have the shape `[…, D]`: the last
/// axis is one event, everything before it is batch.
///
/// To add a distribution, add one file with a type that conforms; traces and objectives take it as it is.
public protocol Distribution {
  /// The shape of one draw, `[…, D]`.
  var shape: [Int] { get }

  /// A draw, differentiable in the parameters where the distribution allows it.
  ///
  /// - Parameters:
  ///   - name: of the variable; two variables of different names are drawn from independent noise.
  ///   - samples: draws for every entry of the batch, as a new leading axis; nil: one draw of shape `shape`.
  func sample(named name: String, samples: Int?) -> Expression

  /// The log-probability (or log-density) of `value` in nats, summed over the event: `[…, D] → […]`.
  func logProbability(of value: Expression) -> Expression

  /// KL(self ‖ other) in closed form, nats, as `[…, D]` whose sum over the last axis is the divergence; nil where no
  /// closed form is known, and an objective then estimates it from samples.
  func divergence(from other: any Distribution) -> Expression?

  /// What it is where the codes of a batch are held against each other, as an estimate of the aggregate posterior does;
  /// nil: it cannot be, and an objective that does so refuses a model that infers its codes by it.
  var codeForm: CodeForm? { get }

  /// Whether it is what a code is distributed as under a prior of which nothing is learnt: the standard normal in every dimension,
  /// or every class equally likely. Only from such a prior are codes drawn, and held against it, without the programs.
  var isStandard: Bool { get }
}

/// What a code's distribution is to another image's code.
public enum CodeForm {
  /// Independent normal dimensions: some of them have a density at any code as well as all.
  case normal(Normal)
  /// A class of these unnormalised log-probabilities `[…, D]`, one whole: a relaxed one is scored by the mass too.
  case classes(logits: Expression)
  /// A value, `[…, D]`, which has no density.
  case fixed(Expression)
}

extension Distribution {
  /// None, unless a distribution says which.
  public var codeForm: CodeForm? { nil }

  /// Not, unless a distribution says so.
  public var isStandard: Bool { false }

  /// No closed form, unless a distribution knows one.
  public func divergence(from other: any Distribution) -> Expression? { nil }

  /// `shape` with the axis of the samples in front, if there is one.
  func shape(samples: Int?) -> [Int] { (samples.map { [$0] } ?? []) + shape }
}
