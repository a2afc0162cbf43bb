import Tensors

/// The encoder of most models, `encoder`: from the input through the hidden layers to means and log-variances of `latent`
/// dimensions, `[…, in] → […, latent]` each.
func encoderHeads(
  _ configuration: ModelConfiguration, _ input: Expression, latent: Int, name: String = "encoder"
) -> Normal {
  let width = input.shape[input.rank - 1]
  let heads = Perceptron(
    name: name, widths: [width] + configuration.hidden + [2 * latent], activation: configuration.activation
  ).apply(to: input)
  return Normal(heads: heads)
}

/// The decoder of most models, `decoder`: from a code `[…, width]` through the hidden layers, mirrored, to the logits or
/// means of the pixels, `[…, decoderWidth]`.
func decoderOutput(_ configuration: ModelConfiguration, _ code: Expression) -> Expression {
  Perceptron(
    name: "decoder",
    widths: [code.shape[code.rank - 1]] + configuration.hidden.reversed() + [configuration.decoderWidth],
    activation: configuration.activation
  ).apply(to: code)
}
