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
}

extension Distribution {
  /// No closed form, unless a distribution knows one.
  public func divergence(from other: any Distribution) -> Expression? { nil }

  /// `shape` with the axis of the samples in front, if there is one.
  func shape(samples: Int?) -> [Int] { (samples.map { [$0] } ?? []) + shape }
}
