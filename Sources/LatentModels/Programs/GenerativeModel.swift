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

  /// The same of images whose property is known, one-hot, `[batch, values]`.
  func posterior(_ images: Expression, sensitive: Expression) -> (mean: Expression, logVariance: Expression)

  /// The same of images whose class is given, one-hot, `[batch, classes]`; nil of a model without a variable for it.
  func posterior(_ images: Expression, class label: Expression) -> (mean: Expression, logVariance: Expression)?

  /// The expected pixels given a code `[…, width]`: what `decode` shows, `[…, pixels]`.
  func expectedImage(_ code: Expression) -> Expression

  /// Whether the code is the mean itself, so that there is no posterior variance, no divergence and no bound.
  var isDeterministic: Bool { get }

  /// The numbers of samples an image that its inference program can draw at once.
  var samples: ClosedRange<Int> { get }

  /// Whether it goes through the values of a variable that is not known, so that the leading axis of its traces is not
  /// one of samples.
  var enumerates: Bool { get }

  /// Logits of the class of images `[batch, pixels]`, `[batch, classes]`; nil of a model that says nothing of it.
  func classLogits(_ images: Expression) -> Expression?
}

extension GenerativeModel {
  /// A model has a posterior unless it says otherwise.
  public var isDeterministic: Bool { false }
  /// Most models are told no property.
  public func posterior(_ images: Expression, sensitive: Expression) -> (mean: Expression, logVariance: Expression) {
    posterior(images)
  }
  /// Most models have no variable for the class.
  public func posterior(_ images: Expression, class label: Expression) -> (mean: Expression, logVariance: Expression)? {
    nil
  }
  /// A model draws any number of samples unless it says otherwise.
  public var samples: ClosedRange<Int> { 1...10_000 }
  /// A model draws its variables unless it says otherwise.
  public var enumerates: Bool { false }
  /// A model says nothing of the class unless it has a classifier.
  public func classLogits(_ images: Expression) -> Expression? { nil }
}
