import Glibc
import Testing

@testable import Tensors

@Suite("Vector functions")
struct VectorMathTests {
  /// Numbers over the whole range of floats: every exponent, both signs, and the special ones.
  static let numbers: [Float] = {
    var result: [Float] = [
      0, -0.0, .infinity, -.infinity, .nan, 1, -1, .greatestFiniteMagnitude, .leastNormalMagnitude,
    ]
    for exponent in UInt32(0)...254 {
      for mantissa in [UInt32(0), 1, 0x2A_AAAA, 0x40_0000, 0x7F_FFFF] {
        let value = Float(bitPattern: exponent << 23 | mantissa)
        result += [value, -value]
      }
    }
    // Every 4,093rd of all 2³² patterns of bits, NaNs included.
    result += stride(from: UInt32(0), through: .max - 4_093, by: 4_093).map { Float(bitPattern: $0) }
    let random = CounterRandom(seed: 12)
    for index in 0..<20_000 { result.append((random.uniform(UInt64(index)) - 0.5) * 240) }
    for index in 0..<20_000 { result.append((random.uniform(UInt64(index + 20_000)) - 0.5) * 4) }
    return result
  }()

  /// Runs one operation over all numbers on each build of the kernels that this processor has.
  private func evaluate(_ build: (Expression) -> Expression, level: Int) -> [Float] {
    let graph = Graph()
    let input = graph.input("x", shape: [Self.numbers.count])
    let plan = Planner(graph: graph, outputs: [("y", build(input).index)]).plan()
    let executable = Executable(
      plan: plan, initialScalars: [:], runner: KernelBuild.runner(level: level))
    executable.withInput("x") { target in
      for (index, number) in Self.numbers.enumerated() { target[index] = number }
    }
    executable.run(Parameters([:]), seed: 0, step: 0, pool: .inline)
    return executable.output("y").elements
  }

  private func check(
    _ name: String, tolerance: Double = 4e-7, _ build: (Expression) -> Expression, _ formula: (Double) -> Double
  ) {
    let exact = Self.numbers.map { formula(Double($0)) }
    for level in [0, 3, 4] where level <= KernelBuild.level {
      let results = evaluate(build, level: level)
      for ((x, y), exact) in zip(zip(Self.numbers, results), exact) {
        // Subnormal results are flushed to zero, as set on every worker.
        let expected = Double(Float(exact))
        let isRight =
          if expected.isNaN {
            y.isNaN
          } else if expected.isInfinite || y.isInfinite {
            Double(y) == expected || abs(exact) > 3.4e38
          } else {
            abs(Double(y) - exact) <= tolerance * abs(exact) + 1.2e-38
          }
        if !isRight {
          Issue.record("\(name)(\(x)) is \(y), should be \(exact) (build \(level))")
          break
        }
      }
    }
  }

  @Test func exponential() { check("exp", { $0.exp() }, { exp($0) }) }
  @Test func logarithmOfEveryFloatSubnormalOnesIncluded() { check("log", { $0.log() }, { log($0) }) }
  @Test func softplus() { check("softplus", { $0.softplus() }) { $0.isNaN ? $0 : max($0, 0) + log1p(exp(-abs($0))) } }
  @Test func sigmoid() { check("sigmoid", { $0.sigmoid() }) { $0 >= 0 ? 1 / (1 + exp(-$0)) : exp($0) / (1 + exp($0)) } }
  @Test func hyperbolicTangent() { check("tanh", { $0.tanh() }) { tanh($0) } }
  @Test func exponentialLinear() { check("elu", { $0.elu() }) { $0 < 0 ? expm1($0) : $0 } }
  @Test func squareRootAndReciprocal() {
    check("square root of the absolute value", { $0.absolute().sqrt() }) {
      abs($0) < Double(Float.leastNormalMagnitude) ? 0 : abs($0).squareRoot()
    }
  }
  @Test func slopeOfSoftplusWrittenInItsValue() {
    check("1 − exp(−x)", { $0.unary(.softplusSlope) }, { -expm1(-$0) })
  }
  @Test(arguments: [Float(0), 0.25, 1]) func bernoulliLogLikelihood(target: Float) {
    let x = Double(target)
    check(
      "log-likelihood of \(target)", { Expression.binary(.bernoulliLogLikelihood, $0, $0.graph.constant(target)) },
      { logit in
        // In the limit an infinite logit makes its outcome certain and every other impossible.
        let linear = logit > 0 ? (x == 1 ? 0 : logit * (x - 1)) : x == 0 ? 0 : logit * x
        return logit.isNaN ? logit : linear - log1p(exp(-abs(logit)))
      })
  }
  @Test func infiniteLogitsGiveTheLogLikelihoodOfCertainty() {
    let graph = Graph()
    let logits = graph.constant(Tensor(shape: [4], elements: [.infinity, -.infinity, .infinity, -.infinity]))
    let targets = graph.constant(Tensor(shape: [4], elements: [1, 0, 0, 1]))
    let value = Expression.binary(.bernoulliLogLikelihood, logits, targets)
    let executable = graph.compile(outputs: ["y": value])
    executable.run(Parameters([:]), seed: 0, step: 0, pool: .inline)
    #expect(executable.output("y").elements == [0, 0, -.infinity, -.infinity])
  }
  @Test func logSumExpOfInfinities() {
    let graph = Graph()
    let rows = graph.constant(
      Tensor(shape: [3, 2], elements: [-.infinity, -.infinity, 3e38, -3e38, -.infinity, 2]))
    let executable = graph.compile(outputs: ["y": rows.logSumExp(axis: 1)])
    executable.run(Parameters([:]), seed: 0, step: 0, pool: .inline)
    #expect(executable.output("y").elements == [-.infinity, 3e38, 2])
  }
}

@Suite("Counter-based random numbers")
struct CounterRandomTests {
  @Test("Threefry2x32-20 gives the published vectors of Random123")
  func knownAnswers() {
    #expect(CounterRandom.block(key: (0, 0), counter: (0, 0)) == (0x6B20_0159, 0x99BA_4EFE))
    #expect(
      CounterRandom.block(key: (.max, .max), counter: (.max, .max)) == (0x1CB9_96FC, 0xBB00_2BE7))
    #expect(
      CounterRandom.block(key: (0x1319_8A2E, 0x0370_7344), counter: (0x243F_6A88, 0x85A3_08D3))
        == (0xC492_3A9C, 0x483D_F7A0))
  }

  @Test("Noise in a plan is what the counter gives, whatever the shape, and normal in its moments")
  func noiseIsAFunctionOfItsElement() {
    let graph = Graph()
    let uniform = graph.noise(.uniform, name: "u", shape: [33, 5])
    let flat = graph.noise(.uniform, name: "u", shape: [165])
    let normal = graph.noise(.standardNormal, name: "n", shape: [500, 40])
    let executable = graph.compile(outputs: ["u": uniform, "flat": flat, "n": normal])
    executable.run(Parameters([:]), seed: 21, step: 4, pool: WorkerPool(threads: 2))
    let random = CounterRandom(seed: 21, stream: 4).stream(streamNumber("u"))
    #expect(executable.output("u").elements == (0..<165).map { random.uniform(UInt64($0)) })
    #expect(executable.output("flat").elements == executable.output("u").elements)
    let values = executable.output("n").elements.map(Double.init)
    let gauss = CounterRandom(seed: 21, stream: 4).stream(streamNumber("n"))
    for index in 0..<200 { #expect(abs(values[index] - Double(gauss.normal(UInt64(index)))) < 2e-6) }
    let mean = values.reduce(0, +) / 20_000
    let variance = values.reduce(0) { $0 + $1 * $1 } / 20_000
    let fourth = values.reduce(0) { $0 + $1 * $1 * $1 * $1 } / 20_000
    #expect(abs(mean) < 0.03)
    #expect(abs(variance - 1) < 0.05)
    #expect(abs(fourth - 3) < 0.3)
  }

  @Test("Every build of the kernels draws the same uniform numbers, and normal ones true to double precision")
  func buildsDrawAlike() {
    let graph = Graph()
    let uniform = graph.noise(.uniform, name: "u", shape: [1 << 17])
    let normal = graph.noise(.standardNormal, name: "n", shape: [1 << 17])
    let plan = Planner(graph: graph, outputs: [("u", uniform.index), ("n", normal.index)]).plan()
    let random = CounterRandom(seed: 5, stream: 6)
    let expected = (0..<1 << 17).map { random.stream(streamNumber("u")).uniform(UInt64($0)) }
    // Radius, sine and cosine in double precision: the whole turn is met, with the quarters' ends.
    let gauss = (0..<1 << 17).map { random.stream(streamNumber("n")).normal(UInt64($0)) }
    for level in [0, 3, 4] where level <= KernelBuild.level {
      let executable = Executable(plan: plan, initialScalars: [:], runner: KernelBuild.runner(level: level))
      executable.run(Parameters([:]), seed: 5, step: 6, pool: .inline)
      #expect(executable.output("u").elements == expected, "build \(level)")
      let errors = zip(executable.output("n").elements, gauss).map { abs(Double($0) - Double($1)) }
      #expect(errors.max() ?? 1 < 2e-6, "build \(level)")
    }
  }

  @Test("Uniform numbers lie strictly between 0 and 1, and whole numbers below their bound")
  func ranges() {
    #expect(CounterRandom.uniform(0) > 0)
    #expect(CounterRandom.uniform(.max) < 1)
    let random = CounterRandom(seed: 9, stream: 2)
    #expect((0..<1000).allSatisfy { (0..<7).contains(random.integer(below: 7, UInt64($0))) })
  }
}
