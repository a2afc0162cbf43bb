import Tensors

/// A multi-layer perceptron: linear layers with an activation between them, none after the last.
///
/// Parameters are named as those of a PyTorch `Sequential(Linear, Activation, Linear, …)`: linear layers stand at the
/// even positions, so an encoder 784-256-64-2 has `encoder.0` `[256, 784]`, `encoder.2` `[64, 256]` and `encoder.4`
/// `[4, 64]`, whose first half of outputs are the means and whose second half are the log-variances.
public struct Perceptron: Sendable, Hashable {
  /// The prefix of its parameters' names.
  public let name: String
  /// Widths from input to output.
  public let widths: [Int]
  /// What follows every layer but the last.
  public let activation: Activation

  /// A perceptron of at least one layer: `widths` has two entries or more.
  public init(name: String, widths: [Int], activation: Activation) {
    self.name = name
    self.widths = widths
    self.activation = activation
  }

  /// Applies the layers to the last axis, `[…, in] → […, out]`.
  public func apply(to input: Expression) -> Expression {
    var value = input
    for layer in 0..<widths.count - 1 {
      let weight = value.graph.parameter(
        "\(name).\(2 * layer).weight", shape: [widths[layer + 1], widths[layer]])
      let bias = value.graph.parameter("\(name).\(2 * layer).bias", shape: [widths[layer + 1]])
      value = value.linear(
        weight: weight, bias: bias, activation: layer == widths.count - 2 ? .identity : activation)
    }
    return value
  }

  /// Applies the layers to an input `[…, in]` that stands beside a condition `[…, classes]`, as if both were joined: the
  /// first layer has a second weight, `NAME.condition.weight` `[out, classes]`. What does not vary along the leading axes
  /// of the other is computed once. The second weight begins as wide as a layer of the condition's own, so that a class among
  /// hundreds of pixels is heard from the first step.
  public func apply(to input: Expression, beside condition: Expression) -> Expression {
    let graph = input.graph
    let isOnly = widths.count == 2
    let weight = graph.parameter("\(name).0.weight", shape: [widths[1], widths[0]])
    let bias = graph.parameter("\(name).0.bias", shape: [widths[1]])
    let classes = condition.shape[condition.rank - 1]
    let conditionWeight = graph.parameter("\(name).condition.weight", shape: [widths[1], classes])
    var value =
      (input.linear(weight: weight, bias: bias) + condition.linear(weight: conditionWeight, bias: nil))
      .activated(isOnly ? .identity : activation)
    for layer in 1..<max(1, widths.count - 1) {
      let weight = graph.parameter("\(name).\(2 * layer).weight", shape: [widths[layer + 1], widths[layer]])
      let bias = graph.parameter("\(name).\(2 * layer).bias", shape: [widths[layer + 1]])
      value = value.linear(
        weight: weight, bias: bias, activation: layer == widths.count - 2 ? .identity : activation)
    }
    return value
  }
}
