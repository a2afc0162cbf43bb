import Tensors

/// Normal code `z` with a standard normal prior, perceptrons on both sides (Kingma & Welling 2013, arXiv:1312.6114).
struct VariationalAutoencoder: GenerativeModel {
  let configuration: ModelConfiguration

  init(_ configuration: ModelConfiguration) { self.configuration = configuration }

  var variables: [LatentVariable] {
    [LatentVariable(name: "z", kind: .continuous(dimensions: configuration.latent))]
  }

  /// The encoder's two heads: `[…, pixels] → […, K]` means and log-variances.
  private func code(_ images: Expression) -> Normal {
    encoderHeads(configuration, images, latent: configuration.latent)
  }

  func posterior(_ images: Expression) -> (mean: Expression, logVariance: Expression) {
    let code = code(images)
    return (code.mean, code.logVariance)
  }

  func expectedImage(_ code: Expression) -> Expression {
    configuration.likelihood.expectation(decoderOutput(configuration, code))
  }

  func infer(_ batch: Batch, samples: Int) -> Trace {
    var trace = Trace(batch: batch.count, axis: .samples(samples))
    trace.sample("z", code(batch.images))
    return trace
  }

  func generate(_ batch: Batch, given inference: Trace) -> Trace {
    var trace = Trace(batch: batch.count, axis: inference.axis)
    let prior = Normal.standard(in: batch.graph, shape: [batch.count, configuration.latent])
    let code = trace.sample("z", prior, value: inference["z"]?.value)
    trace.observe(
      "x", as: .image, configuration.likelihood.distribution(decoderOutput(configuration, code)), value: batch.images)
    return trace
  }
}

extension ModelKind {
  static let variationalAutoencoder = ModelKind(
    identifier: ModelConfiguration.defaultKind, name: "vae", summary: "a normal code z, perceptrons on both sides",
    source: "Kingma & Welling 2013, arXiv:1312.6114"
  ) { VariationalAutoencoder($0) }
}
