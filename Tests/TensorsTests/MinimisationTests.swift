import Glibc
import Testing

@testable import Tensors

@Suite("Several losses in one training step")
struct MinimisationTests {
  /// Two parameters; each loss pulls its own towards a target that depends on the other's.
  private func adversaries(_ first: AdamConfiguration, _ second: AdamConfiguration) -> (Graph, [Minimisation]) {
    let graph = Graph()
    let model = graph.parameter("model.w", shape: [4, 6])
    let critic = graph.parameter("critic.w", shape: [4, 6])
    let target = graph.constant(testTensor([4, 6], stream: 3))
    let modelLoss = (model - target).square().sum() * 0.5 + (model * critic).sum() * 0.3
    let criticLoss = (critic - model.stoppingGradient() * 2).square().sum() * 0.5
    return (
      graph,
      [
        Minimisation(loss: modelLoss, parameters: { $0.hasPrefix("model.") }, adam: first),
        Minimisation(
          loss: criticLoss, parameters: { $0.hasPrefix("critic.") }, adam: second, rate: "criticRate"),
      ]
    )
  }

  private func store() -> ParameterStore {
    let store = ParameterStore(shapes: [("model.w", [4, 6]), ("critic.w", [4, 6])])
    store["model.w"] = testTensor([4, 6], stream: 1)
    store["critic.w"] = testTensor([4, 6], stream: 2)
    return store
  }

  /// Adam in double precision.
  private struct Reference {
    var value: [Double]
    var first: [Double]
    var second: [Double]

    init(_ tensor: Tensor) {
      value = tensor.elements.map(Double.init)
      first = value.map { _ in 0 }
      second = first
    }

    mutating func update(_ gradient: [Double], _ adam: AdamConfiguration, rate: Double, count: Int) {
      let (beta1, beta2) = (Double(adam.beta1), Double(adam.beta2))
      var scale = 1.0
      let norm = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
      if let limit = adam.clipNorm, norm > Double(limit) { scale = Double(limit) / norm }
      for index in value.indices {
        let g = gradient[index] * scale
        first[index] = beta1 * first[index] + (1 - beta1) * g
        second[index] = beta2 * second[index] + (1 - beta2) * g * g
        let m = first[index] / (1 - pow(beta1, Double(count)))
        let v = second[index] / (1 - pow(beta2, Double(count)))
        value[index] -= rate * m / (v.squareRoot() + Double(adam.epsilon))
      }
    }
  }

  @Test(
    "each moves its own parameters with its own rate, constants and limit, from gradients at the weights before the step",
    arguments: [nil, Float(0.7)])
  func groupsAreIndependent(_ clipNorm: Float?) {
    let first = AdamConfiguration(beta1: 0.8, beta2: 0.95, clipNorm: clipNorm)
    let second = AdamConfiguration(beta1: 0.5, beta2: 0.9)
    let (graph, losses) = adversaries(first, second)
    let step = graph.compile(outputs: ["model": losses[0].loss, "critic": losses[1].loss], minimizing: losses)
    step.setScalar("learningRate", 0.05)
    step.setScalar("criticRate", 0.01)
    let store = store()
    let target = testTensor([4, 6], stream: 3).elements.map(Double.init)
    var model = Reference(store["model.w"])
    var critic = Reference(store["critic.w"])
    for update in 1...7 {
      step.run(store, seed: 0, step: UInt64(update), pool: .inline)
      let modelGradient = model.value.indices.map { model.value[$0] - target[$0] + 0.3 * critic.value[$0] }
      let criticGradient = model.value.indices.map { critic.value[$0] - 2 * model.value[$0] }
      model.update(modelGradient, first, rate: 0.05, count: update)
      critic.update(criticGradient, second, rate: 0.01, count: update)
    }
    for (name, expected) in [("model.w", model), ("critic.w", critic)] {
      for (actual, value) in zip(store[name].elements, expected.value) { #expect(abs(Double(actual) - value) < 1e-5) }
      #expect(store[updatesOf: name] == 7)
    }
  }

  @Test("a loss alone leaves the parameters of the other, their moments and counts as they are")
  func onlyItsOwn() {
    let (graph, losses) = adversaries(AdamConfiguration(), AdamConfiguration())
    let step = graph.compile(outputs: [:], minimizing: [losses[1]])
    let store = store()
    let before = store["model.w"]
    for number in UInt64(0)..<3 { step.run(store, seed: 0, step: number, pool: .inline) }
    #expect(store["model.w"] == before)
    #expect(store.moments["model.w"]?.second == Tensor(shape: [4, 6]))
    #expect(store[updatesOf: "model.w"] == 0)
    #expect(store[updatesOf: "critic.w"] == 3)
    #expect(store["critic.w"] != testTensor([4, 6], stream: 2))
  }

  @Test("a run resumed from copied weights, moments and counts by parameter goes on bit for bit")
  func countsAreRestored() {
    let (graph, losses) = adversaries(AdamConfiguration(), AdamConfiguration(beta1: 0.5, beta2: 0.9))
    let both = graph.compile(outputs: [:], minimizing: losses)
    let alone = graph.compile(outputs: [:], minimizing: [losses[1]])
    let whole = store()
    for number in UInt64(0)..<3 { alone.run(whole, seed: 0, step: number, pool: .inline) }
    for number in UInt64(0)..<2 { both.run(whole, seed: 0, step: number, pool: .inline) }
    let resumed = ParameterStore(shapes: [("critic.w", [4, 6]), ("model.w", [4, 6])])
    for name in whole.names {
      resumed[name] = whole[name]
      resumed[updatesOf: name] = whole[updatesOf: name]
    }
    resumed.moments = whole.moments
    for number in UInt64(0)..<4 {
      both.run(whole, seed: 0, step: number, pool: .inline)
      both.run(resumed, seed: 0, step: number, pool: WorkerPool(threads: 2))
    }
    for name in whole.names {
      #expect(whole[name] == resumed[name])
      #expect(whole[updatesOf: name] == resumed[updatesOf: name])
    }
    #expect(whole[updatesOf: "model.w"] == 6)
    #expect(whole[updatesOf: "critic.w"] == 9)
  }

  @Test("a product of two weights moves both by the gradients at the weights before the step")
  func weightsThatAreEachOthersGradients() {
    for matrices in [false, true] {
      let graph = Graph()
      let left = graph.parameter("left", shape: [5, 5])
      let right = graph.parameter("right", shape: [5, 5])
      let loss = matrices ? left.matrixProduct(right).sum() : (left * right).sum()
      let adam = AdamConfiguration(beta1: 0, beta2: 0, epsilon: 1)
      let step = graph.compile(outputs: [:], minimizing: loss, adam: adam)
      step.setScalar("learningRate", 0.5)
      let store = ParameterStore(shapes: [("left", [5, 5]), ("right", [5, 5])])
      let (a, b) = (testTensor([5, 5], stream: 1), testTensor([5, 5], stream: 2))
      store["left"] = a
      store["right"] = b
      step.run(store, seed: 0, step: 0, pool: .inline)
      for row in 0..<5 {
        for column in 0..<5 {
          let forLeft = matrices ? (0..<5).reduce(Float(0)) { $0 + b[column, $1] } : b[row, column]
          let forRight = matrices ? (0..<5).reduce(Float(0)) { $0 + a[$1, row] } : a[row, column]
          // With β₁ = β₂ = 0 and ε = 1 the step is rate·g / (|g| + 1).
          let newLeft = a[row, column] - 0.5 * forLeft / (abs(forLeft) + 1)
          let newRight = b[row, column] - 0.5 * forRight / (abs(forRight) + 1)
          #expect(abs(store["left"][row, column] - newLeft) < 1e-5)
          #expect(abs(store["right"][row, column] - newRight) < 1e-5)
        }
      }
    }
  }
}
