import Glibc
import Testing

@testable import Tensors

@Suite("Log-densities under the aggregate posterior")
struct PairwiseDensityTests {
  /// Codes and posteriors of reference.md §6, and the weights of an estimator for N = 60,000.
  private struct Golden {
    let mean = Tensor(shape: [3, 2], elements: [0.5, -1, 1, 0, -0.5, 2])
    let logVariance = Tensor(shape: [3, 2], elements: [0, -1, -1, -0.5, -2, 0])
    let noise = Tensor(shape: [3, 2], elements: [0.1, -0.2, 0.3, 0.4, -0.5, 0.6])

    /// Mutual information, total correlation and dimension-wise divergence.
    func terms(_ weight: (_ row: Int, _ column: Int) -> Double) -> [Double] {
      let graph = Graph()
      let (mean, logVariance) = (graph.constant(mean), graph.constant(logVariance))
      let codes = mean + (logVariance * 0.5).exp() * graph.constant(noise)
      var weights = Tensor(shape: [3, 3])
      for row in 0..<3 { for column in 0..<3 { weights[row, column] = Float(log(weight(row, column))) } }
      let densities = codes.pairwiseLogDensity(
        mean: mean, logVariance: logVariance, logWeights: graph.constant(weights), subsets: [[0, 1], [0], [1]])
      let own = Expression.gaussianLogDensity(value: codes, mean: mean, logVariance: logVariance).sum(axes: [1])
      let prior = Expression.gaussianLogDensity(
        value: codes, mean: graph.constant(0), logVariance: graph.constant(0)
      ).sum(axes: [1])
      let joint = densities.sliced(axis: 1, range: 0..<1).reshaped([3])
      let product = densities.sliced(axis: 1, range: 1..<3).sum(axes: [1])
      let executable = graph.compile(outputs: [
        "mutual": (own - joint).mean(), "total": (joint - product).mean(), "divergence": (product - prior).mean(),
      ])
      executable.run(Parameters([:]), seed: 0, step: 0, pool: .inline)
      return ["mutual", "total", "divergence"].map { Double(executable.scalarOutput($0)) }
    }
  }

  @Test("give the published decomposition for every weighting")
  func goldenVectors() {
    let n = 60_000.0
    let cases: [(String, (Int, Int) -> Double, [Double])] = [
      ("plain", { _, _ in 1 / 3 }, [0.97044, 0.55472, 0.79637]),
      ("minibatch-weighted", { _, _ in 1 / (3 * n) }, [11.97254, 11.55682, -21.20783]),
      ("hfvae", { $0 == $1 ? 1 / n : (n - 1) / (n * 2) }, [4.9313, -0.4255, -2.1842]),
    ]
    for (name, weight, expected) in cases {
      let found = Golden().terms(weight)
      for (value, wanted) in zip(found, expected) { #expect(abs(value - wanted) < 1.5e-4, "\(name): \(found)") }
      #expect(abs(found.reduce(0, +) - 2.32153) < 1e-4, "\(name) sums to the Monte-Carlo divergence")
    }
  }

  /// A training step that lowers total correlation by the pairwise operation.
  private func step(batch: Int, latent: Int) -> (Executable, ParameterStore) {
    let graph = Graph()
    let mean = graph.parameter("mean", shape: [batch, latent])
    let logVariance = graph.parameter("logVariance", shape: [batch, latent])
    let codes = mean + (logVariance * 0.5).exp() * graph.noise(.standardNormal, name: "z", shape: [batch, latent])
    let densities = codes.pairwiseLogDensity(
      mean: mean, logVariance: logVariance,
      logWeights: graph.constant(testTensor([batch, batch], stream: 8, -4...0)),
      subsets: [Array(0..<latent)] + (0..<latent).map { [$0] })
    let joint = densities.sliced(axis: 1, range: 0..<1).mean()
    let loss = joint - densities.sliced(axis: 1, range: 1..<latent + 1).sum(axes: [1]).mean()
    let executable = graph.compile(outputs: ["loss": loss], minimizing: loss, adam: AdamConfiguration())
    let store = ParameterStore(shapes: graph.parameters)
    store["mean"] = testTensor([batch, latent], stream: 1)
    store["logVariance"] = testTensor([batch, latent], stream: 2)
    return (executable, store)
  }

  @Test("are those of codes of many dimensions too", arguments: [513, 1100])
  func manyDimensions(latent: Int) {
    let graph = Graph()
    let (mean, logVariance) = (testTensor([5, latent], stream: 1), testTensor([5, latent], stream: 2))
    let code = testTensor([5, latent], stream: 3)
    let densities = graph.constant(code).pairwiseLogDensity(
      mean: graph.parameter("mean", shape: [5, latent]), logVariance: graph.constant(logVariance), logWeights: nil,
      subsets: [Array(0..<latent)])
    let loss = densities.mean()
    let step = graph.compile(
      outputs: ["densities": densities, "loss": loss], minimizing: loss, adam: AdamConfiguration())
    let store = ParameterStore(shapes: graph.parameters)
    store["mean"] = mean
    step.run(store, seed: 1, step: 0, pool: WorkerPool(threads: 2))
    let found = step.output("densities").elements
    for i in 0..<5 {
      let exponents = (0..<5).map { j in
        (0..<latent).reduce(0.0) { sum, d in
          let (s, difference) = (Double(logVariance[j, d]), Double(code[i, d]) - Double(mean[j, d]))
          return sum - 0.5 * (difference * difference * exp(-s) + s + log(2 * .pi))
        }
      }
      let top = exponents.max() ?? 0
      let expected = top + log(exponents.reduce(0) { $0 + exp($1 - top) })
      #expect(abs(Double(found[i]) - expected) < 1e-4 * abs(expected))
    }
    #expect(store["mean"] != mean && store["mean"].elements.allSatisfy(\.isFinite))
  }

  @Test("train to the same bits with one, two and three threads")
  func threadsDoNotShow() {
    for (batch, latent) in [(37, 5), (150, 3)] {
      var first: [Tensor] = []
      for threads in 1...3 {
        let (step, store) = step(batch: batch, latent: latent)
        let pool = WorkerPool(threads: threads)
        for number in 0..<8 { step.run(store, seed: 1, step: UInt64(number), pool: pool) }
        let state = [store["mean"], store["logVariance"]]
        if threads == 1 { first = state }
        #expect(state == first, "\(threads) threads")
        #expect(step.scalarOutput("loss").isFinite)
      }
    }
  }

  @Test("hold nothing of the size of batch × batch × dimensions in memory")
  func memoryStaysSmall() {
    let (step, _) = step(batch: 256, latent: 50)
    #expect(step.memorySize < 256 * 256 * 50 * 4 / 4)
  }

  @Test("stay finite where posteriors lie far apart, and tell a code that is not a number")
  func extremes() {
    for (far, isFinite) in [(Float(1e4), true), (.nan, false)] {
      let graph = Graph()
      let codes = graph.constant(Tensor(shape: [3, 2], elements: [0, 0, far, 0, -far, 1]))
      let mean = graph.constant(Tensor(shape: [3, 2], elements: [0, 0, 1e4, 0, -1e4, 1]))
      let logVariance = graph.constant(Tensor(shape: [3, 2], elements: [-20, 3, 0, -20, 20, 0]))
      let densities = codes.pairwiseLogDensity(
        mean: mean, logVariance: logVariance, logWeights: nil, subsets: [[0, 1], [0], [1]])
      let executable = graph.compile(outputs: ["densities": densities])
      executable.run(Parameters([:]), seed: 0, step: 0, pool: .inline)
      let values = executable.output("densities").elements
      #expect(values.prefix(3).allSatisfy { $0.isFinite })
      #expect(values.allSatisfy { $0.isFinite } == isFinite)
      if isFinite {
        // Alone with its posterior: −½(log 2π + s) by dimension.
        #expect(abs(values[1] - (-0.5 * (1.837877 - 20))) < 1e-4)
      }
    }
  }

  @Test("are as exact for a code far from every posterior as for one among them", arguments: [5, 16, 37, 300])
  func distances(_ references: Int) throws {
    // Of one dimension alone: near, at the edge of what one pass reaches, and beyond.
    let codes: [Float] = [0, 0.7, -2.5, 9, 11, -13, 40, 1000, -90, 0.1, 3, 5, 7, 8, -8, -6, 2, 400]
    let means = (0..<references).map { Float($0 % 11) * 0.2 - 1 }
    let logVariances = (0..<references).map { Float($0 % 7) * 0.5 - 2 }
    var weights = Tensor(shape: [codes.count, references])
    for i in codes.indices { for j in 0..<references { weights[i, j] = -Float((i + 3 * j) % 13) } }
    let graph = Graph()
    let column = Tensor(shape: [codes.count, 1], elements: codes)
    let executable = graph.compile(outputs: [
      "densities": graph.constant(column).pairwiseLogDensity(
        mean: graph.constant(Tensor(shape: [references, 1], elements: means)),
        logVariance: graph.constant(Tensor(shape: [references, 1], elements: logVariances)),
        logWeights: graph.constant(weights), subsets: [[0]])
    ])
    executable.run(Parameters([:]), seed: 0, step: 0, pool: .inline)
    for (i, found) in executable.output("densities").elements.enumerated() {
      let terms = (0..<references).map { j in
        let distance = Double(codes[i]) - Double(means[j])
        let s = Double(logVariances[j])
        return Double(weights[i, j]) - 0.5 * (log(2 * Double.pi) + s + distance * distance * exp(-s))
      }
      let top = try #require(terms.max())
      let exact = top + log(terms.map { exp($0 - top) }.reduce(0, +))
      #expect(abs(Double(found) - exact) < 2e-5 * max(1, abs(exact)), "code \(codes[i]): \(found), \(exact)")
    }
  }

  @Test("depend on nothing that lay in memory before", arguments: [5, 20, 37])
  func earlierRuns(_ batch: Int) {
    let graph = Graph()
    let codes = graph.input("codes", shape: [batch, 3])
    let mean = graph.input("mean", shape: [batch, 3])
    let executable = graph.compile(outputs: [
      "densities": codes.pairwiseLogDensity(
        mean: mean, logVariance: (mean * 0.3).minimum(1),
        logWeights: graph.constant(testTensor([batch, batch], stream: 8, -4...0)), subsets: [[0, 1, 2], [0], [1], [2]])
    ])
    func densities(_ scale: Float) -> [Float] {
      for (name, stream) in [("codes", UInt64(3)), ("mean", 4)] {
        let values = testTensor([batch, 3], stream: stream, -1...1).elements
        executable.withInput(name) { target in for index in values.indices { target[index] = values[index] * scale } }
      }
      executable.run(Parameters([:]), seed: 0, step: 0, pool: .inline)
      return executable.output("densities").elements
    }
    let first = densities(1)
    _ = densities(1e6)
    #expect(densities(1) == first)
  }
}
