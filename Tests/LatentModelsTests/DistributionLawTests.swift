import Glibc
import Tensors
import Testing

@testable import LatentModels

/// A row of constants, `[1, n]`.
private func row(_ graph: Graph, _ values: [Float]) -> Expression {
  graph.constant(Tensor(shape: [1, values.count], elements: values))
}

private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

/// Laws that hold for any distribution, and formulas written down a second time in double precision.
@Suite("Laws of distributions")
struct DistributionLawTests {
  @Test("The log-density of normal variables is that of the textbook, for the standard one too")
  func normalDensity() {
    let graph = Graph()
    let (mean, logVariance, value): ([Float], [Float], [Float]) = ([0.5, -2, 3], [-3, 0, 2.5], [0.4, 1, -4])
    let normal = Normal(mean: row(graph, mean), logVariance: row(graph, logVariance))
    func textbook(_ x: Float, _ mean: Float, _ logVariance: Float) -> Double {
      let deviation = exp(Double(logVariance) / 2)
      let scaled = (Double(x) - Double(mean)) / deviation
      return -log(deviation * (2 * Double.pi).squareRoot()) - scaled * scaled / 2
    }
    let expected = value.indices.reduce(0) { $0 + textbook(value[$1], mean[$1], logVariance[$1]) }
    #expect(agree(numbers(normal.logProbability(of: row(graph, value))), [expected], within: 1e-5))
    let standard = Normal.standard(in: graph, shape: [1, 3]).logProbability(of: row(graph, value))
    #expect(agree(numbers(standard), [value.reduce(0) { $0 + textbook($1, 0, 0) }], within: 1e-5))
  }

  @Test("A normal likelihood of fixed deviation costs SSE/(2σ²) + D/2·log(2πσ²), as on the reference card")
  func gaussianReconstruction() {
    let graph = Graph()
    let deviation = 0.3
    let model = ModelConfiguration(hidden: [], likelihood: .gaussian(deviation: Float(deviation)))
    let code = graph.constant(Tensor(shape: [1, 2]))
    let likelihood = model.likelihood.distribution(decoderOutput(model, code))
    let pixels = (0..<784).map { Float($0 % 11) / 10 }
    let program = graph.compile(outputs: ["value": likelihood.logProbability(of: row(graph, pixels))])
    // Zero weights: every mean is its bias.
    var tensors = Dictionary(
      model.parameters.map { ($0.name, Tensor(shape: $0.shape)) }, uniquingKeysWith: { first, _ in first })
    tensors["decoder.0.bias"] = Tensor(shape: [784], filledWith: 0.25)
    program.run(Parameters(tensors), seed: 1, step: 0, pool: .inline)
    let squares = pixels.reduce(0.0) { $0 + (Double($1) - 0.25) * (Double($1) - 0.25) }
    let expected = squares / (2 * deviation * deviation) + 392 * log(2 * Double.pi * deviation * deviation)
    #expect(agree([-program.scalarOutput("value")], [expected], within: 1e-3))
  }

  @Test("What a pixel costs is the same in double precision as in a graph, whatever its likelihood")
  func costsOfPixels() throws {
    #expect(LikelihoodKind.patterns.contains("gaussian:DEVIATION"))
    for kind in LikelihoodKind.all {
      let patterns = LikelihoodKind.patterns.filter { $0.prefix { $0 != ":" } == kind.name }
      #expect(patterns.count == (kind.parameter == nil ? 1 : 2) && patterns.first == kind.name)
      let likelihood = try Fixture.likelihood(kind)
      let graph = Graph()
      let outputs: [Float] = [-2, 0.25, 3]
      let pixels: [Float] = [0, 0.3, 1]
      let distribution = likelihood.distribution(row(graph, outputs))
      let means = numbers(likelihood.expectation(row(graph, outputs)))
      let found = zip(means, pixels).reduce(0.0) {
        $0 + likelihood.cost(mean: Double($1.0), treatment: .grey)(Double($1.1))
      }
      let expected = numbers(-distribution.logProbability(of: row(graph, pixels))).map(Double.init)
      #expect(agree([Float(found)], expected, within: 1e-3), "\(kind.name)")
    }
    // A pixel that is told exactly costs nothing where it is a coin.
    #expect(Likelihood.bernoulli.constantCost == 0)
    for wrong in ["bernoulli:1", "gaussian:-1", "gaussian:inf", "gaussian:1:2", "laplace", ""] {
      #expect(Likelihood(wrong) == nil, "\(wrong)")
    }
    #expect(Likelihood("gaussian")?.words == "Gaussian pixels of deviation 0.1")
  }

  @Test("Bernoulli pixels cost max(a,0) − a·x + log(1 + e^−|a|), grey and binary, as on the reference card")
  func bernoulliReconstruction() {
    let graph = Graph()
    let logits: [Float] = [-30, -2, -0.1, 0, 0.7, 4, 90]
    for target in [Float(0), 0.3, 1] {
      let expected = logits.map(Double.init).reduce(0) { sum, a in
        sum + max(a, 0) - a * Double(target) + log1p(exp(-abs(a)))
      }
      let value = Bernoulli(logits: row(graph, logits)).logProbability(
        of: row(graph, [Float](repeating: target, count: 7)))
      #expect(agree([-numbers(value)[0]], [expected], within: 1e-5 * max(1, expected)))
    }
  }

  @Test("A divergence in closed form is the mean of log q − log p over draws from q", arguments: 0..<4)
  func monteCarlo(pair: Int) throws {
    let graph = Graph()
    let pairs: [(any Distribution, any Distribution)] = [
      (
        Normal(mean: row(graph, [0.5, -1, 0]), logVariance: row(graph, [-1, 0.5, 0])),
        Normal(mean: row(graph, [0, -0.5, 1]), logVariance: row(graph, [0.3, 0, -0.5]))
      ),
      (Bernoulli(logits: row(graph, [1, -2, 0])), Bernoulli(logits: row(graph, [0, -1, 0.5]))),
      (Categorical(logits: row(graph, [1, -1, 0, 0.5])), Categorical(logits: row(graph, [0, 0.5, -0.5, 0]))),
      (
        GaussianChain(
          mean: row(graph, [0.1, -0.2, 0.3]), logDiagonal: row(graph, [0, 0.7, -0.3]),
          subdiagonal: row(graph, [0.3, -0.4])), Normal.standard(in: graph, shape: [1, 3])
      ),
    ]
    let (first, second) = pairs[pair]
    let exact = Double(numbers(try #require(first.divergence(from: second)).sum())[0])
    let drawn = first.sample(named: "z", samples: 20_000)
    #expect(drawn.shape == [20_000] + first.shape)
    let differences = numbers(first.logProbability(of: drawn) - second.logProbability(of: drawn)).map(Double.init)
    let mean = differences.reduce(0, +) / 20_000
    let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
    let standardError = (variance / 20_000).squareRoot()
    #expect(exact > 0)
    #expect(abs(mean - exact) < 4 * standardError, "\(mean) ± \(standardError) instead of \(exact)")
  }

  @Test("A distribution does not diverge from itself")
  func selfDivergence() throws {
    let graph = Graph()
    let values = row(graph, [0.5, -1, 2])
    for distribution in [
      Normal(mean: values, logVariance: values * 0.5), Bernoulli(logits: values), Categorical(logits: values),
      Normal.standard(in: graph, shape: [1, 3]),
    ] as [any Distribution] {
      #expect(agree(numbers(try #require(distribution.divergence(from: distribution)).sum()), [0], within: 1e-6))
    }
    // Where no closed form is known, there is none, and an objective estimates it.
    let concrete = Concrete(logits: values, temperature: graph.constant(0.5))
    #expect(concrete.divergence(from: concrete) == nil)
    #expect(Normal.standard(in: graph, shape: [1, 3]).divergence(from: Bernoulli(logits: values)) == nil)
  }

  @Test("The classes of a categorical variable are scored by the logarithm of its softmax")
  func categoricalScores() {
    let graph = Graph()
    let logits: [Float] = [0.3, -1, 2, 80]
    let total = logits.reduce(0.0) { $0 + exp(Double($1) - 80) }
    for index in 0..<4 {
      let oneHot = row(graph, (0..<4).map { $0 == index ? 1 : 0 })
      let value = numbers(Categorical(logits: row(graph, logits)).logProbability(of: oneHot))
      #expect(agree(value, [Double(logits[index]) - 80 - log(total)], within: 1e-5))
    }
  }

  @Test(
    "Two Concrete classes are a logistic variable seen through a sigmoid: density and draws", arguments: [0.4, 1.5])
  func concrete(temperature: Double) {
    let graph = Graph()
    let (first, second) = (0.7, -0.4)
    let logits = row(graph, [Float(first), Float(second)])
    let concrete = Concrete(logits: logits, temperature: graph.constant(Float(temperature)))
    for share in [0.05, 0.3, 0.5, 0.9] {
      // With L logistic, logit(x) = (a₁ − a₂ + L)/τ.
      let position = temperature * log(share / (1 - share)) - (first - second)
      let density = log(sigmoid(position) * sigmoid(-position) * temperature / (share * (1 - share)))
      let value = concrete.logProbability(of: row(graph, [Float(share), Float(1 - share)]))
      #expect(agree(numbers(value), [density], within: 1e-4))
    }
    let draws = numbers(concrete.sample(named: "y", samples: 20_000))
    for share in [0.1, 0.3, 0.5, 0.9] {
      let below = stride(from: 0, to: draws.count, by: 2).count { Double(draws[$0]) < share }
      let expected = sigmoid(temperature * log(share / (1 - share)) - (first - second))
      #expect(abs(Double(below) / 20_000 - expected) < 0.015)
    }
  }

  @Test("The largest of Concrete's classes is drawn as the categorical variable of the same logits would be")
  func concreteCorners() {
    let graph = Graph()
    let logits: [Float] = [1, 0, -1, 0.5]
    let draws = numbers(
      Concrete(logits: row(graph, logits), temperature: graph.constant(0.66)).sample(named: "y", samples: 20_000))
    let total = logits.reduce(0.0) { $0 + exp(Double($1)) }
    var counts = [Double](repeating: 0, count: 4)
    for draw in 0..<20_000 {
      let values = draws[4 * draw..<4 * draw + 4]
      #expect(abs(values.reduce(0, +) - 1) < 1e-5)
      counts[(values.indices.max { values[$0] < values[$1] } ?? 0) - 4 * draw] += 1
    }
    for index in 0..<4 { #expect(abs(counts[index] / 20_000 - exp(Double(logits[index])) / total) < 0.015) }
  }

  @Test(
    "What a sure Concrete variable drew at a low temperature is scored as in double precision, and its gradient too")
  func concreteAtLowTemperature() throws {
    let (draws, classes, temperature) = (2000, 4, Float(0.05))
    let (graph, logits) = (Graph(), [15, -15, 15, -15] as [Float])
    let input = graph.input("logits", shape: [1, classes])
    var inference = Trace(batch: 1, axis: .samples(draws))
    var generative = inference
    let value = inference.sample("y", Concrete(logits: input, temperature: graph.constant(temperature)))
    let even = Concrete.uniform(in: graph, shape: [1, classes], temperature: graph.constant(temperature))
    generative.sample("y", even, value: value)
    let difference = try #require(inference["y"]).logProbability - #require(generative["y"]).logProbability
    let program = graph.compile(outputs: [
      "difference": difference, "gumbel": gumbelNoise(graph, name: "y", shape: [draws, 1, classes]),
      "slope": graph.gradients(of: difference.mean(), withRespectTo: [input])[0],
    ])
    program.withInput("logits") { _ = $0.update(fromContentsOf: logits) }
    program.run(Parameters([:]), seed: 1, step: 0, pool: .inline)
    let gumbel = program.output("gumbel").elements.map(Double.init)
    func logSumExp(_ values: [Double]) -> Double {
      let largest = values.max() ?? 0
      return log(values.reduce(0) { $0 + exp($1 - largest) }) + largest
    }
    /// log q − log p of every draw.
    func differences(_ logits: [Double]) -> [Double] {
      (0..<draws).map { draw in
        let scaled = (0..<classes).map { (logits[$0] + gumbel[draw * classes + $0]) / Double(temperature) }
        let normaliser = logSumExp(scaled)
        let logs = scaled.map { $0 - normaliser }
        func density(_ logits: [Double]) -> Double {
          let powers = zip(logits, logs).map { $0 - Double(temperature) * $1 }
          return powers.reduce(0, +) - logs.reduce(0, +) - Double(classes) * logSumExp(powers)
        }
        return density(logits) - density([Double](repeating: 0, count: classes))
      }
    }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    let point = logits.map(Double.init)
    #expect(agree(program.output("difference").elements, differences(point), within: 5e-3))
    // The divergence is no less than that of the likeliest class alone: two of four.
    #expect(mean(program.output("difference").elements.map(Double.init)) > log(2))
    let slopes = point.indices.map { place -> Double in
      var (more, less) = (point, point)
      more[place] += 1e-4
      less[place] -= 1e-4
      return (mean(differences(more)) - mean(differences(less))) / 2e-4
    }
    #expect(agree(program.output("slope").elements, slopes, within: 1e-3))
  }

  @Test("What a Concrete variable drew at a moderate temperature is scored as the same value from elsewhere")
  func concreteValues() {
    let graph = Graph()
    let concrete = Concrete(logits: row(graph, [1, 0, -1, 0.5]), temperature: graph.constant(0.66))
    let drawn = concrete.sample(named: "y", samples: 100)
    let copy = graph.constant(Tensor(shape: drawn.shape, elements: numbers(drawn)))
    let expected = numbers(concrete.logProbability(of: copy)).map(Double.init)
    #expect(agree(numbers(concrete.logProbability(of: drawn)), expected, within: 1e-3))
  }

  @Test("A chain of normal variables is drawn with the covariance that its precision L·Lᵀ has")
  func chainDraws() {
    let graph = Graph()
    let chain = GaussianChain(
      mean: row(graph, [0, 1, -1]), logDiagonal: row(graph, [0, 0.3, -0.2]), subdiagonal: row(graph, [0.6, -0.4]))
    let draws = numbers(chain.sample(named: "z", samples: 40_000)).map(Double.init)
    let variances = numbers(chain.marginalVariance).map(Double.init)
    for dimension in 0..<3 {
      let values = stride(from: dimension, to: draws.count, by: 3).map { draws[$0] - [0, 1, -1][dimension] }
      #expect(abs(values.reduce(0, +) / 40_000) < 0.03)
      #expect(abs(values.reduce(0) { $0 + $1 * $1 } / 40_000 / variances[dimension] - 1) < 0.04)
    }
    // ν₁ = (ε₁ − b₁ν₂)/a₁, so cov(ν₁, ν₂) = −b₁·var(ν₂)/a₁.
    var products = 0.0
    for start in stride(from: 0, to: draws.count, by: 3) { products += draws[start] * (draws[start + 1] - 1) }
    #expect(abs(products / 40_000 + 0.6 * variances[1]) < 0.03)
  }
}
