import Tensors

/// What traces say of the continuous part of a code.
extension Traces {
  /// Means and log-variances of the continuous code, `[batch, K]`, with the samples' axis in front where they depend on a drawn
  /// class; zeros where the model has none.
  var normalPosterior: Normal {
    let normals = inference.latent.compactMap(\.normal)
    if !normals.isEmpty {
      return Normal(
        mean: Expression.joined(normals.map(\.mean)), logVariance: Expression.joined(normals.map(\.logVariance)))
    }
    for variable in inference.latent {
      if case .fixed(let value) = variable.distribution.codeForm {
        return Normal(mean: value, logVariance: batch.graph.constant(0).broadcast(to: value.shape))
      }
    }
    return Normal.standard(in: batch.graph, shape: [batch.count, 1])
  }

  /// The sampled continuous code, `[batch, K]`, with the samples' axis in front where there is more than one.
  var continuousCode: Expression {
    let normals = inference.latent.filter { $0.normal != nil }.map(\.value)
    if !normals.isEmpty { return Expression.joined(normals) }
    return inference.latent.first { if case .fixed = $0.distribution.codeForm { true } else { false } }?.value
      ?? normalPosterior.mean
  }

  /// `log q(z_a|x) − log q(z_a)` of dimensions a of the continuous code, all where nil, `[batch]`: its mean is their mutual
  /// information with the image. The traces have one sample an image.
  func information(_ estimator: AggregateEstimator, dimensions: [Int]? = nil) -> Expression {
    let (code, posterior) = (continuousCode, normalPosterior)
    let width = code.shape[1]
    let chosen = (dimensions ?? Array(0..<width)).filter { $0 < width }
    guard !chosen.isEmpty else { return batch.graph.constant(0).broadcast(to: [batch.count]) }
    let weights = batch.graph.constant(estimator.logWeights(batch: batch.count, total: batch.total))
    let aggregate = code.pairwiseLogDensity(
      mean: posterior.mean, logVariance: posterior.logVariance, logWeights: weights, subsets: [chosen])
    let own = Expression.gaussianLogDensity(
      value: code, mean: posterior.mean, logVariance: posterior.logVariance)
    return own.gathered(axis: 1, indices: chosen).sum(axes: [1]) - aggregate.reshaped([batch.count])
  }
}

extension Expression {
  /// Parts of a code, side by side; one alone is as it is.
  static func joined(_ parts: [Expression]) -> Expression {
    parts.count == 1 ? parts[0] : concatenated(parts, axis: -1)
  }
}
