import Glibc
import KernelInterface

@testable import Tensors

/// Evaluates a graph in double precision, node by node and element by element: what every plan is held against.
struct Reference {
  let graph: Graph
  var inputs: [String: [Double]]

  init(_ graph: Graph, _ inputs: [String: Tensor]) {
    self.graph = graph
    self.inputs = inputs.mapValues { $0.elements.map(Double.init) }
  }

  func evaluate(_ expression: Expression) -> [Double] {
    var memo: [Int: [Double]] = [:]
    return evaluate(expression.index, &memo)
  }

  private func evaluate(_ index: Int, _ memo: inout [Int: [Double]]) -> [Double] {
    if let known = memo[index] { return known }
    let node = graph.nodes[index]
    let operands = node.operands.map { evaluate($0, &memo) }
    let shapes = node.operands.map { graph.nodes[$0].shape }
    let result = compute(node, operands, shapes)
    memo[index] = result
    return result
  }

  private func compute(_ node: Node, _ operands: [[Double]], _ shapes: [[Int]]) -> [Double] {
    switch node.operation {
    case .input(let name), .parameter(let name), .noise(_, let name), .images(let name, _), .labels(let name),
      .rows(let name), .knownLabels(let name, _):
      return inputs[name] ?? []
    case .scalar(let name): return inputs[name] ?? [Double(graph.initialScalars[name] ?? 0)]
    case .constant(let tensor): return tensor.elements.map(Double.init)
    case .unary(let operation): return operands[0].map { Self.unary(operation, $0) }
    case .binary(let operation): return zip(operands[0], operands[1]).map { Self.binary(operation, $0, $1) }
    case .reshape, .stopGradient: return operands[0]
    case .sum(let axes): return reduce(operands[0], shapes[0], axes, 0, +)
    case .maximum(let axes): return reduce(operands[0], shapes[0], axes, -.infinity, max)
    case .broadcast:
      let missing = node.shape.count - shapes[0].count
      return gather(operands[0], shapes[0], node.shape) { position in
        shapes[0].indices.map { shapes[0][$0] == 1 ? 0 : position[$0 + missing] }
      }
    case .transpose(let axes):
      return gather(operands[0], shapes[0], node.shape) { position in
        var inner = position
        for (place, axis) in axes.enumerated() { inner[axis] = position[place] }
        return inner
      }
    case .slice(let axis, let start):
      return gather(operands[0], shapes[0], node.shape) { position in
        var inner = position
        inner[axis] += start
        return inner
      }
    case .pad(let axis, let before):
      return gather(operands[0], shapes[0], node.shape) { position in
        var inner = position
        inner[axis] -= before
        return inner[axis] >= 0 && inner[axis] < shapes[0][axis] ? inner : nil
      }
    case .concatenate(let axis):
      return positions(node.shape).map { position in
        var inner = position
        var part = 0
        while inner[axis] >= shapes[part][axis] {
          inner[axis] -= shapes[part][axis]
          part += 1
        }
        return operands[part][offset(inner, shapes[part])]
      }
    case .gather(let axis, let indices):
      return gather(operands[0], shapes[0], node.shape) { position in
        var inner = position
        inner[axis] = Int(indices[position[axis]])
        return inner[axis] < 0 ? nil : inner
      }
    case .pairwise(let layout, let role):
      return PairwiseReference(layout: layout, operands: operands, shapes: shapes, role: role).result(node.shape)
    case .matrixProduct(let left, let right): return product(node, operands, shapes, left, right)
    }
  }

  private func product(
    _ node: Node, _ operands: [[Double]], _ shapes: [[Int]], _ transposingLeft: Bool, _ transposingRight: Bool
  ) -> [Double] {
    let rank = node.shape.count
    let inner = shapes[0][rank - (transposingLeft ? 2 : 1)]
    return positions(node.shape).map { position in
      let leading = Array(position.dropLast(2))
      let (i, j) = (position[rank - 2], position[rank - 1])
      return (0..<inner).reduce(0.0) { sum, k in
        let a = operands[0][offset(leading + (transposingLeft ? [k, i] : [i, k]), shapes[0])]
        let b = operands[1][offset(leading + (transposingRight ? [j, k] : [k, j]), shapes[1])]
        return sum + a * b
      }
    }
  }

  private func positions(_ shape: [Int]) -> [[Int]] {
    shape.reduce([[]]) { prefixes, extent in prefixes.flatMap { prefix in (0..<extent).map { prefix + [$0] } } }
  }

  private func offset(_ position: [Int], _ shape: [Int]) -> Int {
    zip(position, shape).reduce(0) { $0 * $1.1 + $1.0 }
  }

  private func gather(
    _ values: [Double], _ shape: [Int], _ target: [Int], _ map: ([Int]) -> [Int]?
  ) -> [Double] {
    positions(target).map { map($0).map { values[offset($0, shape)] } ?? 0 }
  }

  private func reduce(
    _ values: [Double], _ shape: [Int], _ axes: [Int], _ start: Double, _ combine: (Double, Double) -> Double
  ) -> [Double] {
    var kept = shape
    for axis in axes { kept[axis] = 1 }
    var result = [Double](repeating: start, count: kept.reduce(1, *))
    for (value, position) in zip(values, positions(shape)) {
      var inner = position
      for axis in axes { inner[axis] = 0 }
      let place = offset(inner, kept)
      result[place] = combine(result[place], value)
    }
    return result
  }

  static func unary(_ operation: UnaryOperation, _ x: Double) -> Double {
    switch operation {
    case .copy: x
    case .negate: -x
    case .exp: exp(x)
    case .log: log(x)
    case .squareRoot: x.squareRoot()
    case .square: x * x
    case .reciprocal: 1 / x
    case .absolute: abs(x)
    case .sign: x > 0 ? 1 : x < 0 ? -1 : 0
    case .tanh: tanh(x)
    case .sigmoid: x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x))
    case .softplus: max(x, 0) + log1p(exp(-abs(x)))
    case .relu: x < 0 ? 0 : x
    case .elu: x < 0 ? expm1(x) : x
    case .leakyRelu: x < 0 ? 0.2 * x : x
    case .sine: sin(x)
    case .cosine: cos(x)
    case .leakyStep: x > 0 ? 1 : 0.2
    case .step: x > 0 ? 1 : 0
    case .softplusSlope: -expm1(-x)
    }
  }

  static func binary(_ operation: BinaryOperation, _ a: Double, _ b: Double) -> Double {
    switch operation {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .maximum: max(a, b)
    case .minimum: min(a, b)
    case .greaterOrEqual: a >= b ? 1 : 0
    case .bernoulliLogLikelihood: (a > 0 ? a * (b - 1) : a * b) - log1p(exp(-abs(a)))
    }
  }
}

/// Deterministic test data.
func testTensor(_ shape: [Int], stream: UInt64 = 1, _ range: ClosedRange<Float> = -1.5...1.5) -> Tensor {
  let random = CounterRandom(seed: 7, stream: stream)
  let count = shape.reduce(1, *)
  return Tensor(
    shape: shape,
    elements: (0..<count).map {
      range.lowerBound + (range.upperBound - range.lowerBound) * random.uniform(UInt64($0))
    })
}

/// Runs a plan on tensors; names that are parameters go there, all others are inputs.
func run(_ executable: Executable, _ graph: Graph, _ tensors: [String: Tensor], pool: WorkerPool = .inline) {
  for (name, tensor) in tensors where executable.reads(name) {
    executable.withInput(name) { target in
      for (index, element) in tensor.elements.enumerated() { target[index] = element }
    }
  }
  executable.run(
    Parameters(tensors.filter { name, _ in graph.parameters.contains { $0.name == name } }), seed: 1, step: 1,
    pool: pool)
}
