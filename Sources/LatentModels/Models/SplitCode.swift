import Tensors

/// A code in two parts that are independent a priori (Langseth, Probabilistic AI 2021): `p(zx) p(zy) p(x | zx, zy) p(y | zy)`,
/// inferred by `q(zx | x) q(zy | x)`. Only zy determines the class; an image whose class is not known leaves `p(y | zy)` out.
struct SplitCode: GenerativeModel {
  let configuration: ModelConfiguration
  private var classes: Int { configuration.classNames.count }
  private let classDimensions: Int
  private var styleDimensions: Int { configuration.latent - classDimensions }

  init(_ configuration: ModelConfiguration) {
    self.configuration = configuration
    classDimensions = Self.classDimensions(configuration)
  }

  /// Columns of zy: those asked for, else half of all.
  static func classDimensions(_ configuration: ModelConfiguration) -> Int {
    if let count = configuration.settings["classDimensions"]?.count, count >= 1 { return count }
    return max(1, configuration.latent / 2)
  }

  var variables: [LatentVariable] {
    [
      LatentVariable(name: "zx", kind: .continuous(dimensions: styleDimensions)),
      LatentVariable(name: "zy", kind: .continuous(dimensions: classDimensions)),
    ]
  }

  private func style(_ images: Expression) -> Normal { encoderHeads(configuration, images, latent: styleDimensions) }

  private func cause(_ images: Expression) -> Normal {
    encoderHeads(configuration, images, latent: classDimensions, name: "classEncoder")
  }

  /// Logits of p(y | zy), `[…, classes]`.
  private func logits(_ cause: Expression) -> Expression {
    Perceptron(name: "classifier", widths: [classDimensions, classes], activation: configuration.activation)
      .apply(to: cause)
  }

  func classLogits(_ images: Expression) -> Expression? { logits(cause(images).mean) }

  func posterior(_ images: Expression) -> (mean: Expression, logVariance: Expression) {
    let (style, cause) = (style(images), cause(images))
    return (
      Expression.concatenated([style.mean, cause.mean], axis: -1),
      Expression.concatenated([style.logVariance, cause.logVariance], axis: -1)
    )
  }

  func expectedImage(_ code: Expression) -> Expression {
    configuration.likelihood.expectation(decoderOutput(configuration, code))
  }

  func infer(_ batch: Batch, samples: Int) -> Trace {
    var trace = Trace(batch: batch.count, axis: .samples(samples))
    trace.sample("zx", style(batch.images))
    trace.sample("zy", cause(batch.images))
    return trace
  }

  func generate(_ batch: Batch, given inference: Trace) -> Trace {
    var trace = Trace(batch: batch.count, axis: inference.axis)
    func prior(_ size: Int) -> Normal { Normal.standard(in: batch.graph, shape: [batch.count, size]) }
    let style = trace.sample("zx", prior(styleDimensions), value: inference["zx"]?.value)
    let cause = trace.sample("zy", prior(classDimensions), value: inference["zy"]?.value)
    if batch.areAllKnown, let labels = batch.labels {
      trace.observe("y", as: .imageClass, Categorical(logits: logits(cause)), value: labels)
    }
    let code = Expression.concatenated([style, cause], axis: -1)
    trace.observe(
      "x", as: .image, configuration.likelihood.distribution(decoderOutput(configuration, code)), value: batch.images)
    return trace
  }
}

extension ModelKind {
  static let splitCode = ModelKind(
    identifier: "splitCode", name: "split-code",
    summary: "a code in two parts, of which one alone determines the class",
    source: "Langseth 2021, Probabilistic AI",
    settings: [
      Setting(
        "classDimensions", "latent dimensions that determine the class; 0: half of all",
        .count(default: 0, range: 0...ModelConfiguration.largestWidth))
    ],
    usesLabels: true, objective: "semiSupervisedBound",
    check: { model in
      guard SplitCode.classDimensions(model) < model.latent else {
        throw ConfigurationError.refused(
          "\(SplitCode.classDimensions(model)) of \(model.latent) latent dimensions for the class leave none for the style: "
            + "use a larger code (latent), or fewer dimensions of the class (classDimensions)")
      }
    }
  ) { SplitCode($0) }
}
