import Glibc
import Testing

@testable import Tensors

/// A small variational autoencoder whose extents fit no vector, and its training state.
struct SmallModel {
  let store: ParameterStore
  let step: Executable
  let pixels = 45
  let batch: Int
  let bytes: [UInt8]

  init(treatment: PixelTreatment, clipNorm: Float? = nil, hidden: Int = 21, batch: Int = 37, level: Int? = nil) {
    self.batch = batch
    let graph = Graph()
    let images = graph.images("images", shape: [batch, pixels], treatment: treatment)
    var shapes: [(name: String, shape: [Int])] = []
    func layer(_ input: Expression, _ name: String, _ output: Int, _ activation: Activation) -> Expression {
      let width = input.shape[input.rank - 1]
      shapes += [(name + ".weight", [output, width]), (name + ".bias", [output])]
      return input.linear(
        weight: graph.parameter(name + ".weight", shape: [output, width]),
        bias: graph.parameter(name + ".bias", shape: [output]), activation: activation)
    }
    let encoded = layer(images, "encoder", hidden, .relu)
    let mean = layer(encoded, "mean", 3, .identity)
    let logVariance = layer(encoded, "logVariance", 3, .identity)
    let noise = graph.noise(.standardNormal, name: "z", shape: [2, batch, 3])
    let codes = mean + (logVariance * 0.5).exp() * noise
    let logits = layer(layer(codes, "decoder", hidden, .softplus), "output", pixels, .identity)
    let likelihood = Expression.bernoulliLogLikelihood(logits: logits, targets: images).mean()
    let divergence = Expression.standardGaussianDivergence(mean: mean, logVariance: logVariance).sum(axes: [-1]).mean()
    let loss = divergence * graph.scalar("beta", initially: 0.5) - likelihood
    let adam = AdamConfiguration(clipNorm: clipNorm)
    let program = graph.compile(outputs: ["loss": loss], minimizing: loss, adam: adam)
    step =
      level.map {
        Executable(
          plan: program.plan, initialScalars: graph.initialScalars, runner: KernelBuild.runner(level: $0))
      } ?? program
    store = ParameterStore(shapes: shapes)
    for (index, entry) in shapes.enumerated() {
      store[entry.name] = testTensor(entry.shape, stream: UInt64(index), -0.3...0.3)
    }
    let random = CounterRandom(seed: 3)
    let chosen = pixels
    bytes = (0..<chosen * 200).map {
      random.uniform(UInt64($0)) < 0.3 ? UInt8(random.word(UInt64($0 + 9000)) >> 24) : 0
    }
  }

  /// Trains and returns the losses.
  func train(steps: Int, pool: WorkerPool) -> [Float] {
    var losses: [Float] = []
    bytes.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      for number in 0..<steps {
        step.bindImages("images", to: base, rows: (0..<batch).map { Int32(($0 * 7 + number * 13) % 200) })
        step.run(store, seed: 11, step: UInt64(number), pool: pool)
        losses.append(step.scalarOutput("loss"))
      }
    }
    return losses
  }

  /// Everything a step changes.
  var state: [Tensor] {
    store.names.flatMap { name in
      [
        store[name], store.moments[name]?.first ?? Tensor(shape: [0]),
        store.moments[name]?.second ?? Tensor(shape: [0]),
      ]
    }
  }
}

@Suite("A training step")
struct TrainingTests {
  @Test("gives the same bits with one, two and three threads", arguments: PixelTreatment.allCases)
  func threadsDoNotShow(_ treatment: PixelTreatment) {
    let reference = SmallModel(treatment: treatment)
    let losses = reference.train(steps: 12, pool: .inline)
    #expect(losses.allSatisfy { $0.isFinite })
    #expect(losses[11] < losses[0], "training lowers the loss: \(losses)")
    for threads in [2, 3] {
      let model = SmallModel(treatment: treatment)
      #expect(model.train(steps: 12, pool: WorkerPool(threads: threads)).map(\.bitPattern) == losses.map(\.bitPattern))
      #expect(model.state == reference.state, "\(threads) threads")
    }
  }

  @Test("gives the same bits through the sparse first layer and through dense products", arguments: [21, 150])
  func sparseEqualsDense(_ hidden: Int) {
    for treatment in [PixelTreatment.binarised, .sampled] {
      for batch in [37, 80] {
        let sparse = SmallModel(treatment: treatment, hidden: hidden, batch: batch)
        // A limit that is never reached scales by exactly 1, but keeps the general path.
        let dense = SmallModel(treatment: treatment, clipNorm: 1e30, hidden: hidden, batch: batch)
        #expect(!sparse.step.plan.transposedParameters.isEmpty)
        #expect(dense.step.plan.transposedParameters.isEmpty)
        #expect(sparse.train(steps: 8, pool: .inline) == dense.train(steps: 8, pool: .inline))
        #expect(sparse.state == dense.state)
      }
    }
  }

  @Test(
    "gives the same bits with the kernels for 256-bit and for 512-bit vectors, and close ones without fused multiply-adds"
  )
  func processorsDoNotShow() {
    let reference = SmallModel(treatment: .grey)
    let losses = reference.train(steps: 6, pool: .inline)
    for level in [0, 3, 4] where level <= KernelBuild.level {
      let model = SmallModel(treatment: .grey, level: level)
      let others = model.train(steps: 6, pool: .inline)
      for (loss, other) in zip(losses, others) { #expect(abs(loss - other) < 1e-3 * abs(loss)) }
      if level >= 3, KernelBuild.level >= 3 { #expect(model.state == reference.state, "build \(level)") }
    }
  }

  @Test("continues from copied weights, moments and count as if it had not been interrupted")
  func stateIsComplete() {
    let whole = SmallModel(treatment: .binarised)
    _ = whole.train(steps: 3, pool: .inline)
    let resumed = SmallModel(treatment: .binarised)
    for name in whole.store.names { resumed.store[name] = whole.store[name] }
    resumed.store.moments = whole.store.moments
    resumed.store.updateCount = whole.store.updateCount
    #expect(whole.train(steps: 4, pool: .inline) == resumed.train(steps: 4, pool: .inline))
    #expect(whole.state == resumed.state)
    let snapshot = whole.store.snapshot()
    #expect(snapshot.names == whole.store.names)
    for name in snapshot.names { #expect(snapshot[name] == whole.store[name]) }
  }

  @Test("moves parameters as Adam's formula says, with and without clipping")
  func adamFollowsItsFormula() {
    for clipNorm in [nil, Float(0.5)] {
      let graph = Graph()
      let weights = testTensor([5, 7], stream: 4)
      let parameter = graph.parameter("w", shape: [5, 7])
      let loss = (parameter * graph.constant(weights)).sum() + parameter.square().sum() * 0.5
      let step = graph.compile(
        outputs: [:], minimizing: loss, adam: AdamConfiguration(beta1: 0.8, beta2: 0.9, clipNorm: clipNorm))
      let store = ParameterStore(shapes: [("w", [5, 7])])
      store["w"] = testTensor([5, 7], stream: 5)
      step.setScalar("learningRate", 0.05)
      var value = store["w"].elements.map(Double.init)
      var first = [Double](repeating: 0, count: 35)
      var second = first
      for update in 1...6 {
        step.run(store, seed: 0, step: 0, pool: .inline)
        var gradient = zip(value, weights.elements).map { $0 + Double($1) }
        let norm = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
        if let clipNorm, norm > Double(clipNorm) { gradient = gradient.map { $0 * Double(clipNorm) / norm } }
        for index in 0..<35 {
          first[index] = 0.8 * first[index] + 0.2 * gradient[index]
          second[index] = 0.9 * second[index] + 0.1 * gradient[index] * gradient[index]
          let m = first[index] / (1 - pow(0.8, Double(update)))
          let v = second[index] / (1 - pow(0.9, Double(update)))
          value[index] -= 0.05 * m / (v.squareRoot() + 1e-8)
        }
      }
      for (actual, expected) in zip(store["w"].elements, value) { #expect(abs(Double(actual) - expected) < 2e-5) }
      #expect(store.updateCount == 6)
    }
  }
}
