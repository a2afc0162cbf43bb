import Tensors

/// A variable that has one value: what a plain autoencoder infers.
public struct Deterministic: Distribution {
  /// The value, `[…, D]`.
  public let value: Expression

  /// A variable that is always `value`.
  public init(_ value: Expression) { self.value = value }

  public var shape: [Int] { value.shape }

  public var codeForm: CodeForm? { .fixed(value) }

  /// The value itself, repeated for every sample.
  public func sample(named name: String, samples: Int?) -> Expression { value.broadcast(to: shape(samples: samples)) }

  /// 0: against counting measure on its one value.
  public func logProbability(of value: Expression) -> Expression {
    value.graph.constant(0).broadcast(to: Array(value.shape.dropLast()))
  }
}
