import LatentModels
import Tensors
import Testing

@testable import Datasets

extension ImageSet {
  /// The values of a factor.
  func factor(_ name: String) -> [Float]? { factors.first { $0.name == name }?.values }
}

/// Sums over pairs of numbers.
enum Statistics {
  static func correlation(_ a: [Float], _ b: [Float]) -> Float {
    let (meanA, meanB) = (a.reduce(0, +) / Float(a.count), b.reduce(0, +) / Float(b.count))
    var (products, squaresA, squaresB): (Float, Float, Float) = (0, 0, 0)
    for (x, y) in zip(a, b) {
      products += (x - meanA) * (y - meanB)
      squaresA += (x - meanA) * (x - meanA)
      squaresB += (y - meanB) * (y - meanB)
    }
    return products / (squaresA * squaresB).squareRoot()
  }
}

@Suite("Causes of variation of strokes")
struct StrokeCausesTests {
  /// A cause and how to take it from another sample; nil is the trembling.
  static let causes: [(name: String, take: (@Sendable (inout StrokeFactors, StrokeFactors) -> Void)?)] = [
    ("slant", { $0.slant = $1.slant }), ("tilt", { $0.tilt = $1.tilt }), ("width", { $0.width = $1.width }),
    ("size", { $0.size = $1.size }), ("thickness", { $0.thickness = $1.thickness }),
    ("topHeaviness", { $0.topHeaviness = $1.topHeaviness }), ("bow", { $0.bow = $1.bow }),
    ("arch", { $0.arch = $1.arch }), ("curl", { $0.curl = $1.curl }), ("allograph", { $0.allograph = $1.allograph }),
    ("trembling", nil),
  ]

  /// The share of the variance of the pixels of one digit that vanishes with each cause: half the mean squared change
  /// where a sample is drawn again with this cause alone taken from another (Jansen 1999; total effects after Sobol).
  static func shares(of digit: Int, samples: Int, seed: UInt64) throws -> [String: Double] {
    var (sums, squares) = ([Double](repeating: 0, count: 784), 0.0)
    var changes: [String: Double] = [:]
    for number in 0..<samples {
      let (index, other) = (digit + 10 * number, digit + 10 * (number + samples))
      let (sample, another) = (Strokes.sample(index, seed: seed), Strokes.sample(other, seed: seed))
      for (pixel, byte) in sample.bytes.enumerated() {
        sums[pixel] += Double(byte)
        squares += Double(byte) * Double(byte)
      }
      for cause in causes {
        var factors = sample.factors
        cause.take?(&factors, another.factors)
        let changed = try Strokes.image(
          of: digit, factors: factors, asSample: cause.take == nil ? other : index, seed: seed)
        changes[cause.name, default: 0] += zip(changed, sample.bytes).reduce(0.0) { sum, pair in
          let change = Double(pair.0) - Double(pair.1)
          return sum + change * change / 2
        }
      }
    }
    let count = Double(samples)
    let variance = squares / count - sums.reduce(0) { $0 + $1 / count * ($1 / count) }
    return changes.mapValues { $0 / count / variance }
  }

  @Test("All that is not a factor makes at most 2 % of the variance of a digit's pixels; every factor makes more")
  func shares() throws {
    #expect(Self.causes.map(\.name).dropLast() == StrokeFactors.names[...])
    var visible: [String: Int] = [:]
    for digit in 0..<10 {
      let shares = try Self.shares(of: digit, samples: 150, seed: 9)
      #expect(try #require(shares["trembling"]) <= 0.02, "\(digit)")
      for (name, share) in shares where share > 0.02 { visible[name, default: 0] += 1 }
    }
    // Some factors leave some digits as they are: nothing tilts a ring or a line.
    for name in StrokeFactors.names { #expect(visible[name, default: 0] >= 8, "\(name)") }
  }

  @Test("A small network reads every factor from the pixels of most digits, R² at least ½")
  func recovery() throws {
    let (training, test) = (try Strokes.generate(count: 24_000), try Strokes.generate(count: 4_000, part: .test))
    let reader = try FactorReader(training, epochs: 10)
    let quality = try reader.quality(on: test)
    for (factor, name) in StrokeFactors.names.enumerated() {
      let values = quality.map { $0[factor] }
      #expect(values.count { $0 >= 0.5 } >= 6, "\(name): \(values)")
    }
    for (factor, name) in StrokeFactors.names.enumerated() where ["slant", "thickness", "size"].contains(name) {
      #expect(quality.allSatisfy { $0[factor] > 0.8 }, "\(name)")
    }
  }
}

/// A perceptron that is told the digit and reads the factors from the pixels, in deviations within the digit.
struct FactorReader {
  private static let batch = 100
  private let store: ParameterStore
  private let pool = WorkerPool(threads: 2)

  private static func record(_ graph: Graph, factors: Int) -> Expression {
    let images = graph.images("images", shape: [batch, 784], treatment: .grey)
    let digits = graph.input("digits", shape: [batch, 10])
    func linear(_ input: Expression, _ name: String, _ width: Int, _ activation: Activation) -> Expression {
      input.linear(
        weight: graph.parameter("\(name).weight", shape: [width, input.shape[1]]),
        bias: graph.parameter("\(name).bias", shape: [width]), activation: activation)
    }
    let first = linear(images, "pixels", 256, .identity) + linear(digits, "digits", 256, .identity)
    return linear(linear(first.maximum(0), "second", 256, .relu), "third", factors, .identity)
  }

  init(_ set: ImageSet, epochs: Int) throws {
    let factors = set.factors.count
    let shapes: [(name: String, shape: [Int])] = [
      ("pixels.weight", [256, 784]), ("pixels.bias", [256]), ("digits.weight", [256, 10]), ("digits.bias", [256]),
      ("second.weight", [256, 256]), ("second.bias", [256]), ("third.weight", [factors, 256]),
      ("third.bias", [factors]),
    ]
    store = ParameterStore(shapes: shapes)
    for (stream, entry) in shapes.enumerated() where entry.shape.count == 2 {
      let random = CounterRandom(seed: 4, stream: UInt64(stream))
      // He and others 2015; a tenth of the pixels are ink.
      let deviation = (2 / Float(entry.name == "pixels.weight" ? 80 : entry.shape[1])).squareRoot()
      let count = entry.shape[0] * entry.shape[1]
      store[entry.name] = Tensor(
        shape: entry.shape, elements: (0..<count).map { random.normal(UInt64($0)) * deviation })
    }
    let graph = Graph()
    let read = Self.record(graph, factors: factors)
    let targets = graph.input("targets", shape: [Self.batch, factors])
    let loss = (read - targets).square().mean()
    let step = graph.compile(outputs: ["loss": loss], minimizing: loss, adam: AdamConfiguration())
    let (labels, values) = (try #require(set.labels), try Self.deviations(set))
    let steps = epochs * set.count / Self.batch
    for number in 0..<steps {
      let epoch = UInt64(number * Self.batch / set.count)
      let start = number * Self.batch % set.count
      let order = CounterRandom(seed: 8, stream: epoch).permutation(of: set.count)
      let rows = Array(order[start..<start + Self.batch])
      step.bindImages("images", to: set.storage.base, rows: rows)
      step.withInput("targets") { input in
        for (row, index) in rows.enumerated() {
          for factor in 0..<factors { input[row * factors + factor] = values[factor][Int(index)] }
        }
      }
      Self.tell(step, rows.map { labels[Int($0)] })
      step.setScalar("learningRate", 2e-3 * (1 - Float(number) / Float(steps)))
      step.run(store, seed: 1, step: UInt64(number), pool: pool)
    }
  }

  private static func tell(_ program: Executable, _ labels: [Int32]) {
    program.withInput("digits") { input in
      input.update(repeating: 0)
      for (row, label) in labels.enumerated() { input[row * 10 + Int(label)] = 1 }
    }
  }

  /// The factors less their means, by their deviations, within each digit.
  private static func deviations(_ set: ImageSet) throws -> [[Float]] {
    let labels = try #require(set.labels)
    return set.factors.map { factor in
      var values = factor.values
      for digit: Int32 in 0..<10 {
        let rows = labels.indices.filter { labels[$0] == digit }
        let mean = rows.reduce(Float(0)) { $0 + values[$1] } / Float(rows.count)
        let variance = rows.reduce(Float(0)) { $0 + (values[$1] - mean) * (values[$1] - mean) } / Float(rows.count)
        for row in rows { values[row] = (values[row] - mean) / variance.squareRoot() }
      }
      return values
    }
  }

  /// R² of every factor, by digit.
  func quality(on set: ImageSet) throws -> [[Float]] {
    let factors = set.factors.count
    let graph = Graph()
    let read = Self.record(graph, factors: factors)
    let program = graph.compile(outputs: ["read": read])
    let (labels, values) = (try #require(set.labels), try Self.deviations(set))
    var errors = [[Float]](repeating: [Float](repeating: 0, count: factors), count: 10)
    for start in stride(from: 0, to: set.count, by: Self.batch) {
      let rows = (start..<start + Self.batch).map { Int32($0) }
      program.bindImages("images", to: set.storage.base, rows: rows)
      Self.tell(program, rows.map { labels[Int($0)] })
      program.run(store.snapshot(), seed: 1, step: 0, pool: pool)
      program.withOutput("read") { output in
        for (row, index) in rows.enumerated() {
          for factor in 0..<factors {
            let error = output[row * factors + factor] - values[factor][Int(index)]
            errors[Int(labels[Int(index)])][factor] += error * error
          }
        }
      }
    }
    // Deviations have variance 1 within a digit, of which there are a tenth.
    return errors.map { $0.map { 1 - $0 / Float(set.count / 10) } }
  }
}
