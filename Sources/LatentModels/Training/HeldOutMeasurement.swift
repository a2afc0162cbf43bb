import Datasets
import Glibc
import Tensors

/// What is measured once an epoch whatever is trained, shown and never minimised: the terms of the bound on held-out codes by
/// the exact estimator, over as many codes as it says, and how many units are active.
///
/// The terms are those of Esmaeili 2018 (arXiv:1804.02086, equation 2): ① `E log p(x|z)/p(x)`, ② `I(x; z)`,
/// ③ `KL(q(x) ‖ p(x))` but for the entropy of the data, ④ `KL(q(z) ‖ p(z))`, and of ④ the total correlation Ⓐ and the
/// dimension-wise divergence Ⓑ. `log p(x)` is the importance-weighted bound of some samples on some of the images.
final class HeldOutMeasurement {
  /// Codes that stand for the aggregate posterior: I(x; z) cannot be measured beyond their number's logarithm.
  static let mostCodes = 2_000
  private static let mostEvidence = 256
  private static let evidenceSamples = 16
  private static let mostTurned = 500
  private static let gradientDraws = 8

  private let configuration: Configuration
  private let images: ImageSet
  private let seed: UInt64
  private let codes: (program: Executable, count: Int)?
  private let evidence: (program: Executable, count: Int)?
  private let gradients: (program: Executable, count: Int)?

  /// Nothing is measured of fewer than two images.
  init(_ configuration: Configuration, images: ImageSet) {
    self.configuration = configuration
    self.images = images
    seed = configuration.training.seed ^ 0x6d65_6173_7572_65
    let programs = configuration.model.programs()
    func record(_ count: Int, samples: Int, _ outputs: (Traces) -> [String: Expression]?) -> (Executable, Int)? {
      guard count > 1, !programs.isDeterministic else { return nil }
      let graph = Graph()
      let input = graph.images(
        Recording.Input.images, shape: [count, configuration.model.pixelCount],
        treatment: configuration.training.treatment)
      let batch = Batch(images: input, areAllKnown: false, total: count)
      // What goes through every class of an image has no code of it to look at.
      if case .enumeration = programs.infer(batch, samples: 1).axis { return nil }
      let traces = Recording.traces(configuration, programs, batch, samples: samples)
      return outputs(traces).map { (graph.compile(outputs: $0), count) }
    }
    codes = record(min(images.count, Self.mostCodes), samples: 1) { traces in
      let parts = traces.decomposition(
        .plain, groups: .group(LatentGroups.standard(for: programs.variables).allLeaves))
      return [
        "information": parts.mutualInformation.mean(), "correlation": parts.totalCorrelation.mean(),
        "dimensions": parts.dimensionWise.mean(), "means": programs.posterior(traces.batch.images).mean,
      ]
    }
    let most = configuration.model.programs().samples.upperBound
    evidence = record(min(images.count, Self.mostEvidence), samples: min(Self.evidenceSamples, most)) {
      [
        "reconstruction": $0.reconstruction.mean(),
        "evidence": ImportanceWeightedBound.bound(logWeights: $0.logWeights, of: $0.inference).mean(),
      ]
    }
    gradients =
      configuration.objective.settings[GradientEstimator.settingName] == nil || programs.variables.count > 1
      ? nil
      : record(min(images.count, configuration.training.batch), samples: configuration.objective.samples) {
        $0.estimatedGradients
      }
  }

  /// The measured terms in the order in which they are shown; what is not finite is left out.
  func measure(_ store: ParameterStore, controls: [String: Double], model: LatentModel, pool: WorkerPool) -> [Term] {
    var terms: [Term] = []
    func run(_ program: Executable, _ count: Int, step: UInt64 = 0) {
      for (name, value) in controls { program.setScalar(name, Float(value)) }
      program.bindImages(
        Recording.Input.images, to: images.storage.base, rows: Array(images.rows.prefix(count)))
      program.run(store, seed: seed, step: step, pool: pool)
    }
    if let (program, count) = evidence {
      run(program, count)
      let evidence = Double(program.scalarOutput("evidence"))
      terms.append(
        Term(name: "① likelihood ratio", value: -Double(program.scalarOutput("reconstruction")) - evidence))
      terms.append(Term(name: "③ evidence", value: -evidence))
    }
    if let (program, count) = codes {
      run(program, count)
      let (correlation, dimensions) = (
        Double(program.scalarOutput("correlation")), Double(program.scalarOutput("dimensions"))
      )
      terms.insert(
        Term(name: "② mutual information", value: Double(program.scalarOutput("information"))), at: min(1, terms.count))
      terms += [
        Term(name: "④ aggregate divergence", value: correlation + dimensions),
        Term(name: "Ⓐ total correlation", value: correlation), Term(name: "Ⓑ dimension-wise KL", value: dimensions),
      ]
      let variances = Posterior(mean: program.output("means"), logVariance: program.output("means")).varianceOfMeans
      let columns = configuration.model.variables.dimensions
      let active = Posterior.activeUnits(varianceOfMeans: variances).filter(columns.contains)
      terms.append(Term(name: MeasuredTerm.activeUnits, value: Double(active.count)))
    }
    if let (program, count) = gradients {
      terms += variances(of: program, count) { run(program, count, step: $0) }
    }
    terms += equivariance(model)
    return terms.filter(\.value.isFinite)
  }

  /// The variance of both estimators' gradients with respect to an image's posterior mean and log-variance, summed over
  /// them and averaged over the images, from a few draws at the same weights.
  private func variances(of program: Executable, _ count: Int, run: (UInt64) -> Void) -> [Term] {
    program.setScalar(ScoreFunction.baselineName, 0)
    run(0)
    program.setScalar(ScoreFunction.baselineName, program.scalarOutput("cost"))
    var sums: [String: [Double]] = [:]
    var squares: [String: [Double]] = [:]
    for draw in 1...Self.gradientDraws {
      run(UInt64(draw))
      for name in ["path", "score"] {
        let values = program.output(name).elements.map(Double.init)
        sums[name] = sums[name].map { zip($0, values).map(+) } ?? values
        squares[name] = squares[name].map { zip($0, values).map { $0 + $1 * $1 } } ?? values.map { $0 * $0 }
      }
    }
    let draws = Double(Self.gradientDraws)
    return [("path", MeasuredTerm.pathVariance), ("score", MeasuredTerm.scoreVariance)].map { name, title in
      let total = zip(sums[name] ?? [], squares[name] ?? []).reduce(0.0) { $0 + $1.1 - $1.0 * $1.0 / draws }
      return Term(name: title, value: total / (draws - 1) / Double(count))
    }
  }

  private func equivariance(_ model: LatentModel) -> [Term] {
    let some = images.count > Self.mostTurned ? images.subset(0..<Self.mostTurned) : images
    guard let report = try? EquivarianceReport(model, on: some) else { return [] }
    let probe = report.probeAccuracy.map { [Term(name: MeasuredTerm.probe, value: $0)] } ?? []
    return [
      Term(name: MeasuredTerm.equivariance, value: report.codeError),
      Term(name: MeasuredTerm.relativeEquivariance, value: report.relativeCodeError),
    ] + probe
  }
}

extension Traces {
  /// The gradients of the reconstruction with respect to the posterior's means and log-variances, `[batch, 2·K]`, through the
  /// draws and by the score function, and the mean cost that is its baseline; nil where the posterior is not normal.
  fileprivate var estimatedGradients: [String: Expression]? {
    guard let normal = inference.latent.first?.distribution as? Normal else { return nil }
    let parameters = [normal.mean, normal.logVariance]
    func gradient(_ value: Expression) -> Expression {
      Expression.concatenated(batch.graph.gradients(of: value.sum(), withRespectTo: parameters), axis: 1)
    }
    return [
      "path": gradient(reconstruction), "score": gradient(ScoreFunction(self).reconstruction),
      "cost": reconstruction.mean(),
    ]
  }
}

/// Names of what is measured.
enum MeasuredTerm {
  static let activeUnits = "active units"
  static let equivariance = "equivariance error"
  static let relativeEquivariance = "relative equivariance error"
  static let probe = "probe for g"
  static let pathVariance = "gradient variance, reparameterised"
  static let scoreVariance = "gradient variance, score function"
  static let information = "② mutual information"
}
