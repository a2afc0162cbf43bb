import Glibc
import Tensors
import Testing

@testable import LatentModels

/// The numbers of an expression that needs no input.
func numbers(_ expression: Expression, seed: UInt64 = 1, step: UInt64 = 0) -> [Float] {
  let program = expression.graph.compile(outputs: ["value": expression])
  program.run(Parameters([:]), seed: seed, step: step, pool: .inline)
  return program.withOutput("value") { Array($0) }
}

/// The mean of numbers.
func average(_ values: [Float]) -> Float { values.reduce(0, +) / Float(values.count) }

/// Whether two lists agree within `tolerance`.
func agree(_ found: [Float], _ expected: [Double], within tolerance: Double = 1e-4) -> Bool {
  found.count == expected.count && zip(found, expected).allSatisfy { abs(Double($0) - $1) <= tolerance }
}

/// The posterior of the reference card, §6.
private struct Golden {
  let graph = Graph()
  let posterior: Normal
  let code: Expression

  init() {
    let mean = graph.constant(Tensor(shape: [3, 2], elements: [0.5, -1, 1, 0, -0.5, 2]))
    let logVariance = graph.constant(Tensor(shape: [3, 2], elements: [0, -1, -1, -0.5, -2, 0]))
    let noise = graph.constant(Tensor(shape: [3, 2], elements: [0.1, -0.2, 0.3, 0.4, -0.5, 0.6]))
    posterior = Normal(mean: mean, logVariance: logVariance)
    code = mean + (logVariance * 0.5).exp() * noise
  }
}

@Suite("Distributions")
struct DistributionTests {
  @Test("The divergence of a normal posterior from the standard normal is that of the reference card, item by item")
  func closedFormDivergence() throws {
    let golden = Golden()
    let prior = Normal.standard(in: golden.graph, shape: [3, 2])
    let exact = try #require(golden.posterior.divergence(from: prior)).sum(axes: [-1])
    #expect(agree(numbers(exact), [0.80894, 0.73721, 2.69267], within: 1e-5))
    let general = Normal(
      mean: golden.graph.constant(0).broadcast(to: [3, 2]), logVariance: golden.graph.constant(0).broadcast(to: [3, 2]))
    let same = try #require(golden.posterior.divergence(from: general)).sum(axes: [-1])
    #expect(agree(numbers(same), [0.80894, 0.73721, 2.69267], within: 1e-5))
  }

  @Test("The Monte-Carlo divergence on the card's noise is 2.32153")
  func sampledDivergence() {
    let golden = Golden()
    let prior = Normal.standard(in: golden.graph, shape: [3, 2])
    let difference =
      golden.posterior.logProbability(of: golden.code) - prior.logProbability(of: golden.code)
    #expect(agree(numbers(difference.mean()), [2.32153], within: 1e-5))
  }

  @Test("A Concrete variable relaxes the card's logits to the card's point of the simplex")
  func concrete() {
    let graph = Graph()
    let uniform = graph.constant(Tensor(shape: [1, 3], elements: [0.3, 0.6, 0.9]))
    let concrete = Concrete(
      logits: graph.constant(Tensor(shape: [1, 3], elements: [1, 0, -1])), temperature: graph.constant(0.66))
    let value = concrete.relaxed(gumbel: -(-uniform.log()).log())
    #expect(agree(numbers(value), [0.26727, 0.21532, 0.51741], within: 1e-5))
  }

  @Test("The Concrete density integrates to 1 over the simplex of two classes")
  func concreteDensity() {
    let graph = Graph()
    let cells = 4000
    let points = (0..<cells).flatMap { cell -> [Float] in
      let first = (Float(cell) + 0.5) / Float(cells)
      return [first, 1 - first]
    }
    let concrete = Concrete(
      logits: graph.constant(Tensor(shape: [1, 2], elements: [0.4, -0.3])).broadcast(to: [cells, 2]),
      temperature: graph.constant(0.8))
    let density = concrete.logProbability(of: graph.constant(Tensor(shape: [cells, 2], elements: points))).exp()
    #expect(agree(numbers(density.mean()), [1], within: 0.01))
  }

  @Test("A chain of normal variables has the card's variances, divergence and deviations")
  func chain() throws {
    let graph = Graph()
    func row(_ values: [Float]) -> Expression { graph.constant(Tensor(shape: [1, values.count], elements: values)) }
    let chain = GaussianChain(
      mean: row([0.1, -0.2, 0.3]), logDiagonal: row([1, 2, 0.5]).log(), subdiagonal: row([0.3, -0.4]))
    #expect(agree(numbers(chain.marginalVariance), [1.0369, 0.41, 4]))
    let prior = Normal.standard(in: graph, shape: [1, 3])
    #expect(agree(numbers(try #require(chain.divergence(from: prior)).sum()), [1.29345]))
    #expect(agree(numbers(chain.deviation(noise: row([1, -0.5, 0.25]))), [1.045, -0.15, 0.5]))
  }

  @Test("A chain without couplings is the diagonal normal")
  func uncoupledChain() {
    let graph = Graph()
    func row(_ values: [Float]) -> Expression { graph.constant(Tensor(shape: [1, values.count], elements: values)) }
    let (mean, logVariance) = (row([0.5, -1]), row([0.3, -0.7]))
    let chain = GaussianChain(mean: mean, logDiagonal: logVariance * -0.5, subdiagonal: row([0]))
    let normal = Normal(mean: mean, logVariance: logVariance)
    let value = row([1.2, 0.4])
    let expected = numbers(normal.logProbability(of: value)).map(Double.init)
    #expect(agree(numbers(chain.logProbability(of: value)), expected, within: 1e-5))
    #expect(agree(numbers(chain.marginalVariance), [exp(0.3), exp(-0.7)], within: 1e-5))
  }

  @Test("Draws have the moments of their distribution, and every sample its own noise")
  func moments() {
    let graph = Graph()
    let normal = Normal(
      mean: graph.constant(2).broadcast(to: [500, 4]),
      logVariance: graph.constant(Float(log(9.0))).broadcast(to: [500, 4]))
    let drawn = normal.sample(named: "z", samples: 10)
    #expect(drawn.shape == [10, 500, 4])
    let values = numbers(drawn)
    let mean: Float = average(values)
    let variance: Float = average(values.map { (value: Float) -> Float in (value - mean) * (value - mean) })
    #expect(abs(mean - 2) < 0.1)
    #expect(abs(variance - 9) < 0.5)
    #expect(Array(values[0..<2000]) != Array(values[2000..<4000]))

    let coin = Bernoulli(logits: graph.constant(Float(log(0.2 / 0.8))).broadcast(to: [1000, 4]))
    let coins = numbers(coin.sample(named: "x", samples: 5))
    #expect(coins.allSatisfy { $0 == 0 || $0 == 1 })
    #expect(abs(average(coins) - 0.2) < 0.02)

    let die = Categorical(
      logits: graph.constant(Tensor(shape: [1, 3], elements: [0, Float(log(2.0)), Float(log(5.0))])).broadcast(to: [
        4000, 3,
      ]))
    let faces = numbers(die.sample(named: "y", samples: nil))
    for face in 0..<3 {
      let share: Float = average(stride(from: face, to: faces.count, by: 3).map { faces[$0] })
      let expected: [Float] = [0.125, 0.25, 0.625]
      #expect(abs(share - expected[face]) < 0.03)
    }
  }

  @Test("Probabilities of discrete variables sum to 1, and divergences agree with their definitions")
  func discrete() throws {
    let graph = Graph()
    let logits = graph.constant(Tensor(shape: [1, 3], elements: [0.3, -1, 2]))
    let oneHot = graph.constant(Tensor(shape: [3, 3], elements: [1, 0, 0, 0, 1, 0, 0, 0, 1]))
    let categorical = Categorical(logits: logits.broadcast(to: [3, 3]))
    let probabilities = numbers(categorical.logProbability(of: oneHot).exp())
    #expect(abs(average(probabilities) * 3 - 1) < 1e-5)
    var entropyBelowUniform = 0.0
    for probability in probabilities.map(Double.init) { entropyBelowUniform += probability * log(probability * 3) }
    let divergence = try #require(
      Categorical(logits: logits).divergence(from: Categorical.uniform(in: graph, shape: [1, 3])))
    #expect(agree(numbers(divergence.sum()), [entropyBelowUniform], within: 1e-5))

    let (first, second): (Double, Double) = (0.7, 0.2)
    func coin(_ probability: Double) -> Bernoulli {
      let odds: Double = probability / (1 - probability)
      return Bernoulli(logits: graph.constant(Tensor(shape: [1, 1], elements: [Float(log(odds))])))
    }
    let heads: Double = first * log(first / second)
    let tails: Double = (1 - first) * log((1 - first) / (1 - second))
    let expected: Double = heads + tails
    #expect(agree(numbers(try #require(coin(first).divergence(from: coin(second)))), [expected], within: 1e-5))
    let one = graph.constant(Tensor(shape: [1, 1], elements: [1]))
    #expect(agree(numbers(coin(first).logProbability(of: one)), [log(0.7)], within: 1e-5))
  }
}

@Suite("Objectives")
struct ObjectiveTests {
  @Test("The card's importance weights give ELBO −100.5 and L_4 −99.21078")
  func goldenBounds() {
    let graph = Graph()
    let weights = graph.constant(Tensor(shape: [4, 1], elements: [-100, -101, -98, -103]))
    #expect(agree(numbers(weights.mean()), [-100.5], within: 1e-4))
    #expect(
      agree(
        numbers(ImportanceWeightedBound.bound(logWeights: weights, of: Trace(batch: 1, axis: .samples(4)))),
        [-99.21078], within: 1e-4))
  }

  /// A pair of traces with a posterior of known divergence and a coin likelihood.
  private func traces(samples: Int, exact: Bool, beta: Double = 1, isFollowed: Bool = false) -> Traces {
    let golden = Golden()
    var inference = Trace(batch: 3, axis: .samples(samples))
    var generative = Trace(batch: 3, axis: .samples(samples))
    let code = inference.sample("z", golden.posterior, value: samples == 1 ? golden.code : nil, isFollowed: isFollowed)
    let prior: any Distribution =
      exact
      ? Normal.standard(in: golden.graph, shape: [3, 2]) : Opaque(Normal.standard(in: golden.graph, shape: [3, 2]))
    generative.sample("z", prior, value: code)
    let images = golden.graph.constant(Tensor(shape: [3, 2], elements: [0, 1, 1, 0, 1, 1]))
    generative.observe("x", as: .image, Bernoulli(logits: code), value: images)
    return Traces(
      inference: inference, generative: generative, batch: Batch(images: images, total: 60_000),
      programs: VariationalAutoencoder(ModelConfiguration(imageHeight: 1, imageWidth: 2)),
      initialControls: ["beta": beta], teachesBesideOwnTerms: true)
  }

  /// A distribution that hides its closed forms.
  private struct Opaque: Distribution {
    let inner: Normal
    init(_ inner: Normal) { self.inner = inner }
    var shape: [Int] { inner.shape }
    func sample(named name: String, samples: Int?) -> Expression { inner.sample(named: name, samples: samples) }
    func logProbability(of value: Expression) -> Expression { inner.logProbability(of: value) }
  }

  @Test("Codes whose density at other images' codes is not known are refused, and come to no number")
  func formless() throws {
    let golden = Golden()
    let known = golden.posterior
    let inferred = GaussianChain(
      mean: known.mean, logDiagonal: known.logVariance * -0.5,
      subdiagonal: golden.graph.constant(0.2).broadcast(to: [3, 1]))
    func trace(_ posterior: any Distribution) -> Trace {
      var inference = Trace(batch: 3)
      inference.sample("z", posterior, value: golden.code)
      return inference
    }
    var generative = Trace(batch: 3)
    generative.sample("z", Normal.standard(in: golden.graph, shape: [3, 2]), value: golden.code)
    let images = golden.graph.constant(Tensor(shape: [3, 2]))
    for (posterior, isKnown) in [(inferred, false), (known, true)] as [(any Distribution, Bool)] {
      let traces = Traces(
        inference: trace(posterior), generative: generative, batch: Batch(images: images, total: 3),
        programs: VariationalAutoencoder(ModelConfiguration(imageHeight: 1, imageWidth: 2)), initialControls: [:],
        teachesBesideOwnTerms: true)
      let parts = traces.decomposition(.plain, groups: .group([.dimension(0), .dimension(1)]))
      for part in [parts.mutualInformation, parts.totalCorrelation, parts.dimensionWise] {
        #expect(numbers(part).allSatisfy { $0.isFinite == isKnown })
      }
    }
    let objective = ObjectiveKind.betaTotalCorrelation
    try objective.checkCodes(trace(known), of: .variationalAutoencoder)
    let error = #expect(throws: ConfigurationError.self) {
      try objective.checkCodes(trace(inferred), of: .variationalAutoencoder)
    }
    #expect(error.map { "\($0)" }?.contains("its variable z by a distribution") == true)
  }

  @Test("What others are inferred from, and give a prior, is held against it at its draw: M1+M2's codes")
  func followedCodes() {
    let terms = EvidenceLowerBound().terms(traces(samples: 1, exact: true, beta: 4, isFollowed: true))
    let sampled = EvidenceLowerBound().terms(traces(samples: 1, exact: false, beta: 4))
    #expect(numbers(terms.loss) == numbers(sampled.loss))
  }

  @Test("The bound is reconstruction + β·KL, with the divergence exact where it is known and sampled where not")
  func evidenceLowerBound() throws {
    for (exact, expected) in [(true, 1.41294), (false, 2.32153)] as [(Bool, Double)] {
      let terms = EvidenceLowerBound().terms(traces(samples: 1, exact: exact, beta: 4))
      #expect(terms.terms.map(\.name) == ["reconstruction", "KL"])
      let reconstruction = numbers(terms.terms[0].value)
      let divergence = numbers(terms.terms[1].value)
      #expect(agree([average(divergence)], [expected], within: 1e-5))
      let total = zip(reconstruction, divergence).map { (parts) -> Double in Double(parts.0) + 4 * Double(parts.1) }
      #expect(agree(numbers(terms.loss), total))
      #expect(reconstruction.allSatisfy { $0 > 0 })
    }
  }

  @Test("With one sample, log p(x,z) − log q(z|x) is the same bound with the divergence sampled")
  func oneSample() throws {
    let traces = traces(samples: 1, exact: false)
    let loss = EvidenceLowerBound().terms(traces).loss
    #expect(agree(numbers(-traces.logWeights), numbers(loss).map(Double.init)))
  }

  @Test("More samples tighten the importance-weighted bound")
  func tighter() throws {
    func bound(_ samples: Int) throws -> Float {
      let traces = traces(samples: samples, exact: false)
      let values = ImportanceWeightedBound.bound(logWeights: traces.logWeights, of: traces.inference).mean()
      return average((0..<200).map { numbers(values, step: UInt64($0))[0] })
    }
    let (few, more, many) = (try bound(2), try bound(8), try bound(64))
    #expect(few < more)
    #expect(more < many)
  }

  @Test("S samples are averaged: the reconstruction is the mean of those of each code")
  func samples() throws {
    let traces = traces(samples: 5, exact: true, beta: 0.5)
    let terms = EvidenceLowerBound().terms(traces)
    #expect(terms.loss.shape == [3])
    let code = try #require(traces.inference["z"]).value
    let program = traces.batch.graph.compile(outputs: [
      "code": code, "reconstruction": terms.terms[0].value, "loss": terms.loss,
    ])
    program.run(Parameters([:]), seed: 4, step: 2, pool: .inline)
    let (codes, images) = (program.output("code"), [0.0, 1, 1, 0, 1, 1])
    #expect(codes.shape == [5, 3, 2])
    let costs = (0..<3).map { image in
      (0..<5).reduce(0.0) { sum, sample in
        (0..<2).reduce(sum) { sum, pixel in
          let logit = Double(codes[sample, image, pixel])
          return sum + max(logit, 0) - logit * images[2 * image + pixel] + log1p(exp(-abs(logit)))
        }
      } / 5
    }
    #expect(agree(program.output("reconstruction").elements, costs, within: 1e-5))
    let losses = zip(costs, [0.80894, 0.73721, 2.69267]).map { $0 + 0.5 * $1 }
    #expect(agree(program.output("loss").elements, losses))
  }

  @Test("The gradient of the importance-weighted bound weighs the samples by their normalised weights")
  func importanceGradient() {
    let graph = Graph()
    let weights = graph.input("w", shape: [4, 1])
    let gradient = graph.gradients(
      of: ImportanceWeightedBound.bound(logWeights: weights, of: Trace(batch: 1, axis: .samples(4))).sum(),
      withRespectTo: [weights])[0]
    let program = graph.compile(outputs: ["gradient": gradient])
    let values: [Float] = [-100, -101, -98, -103]
    program.withInput("w") { _ = $0.update(fromContentsOf: values) }
    program.run(Parameters([:]), seed: 1, step: 0, pool: .inline)
    let total = values.reduce(0.0) { $0 + exp(Double($1) + 98) }
    #expect(agree(program.output("gradient").elements, values.map { exp(Double($0) + 98) / total }, within: 1e-5))
  }

  @Test("An autoencoder's objective is the reconstruction alone")
  func autoencoder() {
    let terms = Reconstruction().terms(traces(samples: 1, exact: true))
    #expect(terms.named.map(\.name) == ["reconstruction", "loss"])
    #expect(numbers(terms.loss) == numbers(terms.terms[0].value))
  }

  @Test("The programs of a model name their variables, and their gradients reach every weight")
  func programs() throws {
    let configuration = Fixture.configuration()
    let recording = Recording(configuration, BatchComposition(unlabelled: 6), total: 6)
    let (graph, loss) = (recording.graph, recording.terms.loss.mean())
    #expect(graph.parameters.map(\.name).sorted() == configuration.model.parameters.map(\.name).sorted())
    let weights = configuration.model.parameters.map { graph.parameter($0.name, shape: $0.shape) }
    let gradients = graph.gradients(of: loss, withRespectTo: weights)
    let outputs = Dictionary(
      zip(configuration.model.parameters.map(\.name), gradients), uniquingKeysWith: { first, _ in first })
    let program = graph.compile(outputs: outputs)
    let data = try Fixture.images(6)
    program.bindImages("x", to: data.storage.base, rows: data.rows)
    program.run(Fixture.model().parameters, seed: 1, step: 0, pool: .inline)
    for name in outputs.keys {
      #expect(program.withOutput(name) { values in values.contains { $0 != 0 } }, "\(name) gets no gradient")
    }
    withExtendedLifetime(data) {}
  }
}
