import Glibc
import Testing

@testable import LatentModels
@testable import Tensors

/// Traces over the posterior and the codes of the reference card, §6, in a graph of their own.
func cardTraces(_ controls: [String: Double] = [:], total: Int = 60_000) -> Traces {
  let graph = Graph()
  let mean = graph.constant(Tensor(shape: [3, 2], elements: [0.5, -1, 1, 0, -0.5, 2]))
  let logVariance = graph.constant(Tensor(shape: [3, 2], elements: [0, -1, -1, -0.5, -2, 0]))
  let noise = graph.constant(Tensor(shape: [3, 2], elements: [0.1, -0.2, 0.3, 0.4, -0.5, 0.6]))
  var inference = Trace(batch: 3)
  var generative = Trace(batch: 3)
  let code = inference.sample(
    "z", Normal(mean: mean, logVariance: logVariance), value: mean + (logVariance * 0.5).exp() * noise)
  generative.sample("z", Normal.standard(in: graph, shape: [3, 2]), value: code)
  let images = graph.constant(Tensor(shape: [3, 2], elements: [0, 1, 1, 0, 1, 1]))
  generative.observe("x", as: .image, Bernoulli(logits: code), value: images)
  return Traces(
    inference: inference, generative: generative, batch: Batch(images: images, total: total),
    programs: VariationalAutoencoder(ModelConfiguration(imageHeight: 1, imageWidth: 2, hidden: [], latent: 2)),
    initialControls: controls, teachesBesideOwnTerms: true)
}

private let dimensions = LatentGroups.group([.dimension(0), .dimension(1)])

@Suite("Objectives by the reference card")
struct ObjectiveGoldenTests {
  @Test("Every estimator of the aggregate posterior gives the card's parts")
  func estimators() {
    let expected: [(AggregateEstimator, [Double])] = [
      (.plain, [0.97044, 0.55472, 0.79637]), (.mws, [11.97254, 11.55682, -21.20783]),
      (.mss, [4.9313, -0.4255, -2.1842]), (.hfvae, [4.9313, -0.4255, -2.1842]),
    ]
    #expect(Set(expected.map(\.0)) == Set(AggregateEstimator.allCases))
    for (estimator, values) in expected {
      let parts = cardTraces().decomposition(estimator, groups: dimensions)
      let found = [parts.mutualInformation, parts.totalCorrelation, parts.dimensionWise].map { numbers($0.mean())[0] }
      #expect(agree(found, values, within: 1.5e-4), "\(estimator): \(found)")
      #expect(numbers(parts.withinGroups) == [0, 0, 0])
    }
  }

  @Test("Weights sum to 1 where the batch stands for all images, and the image itself has 1/N on the diagonal")
  func weights() {
    for batch in [2, 3, 7, 128] {
      for estimator in AggregateEstimator.allCases {
        let weights = estimator.logWeights(batch: batch, total: 60_000)
        for row in 0..<batch {
          let sum = (0..<batch).reduce(0.0) { $0 + exp(Double(weights[row, $1])) }
          let expected = estimator == .mws ? 1.0 / 60_000 : 1
          #expect(abs(sum - expected) < 1e-5 * expected, "\(estimator), batch \(batch), row \(row): \(sum)")
          guard estimator == .mss || estimator == .hfvae else { continue }
          #expect(abs(exp(Double(weights[row, row])) * 60_000 - 1) < 1e-4, "\(estimator): the diagonal")
        }
      }
    }
  }

  @Test("The popular mistake, which fills column 0 where the diagonal is meant, is another estimate altogether")
  func columnZero() {
    // As public code has it: a flat view with a stride of B where B + 1 is meant.
    let (count, total) = (3, 60_000.0)
    let others = Double(count - 1)
    var flat = [Double](repeating: 1 / others, count: count * count)
    for place in stride(from: 0, to: flat.count, by: count) { flat[place] = 1 / total }
    for place in stride(from: 1, to: flat.count, by: count) { flat[place] = (total - others) / (total * others) }
    flat[(count - 2) * count] = (total - others) / (total * others)
    let traces = cardTraces()
    let posterior = traces.normalPosterior
    let logWeights = traces.batch.graph.constant(Tensor(shape: [count, count], elements: flat.map { Float(log($0)) }))
    let densities = traces.continuousCode.pairwiseLogDensity(
      mean: posterior.mean, logVariance: posterior.logVariance, logWeights: logWeights, subsets: [[0, 1], [0], [1]])
    func column(_ place: Int) -> Expression { densities.sliced(axis: 1, range: place..<place + 1).reshaped([count]) }
    let own = posterior.logProbability(of: traces.continuousCode)
    let wrong = [(own - column(0)).mean(), (column(0) - column(1) - column(2)).mean()].map { numbers($0)[0] }
    #expect(agree(wrong, [0.99752, 0.46242], within: 1e-2), "\(wrong)")
    let right = numbers(traces.decomposition(.mss, groups: dimensions).mutualInformation.mean())[0]
    #expect(abs(Double(right) - 4.9313) < 1.5e-4 && abs(right - wrong[0]) > 3)
  }

  @Test("The parts sum to the Monte-Carlo divergence for every weighting, by whatever groups")
  func sums() throws {
    let variables = cardTraces().programs.variables
    for estimator in AggregateEstimator.allCases {
      for groups in ["0 1", "(0) (1)", "(0 1)"] {
        let traces = cardTraces()
        let tree = try #require(LatentGroups(groups, variables: variables))
        let parts = traces.decomposition(estimator, groups: tree)
        let sum = parts.mutualInformation + parts.totalCorrelation + parts.withinGroups + parts.dimensionWise
        #expect(agree(numbers(sum.mean()), [2.32153], within: 1e-4), "\(estimator), \(groups)")
      }
    }
  }

  @Test("With unit weights the decomposition is the Monte-Carlo bound to 1e-9, at any depth of groups")
  func unitWeights() throws {
    var configuration = Fixture.configuration(hidden: [5], latent: 6)
    for groups in ["", "(0-2) (3-5)", "((0 1) 2) (3 (4 5))", "(5 0) (1 (2 3)) 4"] {
      for estimator in AggregateEstimator.allCases {
        configuration.objective = ObjectiveConfiguration(
          kind: "hfvae", settings: ["groups": .text(groups), "estimator": .text(estimator.rawValue)])
        try configuration.validate()
        let recording = Recording(configuration, BatchComposition(unlabelled: 5), total: 1000)
        let traces = recording.parts[0]
        let reference = Reference(recording.graph, randomInputs(recording.graph))
        let code = try #require(traces.inference["z"])
        let prior = try #require(traces.generative["z"])
        let bound = (traces.reconstruction + code.logProbability - prior.logProbability).mean()
        let found = reference.evaluate(recording.terms.loss.mean())[0]
        let expected = reference.evaluate(bound)[0]
        #expect(abs(found - expected) < 1e-9, "\(estimator), \(groups): \(found) and \(expected)")
      }
    }
  }

  @Test("A weight on what the model has not is told, with what to do")
  func weightsOfNothing() {
    func remark(_ kind: String, _ settings: [String: SettingValue], latent: Int = 4) -> String? {
      var configuration = Fixture.configuration(hidden: [5], latent: latent)
      configuration.objective = ObjectiveConfiguration(kind: kind, settings: settings)
      return configuration.objective.row.remark(configuration)
    }
    let within: [String: SettingValue] = ["gamma": .number(4)]
    #expect(remark("hfvae", within)?.contains("--groups") == true)
    #expect(remark("hfvae", [:]) == nil)
    for groups in ["(0-3)", "(0 1) (2 3)", "0 (1 (2 3))"] {
      #expect(remark("hfvae", within.merging(["groups": .text(groups)]) { $1 }) == nil, "\(groups)")
    }
    #expect(remark("info-vae-kl", [:], latent: 1) == nil)
    for kind in ["hfvae", "beta-tcvae", "factor-vae", "dip-vae-i", "dip-vae-ii"] {
      #expect(remark(kind, [:], latent: 1)?.contains("--latent") == true && remark(kind, [:]) == nil, "\(kind)")
    }
  }

  @Test("Total correlation between groups and within them is that of all dimensions")
  func hierarchy() throws {
    let configuration = Fixture.configuration(hidden: [5], latent: 6)
    let recording = Recording(configuration, BatchComposition(unlabelled: 5), total: 1000)
    let traces = recording.parts[0]
    let reference = Reference(recording.graph, randomInputs(recording.graph))
    let variables = traces.programs.variables
    func correlations(_ groups: String) throws -> (between: Double, within: Double) {
      let tree = try #require(LatentGroups(groups, variables: variables))
      let parts = traces.decomposition(.hfvae, groups: tree)
      return (
        reference.evaluate(parts.totalCorrelation.mean())[0], reference.evaluate(parts.withinGroups.mean())[0]
      )
    }
    let flat = try correlations("0-5")
    #expect(flat.within == 0)
    // One group of all: there is nothing between groups, and all is within.
    for groups in ["(0-5)", "((0-5))", "z"] {
      let whole = try correlations(groups)
      #expect(groups == "z" ? whole == flat : whole.between == 0 && abs(whole.within - flat.between) < 1e-9)
    }
    for groups in ["(0-2) (3-5)", "((0 1) 2) (3-5)"] {
      let nested = try correlations(groups)
      #expect(abs(nested.between + nested.within - flat.between) < 1e-9 && nested.within != 0)
    }
  }

  @Test("DIP-VAE I and II")
  func inferredPrior() {
    for (name, expected) in [("dip-vae-i", 75.679), ("dip-vae-ii", 22.3207)] {
      guard let row = ObjectiveKind.named(name) else { continue }
      let settings = Dictionary(
        row.controls.map { ($0.name, $0.defaultValue) }, uniquingKeysWith: { first, _ in first })
      let terms = row.make(ObjectiveConfiguration(kind: row.identifier)).terms(cardTraces(settings))
      let penalty = terms.terms[2...].compactMap(\.contribution).reduce(terms.loss * 0) { $0 + $1 }
      #expect(agree(numbers(penalty.mean()), [expected], within: 1e-3), "\(name)")
    }
  }

  @Test("DIP-VAE takes the covariance over all samples: the same ones twice are penalised as once")
  func inferredPriorOfSamples() {
    let posterior = cardTraces().normalPosterior
    func twice(_ value: Expression) -> Expression {
      Expression.concatenated([value, value], axis: 0).reshaped([2] + value.shape)
    }
    for hasVariance in [false, true] {
      let once = DisentangledInferredPrior.penalties(
        mean: posterior.mean, logVariance: hasVariance ? posterior.logVariance : nil)
      let both = DisentangledInferredPrior.penalties(
        mean: twice(posterior.mean), logVariance: hasVariance ? twice(posterior.logVariance) : nil)
      #expect(agree(numbers(both.offDiagonal), numbers(once.offDiagonal).map(Double.init)))
      #expect(agree(numbers(both.diagonal), numbers(once.diagonal).map(Double.init)))
    }
  }

  @Test("The entropy of a property that is told and not generated is in no part of the divergence")
  func toldProperty() {
    let plain = cardTraces()
    let graph = plain.batch.graph
    var inference = plain.inference
    inference.observe(
      "s", as: .property, Categorical.uniform(in: graph, shape: [3, 2]),
      value: graph.constant(Tensor(shape: [3, 2], elements: [1, 0, 1, 0, 0, 1])))
    let traces = Traces(
      inference: inference, generative: plain.generative, batch: plain.batch, programs: plain.programs,
      initialControls: [:], teachesBesideOwnTerms: true)
    let untold = plain.decomposition(.plain, groups: dimensions)
    let told = traces.decomposition(.plain, groups: .group([.variable("s"), .dimension(0), .dimension(1)]))
    #expect(agree(numbers(told.dimensionWise), numbers(untold.dimensionWise).map(Double.init)))
    let carried = numbers(untold.mutualInformation + untold.totalCorrelation).map(Double.init)
    #expect(agree(numbers(told.mutualInformation + told.totalCorrelation), carried))
    // Of the only image of its value nothing is left to be told.
    #expect(abs(numbers(told.mutualInformation)[2]) < 1e-4)
  }

  @Test("The maximum mean discrepancy with both kernels")
  func discrepancy() {
    let traces = cardTraces()
    let prior = traces.batch.graph.constant(Tensor(shape: [3, 2], elements: [0, 0, 1, -1, -1, 0.5]))
    for (kernel, expected) in [(MaximumMeanDiscrepancy.Kernel.rbf, -0.15396), (.imq, -0.12567)] {
      let found = MaximumMeanDiscrepancy.unbiased(traces.continuousCode, prior, kernel, scale: 4)
      #expect(agree(numbers(found), [expected], within: 2e-5), "\(kernel)")
    }
  }

  @Test("The Rényi bound at the card's orders, at its ends, and continuously through α = 1")
  func renyi() {
    let graph = Graph()
    let weights = graph.constant(Tensor(shape: [4, 1], elements: [-100, -101, -98, -103]))
    func bound(_ order: Double) -> Double {
      Double(numbers(Renyi.bound(weights, order: order, samples: 4))[0])
    }
    let card: [(Double, Double)] = [
      (0.5, -99.74324), (-1, -98.68283), (2, -101.78922), (0, -99.21078), (1, -100.5), (-.infinity, -98),
      (.infinity, -103),
    ]
    for (order, expected) in card { #expect(abs(bound(order) - expected) < 1e-4, "α = \(order): \(bound(order))") }
    // The bound falls in α, and no step is seen where the formula changes.
    var last = bound(-.infinity)
    let near = [0.9, 0.99, 0.998, 0.9995, 1, 1.0005, 1.002, 1.01, 1.1]
    for order in [-1e6, -1000, -10, -1, 0, 0.5] + near + [2, 10, 1000, 1e6] {
      let now = bound(order)
      #expect(now <= last + 2e-5, "α = \(order): \(now) after \(last)")
      last = now
    }
    #expect(abs(bound(1 - 1.1e-3) - bound(1 - 0.9e-3)) < 1e-3 && abs(bound(1 + 1.1e-3) - bound(1 + 0.9e-3)) < 1e-3)
    #expect(abs(bound(-1e6) + 98) < 1e-4 && abs(bound(1e6) + 103) < 1e-4)
    // As a control it is the same at every value, and so is its gradient, which near α = 1 no quotient spoils.
    let order = graph.scalar("alpha", initially: 0)
    let given = graph.input("w", shape: [4, 1])
    let live = Renyi.bound(given, order: order, samples: 4)
    let slope = graph.gradients(of: live.sum(), withRespectTo: [given])[0]
    let program = graph.compile(outputs: ["bound": live, "slope": slope])
    for (value, expected) in card where value.isFinite {
      program.setScalar("alpha", Float(value))
      program.withInput("w") { values in
        for (place, weight) in [-100, -101, -98, -103].enumerated() { values[place] = Float(weight) }
      }
      program.run(Parameters([:]), seed: 1, step: 0, pool: .inline)
      #expect(abs(Double(program.withOutput("bound") { $0[0] }) - expected) < 1e-4, "α = \(value)")
      let shares = program.withOutput("slope") { Array($0) }
      #expect(shares.allSatisfy(\.isFinite) && abs(shares.reduce(0, +) - 1) < 1e-4, "α = \(value): \(shares)")
    }
  }

  @Test("The capacity objective weighs the distance of the mean divergence from C")
  func capacity() {
    // The mean of .80894, .73721 and 2.69267 is 1.41294.
    for (capacity, distance) in [(1.0, 0.41294), (2.0, 0.58706)] {
      let terms = Capacity().terms(cardTraces(["gamma": 1000, "capacity": capacity]))
      let penalty = terms.loss - terms.terms[0].value
      #expect(agree(numbers(penalty.mean()), [1000 * distance], within: 2e-2))
    }
  }

  @Test("The four terms sum to the bound, whatever stands for the evidence, and leave out what their presets say")
  func fourTerms() throws {
    var configuration = Fixture.configuration(hidden: [5], latent: 3)
    let presets: [(String, String?)] = [
      ("", nil), ("without-1", "①"), ("without-2", "②"), ("without-3", "③"), ("without-4", "④"),
    ]
    for (preset, omitted) in presets {
      configuration.objective = Preset.named(preset)?.configuration ?? ObjectiveConfiguration(kind: "fourTerms")
      configuration.objective.samples = 1
      let recording = Recording(configuration, BatchComposition(unlabelled: 5), total: 1000)
      let traces = recording.parts[0]
      let reference = Reference(recording.graph, randomInputs(recording.graph))
      let bound = reference.evaluate((-traces.logWeights).mean())[0]
      var expected = bound
      if let omitted {
        let term = try #require(recording.terms.terms.first { $0.symbol == omitted })
        expected -= (term.isWanted ? -1 : 1) * reference.evaluate(term.value.mean())[0]
      }
      let found = reference.evaluate(recording.terms.loss.mean())[0]
      #expect(abs(found - expected) < 1e-9, "\(preset): \(found) and \(expected)")
    }
  }

  @Test("An adversary sees codes whose every dimension comes from another image")
  func shuffled() {
    let graph = Graph()
    let code = graph.constant(Tensor(shape: [5, 3], elements: (0..<15).map(Float.init)))
    let found = numbers(FactorAdversary.shuffled(code))
    for image in 0..<5 {
      let row = found[image * 3..<image * 3 + 3].map { Int($0) }
      #expect(row.enumerated().allSatisfy { $1 % 3 == $0 } && Set(row.map { $0 / 3 }).count == 3, "\(row)")
    }
    for dimension in 0..<3 {
      #expect(Set((0..<5).map { found[$0 * 3 + dimension] }).count == 5)
    }
  }
}
