import Tensors

/// M2 (Kingma 2014, arXiv:1406.5298): the class y and the style z stand beside each other, `p(y) p(z) p(x | y, z)`, inferred
/// by `q(y | x) q(z | x, y)`. Where the class is known it is observed; elsewhere it is summed out value by value, or drawn
/// from a Concrete relaxation (Jang 2016, arXiv:1611.01144), as in probtorch.
struct SemiSupervised: GenerativeModel {
  let configuration: ModelConfiguration
  private var classes: Int { configuration.classNames.count }
  private var isRelaxed: Bool { configuration.settings["inference"] == .text("concrete") }

  /// Columns of what the classifier and the encoder see.
  private let inputWidth: Int
  /// Columns of what the decoder says.
  private let outputWidth: Int

  init(_ configuration: ModelConfiguration) {
    self.init(configuration, inputWidth: configuration.pixelCount, outputWidth: configuration.decoderWidth)
  }

  /// The same networks over something else than pixels.
  init(_ configuration: ModelConfiguration, inputWidth: Int, outputWidth: Int) {
    self.configuration = configuration
    self.inputWidth = inputWidth
    self.outputWidth = outputWidth
  }

  var variables: [LatentVariable] {
    [
      LatentVariable(name: "y", kind: .categorical(classNames: configuration.classNames), subject: .imageClass),
      LatentVariable(name: "z", kind: .continuous(dimensions: configuration.latent)),
    ]
  }

  /// A class that is gone through takes one style each.
  var samples: ClosedRange<Int> { enumerates ? 1...1 : 1...10_000 }
  var enumerates: Bool { !isRelaxed }
  func classLogits(_ images: Expression) -> Expression? { logits(images) }

  /// Logits of q(y | x), `[batch, classes]`.
  func logits(_ images: Expression) -> Expression {
    Perceptron(
      name: "classifier", widths: [inputWidth] + configuration.hidden + [classes],
      activation: configuration.activation
    ).apply(to: images)
  }

  /// q(z | x, y) for images `[batch, pixels]` and classes `[…, batch, classes]`. What the image gives to the first layer is
  /// computed once, however many classes are gone through.
  private func style(_ images: Expression, _ label: Expression) -> Normal {
    let widths = [inputWidth] + configuration.hidden + [2 * configuration.latent]
    return Normal(
      heads: Perceptron(name: "encoder", widths: widths, activation: configuration.activation)
        .apply(to: images, beside: label))
  }

  /// What the decoder says of a class and a style, `[…, output]`.
  func output(_ label: Expression, _ style: Expression) -> Expression {
    let widths = [configuration.latent] + configuration.hidden.reversed() + [outputWidth]
    return Perceptron(name: "decoder", widths: widths, activation: configuration.activation)
      .apply(to: style, beside: label)
  }

  func posterior(_ images: Expression) -> (mean: Expression, logVariance: Expression) {
    let probabilities = logits(images).softmax(axis: -1)
    return style(images, probabilities).columns(after: probabilities)
  }

  func posterior(_ images: Expression, class label: Expression) -> (mean: Expression, logVariance: Expression)? {
    style(images, label).columns(after: label)
  }

  /// What the decoder says of a code `[…, classes + latent]`.
  func output(_ code: Expression) -> Expression {
    let width = classes + configuration.latent
    return output(code.sliced(axis: -1, range: 0..<classes), code.sliced(axis: -1, range: classes..<width))
  }

  func expectedImage(_ code: Expression) -> Expression { configuration.likelihood.expectation(output(code)) }

  func infer(_ batch: Batch, samples: Int) -> Trace { infer(batch, from: batch.images, samples: samples) }

  /// The class and the style of what is seen of a batch, `[batch, input]`.
  func infer(_ batch: Batch, from input: Expression, samples: Int) -> Trace {
    let logits = logits(input)
    var trace: Trace
    let label: Expression
    if batch.areAllKnown, let labels = batch.labels {
      trace = Trace(batch: batch.count, axis: .samples(samples))
      label = labels
      trace.observe("y", as: .imageClass, Categorical(logits: logits), value: labels)
    } else if isRelaxed {
      trace = Trace(batch: batch.count, axis: .samples(samples))
      label = trace.sample("y", Concrete(logits: logits, temperature: temperature(batch)))
    } else {
      let weights = logits.softmax(axis: -1).transposed([1, 0])
      trace = Trace(batch: batch.count, axis: .enumeration(of: "y", weights: weights))
      label = everyClass(batch)
      trace.enumerate("y", Categorical(logits: logits), value: label)
    }
    trace.sample("z", style(input, label))
    return trace
  }

  func generate(_ batch: Batch, given inference: Trace) -> Trace {
    var (trace, output) = prior(batch, given: inference)
    trace.observe("x", as: .image, configuration.likelihood.distribution(output), value: batch.images)
    return trace
  }

  /// The class and the style under the prior, and what the decoder says of them.
  func prior(_ batch: Batch, given inference: Trace) -> (trace: Trace, output: Expression) {
    var trace = Trace(batch: batch.count, axis: inference.axis)
    let label: Expression
    if let known = inference["y"], known.role == .observed {
      label = known.value
      trace.observe(
        "y", as: .imageClass, Categorical.uniform(in: batch.graph, shape: [batch.count, classes]), value: label)
    } else if let drawn = inference["y"], drawn.role == .latent {
      let even = Concrete.uniform(
        in: batch.graph, shape: [batch.count, classes], temperature: temperature(batch))
      label = trace.sample("y", even, value: drawn.value)
    } else {
      label = everyClass(batch)
      trace.enumerate("y", Categorical.uniform(in: batch.graph, shape: [batch.count, classes]), value: label)
    }
    let prior = Normal.standard(in: batch.graph, shape: [batch.count, configuration.latent])
    let style = trace.sample("z", prior, value: inference["z"]?.value)
    return (trace, output(label, style))
  }

  private func temperature(_ batch: Batch) -> Expression {
    let value =
      if case .number(let number) = configuration.settings[Self.temperatureName] { number } else {
        Self.temperature.control?.defaultValue ?? 0
      }
    return batch.graph.scalar(Self.temperatureName, initially: Float(value))
  }

  /// Every class of every image, one-hot, `[classes, batch, classes]`.
  private func everyClass(_ batch: Batch) -> Expression {
    let unit = Tensor(
      shape: [classes, 1, classes],
      elements: (0..<classes * classes).map { $0 / classes == $0 % classes ? 1 : 0 })
    return batch.graph.constant(unit).broadcast(to: [classes, batch.count, classes])
  }
}

extension SemiSupervised {
  static let temperatureName = "temperature"

  /// How an unknown class is inferred.
  static let settings: [Setting] = [
    Setting(
      "inference", "an unknown class is summed out, or drawn from a Concrete relaxation",
      .choice(default: "enumerated", of: ["enumerated", "concrete"])),
    temperature,
  ]

  private static let temperature = Setting.control(
    temperatureName, symbol: "τ", "temperature of the Concrete relaxation", default: 0.66, range: 0.01...100,
    scale: .logarithmic, step: 1.1)

  /// The setting by which an unknown class is drawn.
  static let drawing: [String: SettingValue] = ["inference": .text("concrete")]

  /// Why one of these settings changes nothing of a training; nil where it does.
  static func idleReason(_ name: String, _ configuration: Configuration) -> String? {
    let row = configuration.model.row
    if name == temperatureName, configuration.model.programs().enumerates {
      return "the model \(row.name) goes through the classes it does not know: use the \(row.drawingWords)"
    }
    // More samples than one are taken of a class that is drawn alone, known or not.
    let decidesDrawing = row.drawing[name] != nil && configuration.objective.samples == 1
    return name == temperatureName || decidesDrawing ? configuration.reasonWithoutUnlabelled : nil
  }
}

extension ModelKind {
  static let semiSupervised = ModelKind(
    identifier: "semiSupervised", name: "semi-supervised",
    summary: "M2: a class y beside a style z, from all, some or no labels", source: "Kingma 2014, arXiv:1406.5298",
    settings: SemiSupervised.settings,
    usesLabels: true, drawing: SemiSupervised.drawing, objective: "semiSupervisedBound",
    idleReason: SemiSupervised.idleReason
  ) { SemiSupervised($0) }
}
