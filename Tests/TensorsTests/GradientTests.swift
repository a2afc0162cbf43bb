import Glibc
import KernelInterface
import Testing

@testable import Tensors

/// One operation under test: its operands and the graph it makes of them.
struct Scenario: Sendable, CustomTestStringConvertible {
  let name: String
  let shapes: [[Int]]
  let range: ClosedRange<Float>
  let build: @Sendable ([Expression]) -> Expression
  var testDescription: String { name }

  init(
    _ name: String, _ shapes: [[Int]], _ range: ClosedRange<Float> = -1.5...1.5,
    _ build: @escaping @Sendable ([Expression]) -> Expression
  ) {
    self.name = name
    self.shapes = shapes
    self.range = range
    self.build = build
  }
}

private let elementwise: [Scenario] = [
  Scenario("sum with a row", [[3, 5], [5]]) { $0[0] + $0[1] },
  Scenario("difference with a column", [[3, 5], [3, 1]]) { $0[0] - $0[1] },
  Scenario("product of column and row", [[4, 1], [1, 7]]) { $0[0] * $0[1] },
  Scenario("quotient with leading axes", [[2, 3, 4], [4]], 0.5...2) { $0[0] / $0[1] },
  Scenario("number on either side", [[3, 4]], 0.5...2) { 2 - 3 * $0[0] / 5 + 1 / $0[0] },
  Scenario("number on the other side", [[3, 4]]) { (1 + $0[0]) * 2 + ((0.5 + $0[0] - 3) * -1) },
  Scenario("negation", [[5, 4]]) { -$0[0] },
  Scenario("copy", [[5, 4]]) { $0[0].unary(.copy) * $0[0] },
  Scenario("sign", [[5, 4]]) { $0[0].unary(.sign) * $0[0] },
  Scenario("step", [[5, 4]]) { $0[0].step() + $0[0] },
  Scenario("comparison", [[6, 6], [6]]) { $0[0].greaterOrEqual($0[1]) * $0[0] + $0[1] },
  Scenario("maximum and minimum with a number", [[6, 6]]) { $0[0].maximum(0.2) * $0[0].minimum(-0.1) },
  Scenario("exp", [[19, 18]]) { $0[0].exp() },
  Scenario("log", [[33]], 0.2...3) { $0[0].log() },
  Scenario("square root", [[5, 4]], 0.2...3) { $0[0].sqrt() },
  Scenario("square", [[5, 4]]) { $0[0].square() },
  Scenario("reciprocal", [[5, 4]], 0.4...3) { $0[0].reciprocal() },
  Scenario("absolute", [[5, 4]]) { $0[0].absolute() },
  Scenario("tanh", [[17, 3]]) { $0[0].tanh() },
  Scenario("sigmoid", [[17, 3]]) { $0[0].sigmoid() },
  Scenario("softplus", [[17, 3]]) { $0[0].softplus() },
  Scenario("relu", [[17, 3]]) { $0[0].relu() },
  Scenario("elu", [[17, 3]]) { $0[0].elu() },
  Scenario("leaky relu", [[17, 3]]) { $0[0].leakyRelu() },
  Scenario("leaky step", [[17, 3]]) { $0[0].leakyRelu().unary(.leakyStep) * $0[0] },
  Scenario("sine and cosine", [[17, 3]], -9...9) { $0[0].sine() * 2 + $0[0].cosine().square() },
  Scenario("clamped", [[6, 6]]) { $0[0].clamped(-0.7...0.9) },
  Scenario("maximum and minimum", [[6, 6], [6]]) { $0[0].maximum($0[1]) * $0[0].minimum($0[1]) },
  Scenario("stopped gradient", [[6]]) { $0[0] * $0[0].stoppingGradient() },
  Scenario("softplus slope", [[6]]) { $0[0].softplus().unary(.softplusSlope) },
]

private let movement: [Scenario] = [
  Scenario("slices beside each other, with a gap, across each other and along two axes", [[9, 6]]) { x in
    let rows = [0..<1, 1..<3, 4..<6, 2..<5].map { x[0].sliced(axis: 0, range: $0).square().sum() }
    let columns = [1..<3, 3..<4].map { x[0].sliced(axis: 1, range: $0).exp().sum() }
    return (rows + columns).enumerated().map { Float($0 + 1) * $1 }.reduce(x[0].sum(), +)
  },
  Scenario("weights that lie across what they weigh", [[18, 3], [54, 4], [4, 20]]) { x in
    x[0].transposed([1, 0]).reshaped([3, 18, 1]).broadcast(to: [3, 18, 20])
      * x[1].matrixProduct(x[2]).reshaped([3, 18, 20]).square()
  },
  Scenario("sum over a middle axis", [[3, 4, 5]]) { $0[0].square().sum(axes: [1]) },
  Scenario("sum over two axes kept", [[3, 4, 5]]) { $0[0].square().sum(axes: [0, 2], keepingDimensions: true) },
  Scenario("mean over the first axis", [[20, 40]]) { $0[0].square().mean(axes: [0]) },
  Scenario("mean of all", [[7, 33]]) { $0[0].square().mean() },
  Scenario("mean over two axes kept", [[3, 4, 5]]) { $0[0].square().mean(axes: [0, -1], keepingDimensions: true) },
  Scenario("largest of the last axis", [[4, 21]]) { $0[0].square().maximum(axis: -1) },
  Scenario("largest of the first axis", [[21, 4]]) { $0[0].maximum(axis: 0).exp() },
  Scenario("log-sum-exp over the last axis", [[4, 21]]) { $0[0].logSumExp(axis: -1) },
  Scenario("log-sum-exp over the first axis", [[4, 21]]) { $0[0].logSumExp(axis: 0, keepingDimensions: true) },
  Scenario("softmax", [[4, 5]]) { $0[0].softmax(axis: 1) },
  Scenario("log-softmax", [[2, 4, 5]]) { $0[0].logSoftmax(axis: 1) },
  Scenario("reshape", [[4, 6]]) { $0[0].exp().reshaped([3, 8]).square() },
  Scenario("reshape of a product", [[6, 4], [4, 4]]) { $0[0].matrixProduct($0[1]).reshaped([2, 3, 2, 2]).square() },
  Scenario("broadcast", [[3, 1, 2]]) { $0[0].broadcast(to: [2, 3, 4, 2]).square() },
  Scenario("transpose", [[2, 3, 4]]) { $0[0].transposed([2, 0, 1]).square() },
  Scenario("transpose of computed", [[20, 33]]) { $0[0].exp().transposed([1, 0]).square() },
  Scenario("slice", [[5, 6]]) { $0[0].square().sliced(axis: 1, range: 2..<5) },
  Scenario("two halves", [[5, 6]]) {
    $0[0].sliced(axis: 1, range: 0..<3).exp() * $0[0].sliced(axis: 1, range: 3..<6)
  },
  Scenario("concatenation", [[2, 3], [4, 3]]) { Expression.concatenated([$0[0].square(), $0[1]], axis: 0).exp() },
  Scenario("softmax over the first of three axes", [[3, 5, 4]]) { $0[0].softmax(axis: 0).square() },
  Scenario("columns in another order", [[19, 6]]) {
    $0[0].exp().permuted(axis: 1, by: [3, 0, 5, 1, 4, 2]).square()
  },
  Scenario("rows reversed", [[35, 18]]) { $0[0].permuted(axis: 0, by: (0..<35).reversed()).square() },
  Scenario("blocks of a middle axis in another order", [[2, 4, 3, 5]]) {
    $0[0].permuted(axis: 1, by: [2, 3, 0, 1]).exp() * $0[0]
  },
  Scenario("entries of a vector in another order", [[20]]) {
    $0[0].permuted(axis: 0, by: (0..<20).map { $0 * 7 % 20 })
  },
  Scenario("rows taken twice, not at all and as zeros", [[5, 18]]) {
    ($0[0].gathered(axis: 0, indices: [4, 0, 0, -1, 2, 0, 4]) + 1).square()
  },
  Scenario("slice of padding", [[2, 3]]) {
    $0[0].padded(axis: 1, before: 2, after: 1).sliced(axis: 1, range: 3..<5).exp()
  },
  Scenario("padding", [[2, 3]]) { ($0[0].padded(axis: 1, before: 1, after: 2) + 1).square() },
]

private let layers: [Scenario] = [
  Scenario("matrix product", [[20, 7], [7, 33]]) { $0[0].matrixProduct($0[1]) },
  Scenario("left transposed", [[7, 20], [7, 33]]) { $0[0].matrixProduct($0[1], transposingLeft: true) },
  Scenario("right transposed", [[20, 7], [33, 7]]) { $0[0].matrixProduct($0[1], transposingRight: true) },
  Scenario("both transposed", [[7, 5], [6, 7]]) {
    $0[0].matrixProduct($0[1], transposingLeft: true, transposingRight: true)
  },
  Scenario("batched product", [[3, 4, 5], [3, 5, 6]]) { $0[0].matrixProduct($0[1]) },
  Scenario("broadcast batched product", [[2, 3, 4, 5], [5, 6]]) { $0[0].matrixProduct($0[1]).exp() * 0.1 },
  Scenario("one row", [[1, 37], [19, 37], [19]]) { $0[0].linear(weight: $0[1], bias: $0[2], activation: .tanh) },
  Scenario("linear with samples", [[2, 3, 5], [4, 5], [4]]) { $0[0].linear(weight: $0[1], bias: $0[2]) },
  Scenario("relu layer", [[18, 5], [20, 5], [20]]) { $0[0].linear(weight: $0[1], bias: $0[2], activation: .relu) },
  Scenario("elu layer", [[18, 5], [20, 5], [20]]) { $0[0].linear(weight: $0[1], bias: $0[2], activation: .elu) },
  Scenario("softplus layer", [[18, 5], [20, 5], [20]]) {
    $0[0].linear(weight: $0[1], bias: $0[2], activation: .softplus)
  },
  Scenario("sigmoid layer", [[18, 5], [20, 5], [20]]) {
    $0[0].linear(weight: $0[1], bias: $0[2], activation: .sigmoid)
  },
  Scenario("two layers", [[130, 5], [20, 5], [20], [3, 20]]) {
    $0[0].linear(weight: $0[1], bias: $0[2], activation: .tanh).linear(weight: $0[3], bias: nil)
  },
  Scenario("Bernoulli log-likelihood", [[2, 18, 5], [18, 5]], 0.05...0.95) {
    Expression.bernoulliLogLikelihood(logits: $0[0] * 4 - 2, targets: $0[1])
  },
  Scenario("Gaussian log-density", [[4, 6], [4, 6], [6]]) {
    Expression.gaussianLogDensity(value: $0[0], mean: $0[1], logVariance: $0[2])
  },
  Scenario("divergence from the standard normal", [[4, 6], [4, 6]]) {
    Expression.standardGaussianDivergence(mean: $0[0], logVariance: $0[1])
  },
  Scenario("leaky relu layer", [[18, 5], [20, 5], [20]]) {
    $0[0].linear(weight: $0[1], bias: $0[2], activation: .leakyRelu)
  },
]

/// Log-densities of pairs: batches that fit no vector and more than one tile, subsets that overlap.
private let pairs: [Scenario] = [
  Scenario("densities by dimension and of all", [[9, 3], [9, 3], [9, 3]]) {
    $0[0].pairwiseLogDensity(mean: $0[1], logVariance: $0[2], logWeights: nil, subsets: [[0, 1, 2], [0], [1], [2]])
  },
  Scenario("densities of groups with weights", [[18, 5], [18, 5], [18, 5]]) {
    let weights = $0[0].graph.constant(testTensor([18, 18], stream: 55, -3...0))
    return $0[0].pairwiseLogDensity(
      mean: $0[1], logVariance: $0[2], logWeights: weights,
      subsets: [[0, 1, 2, 3, 4], [3, 1], [1], [1], [0, 2, 4], [4], [0]])
  },
  Scenario("densities of one dimension only", [[17, 4], [17, 4], [17, 4]]) {
    $0[0].pairwiseLogDensity(mean: $0[1], logVariance: $0[2], logWeights: nil, subsets: [[2]])
  },
  Scenario("densities of fewer samples than references", [[5, 2], [131, 2], [131, 2], [5, 131]]) {
    $0[0].pairwiseLogDensity(mean: $0[1], logVariance: $0[2], logWeights: $0[3], subsets: [[0], [1, 0], [1]])
  },
  Scenario("densities of more samples than references", [[133, 2], [3, 2], [3, 2], [3]]) {
    $0[0].pairwiseLogDensity(mean: $0[1], logVariance: $0[2], logWeights: $0[3], subsets: [[1, 0], [1]])
  },
  Scenario("densities of computed codes", [[20, 4], [20, 2]]) {
    let mean = $0[0].sliced(axis: 1, range: 0..<2)
    let logVariance = $0[0].sliced(axis: 1, range: 2..<4)
    let codes = mean + (logVariance * 0.5).exp() * $0[1]
    return codes.pairwiseLogDensity(
      mean: mean, logVariance: logVariance, logWeights: nil, subsets: [[0, 1], [0], [1]])
  },
]

@Suite("Every operation agrees with double precision, and its gradient with finite differences")
struct GradientTests {
  @Test("no operation is left out") func everyOperation() {
    var met: Set<String> = []
    for scenario in elementwise + movement + layers + pairs {
      let graph = Graph()
      _ = scenario.build(scenario.shapes.indices.map { graph.input("x\($0)", shape: scenario.shapes[$0]) })
      met.formUnion(graph.nodes.map { kind($0.operation) })
    }
    let functions =
      (UInt8.min ... .max).compactMap(UnaryOperation.init).map { kind(.unary($0)) }
      + (UInt8.min ... .max).compactMap(BinaryOperation.init).map { kind(.binary($0)) }
    let structural: [Operation] = [
      .sum(axes: []), .maximum(axes: []), .reshape, .broadcast, .transpose([]), .slice(axis: 0, start: 0),
      .pad(axis: 0, before: 0), .concatenate(axis: 0), .stopGradient,
      .matrixProduct(transposingLeft: false, transposingRight: false), .gather(axis: 0, indices: []),
      .pairwise(PairwiseLayout(subsets: [], dimensions: 0), .densities),
    ]
    #expect(functions.count == 28)
    for operation in functions + structural.map(kind) {
      #expect(met.contains(operation), "no scenario differentiates \(operation)")
    }
  }

  /// The operation without what it is applied to; leaves, which have nothing to differentiate, are all the same.
  private func kind(_ operation: Operation) -> String {
    switch operation {
    case .input, .images, .labels, .knownLabels, .rows, .parameter, .scalar, .constant, .noise: "leaf"
    case .unary(let function): "\(function)"
    case .binary(let function): "binary \(function)"
    case .sum: "sum"
    case .maximum: "largest"
    case .reshape: "reshape"
    case .broadcast: "broadcast"
    case .transpose: "transpose"
    case .slice: "slice"
    case .pad: "pad"
    case .concatenate: "concatenate"
    case .matrixProduct: "matrix product"
    case .gather: "gather"
    case .pairwise: "pairwise"
    case .stopGradient: "stop gradient"
    }
  }

  @Test("what is stopped counts as a constant, and equally large elements share the gradient")
  func definedAtWill() {
    let graph = Graph()
    let input = graph.input("x", shape: [3])
    let stopped = (input * input.stoppingGradient()).sum()
    let gradients = [stopped, input.maximum(axis: 0).sum()].map { graph.gradients(of: $0, withRespectTo: [input])[0] }
    let executable = graph.compile(outputs: ["stopped": gradients[0], "largest": gradients[1]])
    run(executable, graph, ["x": Tensor(shape: [3], elements: [2, -1, 2])])
    #expect(executable.output("stopped").elements == [2, -1, 2])
    #expect(executable.output("largest").elements == [0.5, 0, 0.5])
  }

  @Test("elementwise", arguments: elementwise) func elementwiseOperations(_ scenario: Scenario) { check(scenario) }
  @Test("movement and reductions", arguments: movement) func movementOperations(_ scenario: Scenario) {
    check(scenario)
  }
  @Test("products and layers", arguments: layers) func layerOperations(_ scenario: Scenario) { check(scenario) }
  @Test("log-densities of pairs", arguments: pairs) func pairwiseOperations(_ scenario: Scenario) { check(scenario) }

  private func check(_ scenario: Scenario) {
    for asParameters in [false, true] {
      let graph = Graph()
      let names = scenario.shapes.indices.map { "x\($0)" }
      let variables = zip(names, scenario.shapes).map {
        asParameters && $1.count <= 2 ? graph.parameter($0, shape: $1) : graph.input($0, shape: $1)
      }
      let value = scenario.build(variables)
      // A different weight for every element, so that no element's gradient hides behind another's.
      let weights = graph.constant(testTensor(value.shape, stream: 99, 0.5...1.5))
      let loss = (value * weights).sum()
      let gradients = graph.gradients(of: loss, withRespectTo: variables)
      var outputs = ["value": value, "loss": loss]
      for (name, gradient) in zip(names, gradients) { outputs["gradient " + name] = gradient }
      var tensors: [String: Tensor] = [:]
      for (position, shape) in scenario.shapes.enumerated() {
        tensors[names[position]] = testTensor(shape, stream: UInt64(position), scenario.range)
      }
      let executable = graph.compile(outputs: outputs)
      run(executable, graph, tensors)
      let reference = Reference(graph, tensors)
      expectClose(executable.output("value"), reference.evaluate(value), "\(scenario.name): value")
      for (name, gradient) in zip(names, gradients) {
        let symbolic = reference.evaluate(gradient)
        expectClose(executable.output("gradient " + name), symbolic, "\(scenario.name): gradient of \(name)")
        if scenario.name == "stopped gradient" { continue }
        let count = tensors[name]?.count ?? 0
        for element in stride(from: 0, to: count, by: max(1, count / 7)) {
          let difference = centralDifference(reference, loss, name, element)
          #expect(
            abs(difference - symbolic[element]) <= 1e-5 * max(1, abs(difference)),
            "\(scenario.name): ∂/∂\(name)[\(element)] is \(symbolic[element]), finite differences say \(difference)")
        }
      }
    }
  }

  private func centralDifference(_ reference: Reference, _ loss: Expression, _ name: String, _ element: Int) -> Double {
    let step = 1e-5
    var above = reference
    var below = reference
    above.inputs[name]?[element] += step
    below.inputs[name]?[element] -= step
    return (above.evaluate(loss)[0] - below.evaluate(loss)[0]) / (2 * step)
  }

  private func expectClose(_ tensor: Tensor, _ expected: [Double], _ what: String) {
    #expect(tensor.count == expected.count, "\(what): \(tensor.count) elements")
    guard tensor.count == expected.count else { return }
    let scale = expected.map(abs).max() ?? 1
    for (index, pair) in zip(tensor.elements, expected).enumerated() {
      let error = abs(Double(pair.0) - pair.1)
      if !(error <= 4e-6 * max(1, scale)) {
        Issue.record("\(what): element \(index) is \(pair.0) instead of \(pair.1)")
        return
      }
    }
  }
}
