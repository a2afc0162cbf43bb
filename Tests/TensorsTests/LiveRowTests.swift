import KernelInterface
import Testing

@testable import Tensors

/// A decoder of two hidden layers whose likelihood has a factor for each sample and image.
private struct WeighedDecoder {
  let graph = Graph()
  let loss: Expression
  /// Of the logits.
  let adjoint: Expression
  let gradients: [(name: String, gradient: Expression)]
  let tensors: [String: Tensor]

  init(samples: Int, batch: Int, pixels: Int = 300, factors: [Float]) {
    let widths = [3, 24, 20, pixels]
    var tensors = [
      "factors": Tensor(shape: [samples, batch], elements: factors),
      "images": testTensor([batch, pixels], stream: 40, 0...1),
      "codes": testTensor([samples, batch, 3], stream: 41),
    ]
    let codes = graph.parameter("codes", shape: [samples, batch, 3])
    var value = codes
    var variables = [(name: "codes", gradient: codes)]
    for (number, activation) in [Activation.relu, .tanh, .identity].enumerated() {
      let (input, output) = (widths[number], widths[number + 1])
      let weight = graph.parameter("weight \(number)", shape: [output, input])
      let bias = graph.parameter("bias \(number)", shape: [output])
      tensors["weight \(number)"] = testTensor([output, input], stream: UInt64(50 + number), -0.4...0.4)
      tensors["bias \(number)"] = testTensor([output], stream: UInt64(60 + number), -0.4...0.4)
      variables += [("weight \(number)", weight), ("bias \(number)", bias)]
      value = value.linear(weight: weight, bias: bias, activation: activation)
    }
    let likelihood = Expression.bernoulliLogLikelihood(
      logits: value, targets: graph.input("images", shape: [batch, pixels]))
    loss = (likelihood * graph.input("factors", shape: [samples, batch])).sum()
    let found = graph.gradients(of: loss, withRespectTo: variables.map(\.gradient) + [value])
    adjoint = found[found.count - 1]
    gradients = zip(variables, found).map { ($0.name, $1) }
    self.tensors = tensors
  }

  /// A plan of the gradients, and of `others`.
  func plan(with others: [(name: String, node: Int)] = []) -> Plan {
    Planner(
      graph: graph, outputs: gradients.map { ($0.name, $0.gradient.index) } + others,
      leastPackedElements: 1 << 16
    ).plan()
  }

  /// The gradients in double precision.
  func expectedGradients() -> [[Double]] {
    let flat = gradients.map { $0.gradient.reshaped([$0.gradient.count]) }
    let all = Reference(graph, tensors).evaluate(Expression.concatenated(flat, axis: 0))
    var start = 0
    return flat.map { part in
      defer { start += part.count }
      return Array(all[start..<start + part.count])
    }
  }

  /// Whether rows are left out.
  static func packs(_ plan: Plan) -> Bool {
    plan.instructions.contains {
      if case .liveRows = $0.payload { return true }
      return false
    }
  }
}

@Suite("Rows whose factor makes nothing of them")
struct LiveRowTests {
  /// Samples and images: rows that fill no vector, whose number is a multiple of a vector's but of no cache line's (their
  /// axes are joined), and that are fewer than the pixels.
  private static let sizes = [[6, 75], [7, 80], [3, 96]]

  /// Factors by the number of the row.
  private static let patterns: [(name: String, factor: @Sendable (Int) -> Float)] = [
    ("three of five zero", { $0 % 5 < 3 ? 0 : 1 + Float($0 % 4) }),
    ("negative ones too, and tiny ones", { [0, -1, 1e-12, 0.3, -1e-9, 0, 2][$0 * 5 % 7] }),
    ("all live", { 0.5 + Float($0 % 7) }),
    ("the first half zero", { $0 < 256 ? 0 : 1 }),
    ("all but the first zero", { $0 == 0 ? 1 : 0 }),
    ("all but the last zero", { $0 == 449 ? 3 : 0 }),
    ("all zero", { _ in 0 }),
  ]

  @Test("are left out of the gradients, which are the same, in every build", arguments: sizes)
  func gradients(_ size: [Int]) {
    // The double precision takes its time.
    for pattern in size == Self.sizes[0] ? Self.patterns[...] : Self.patterns[..<2] {
      let decoder = WeighedDecoder(
        samples: size[0], batch: size[1], factors: (0..<size[0] * size[1]).map(pattern.factor))
      let plan = decoder.plan()
      #expect(WeighedDecoder.packs(plan), "\(size)")
      let expected = decoder.expectedGradients()
      for level in [0, 3, 4] where level <= KernelBuild.level {
        var first: [[UInt32]]?
        for threads in [1, 2, 5] {
          let executable = Executable(plan: plan, initialScalars: [:], runner: KernelBuild.runner(level: level))
          run(executable, decoder.graph, decoder.tensors, pool: WorkerPool(threads: threads))
          let found = decoder.gradients.map { executable.output($0.name).elements }
          for (number, name) in decoder.gradients.map(\.name).enumerated() {
            let scale = expected[number].map(abs).max() ?? 0
            let error = zip(found[number], expected[number]).map { abs(Double($0) - $1) }.max() ?? .nan
            #expect(error <= 1e-5 * scale, "\(pattern.name), \(name), \(size), build \(level), \(threads) threads")
          }
          let bits = found.map { $0.map(\.bitPattern) }
          #expect(bits == first ?? bits, "\(pattern.name), \(size), build \(level), \(threads) threads")
          first = bits
        }
      }
    }
  }

  @Test("are those of no more than 2⁻²⁴ of the largest: their codes have no gradient, and all others have theirs")
  func threshold() {
    let factors: [Float] = [1, 0x1p-23, -0x1p-24, 0x1p-30, -0x1p-22, 0, 0.25]
    let decoder = WeighedDecoder(samples: 6, batch: 75, factors: (0..<450).map { factors[$0 % 7] })
    let executable = Executable(plan: decoder.plan(), initialScalars: [:])
    run(executable, decoder.graph, decoder.tensors)
    let codes = executable.output("codes").elements
    let expected = decoder.expectedGradients()[0]
    for row in 0..<450 {
      let isDead = [2, 3, 5].contains(row % 7)
      for element in 3 * row..<3 * row + 3 {
        let wanted = isDead ? 0 : expected[element]
        let scale = abs(Double(factors[row % 7]))
        #expect(abs(Double(codes[element]) - wanted) <= 1e-4 * scale && (codes[element] != 0) == !isDead, "row \(row)")
      }
    }
  }

  @Test("leave nothing behind for the next run, which has others")
  func nextRun() {
    let many = WeighedDecoder(samples: 6, batch: 75, factors: (0..<450).map { 1 + Float($0 % 5) })
    let few = WeighedDecoder(samples: 6, batch: 75, factors: (0..<450).map { $0 % 11 == 3 ? 1 : 0 })
    let executable = Executable(plan: few.plan(), initialScalars: [:])
    run(executable, few.graph, few.tensors)
    let fresh = few.gradients.map { executable.output($0.name).elements.map(\.bitPattern) }
    run(executable, many.graph, many.tensors)
    run(executable, few.graph, few.tensors)
    #expect(few.gradients.map { executable.output($0.name).elements.map(\.bitPattern) } == fresh)
  }

  @Test("take no part in a step of Adam, which is that of the gradients")
  func step() {
    let decoder = WeighedDecoder(
      samples: 6, batch: 75, pixels: 1200, factors: (0..<450).map { [0, 1, 0, 0, 0.2][$0 % 5] })
    let program = decoder.graph.compile(
      outputs: [:], minimizing: decoder.loss, adam: AdamConfiguration(epsilon: 1e-3))
    #expect(WeighedDecoder.packs(program.plan))
    let store = ParameterStore(shapes: decoder.gradients.map { ($0.name, decoder.tensors[$0.name]?.shape ?? []) })
    for (name, _) in decoder.gradients { store[name] = decoder.tensors[name] ?? store[name] }
    for (name, tensor) in decoder.tensors where program.reads(name) {
      program.withInput(name) { target in
        for (index, element) in tensor.elements.enumerated() { target[index] = element }
      }
    }
    program.run(store, seed: 1, step: 1, pool: WorkerPool(threads: 2))
    for (name, gradient) in zip(decoder.gradients.map(\.name), decoder.expectedGradients()) {
      let before = decoder.tensors[name]?.elements ?? []
      let error = zip(zip(before, store[name].elements), gradient).map { values, gradient in
        abs(Double(values.1) - Double(values.0) + 1e-3 * gradient / (abs(gradient) + 1e-3))
      }
      #expect((error.max() ?? .nan) < 1e-6, "\(name)")
    }
  }

  @Test("hide no factor that is not finite", arguments: [Float.nan, .infinity, -.infinity])
  func notFinite(_ factor: Float) {
    let decoder = WeighedDecoder(samples: 6, batch: 75, factors: (0..<450).map { $0 == 200 ? factor : 1 })
    let executable = Executable(plan: decoder.plan(), initialScalars: [:])
    run(executable, decoder.graph, decoder.tensors)
    let codes = executable.output("codes").elements
    #expect(codes[600..<603].allSatisfy { !$0.isFinite })
    #expect(codes[0..<600].allSatisfy(\.isFinite) && codes[603...].allSatisfy(\.isFinite))
    #expect(executable.output("bias 2").elements.allSatisfy { !$0.isFinite })
  }

  @Test("stay where the gradient of every row is asked for", arguments: [[6, 75], [1, 450]])
  func otherReaders(_ size: [Int]) {
    let decoder = WeighedDecoder(
      samples: size[0], batch: size[1], factors: (0..<450).map { $0 % 3 == 0 ? 1e-9 : 1 })
    let plan = decoder.plan(with: [("logits", decoder.adjoint.index)])
    #expect(!WeighedDecoder.packs(plan))
    let executable = Executable(plan: plan, initialScalars: [:])
    run(executable, decoder.graph, decoder.tensors)
    let expected = Reference(decoder.graph, decoder.tensors).evaluate(decoder.adjoint)
    let error = zip(executable.output("logits").elements, expected).enumerated().map { index, values in
      abs(Double(values.0) - values.1) / (index / 300 % 3 == 0 ? 1e-9 : 1)
    }
    #expect((error.max() ?? .nan) < 1e-6)
  }
}
