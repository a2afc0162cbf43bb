import Datasets
import Tensors

/// A trained model whose codes another model takes in place of images: M1 of M1+M2 (Kingma 2014, arXiv:1406.5298,
/// section 3.1). Its activation and likelihood are those of the configuration it stands in.
public struct CodesConfiguration: Codable, Sendable, Hashable {
  /// Widths of its encoder's hidden layers.
  public var hidden: [Int]
  /// Its latent dimensions.
  public var latent: Int
  /// Those of them that tell something, in order: the others are not taken.
  public var kept: [Int]

  /// Codes of all fields.
  public init(hidden: [Int], latent: Int, kept: [Int]) {
    self.hidden = hidden
    self.latent = latent
    self.kept = kept
  }

  /// The codes of a trained model: those dimensions whose posterior means vary over `images` by a standard deviation
  /// of more than .1, as the paper's code keeps them.
  ///
  /// - Throws: a `ConfigurationError` where the model is no plain one, or none of its dimensions tells anything.
  public init(of model: LatentModel, on images: ImageSet) throws {
    let shapes = model.configuration.model
    guard shapes.kind == ModelConfiguration.defaultKind else {
      throw ConfigurationError.refused(
        "the codes of the model \(shapes.row.name) cannot be taken: name one of the model \(ModelKind.variationalAutoencoder.name)"
      )
    }
    let variances = try model.encode(images).varianceOfMeans
    let kept = variances.indices.filter { variances[$0] > Self.leastVariance }
    guard !kept.isEmpty else {
      throw ConfigurationError.refused("no dimension of the model's codes varies: train it for longer")
    }
    self.init(hidden: shapes.hidden, latent: shapes.latent, kept: kept)
  }

  private static let leastVariance = 0.01

  /// The weights of a model as they are called where its codes are taken.
  static func weights(of model: LatentModel) -> Parameters {
    var named: [String: Tensor] = [:]
    for name in model.parameters.names {
      named[StackedSemiSupervised.prefix + name] = model.parameters[name]
    }
    return Parameters(named)
  }

  func checkRanges() throws {
    let sizes = 1...ModelConfiguration.largestWidth
    try check(latent, "model.codes.latent", in: sizes)
    try check(hidden.count, "the number of hidden layers of the codes", in: 0...64)
    for width in hidden { try check(width, "model.codes.hidden", in: sizes) }
    guard !kept.isEmpty, kept == Set(kept).sorted(), kept.allSatisfy({ (0..<latent).contains($0) }) else {
      throw ConfigurationError.outOfRange(
        setting: "model.codes.kept", value: "\(kept)",
        allowed: "dimensions from 0 to \(latent - 1), in order, one at least")
    }
  }
}
