import Tensors

/// M1+M2 (Kingma 2014, arXiv:1406.5298, section 3.1): M2 over the codes of a trained model, drawn anew in every step.
///
/// The trained model's weights are kept with the others, as `codes.encoder…` and `codes.decoder…`, and stay as they are. Both together
/// are one model of images, `p(y) p(z) p(codes | y, z) p(x | codes)`: the bound is one on log p(x). Dimensions of the
/// codes that tell nothing keep their standard normal prior.
struct StackedSemiSupervised: GenerativeModel {
  private let configuration: ModelConfiguration
  private let codes: CodesConfiguration
  private let classAndStyle: SemiSupervised
  private var dropped: [Int] { (0..<codes.latent).filter { !codes.kept.contains($0) } }

  init(_ configuration: ModelConfiguration) {
    self.configuration = configuration
    let codes = configuration.codes ?? CodesConfiguration(hidden: configuration.hidden, latent: 1, kept: [0])
    self.codes = codes
    classAndStyle = SemiSupervised(configuration, inputWidth: codes.kept.count, outputWidth: 2 * codes.kept.count)
  }

  var variables: [LatentVariable] { classAndStyle.variables }
  var samples: ClosedRange<Int> { 1...1 }
  var enumerates: Bool { classAndStyle.enumerates }

  /// The trained posterior of all codes, `[batch, codes.latent]`; nothing of it is learnt.
  private func trained(_ images: Expression) -> Normal {
    Normal(
      heads: Perceptron(
        name: CodesConfiguration.prefix + "encoder",
        widths: [configuration.pixelCount] + codes.hidden + [2 * codes.latent],
        activation: configuration.activation
      ).apply(to: images).stoppingGradient())
  }

  /// The trained decoder's output for all codes `[…, codes.latent]`.
  private func pixels(_ code: Expression) -> Expression {
    Perceptron(
      name: CodesConfiguration.prefix + "decoder",
      widths: [codes.latent] + codes.hidden.reversed() + [configuration.decoderWidth],
      activation: configuration.activation
    ).apply(to: code)
  }

  private static func part(_ normal: Normal, _ dimensions: [Int]) -> Normal {
    Normal(
      mean: normal.mean.gathered(axis: -1, indices: dimensions),
      logVariance: normal.logVariance.gathered(axis: -1, indices: dimensions))
  }

  /// All codes in their order, from those that are kept and the others.
  private func joined(_ kept: Expression, _ others: Expression?) -> Expression {
    guard let others else { return kept }
    let order = codes.kept + dropped
    let places = (0..<codes.latent).map { order.firstIndex(of: $0) ?? 0 }
    return Expression.concatenated([kept, others], axis: -1).gathered(axis: -1, indices: places)
  }

  private func outputs(_ output: Expression) -> Normal {
    let count = codes.kept.count
    return Normal(
      mean: output.sliced(axis: -1, range: 0..<count), logVariance: output.sliced(axis: -1, range: count..<2 * count))
  }

  func classLogits(_ images: Expression) -> Expression? {
    classAndStyle.logits(Self.part(trained(images), codes.kept).mean)
  }

  func posterior(_ images: Expression) -> (mean: Expression, logVariance: Expression) {
    classAndStyle.posterior(Self.part(trained(images), codes.kept).mean)
  }

  func posterior(_ images: Expression, class label: Expression) -> (mean: Expression, logVariance: Expression)? {
    classAndStyle.posterior(Self.part(trained(images), codes.kept).mean, class: label)
  }

  func expectedImage(_ code: Expression) -> Expression {
    let kept = outputs(classAndStyle.output(code)).mean
    let others = code.graph.constant(0).broadcast(to: Array(kept.shape.dropLast()) + [max(1, dropped.count)])
    return configuration.likelihood.expectation(pixels(joined(kept, dropped.isEmpty ? nil : others)))
  }

  func infer(_ batch: Batch, samples: Int) -> Trace {
    let all = trained(batch.images)
    let kept = Self.part(all, codes.kept)
    // One draw of the codes, whatever the axis of the class is.
    let drawn = kept.sample(named: "codes", samples: nil)
    var trace = classAndStyle.infer(batch, from: drawn, samples: samples)
    // Class and style are inferred from this draw, so the prior that they give the codes is held against it alone.
    trace.sample("codes", kept, value: drawn, isFollowed: true)
    if !dropped.isEmpty {
      let others = Self.part(all, dropped)
      trace.sample("others", others, value: others.sample(named: "others", samples: nil))
    }
    return trace
  }

  func generate(_ batch: Batch, given inference: Trace) -> Trace {
    var (trace, output) = classAndStyle.prior(batch, given: inference)
    let kept = trace.sample("codes", outputs(output), value: inference["codes"]?.value)
    var others: Expression?
    if !dropped.isEmpty {
      let prior = Normal.standard(in: batch.graph, shape: [batch.count, dropped.count])
      others = trace.sample("others", prior, value: inference["others"]?.value)
    }
    trace.observe(
      "x", as: .image, configuration.likelihood.distribution(pixels(joined(kept, others)).stoppingGradient()),
      value: batch.images)
    return trace
  }
}

extension ModelKind {
  static let stackedSemiSupervised = ModelKind(
    identifier: "stackedSemiSupervised", name: "m1m2", summary: "M1+M2: M2 over the codes of a trained model",
    source: "Kingma 2014, arXiv:1406.5298", settings: SemiSupervised.settings, usesLabels: true, usesCodes: true,
    drawing: SemiSupervised.drawing, objective: "semiSupervisedBound",
    check: { model in
      guard model.codes != nil else {
        throw ConfigurationError.refused(
          "the model m1m2 takes the codes of a trained model: name it with --codes-of")
      }
    }, idleReason: SemiSupervised.idleReason
  ) { StackedSemiSupervised($0) }
}
