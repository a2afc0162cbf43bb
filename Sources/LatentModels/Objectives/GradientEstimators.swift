import Glibc
import Tensors

/// How the gradient that reaches the inference program is estimated.
enum GradientEstimator: String, CaseIterable, Sendable {
  /// Through the drawn code (Kingma & Welling 2013, arXiv:1312.6114, section 2.4).
  case reparameterised
  /// By the log-probability of what was drawn (Williams 1992; Ranganath 2013, arXiv:1401.0118), less a moving average.
  case scoreFunction = "score-function"
  /// Through the drawn code alone, every sample weighed twice (Tucker 2018, arXiv:1810.04152, equation 8).
  case doublyReparameterised = "doubly-reparameterised"
  /// Of one sample an image, drawn by its weight (Burda 2015, arXiv:1509.00519, section 3): the others are decoded and no more.
  case resampled

  /// The setting by which an objective lets one choose between some.
  static func setting(_ choices: [GradientEstimator]) -> Setting {
    Setting(
      settingName, "how the gradient of the inference program is estimated",
      .choice(default: GradientEstimator.reparameterised.rawValue, of: choices.map(\.rawValue)))
  }

  static let settingName = "gradient"
}

extension ObjectiveKind {
  /// Whether it lets one choose between the gradient through the draws and that of the score function, which are then held
  /// against each other.
  var takesScoreFunction: Bool {
    settings.contains { setting in
      guard setting.name == GradientEstimator.settingName, case .choice(_, let choices) = setting.form
      else { return false }
      return choices.contains(GradientEstimator.scoreFunction.rawValue)
    }
  }
}

extension Expression {
  /// This value, with the gradient of another of the same shape.
  func withGradient(of other: Expression) -> Expression { stoppingGradient() + (other - other.stoppingGradient()) }
}

/// Traces in which drawn values are seen as constants: their log-probabilities have the gradients of the programs' parameters
/// and none through the draws. What an estimator wants to flow through the draws it adds by `path`.
///
/// The model has one latent variable: of several, the later ones are drawn given the earlier.
struct DetachedTraces {
  /// The same draws, detached.
  let traces: Traces
  /// What was drawn, with the gradient of the inference program's parameters, and the same as it is seen.
  let draws: [(drawn: Expression, seen: Expression)]
  /// `log p(x, z)`, `[samples, batch]` or `[batch]`.
  let logJoint: Expression
  /// `log q(z|x)`, of the same shape.
  let logPosterior: Expression

  init(_ original: Traces) {
    var draws: [(drawn: Expression, seen: Expression)] = []
    let inference = original.inference.redrawn(along: original.inference.axis) { drawn in
      let seen = drawn.stoppingGradient()
      draws.append((drawn, seen))
      return seen
    }
    traces = original.scored(inference)
    let generative = traces.generative
    self.draws = draws
    let zero = original.batch.graph.constant(0).broadcast(to: [original.batch.count])
    logJoint = generative.logProbability(generative.variables) ?? zero
    logPosterior = inference.logProbability(inference.latent) ?? zero
  }

  /// `log w`, with the gradient of the generative program alone.
  var logWeights: Expression { logJoint - logPosterior.stoppingGradient() }

  /// `Σ stop(G)·z` over samples and dimensions, `[batch]`: a value whose gradient goes through the draws as that of a loss
  /// would, each sample's weighed by `factor`.
  ///
  /// - Parameters:
  ///   - loss: of log-weights `logWeights`, `[batch]`.
  ///   - responsibility: `−∂loss/∂log w`, of the weights' shape.
  ///   - factor: of the same shape; nil: 1.
  func path(of loss: Expression, responsibility: Expression, factor: Expression? = nil) -> Expression {
    let graph = loss.graph
    let count = traces.batch.count
    let seen = draws.map(\.seen)
    // Through log p(x, z), as the step itself takes it: the mean over the batch, so that both share what they compute.
    let joint = graph.gradients(of: loss.mean(), withRespectTo: seen)
    let posterior = graph.gradients(of: logPosterior.sum(), withRespectTo: seen)
    var total = graph.constant(0).broadcast(to: [count])
    for (index, draw) in draws.enumerated() {
      func spread(_ value: Expression) -> Expression { value.reshaped(value.shape + [1]) }
      var slope = joint[index] * Float(count) + spread(responsibility) * posterior[index]
      if let factor { slope = spread(factor) * slope }
      total = total + traces.inference.total(of: (slope.stoppingGradient() * draw.drawn).sum(axes: [-1]))
    }
    return total
  }
}

extension Trace {
  /// The same variables with other values of those that are drawn, whose leading axis is `axis`.
  fileprivate func redrawn(along axis: LeadingAxis, _ value: (Expression) -> Expression) -> Trace {
    var trace = Trace(batch: batch, axis: axis)
    for variable in variables {
      if variable.role == .latent {
        trace.sample(variable.name, variable.distribution, value: value(variable.value))
      } else {
        trace.observe(variable.name, as: variable.subject, variable.distribution, value: variable.value)
      }
    }
    return trace
  }

  /// The sum over the leading axis of a value for every sample and image, `[samples, batch]` or `[batch]` → `[batch]`.
  func total(of value: Expression) -> Expression {
    value.shape == [batch] ? value : value.sum(axes: [0])
  }
}

extension Traces {
  /// Traces of one sample an image, drawn from its samples in proportion to the weights `[samples, batch]` whose logarithms
  /// these are, and scored anew. Their gradient is the only one there is: nothing flows into what the weights were computed
  /// from. The model has one latent variable, whose posterior does not vary along the samples.
  func resampled(by logWeights: Expression) -> Traces {
    guard inference.sampleAxis != nil else { return self }
    // The largest of log-weights with Gumbel noise is drawn by its weight; of samples that tie, their mean.
    let noisy = logWeights.stoppingGradient() + gumbelNoise(batch.graph, name: "resampled", shape: logWeights.shape)
    let isLargest = noisy.greaterOrEqual(noisy.maximum(axis: 0).broadcast(to: noisy.shape))
    let shares = (isLargest / isLargest.sum(axes: [0]).reshaped([1, batch.count])).stoppingGradient()
    return scored(
      inference.redrawn(along: .samples(1)) { (shares.reshaped(shares.shape + [1]) * $0).sum(axes: [0]) })
  }
}

/// The score-function estimator of a bound's gradient (Williams 1992; Ranganath 2013, arXiv:1401.0118): `(f − b)·∇log q(z|x)`
/// with the cost f = −log p(x|z) of what was drawn and a moving average b of it, `b ← .9·b + .1·f`. A divergence in closed
/// form has its own gradient; any other is scored as the cost is.
struct ScoreFunction {
  /// The reconstruction with the estimator's gradient, `[batch]`.
  let reconstruction: Expression
  /// The divergence, `[batch]`.
  let divergence: Expression
  /// b, from step to step.
  let baseline: ObjectiveTerms.Memory

  static let baselineName = "baseline"

  init(_ traces: Traces) {
    let seen = DetachedTraces(traces)
    let graph = traces.batch.graph
    let observed = seen.traces.generative.variables.filter { $0.subject == .image }
    let zero = graph.constant(0).broadcast(to: [traces.batch.count])
    let cost = -(seen.traces.generative.logProbability(observed) ?? zero)
    let baseline = graph.scalar(Self.baselineName, initially: 0)
    let signal = (cost - baseline).stoppingGradient()
    let inference = traces.inference
    reconstruction = inference.expectation(of: cost).withGradient(
      of: inference.expectation(of: cost + signal * seen.logPosterior))
    let isClosed = seen.traces.inference.latent.allSatisfy { variable in
      seen.traces.generative[variable.name].map {
        variable.closedDivergence(from: $0) != nil
      } ?? true
    }
    if isClosed {
      divergence = traces.divergence
    } else {
      let prior = seen.traces.generative.logProbability(seen.traces.generative.latent) ?? zero
      let ratio = seen.logPosterior - prior
      divergence = inference.expectation(of: ratio).withGradient(
        of: inference.expectation(of: ratio.stoppingGradient() * seen.logPosterior - prior))
    }
    self.baseline = .init(name: Self.baselineName, next: baseline * 0.9 + cost.stoppingGradient().mean() * 0.1)
  }
}
