import Tensors

/// A plain autoencoder: the code is the mean itself, and there is no posterior variance. Its encoder keeps the second head
/// of a variational autoencoder, untrained, so that the files of both have one shape.
struct Autoencoder: GenerativeModel {
  private let programs: VariationalAutoencoder
  private var configuration: ModelConfiguration { programs.configuration }

  init(_ configuration: ModelConfiguration) { programs = VariationalAutoencoder(configuration) }

  var variables: [LatentVariable] { programs.variables }
  var isDeterministic: Bool { true }

  func posterior(_ images: Expression) -> (mean: Expression, logVariance: Expression) { programs.posterior(images) }
  func expectedImage(_ code: Expression) -> Expression { programs.expectedImage(code) }

  func infer(_ batch: Batch, samples: Int) -> Trace {
    var trace = Trace(batch: batch.count)
    trace.sample("z", Deterministic(programs.posterior(batch.images).mean))
    return trace
  }

  func generate(_ batch: Batch, given inference: Trace) -> Trace { programs.generate(batch, given: inference) }
}

extension ModelKind {
  static let autoencoder = ModelKind(
    identifier: "autoencoder", name: "autoencoder", summary: "the code is the mean itself: no variance, no prior",
    source: "Hinton & Salakhutdinov 2006, doi:10.1126/science.1127647", objective: "reconstruction"
  ) { Autoencoder($0) }
}
