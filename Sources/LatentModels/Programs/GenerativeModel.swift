import Tensors

/// A pair of programs: one infers the latent variables of images, the other generates images from them.
///
/// To add a model, conform in one file of Models and add a row to `ModelKind.all`; recording, parameters, the waist,
/// sliders and sheets follow from its variables. Objectives see only the traces.
public protocol GenerativeModel {
  /// The latent variables, in the order in which a code joins them.
  var variables: [LatentVariable] { get }

  /// The inference program: q over the latent variables of a batch, with `samples` codes an image.
  func infer(_ batch: Batch, samples: Int) -> Trace

  /// The generative program: scores the variables of `inference` under the prior, and the data as observed.
  func generate(_ batch: Batch, given inference: Trace) -> Trace

  /// What the inference program says of images `[batch, pixels]` of which nothing else is known, with nothing drawn:
  /// means of continuous variables and probabilities of categorical ones, and log-variances (of categorical columns: 0),
  /// each `[batch, width]`.
  func posterior(_ images: Expression) -> (mean: Expression, logVariance: Expression)

  /// The expected pixels given a code `[…, width]`: what `decode` shows, `[…, pixels]`.
  func expectedImage(_ code: Expression) -> Expression

  /// Whether the code is the mean itself, so that there is no posterior variance, no divergence and no bound.
  var isDeterministic: Bool { get }
}

extension GenerativeModel {
  /// A model has a posterior unless it says otherwise.
  public var isDeterministic: Bool { false }
}
