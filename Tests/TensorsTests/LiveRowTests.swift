import KernelInterface
import Testing

@testable import Tensors

/// A decoder of two hidden layers whose likelihood has a factor for each sample and image.
private struct WeighedDecoder {
  let graph = Graph()
  /// Of the logits.
  let adjoint: Expression
  let gradients: [(name: String, gradient: Expression)]
  let tensors: [String: Tensor]
  static let pixels = 300

  init(samples: Int, batch: Int, factors: [Float]) {
    let widths = [3, 24, 20, Self.pixels]
    var tensors = [
      "factors": Tensor(shape: [samples, batch], elements: factors),
      "images": testTensor([batch, Self.pixels], stream: 40, 0...1),
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
      logits: value, targets: graph.input("images", shape: [batch, Self.pixels]))
    let loss = (likelihood * graph.input("factors", shape: [samples, batch])).sum()
    let found = graph.gradients(of: loss, withRespectTo: variables.map(\.gradient) + [value])
    adjoint = found[found.count - 1]
    gradients = zip(variables, found).map { ($0.name, $1) }
    self.tensors = tensors
  }

  /// A plan of the gradients, and of `others`.
  func plan(with others: [(name: String, node: Int)] = []) -> Plan {
    Planner(graph: graph, outputs: gradients.map { ($0.name, $0.gradient.index) } + others).plan()
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
  /// axes are joined), and that are as usual.
  private static let sizes = [[6, 75], [7, 80], [4, 128]]

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

  @Test("stay where the gradient of every row is asked for")
  func otherReaders() {
    let decoder = WeighedDecoder(samples: 6, batch: 75, factors: (0..<450).map { $0 % 3 == 0 ? 0 : 1 })
    let plan = decoder.plan(with: [("logits", decoder.adjoint.index)])
    let executable = Executable(plan: plan, initialScalars: [:])
    run(executable, decoder.graph, decoder.tensors)
    let adjoint = Reference(decoder.graph, decoder.tensors).evaluate(decoder.adjoint)
    let found = zip(decoder.gradients.map(\.name) + ["logits"], decoder.expectedGradients() + [adjoint])
    for (name, expected) in found {
      let scale = expected.map(abs).max() ?? 0
      let error = zip(executable.output(name).elements, expected).map { abs(Double($0) - $1) }.max() ?? .nan
      #expect(error <= 1e-5 * scale, "\(name)")
    }
  }
}
