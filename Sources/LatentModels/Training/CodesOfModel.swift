import Datasets
import Tensors

extension CodesConfiguration {
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
      named[prefix + name] = model.parameters[name]
    }
    return Parameters(named)
  }
}
