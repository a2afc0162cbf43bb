import Tensors
import Datasets

/// What can be wrong with what a model is asked.
public enum ModelError: Error, Equatable, CustomStringConvertible {
  /// A tensor has another shape than the model takes.
  case shape(what: String, found: [Int], expected: String)
  /// There is no such latent dimension: of so many, without the columns of classes.
  case dimension(Int, latent: Int)
  /// The weights do not fit the configuration.
  case weights(String)
  /// Codes cannot be drawn: the prior of the model of this name is not the standard one.
  case prior(model: String)

  public var description: String {
    switch self {
    case .shape(let what, let found, let expected): "\(what) of shape \(found) were given; the model takes \(expected)"
    case .dimension(let dimension, let latent):
      "there is no latent dimension \(dimension): the model has \(latent), counted from 0"
    case .weights(let what): "the weights do not fit the model: \(what)"
    case .prior(let model):
      "codes are drawn from a standard normal prior, but the model \(model) has one of its own: encode images for codes of it"
    }
  }
}

/// A trained (or training) model that never changes: it encodes images to codes and decodes codes to images.
///
/// Any number of threads may use one model at once. Compiled programs are shared between all models of one architecture,
/// so that a snapshot of a running training costs its weights and nothing else.
public struct LatentModel: Sendable {
  /// Shapes, objective and training.
  public let configuration: Configuration
  /// The weights, named and shaped as PyTorch's: see `Perceptron`.
  public let parameters: Parameters
  /// Completed training steps.
  public let step: Int
  /// Completed epochs.
  public let epoch: Int
  /// SHA-256 of the training images, if known.
  public let dataDigest: String?
  /// The latent variables, in the order in which a code joins them.
  public let variables: [LatentVariable]

  /// A model of these weights. Throws a `ModelError` if a weight is missing or of another shape.
  public init(
    configuration: Configuration, parameters: Parameters, step: Int = 0, epoch: Int = 0, dataDigest: String? = nil
  ) throws {
    for (name, shape) in configuration.model.parameters {
      guard let found = parameters.shape(of: name) else { throw ModelError.weights("there is no \(name)") }
      guard found == shape else { throw ModelError.weights("\(name) has the shape \(found), not \(shape)") }
    }
    self.init(
      trusting: parameters, configuration: configuration, step: step, epoch: epoch, dataDigest: dataDigest)
  }

  /// A model of weights that are known to fit.
  init(trusting parameters: Parameters, configuration: Configuration, step: Int, epoch: Int, dataDigest: String?) {
    self.configuration = configuration
    self.parameters = parameters
    self.step = step
    self.epoch = epoch
    self.dataDigest = dataDigest
    let programs = configuration.model.programs()
    variables = programs.variables
    latentSize = variables.width
    isDeterministic = programs.isDeterministic
  }

  /// Columns of a code: the widths of all latent variables.
  public let latentSize: Int
  /// Whether the code is the mean itself, so that there is no posterior variance, no divergence and no bound.
  public let isDeterministic: Bool
  /// Whether the prior of a code is standard normal, and every class equally likely under it.
  public var hasStandardPrior: Bool { configuration.model.hasStandardPrior }
  /// Pixels of one image.
  public var pixelCount: Int { configuration.model.pixelCount }

  /// How images are treated before encoding: as in training, but without noise.
  public var treatment: PixelTreatment {
    configuration.training.treatment == .binarised ? .binarised : .grey
  }

  /// Posterior means and log-variances of images `[n, pixels]` in 0…1. A model trained on binarised images binarises
  /// these too (at ½). Throws a `ModelError` for another shape.
  public func encode(_ images: Tensor) throws -> Posterior { try encoding(images).posterior }

  /// - Parameter sensitive: the property of every image, where it is known.
  private func encoding(_ images: Tensor, sensitive: [Int32]? = nil) throws -> Encoding {
    let columns = pixelCount
    guard images.shape.count == 2, images.shape[1] == columns else {
      throw ModelError.shape(what: "images", found: images.shape, expected: "[n, \(columns)]")
    }
    let binarises = treatment == .binarised
    return images.elements.withUnsafeBufferPointer { values in
      encode(count: images.shape[0], kind: sensitive == nil ? .encodeFloats : .encodeFloatsBeside) { program, range in
        if let sensitive { program.mark(Recording.Input.sensitive, sensitive[range]) }
        program.withInput("x") { input in
          guard let source = values.baseAddress, let target = input.baseAddress else { return }
          let first = source.advanced(by: range.lowerBound * columns)
          // What the last chunk leaves of the input is old: it is computed and dropped.
          target.update(from: first, count: range.count * columns)
          guard binarises else { return }
          for index in 0..<range.count * columns { target[index] = first[index] >= 0.5 ? 1 : 0 }
        }
      }
    }
  }

  /// Posterior means and log-variances of a set of images, read from its bytes. Throws a `ModelError` for images of
  /// another size.
  public func encode(_ images: ImageSet) throws -> Posterior { try encoding(images).posterior }

  /// What the encoder and, where there is one, the classifier say of images.
  struct Encoding {
    let posterior: Posterior
    /// Probabilities, `[n, classes]`.
    let classes: Tensor?
  }

  /// The same with what the classifier says.
  func encoding(_ images: ImageSet) throws -> Encoding {
    guard images.pixelCount == pixelCount else {
      throw ModelError.shape(
        what: "images", found: [images.count, images.pixelCount], expected: "[n, \(pixelCount)]")
    }
    let sensitive = configuration.model.attribute?.values(of: images)
    // Floats are not rounded to the bytes that stand for them.
    if images.holdsFloats { return try encoding(images.tensor(), sensitive: sensitive) }
    let kind = sensitive == nil ? ProgramPool.Kind.encodeBytes(treatment) : .encodeBytesBeside(treatment)
    return images.withUnsafeBytes { bytes, rows in
      encode(count: images.count, kind: kind) { program, range in
        guard let base = bytes.baseAddress else { return }
        program.bindImages("x", to: base, rows: UnsafeBufferPointer(rebasing: rows[range]))
        if let sensitive { program.mark(Recording.Input.sensitive, sensitive[range]) }
      }
    }
  }

  /// Expected images of codes `[n, K]`: probabilities for Bernoulli pixels, means for normal ones, `[n, pixels]`.
  /// Throws a `ModelError` for another shape.
  public func decode(_ codes: Tensor) throws -> Tensor {
    guard codes.shape.count == 2, codes.shape[1] == latentSize else {
      throw ModelError.shape(what: "codes", found: codes.shape, expected: "[n, \(latentSize)]")
    }
    return codes.elements.withUnsafeBufferPointer { decode($0, count: codes.shape[0]) }
  }

  /// The expected image of one code of K numbers, in row-major order. Throws a `ModelError` for another length.
  public func decode(_ code: [Float]) throws -> [Float] {
    guard code.count == latentSize else {
      throw ModelError.shape(what: "a code", found: [code.count], expected: "[\(latentSize)]")
    }
    return code.withUnsafeBufferPointer { decode($0, count: 1).elements }
  }

  /// Expected images along one latent dimension: `code` with `dimension` set to each of `values`, `[values, pixels]`. Dimensions
  /// are the columns that are no classes, counted from 0. Throws a `ModelError` for a code of another length or a dimension that
  /// is not there.
  public func traverse(from code: [Float], dimension: Int, values: [Float]) throws -> Tensor {
    guard code.count == latentSize else {
      throw ModelError.shape(what: "a code", found: [code.count], expected: "[\(latentSize)]")
    }
    let dimensions = variables.dimensions
    guard dimensions.indices.contains(dimension) else {
      throw ModelError.dimension(dimension, latent: dimensions.count)
    }
    var codes: [Float] = []
    for value in values {
      codes += code
      codes[codes.count - latentSize + dimensions[dimension]] = value
    }
    return try decode(Tensor(shape: [values.count, latentSize], elements: codes))
  }

  /// Codes from the prior `[count, K]` and their expected images `[count, pixels]`; the same seed gives the same. A categorical
  /// variable takes each of its classes with the same probability. Throws a `ModelError` where the prior is not standard.
  public func sample(count: Int, seed: UInt64) throws -> (codes: Tensor, images: Tensor) {
    let codes = try priorCodes(count: count, seed: seed)
    return (codes, try decode(codes))
  }

  /// Codes from the prior `[count, K]`; the same seed gives the same. Throws a `ModelError` where the prior is not standard.
  public func priorCodes(count: Int, seed: UInt64) throws -> Tensor {
    guard hasStandardPrior else { throw ModelError.prior(model: configuration.model.row.name) }
    return variables.priorCodes(count: count, seed: seed)
  }

  private func encode(
    count: Int, kind: ProgramPool.Kind, fill: (PooledProgram, Range<Int>) -> Void
  ) -> Encoding {
    var mean = Tensor(shape: [count, latentSize])
    var logVariance = mean
    var classes = hasClasses ? Tensor(shape: [count, configuration.model.classNames.count]) : nil
    for chunk in Chunks(count) {
      ProgramPool.shared.withProgram(configuration.model, kind, batch: chunk.batch) { program in
        fill(program, chunk.range)
        program.run(parameters)
        program.copy("mean", to: &mean, chunk.range)
        program.copy("logVariance", to: &logVariance, chunk.range)
        if var probabilities = classes.take() {
          program.copy("classes", to: &probabilities, chunk.range)
          classes = probabilities
        }
      }
    }
    return Encoding(posterior: Posterior(mean: mean, logVariance: logVariance), classes: classes)
  }

  private func decode(_ codes: UnsafeBufferPointer<Float>, count: Int) -> Tensor {
    let latent = latentSize
    var images = Tensor(shape: [count, pixelCount])
    for chunk in Chunks(count) {
      ProgramPool.shared.withProgram(configuration.model, .decode, batch: chunk.batch) { program in
        program.withInput("z") { input in
          let start = chunk.range.lowerBound * latent
          for index in 0..<chunk.range.count * latent { input[index] = codes[start + index] }
        }
        program.run(parameters)
        program.copy("image", to: &images, chunk.range)
      }
    }
    return images
  }
}
