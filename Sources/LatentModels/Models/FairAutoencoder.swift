import Datasets
import Tensors

/// The variational fair autoencoder (Louizos 2015, arXiv:1511.00830): encoder and decoder are told a property s of every
/// image, `q(z | x, s)`, `p(z) p(x | z, s)`, so that the code need not hold it. Where classes are known, `q(y | z)` says that the
/// code is to tell them.
///
/// Beside the model a classifier says s of images of which nobody does; it changes nothing else, and learns from the others.
struct FairAutoencoder: GenerativeModel {
  let configuration: ModelConfiguration
  private var valueNames: [String] { configuration.attribute?.valueNames ?? [] }
  private var classes: Int { configuration.classNames.count }

  init(_ configuration: ModelConfiguration) { self.configuration = configuration }

  var variables: [LatentVariable] {
    [
      LatentVariable(name: "s", kind: .categorical(classNames: valueNames), subject: .property),
      LatentVariable(name: "z", kind: .continuous(dimensions: configuration.latent)),
    ]
  }

  /// Logits of the property of images `[batch, pixels]`, `[batch, values]`.
  private func attributeLogits(_ images: Expression) -> Expression {
    Perceptron(
      name: "attribute", widths: [configuration.pixelCount] + configuration.hidden + [valueNames.count],
      activation: configuration.activation
    ).apply(to: images)
  }

  private func code(_ images: Expression, _ sensitive: Expression) -> Normal {
    Normal(
      heads: Perceptron(
        name: "encoder", widths: [configuration.pixelCount] + configuration.hidden + [2 * configuration.latent],
        activation: configuration.activation
      ).apply(to: images, beside: sensitive))
  }

  private func output(_ sensitive: Expression, _ code: Expression) -> Expression {
    Perceptron(
      name: "decoder", widths: [configuration.latent] + configuration.hidden.reversed() + [configuration.decoderWidth],
      activation: configuration.activation
    ).apply(to: code, beside: sensitive)
  }

  /// Logits of q(y | z), `[…, classes]`.
  private func logits(_ code: Expression) -> Expression {
    Perceptron(
      name: "classifier", widths: [configuration.latent] + configuration.hidden.suffix(1) + [classes],
      activation: configuration.activation
    ).apply(to: code)
  }

  /// What is inferred of the property, as it is handed to the encoder.
  private func inferred(_ images: Expression) -> Expression {
    attributeLogits(images).softmax(axis: -1).stoppingGradient()
  }

  /// The property of every image: what is said of it, `[batch, values]`, or where nobody says it, whose row is zeros, what the
  /// classifier's `logits` do.
  private func property(said: Expression, logits: Expression) -> Expression {
    said + (1 - said.sum(axes: [-1], keepingDimensions: true)) * logits.softmax(axis: -1).stoppingGradient()
  }

  func classLogits(_ images: Expression) -> Expression? {
    classes > 0 ? logits(code(images, inferred(images)).mean) : nil
  }

  func posterior(_ images: Expression) -> (mean: Expression, logVariance: Expression) {
    posterior(images, sensitive: inferred(images))
  }

  func posterior(_ images: Expression, sensitive: Expression) -> (mean: Expression, logVariance: Expression) {
    let property = property(said: sensitive, logits: attributeLogits(images))
    return code(images, property).columns(after: property)
  }

  func expectedImage(_ code: Expression) -> Expression {
    let (values, width) = (valueNames.count, valueNames.count + configuration.latent)
    return configuration.likelihood.expectation(
      output(code.sliced(axis: -1, range: 0..<values), code.sliced(axis: -1, range: values..<width)))
  }

  func infer(_ batch: Batch, samples: Int) -> Trace {
    var trace = Trace(batch: batch.count, axis: .samples(samples))
    let property: Expression
    if let said = batch.sensitive {
      let logits = attributeLogits(batch.images)
      property = self.property(said: said, logits: logits)
      // A row of zeros has no log-probability: an image of which nobody says it teaches the classifier nothing.
      trace.observe("s", as: .property, Categorical(logits: logits), value: said)
    } else {
      property = inferred(batch.images)
      trace.sample("s", Deterministic(property), value: property)
    }
    trace.sample("z", code(batch.images, property))
    return trace
  }

  func generate(_ batch: Batch, given inference: Trace) -> Trace {
    var trace = Trace(batch: batch.count, axis: inference.axis)
    let prior = Normal.standard(in: batch.graph, shape: [batch.count, configuration.latent])
    let code = trace.sample("z", prior, value: inference["z"]?.value)
    if batch.areAllKnown, let labels = batch.labels, classes > 0 {
      trace.observe("y", as: .imageClass, Categorical(logits: logits(code)), value: labels)
    }
    // As it was inferred: the classifier is not asked again.
    let told = inference["s"].map { told in
      told.classLogits.map { property(said: told.value, logits: $0) } ?? told.value
    }
    let output = output(told ?? inferred(batch.images), code)
    trace.observe("x", as: .image, configuration.likelihood.distribution(output), value: batch.images)
    return trace
  }
}

extension ModelKind {
  static let fairAutoencoder = ModelKind(
    identifier: "fairAutoencoder", name: "fair", summary: "a code that is told a property of images, to forget it",
    source: "Louizos 2015, arXiv:1511.00830", usesLabels: true, usesAttribute: true, objective: "fairBound",
    check: { model in
      guard model.attribute != nil else {
        throw ConfigurationError.refused(
          "the model fair is told a property of every image: name one that the data have as the attribute, or use data that "
            + "have one of their own, such as \(NamedSet.namesWithAttribute.joined(separator: " or "))")
      }
    }
  ) { FairAutoencoder($0) }
}
