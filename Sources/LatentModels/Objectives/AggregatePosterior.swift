import Glibc
import Tensors

/// How the aggregate posterior `q(z) = 1/N Σ_n q(z|x_n)` is estimated from a batch: which weight the posterior of image j
/// has in the estimate at the code of image i. All codes as references, unweighted, is the exact one: `zscope evaluate`
/// has it.
enum AggregateEstimator: String, CaseIterable, Sendable {
  /// The batch as if it were all data: `1/B`.
  case plain
  /// Minibatch-weighted, `1/(B·N)` (Chen 2018, arXiv:1802.04942, section 4.1).
  case mws
  /// Minibatch-stratified (the same paper, appendix C.2): with M = B − 1 the image itself 1/N, one other (N − M)/(N·M),
  /// the rest 1/M. Several public implementations fill column 0 where the diagonal is meant.
  case mss
  /// The image itself 1/N, all others (N − 1)/(N·(B − 1)) (Esmaeili 2018, arXiv:1804.02086, appendix B); recommended.
  case hfvae

  /// Logarithms of the weights, `[batch, batch]`.
  func logWeights(batch: Int, total: Int) -> Tensor {
    let (size, all) = (Double(batch), Double(max(total, batch)))
    let others = max(1, size - 1)
    // Of the image itself and of the one after it, where they weigh otherwise than the rest.
    let (own, next, rest): (Double?, Double?, Double) =
      switch self {
      case .plain: (nil, nil, 1 / size)
      case .mws: (nil, nil, 1 / (size * all))
      case .mss: (1 / all, (all - others) / (all * others), 1 / others)
      case .hfvae: (1 / all, nil, (all - 1) / (all * others))
      }
    var weights = Tensor(shape: [batch, batch], filledWith: Float(log(rest)))
    for row in 0..<batch {
      if let next { weights[row, (row + 1) % batch] = Float(log(next)) }
      if let own { weights[row, row] = Float(log(own)) }
    }
    return weights
  }

  /// The setting by which an objective lets one choose.
  static let setting = Setting(
    "estimator", "how the aggregate posterior is estimated from a batch",
    .choice(default: AggregateEstimator.hfvae.rawValue, of: allCases.map(\.rawValue)))
}

/// The parts of a divergence, each `[batch]`, in nats: their sum is the Monte-Carlo estimate of `KL(q(z|x) ‖ p(z))`,
/// whatever the estimator.
struct DivergenceParts {
  /// `log q(z|x) − log q(z)`: mutual information of image and code.
  let mutualInformation: Expression
  /// `log q(z) − Σ_g log q(z_g)`: total correlation between the outermost groups.
  let totalCorrelation: Expression
  /// `Σ (log q(z_g) − Σ_{children} log q(child))` over all groups within: total correlation within groups.
  let withinGroups: Expression
  /// `Σ_d (log q(z_d) − log p(z_d))`: dimension-wise divergence from the prior.
  let dimensionWise: Expression
}

extension Traces {
  /// What an image takes off the logarithm of a mass that it has nothing of: no exponential is left of it.
  private static let noMass: Float = 1e4

  /// Decomposes the divergence at the sampled codes (Chen 2018, arXiv:1802.04942, equation 2; hierarchically, Esmaeili 2018,
  /// arXiv:1804.02086, section 3).
  ///
  /// Continuous variables are those with a normal posterior; a categorical one is scored by its probability mass and is one
  /// leaf. Of one that is known all mass is on its value: the pair of image and value is the datum, whose value nothing is
  /// inferred of. Given one that is told and not generated, the mutual information is conditional on it, and the total
  /// correlation has what the code tells of it. The traces have one sample an image. The parts are no numbers where a
  /// variable's density is not known, which `Configuration.validate` refuses.
  func decomposition(_ estimator: AggregateEstimator, groups: LatentGroups) -> DivergenceParts {
    let count = batch.count
    guard inference.formless == nil else {
      let none = batch.graph.constant(Float.nan).broadcast(to: [count])
      return DivergenceParts(mutualInformation: none, totalCorrelation: none, withinGroups: none, dimensionWise: none)
    }
    let zero = batch.graph.constant(0).broadcast(to: [count])
    let weights = batch.graph.constant(estimator.logWeights(batch: count, total: batch.total))
    var continuous: (code: Expression, posterior: Normal)?
    var masses: [String: Expression] = [:]
    let inferred = inference.latent
    let normals = inferred.compactMap { variable in
      variable.normal.map { (code: variable.value, posterior: $0) }
    }
    if !normals.isEmpty {
      let posterior = Normal(
        mean: Expression.joined(normals.map(\.posterior.mean)),
        logVariance: Expression.joined(normals.map(\.posterior.logVariance)))
      continuous = (Expression.joined(normals.map(\.code)), posterior)
    }
    for variable in inference.variables {
      if variable.role == .observed {
        let agreement = variable.value.matrixProduct(variable.value, transposingRight: true)
        masses[variable.name] = (agreement - 1) * Self.noMass
      } else if let logits = variable.classLogits {
        // log q(y_i | x_j): a relaxed value is scored by the mass too.
        masses[variable.name] = variable.value.matrixProduct(logits.logSoftmax(axis: -1), transposingRight: true)
      }
    }
    /// log q of every group, by what it consists of.
    let nodes = groups.nodes
    var known: [LatentGroups.Leaves: Expression] = [:]
    // In the order in which they come: in that of a set, which differs from process to process, sums would differ too.
    var done: Set<[String]> = []
    for names in nodes.map(\.variables) where done.insert(names).inserted {
      let alike = nodes.filter { $0.variables == names }
      let weight = names.compactMap { masses[$0] }.reduce(weights) { $0 + $1 }
      let subsets = alike.filter { !$0.dimensions.isEmpty }
      if let continuous, !subsets.isEmpty {
        let densities = continuous.code.pairwiseLogDensity(
          mean: continuous.posterior.mean, logVariance: continuous.posterior.logVariance, logWeights: weight,
          subsets: subsets.map(\.dimensions))
        for (place, node) in subsets.enumerated() {
          known[node] = densities.sliced(axis: 1, range: place..<place + 1).reshaped([count])
        }
      }
      for node in alike where node.dimensions.isEmpty { known[node] = weight.logSumExp(axis: 1) }
    }
    func density(_ node: LatentGroups) -> Expression { known[node.leaves] ?? zero }
    func correlation(_ node: LatentGroups) -> Expression {
      node.children.count < 2 ? zero : node.children.reduce(density(node)) { $0 - density($1) }
    }
    let joint = density(groups)
    let leaves = groups.allLeaves.reduce(zero) { $0 + density($1) }
    // The posterior in the mixture and the one it is held against are scored alike, so that the parts add up.
    func score(_ variables: [Trace.Variable]) -> Expression {
      variables.reduce(zero) { sum, variable in
        guard let logits = variable.classLogits else { return sum + variable.logProbability }
        return sum + Categorical(logits: logits).logProbability(of: variable.value)
      }
    }
    // What is told and not generated, as a property, has no prior but how often it is so: it adds nothing to the divergence,
    // and its entropy is no information that a code has of the image.
    let told = inference.variables.filter { $0.role == .observed && generative[$0.name] == nil }.compactMap {
      masses[$0.name]
    }
    let frequency = told.isEmpty ? zero : told.reduce(weights, +).logSumExp(axis: 1)
    let posterior = score(inferred) + frequency
    // What is generated from a code, as the image or a class, is no part of its divergence from the prior.
    let prior = score(generative.variables.filter { inference[$0.name] != nil }) + frequency
    return DivergenceParts(
      mutualInformation: posterior - joint, totalCorrelation: correlation(groups),
      withinGroups: groups.inner.reduce(zero) { $0 + correlation($1) }, dimensionWise: leaves - prior)
  }
}
