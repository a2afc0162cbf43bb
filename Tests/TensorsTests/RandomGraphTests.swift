import Testing

@testable import Tensors

/// Draws graphs of random operations over random shapes, bounded so that single precision can follow.
private struct GraphMaker {
  let graph = Graph()
  private let random: CounterRandom
  private var drawn: UInt64 = 0
  private var values: [Expression] = []
  private(set) var inputs: [Expression] = []
  static let shapes = [
    [], [1], [5], [16], [3, 5], [3, 1], [17, 33], [40, 3], [1, 20], [2, 3, 5], [3, 18, 4], [2, 1, 1, 5],
  ]

  init(seed: UInt64) {
    random = CounterRandom(seed: seed)
    for index in 0..<3 {
      let shape = Self.shapes[draw(Self.shapes.count)]
      inputs.append(
        shape.count < 3 && draw(2) == 0
          ? graph.parameter("x\(index)", shape: shape) : graph.input("x\(index)", shape: shape))
    }
    values = inputs
  }

  private mutating func draw(_ bound: Int) -> Int {
    drawn += 1
    return random.integer(below: bound, drawn)
  }

  private mutating func pick() -> Expression { values[draw(values.count)] }

  /// Records `count` operations and returns the last values.
  mutating func make(_ count: Int) -> [Expression] {
    for _ in 0..<count {
      // Whatever grew is brought back into ±1.
      let value = next()
      values.append(draw(3) == 0 ? value : value.tanh())
    }
    return values.suffix(3)
  }

  private mutating func next() -> Expression {
    let value = pick()
    let axis = value.rank == 0 ? 0 : draw(value.rank)
    switch draw(16) {
    case 0, 1, 2: return combined(value)
    case 3: return [value.sigmoid(), value.softplus(), value.elu(), value.square(), value.exp()][draw(5)]
    case 4 where value.rank > 0: return value.sum(axes: [axis], keepingDimensions: draw(2) == 0)
    case 5 where value.rank > 1: return value.mean(axes: [0, -1], keepingDimensions: draw(2) == 0)
    case 6 where value.rank > 0: return value.logSumExp(axis: axis, keepingDimensions: draw(2) == 0)
    case 7 where value.rank > 0: return value.softmax(axis: axis)
    case 8: return value.reshaped(draw(2) == 0 ? [value.count] : value.shape.reversed())
    case 9 where value.rank > 1: return value.transposed((0..<value.rank).map { ($0 + 1) % value.rank })
    case 10 where value.rank > 0 && value.shape[axis] > 1:
      let start = draw(value.shape[axis] - 1)
      return value.sliced(axis: axis, range: start..<start + 1 + draw(value.shape[axis] - start))
    case 11 where value.rank > 0 && value.count < 2_000:
      return value.concatenated([value.tanh(), pick(like: value)], axis: axis)
    case 12 where value.rank > 0 && value.count < 2_000:
      return value.padded(axis: axis, before: draw(3), after: draw(3))
    case 13 where value.rank >= 2: return value.matrixProduct(value, transposingRight: true) * 0.1
    case 14 where value.rank >= 2: return value.matrixProduct(value, transposingLeft: true) * 0.1
    case 15 where value.rank < 4 && value.count < 500: return value.broadcast(to: [1 + draw(3)] + value.shape)
    default: return value.square() - 0.5
    }
  }

  private mutating func pick(like value: Expression) -> Expression {
    values.last { $0.shape == value.shape } ?? value
  }

  private mutating func combined(_ value: Expression) -> Expression {
    let fitting = values.filter { $0.broadcasts(to: value.shape) || value.broadcasts(to: $0.shape) }
    let other = fitting[draw(fitting.count)]
    switch draw(6) {
    case 0: return value + other
    case 1: return value - other
    case 2: return value * other
    case 3: return value / (other.square() + 1)
    case 4: return value.maximum(other)
    default: return other.minimum(value)
    }
  }
}

@Suite("Plans of random graphs")
struct RandomGraphTests {
  @Test("agree with double precision node by node, gradients included, and do not depend on the number of threads")
  func plansAgree() {
    let pools = [WorkerPool.inline, WorkerPool(threads: 3)]
    for seed in UInt64(0)..<150 {
      var maker = GraphMaker(seed: seed)
      let results = maker.make(12)
      let loss = results.map { $0.square().mean() }.reduce(maker.graph.constant(0), +)
      let gradients = maker.graph.gradients(of: loss, withRespectTo: maker.inputs)
      var outputs = ["loss": loss]
      for (index, value) in (results + gradients).enumerated() { outputs["\(index)"] = value }
      var tensors: [String: Tensor] = [:]
      for (index, input) in maker.inputs.enumerated() {
        tensors["x\(index)"] = testTensor(input.shape, stream: seed &* 3 &+ UInt64(index), -1...1)
      }
      let executable = maker.graph.compile(outputs: outputs)
      let reference = Reference(maker.graph, tensors)
      var first: [String: Tensor] = [:]
      for pool in pools {
        run(executable, maker.graph, tensors, pool: pool)
        for (name, value) in outputs {
          let found = executable.output(name)
          if pool.threads > 1 {
            #expect(found == first[name], "graph \(seed), output \(name): threads show")
            continue
          }
          first[name] = found
          let expected = reference.evaluate(value)
          let scale = max(1, expected.map(abs).max() ?? 1)
          let isWrong = zip(found.elements, expected).contains { !(abs(Double($0) - $1) <= 3e-5 * scale) }
          #expect(!isWrong && found.count == expected.count, "graph \(seed), output \(name)")
        }
      }
    }
  }
}
