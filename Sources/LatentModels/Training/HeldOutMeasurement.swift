import Datasets
import Glibc
import Tensors

/// What is measured once an epoch whatever is trained, shown and never minimised: the terms of the bound on held-out codes by
/// the exact estimator, over as many codes as it says, and how many units are active.
///
/// The terms are those of Esmaeili 2018 (arXiv:1804.02086, equation 2): ① `E log p(x|z)/p(x)`, ② `I(x; z)`,
/// ③ `KL(q(x) ‖ p(x))` but for the entropy of the data, ④ `KL(q(z) ‖ p(z))`, and of ④ the total correlation Ⓐ and the
/// dimension-wise divergence Ⓑ. `log p(x)` is the importance-weighted bound of some samples on some of the images.
///
/// Of a model that goes through the classes of an image, and of M1+M2, ② and ④ are those of the style z given the likeliest
/// class, `q(z | x, argmax q(y|x))` under p(z), and are named so; ① and ③ are of all classes.
final class HeldOutMeasurement {
  /// Codes that stand for the aggregate posterior: I(x; z) cannot be measured beyond their number's logarithm.
  static let mostCodes = 2_000
  private static let mostEvidence = 256
  static let evidenceSamples = 16

  /// Images at once for the bound on log p(x), each decoded so often: as many decodings where classes are gone through as where
  /// codes are drawn.
  static func evidenceImages(passes: Int) -> Int { min(mostEvidence, max(2, mostEvidence * evidenceSamples / passes)) }

  private static let mostTurned = 500
  private static let gradientDraws = 8

  private let configuration: Configuration
  private let images: ImageSet
  /// Of the noise.
  let seed: UInt64
  private let codes: (program: Executable, count: Int)?
  private let evidence: (program: Executable, count: Int)?
  private let gradients: (program: Executable, count: Int)?
  /// Whether what is measured of codes is that of the style given the likeliest class.
  private let isGivenClass: Bool
  /// Runs of the program of the evidence: a model that takes fewer samples at once is run more often.
  private let evidenceRuns: Int

  /// Nothing is measured of fewer than two images.
  init(_ configuration: Configuration, images: ImageSet) {
    self.configuration = configuration
    self.images = images
    seed = configuration.training.seed ^ 0x6d65_6173_7572_65
    let programs = configuration.model.programs()
    let givenClass = Self.isGivenClass(programs, configuration)
    isGivenClass = givenClass
    let samples = max(1, min(Self.evidenceSamples, programs.samples.upperBound))
    evidenceRuns = Self.evidenceSamples / samples
    func compile(_ count: Int, _ outputs: (Batch) -> [String: Expression]?) -> (Executable, Int)? {
      guard count > 1, !programs.isDeterministic else { return nil }
      let graph = Graph()
      let batch = Self.batch(configuration, graph, count)
      return outputs(batch).map { (graph.compile(outputs: $0), count) }
    }
    func record(_ count: Int, samples: Int, _ outputs: (Traces) -> [String: Expression]?) -> (Executable, Int)? {
      compile(count) { outputs(Recording.traces(configuration, programs, $0, samples: samples)) }
    }
    let canPair = programs.variables.width <= Expression.mostPairedDimensions
    codes = compile(canPair ? min(images.count, Self.mostCodes) : 0) { batch in
      let traces =
        givenClass
        ? (configuration.model.hasStandardPrior ? Self.style(programs, batch) : nil)
        : Recording.traces(configuration, programs, batch, samples: 1)
      let leaves: [LatentGroups] =
        givenClass
        ? programs.variables.dimensions.indices.map { .dimension($0) }
        : LatentGroups.standard(for: programs.variables).allLeaves
      return traces.map { traces in
        let parts = traces.decomposition(.plain, groups: .group(leaves))
        return [
          "information": parts.mutualInformation.mean(), "correlation": parts.totalCorrelation.mean(),
          "dimensions": parts.dimensionWise.mean(), "means": programs.posterior(batch.images).mean,
        ]
      }
    }
    let passes = programs.enumerates ? configuration.model.passes : Self.evidenceSamples
    evidence = record(min(images.count, Self.evidenceImages(passes: passes)), samples: samples) {
      [
        "reconstruction": $0.reconstruction.mean(),
        "evidence": programs.enumerates
          ? $0.evidenceWeights
          : ImportanceWeightedBound.bound(logWeights: $0.logWeights, of: $0.inference),
      ]
    }
    gradients =
      configuration.objective.settings[GradientEstimator.settingName] == nil || programs.variables.count > 1
        || !configuration.objective.row.takesScoreFunction
      ? nil
      : record(min(images.count, configuration.training.batch), samples: configuration.objective.samples) {
        $0.estimatedGradients
      }
  }

  /// Images of which nothing else is known.
  private static func batch(_ configuration: Configuration, _ graph: Graph, _ count: Int) -> Batch {
    let input = graph.images(
      Recording.Input.images, shape: [count, configuration.model.pixelCount],
      treatment: configuration.training.treatment)
    return Batch(images: input, areAllKnown: false, total: count)
  }

  /// Whether there is no one code of an image with a density of its own: classes are gone through, or variables beneath the
  /// code are drawn as well.
  private static func isGivenClass(_ programs: any GenerativeModel, _ configuration: Configuration) -> Bool {
    if programs.enumerates { return true }
    let own = Set(programs.variables.map(\.name))
    let inference = programs.infer(batch(configuration, Graph(), 2), samples: 1)
    return !inference.latent.allSatisfy { own.contains($0.name) }
  }

  /// Traces of the style alone, given the likeliest class of every image; nil of a model without a class.
  private static func style(_ programs: any GenerativeModel, _ batch: Batch) -> Traces? {
    guard let logits = programs.classLogits(batch.images),
      let known = programs.posterior(batch.images, class: Traces.likeliest(logits))
    else { return nil }
    let columns = programs.variables.dimensions
    let style = Normal(
      mean: known.mean.gathered(axis: -1, indices: columns),
      logVariance: known.logVariance.gathered(axis: -1, indices: columns))
    var inference = Trace(batch: batch.count)
    let value = inference.sample("z", style)
    var generative = Trace(batch: batch.count)
    generative.sample("z", Normal.standard(in: batch.graph, shape: [batch.count, columns.count]), value: value)
    return Traces(
      inference: inference, generative: generative, batch: batch, programs: programs, initialControls: [:],
      teachesBesideOwnTerms: false)
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
      var reconstruction = 0.0
      var weights = [LogSumOfExponentials](repeating: LogSumOfExponentials(), count: count)
      let runs = evidenceRuns
      for step in 0..<runs {
        run(program, count, step: UInt64(step))
        reconstruction += Double(program.scalarOutput("reconstruction")) / Double(runs)
        program.withOutput("evidence") { values in
          for image in 0..<min(count, values.count) { weights[image].add(Double(values[image])) }
        }
      }
      let evidence = weights.reduce(0.0) { $0 + $1.value } / Double(count) - log(Double(runs))
      terms.append(
        Term(name: "① likelihood ratio", value: -reconstruction - evidence))
      terms.append(Term(name: "③ evidence", value: -evidence))
    }
    if let (program, count) = codes {
      run(program, count)
      let (correlation, dimensions) = (
        Double(program.scalarOutput("correlation")), Double(program.scalarOutput("dimensions"))
      )
      let given = isGivenClass ? MeasuredTerm.givenClass : ""
      terms.insert(
        Term(name: MeasuredTerm.information + given, value: Double(program.scalarOutput("information"))),
        at: min(1, terms.count))
      terms += [
        Term(name: "④ aggregate divergence" + given, value: correlation + dimensions),
        Term(name: "Ⓐ total correlation" + given, value: correlation),
        Term(name: "Ⓑ dimension-wise KL" + given, value: dimensions),
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
    guard let report = try? EquivarianceEvaluation(model, on: some) else { return [] }
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
    guard let normal = inference.latent.first?.normal else { return nil }
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
