import Datasets
import Glibc
import Tensors

@testable import LatentModels

/// M2 of three classes over 4 × 3 pixels whose codes hardly vary, so that sums by hand need no noise.
struct CertainStyle {
  let configuration: Configuration
  let parameters: Parameters
  let images: ImageSet
  let classes = 3

  init(inference: String = "enumerated", objective: String = "semiSupervisedBound", samples: Int = 1) throws {
    var configuration = Fixture.configuration(hidden: [6], latent: 2)
    configuration.model.kind = "semiSupervised"
    configuration.model.classNames = ["a", "b", "c"]
    configuration.model.settings = ["inference": .text(inference)]
    configuration.objective = ObjectiveConfiguration(kind: objective, samples: samples)
    self.configuration = configuration
    try configuration.validate()
    var values = Fixture.tensors(
      Initialization.parameters(configuration.model.parameters, seed: configuration.training.seed))
    // The two rows of log-variances of the encoder's last layer.
    for index in 2 * 6..<4 * 6 { values["encoder.2.weight"]?.withUnsafeMutableBufferPointer { $0[index] = 0 } }
    for index in 2..<4 { values["encoder.2.bias"]?.withUnsafeMutableBufferPointer { $0[index] = Self.logVariance } }
    parameters = Parameters(values)
    images = try Fixture.images(5)
  }

  static let logVariance: Float = -20

  /// Every term and the loss of a batch, one value an image, with `labels` for its first images.
  func terms(_ composition: BatchComposition, total: Int = 5, labelledTotal: Int = 0, controls: [String: Double] = [:])
    -> [String: [Double]]
  {
    let recording = Recording(configuration, composition, total: total, labelledTotal: labelledTotal)
    let program = recording.compileTerms()
    let store = ParameterStore(shapes: configuration.model.parameters)
    for name in store.names { if let value = parameters[name] { store[name] = value } }
    for (name, value) in controls { program.setScalar(name, Float(value)) }
    let rows = Array(images.rows[..<composition.count])
    program.bindImages(
      Recording.Input.labelledImages, to: images.storage.base, rows: Array(rows[..<composition.labelled]))
    program.bindImages(Recording.Input.images, to: images.storage.base, rows: Array(rows[composition.labelled...]))
    program.mark(Recording.Input.labels, labels[..<composition.labelled])
    program.mark(Recording.Input.truth, labels[composition.labelled..<composition.count])
    program.run(store, seed: 1, step: 0, pool: .inline)
    return Dictionary(
      recording.terms.named.map { name, _ in (name, program.withOutput(name) { $0.map(Double.init) }) },
      uniquingKeysWith: { first, _ in first })
  }

  var labels: [Int32] { images.labels ?? [] }

  // By hand, in double precision.

  private func layer(_ name: String, _ input: [Double], _ condition: [Double]? = nil, relu: Bool) -> [Double] {
    let weight = parameters["\(name).weight"] ?? Tensor(shape: [0, 0])
    let bias = parameters["\(name).bias"] ?? Tensor(shape: [0])
    let beside = parameters["\(name.split(separator: ".")[0]).condition.weight"]
    return (0..<weight.shape[0]).map { row in
      var sum = Double(bias.elements[row])
      for (column, value) in input.enumerated() { sum += Double(weight.elements[row * input.count + column]) * value }
      for (column, value) in (condition ?? []).enumerated() {
        sum += Double(beside?.elements[row * classes + column] ?? 0) * value
      }
      return relu ? max(0, sum) : sum
    }
  }

  func image(_ index: Int) -> [Double] { images.tensor([index]).elements.map(Double.init) }

  /// `log q(y | x)` of every class.
  func logClasses(_ index: Int) -> [Double] {
    let logits = layer("classifier.2", layer("classifier.0", image(index), relu: true), relu: false)
    let normaliser = log(logits.map(exp).reduce(0, +))
    return logits.map { $0 - normaliser }
  }

  /// `−L(x, y)` without log p(y): the reconstruction and the divergence of the style.
  func cost(_ index: Int, _ label: Int) -> (reconstruction: Double, divergence: Double) {
    let condition = (0..<classes).map { $0 == label ? 1.0 : 0 }
    let mean = layer("encoder.2", layer("encoder.0", image(index), condition, relu: true), relu: false)[..<2]
    let output = layer("decoder.2", layer("decoder.0", Array(mean), condition, relu: true), relu: false)
    let reconstruction = zip(output, image(index)).reduce(0.0) { sum, pair in
      sum + max(pair.0, 0) - pair.0 * pair.1 + log(1 + exp(-abs(pair.0)))
    }
    let logVariance = Double(Self.logVariance)
    let divergence = mean.reduce(0.0) { $0 + 0.5 * ($1 * $1 + exp(logVariance) - 1 - logVariance) }
    return (reconstruction, divergence)
  }
}
