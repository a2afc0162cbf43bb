import Tensors

/// A pair of programs: one infers the latent variables of images, the other generates images from them.
///
/// To add a model, conform in one file; objectives see only the traces.
public protocol ProbabilisticProgram {
  /// Samples the latent variables given images `[batch, pixels]`.
  func infer(_ images: Expression, samples: Int?) -> Trace
  /// Scores the variables of `inference` under the generative model, and the images as observed.
  func generate(_ images: Expression, given inference: Trace) -> Trace
}

/// Normal code `z` with a standard normal prior, perceptrons on both sides (Kingma & Welling 2013, arXiv:1312.6114).
public struct VariationalAutoencoder: ProbabilisticProgram {
  /// Shapes and likelihood.
  public let configuration: ModelConfiguration
  /// Whether the code is the posterior's mean itself, as in a plain autoencoder.
  public let isDeterministic: Bool

  /// The programs of a model of this configuration.
  public init(_ configuration: ModelConfiguration, isDeterministic: Bool = false) {
    self.configuration = configuration
    self.isDeterministic = isDeterministic
  }

  /// The encoder's two heads: `[…, pixels] → […, K]` means and log-variances.
  public func posterior(_ images: Expression) -> Normal {
    let heads = Perceptron.encoder(configuration).apply(to: images)
    let latent = configuration.latent
    return Normal(
      mean: heads.sliced(axis: -1, range: 0..<latent), logVariance: heads.sliced(axis: -1, range: latent..<2 * latent))
  }

  /// The decoder's output, logits or means: `[…, K] → […, pixels]`.
  public func output(_ code: Expression) -> Expression { Perceptron.decoder(configuration).apply(to: code) }

  /// The distribution of the pixels given a code.
  public func likelihood(_ code: Expression) -> any Distribution {
    let output = output(code)
    switch configuration.likelihood {
    case .bernoulli: return Bernoulli(logits: output)
    case .gaussian(let deviation):
      let logVariance = output.graph.constant(2 * logarithm(deviation)).broadcast(to: output.shape)
      return Normal(mean: output, logVariance: logVariance)
    }
  }

  /// The expected pixels given a code: what `decode` shows, in `[…, pixels]`.
  public func expectedImage(_ code: Expression) -> Expression {
    switch configuration.likelihood {
    case .bernoulli: output(code).sigmoid()
    case .gaussian: output(code)
    }
  }

  /// The inference program: q(z | x) over `images` `[batch, pixels]`, with `samples` codes an image.
  public func infer(_ images: Expression, samples: Int?) -> Trace {
    var trace = Trace(samples: samples)
    let posterior = posterior(images)
    trace.sample("z", isDeterministic ? Deterministic(posterior.mean) : posterior)
    return trace
  }

  /// The generative program: scores the codes of `inference` under the prior, and `images` given the codes.
  public func generate(_ images: Expression, given inference: Trace) -> Trace {
    var trace = Trace(samples: inference.samples)
    let prior = Normal.standard(in: images.graph, shape: [images.shape[0], configuration.latent])
    let code = trace.sample("z", prior, value: inference["z"]?.value)
    trace.observe("x", likelihood(code), value: images)
    return trace
  }
}
