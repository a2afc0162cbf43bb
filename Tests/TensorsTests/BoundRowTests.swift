import CAllocationCounter
import Testing

@testable import Tensors

@Suite("Labels and factors bound by row")
struct BoundRowTests {
  private func bind<Element>(_ values: [Element], _ body: (UnsafePointer<Element>) -> Void) {
    values.withUnsafeBufferPointer { if let base = $0.baseAddress { body(base) } }
  }

  @Test("become one-hot rows, with zeros and no mark where a label is missing, is no class or the batch is not full")
  func labelsBecomeRows() {
    let graph = Graph()
    let labels = graph.labels("y", batch: 20, classes: 4)
    let known = graph.knownLabels("y", batch: 20, classes: 4)
    let executable = graph.compile(outputs: ["labels": labels, "known": known, "twice": labels * 2])
    #expect(executable.reads("y"))
    let stored: [Int32] = [3, -1, 0, 1, 4, 2, .min]
    let rows: [Int32] = [0, 1, 2, 3, 4, 5, 6, 0, 5, 5, 2, 1, 3, 3, 0, 6, 2]
    bind(stored) { base in
      rows.withUnsafeBufferPointer { executable.bindLabels("y", to: base, rows: $0) }
      executable.run(Parameters([:]), seed: 0, step: 0, pool: .inline)
    }
    let found = executable.output("labels")
    for row in 0..<20 {
      let label = row < rows.count ? stored[Int(rows[row])] : -1
      let isKnown = (0..<4).contains(label)
      #expect(executable.output("known").elements[row] == (isKnown ? 1 : 0))
      for number in 0..<4 {
        #expect(found[row, number] == (isKnown && Int(label) == number ? 1 : 0))
        #expect(executable.output("twice")[row, number] == 2 * found[row, number])
      }
    }
  }

  @Test("floats follow the rows, with zeros past the last")
  func floatsFollow() {
    let graph = Graph()
    let factors = graph.rows("factors", batch: 18, width: 3)
    let executable = graph.compile(outputs: ["factors": factors, "sum": factors.sum(axes: [1])])
    let stored = (0..<30).map(Float.init)
    let rows: [Int32] = [9, 0, 4, 4, 1]
    bind(stored) { base in
      rows.withUnsafeBufferPointer { executable.bindRows("factors", to: base, rows: $0) }
      executable.run(Parameters([:]), seed: 0, step: 0, pool: .inline)
    }
    for row in 0..<18 {
      for column in 0..<3 {
        let expected = row < rows.count ? Float(Int(rows[row]) * 3 + column) : 0
        #expect(executable.output("factors")[row, column] == expected)
      }
    }
  }

  @Test(
    "a step that reads images, labels, factors, pairs and another order allocates nothing",
    .enabled(if: zscope_can_count_allocations() != 0))
  func steadyStepsAllocateNothing() {
    let graph = Graph()
    let images = graph.images("x", shape: [18, 6], treatment: .binarised)
    let labels = graph.labels("y", batch: 18, classes: 3)
    let known = graph.knownLabels("y", batch: 18, classes: 3)
    let factors = graph.rows("f", batch: 18, width: 2)
    let weight = graph.parameter("model.w", shape: [3, 6])
    let critic = graph.parameter("critic.w", shape: [3])
    let codes = images.permuted(axis: 1, by: [5, 4, 3, 2, 1, 0]).linear(weight: weight, bias: nil)
    let logVariance = codes.stoppingGradient().tanh()
    let densities = codes.pairwiseLogDensity(
      mean: codes, logVariance: logVariance, logWeights: nil, subsets: [[0, 1, 2], [0], [1]])
    let modelLoss =
      densities.sum() + ((codes - labels).square().sum(axes: [1]) * known).sum() + (factors.sum() * codes.sum())
    let criticLoss = (codes.stoppingGradient() * critic).square().sum()
    let step = graph.compile(
      outputs: ["loss": modelLoss],
      minimizing: [
        Minimisation(loss: modelLoss, parameters: { $0.hasPrefix("model") }, adam: AdamConfiguration()),
        Minimisation(
          loss: criticLoss, parameters: { $0.hasPrefix("critic") }, adam: AdamConfiguration(beta1: 0.5), rate: "other"),
      ])
    let store = ParameterStore(shapes: graph.parameters)
    store["model.w"] = testTensor([3, 6])
    store["critic.w"] = testTensor([3])
    let bytes = (0..<20 * 6).map { UInt8($0 % 256) }
    let classes = (0..<20).map { Int32($0 % 4) - 1 }
    let values = (0..<40).map(Float.init)
    let rows = (0..<18).map { Int32(19 - $0) }
    bind(bytes) { bytes in
      bind(classes) { classes in
        bind(values) { values in
          rows.withUnsafeBufferPointer { rows in
            func run(_ number: UInt64) {
              step.bindImages("x", to: bytes, rows: rows)
              step.bindLabels("y", to: classes, rows: rows)
              step.bindRows("f", to: values, rows: rows)
              step.run(store, seed: 1, step: number, pool: .inline)
            }
            run(0)
            let counter = UnsafeMutablePointer<UInt64>.allocate(capacity: 1)
            defer { counter.deallocate() }
            counter.initialize(to: 0)
            zscope_count_allocations(counter)
            for number in UInt64(1)..<20 { run(number) }
            zscope_count_allocations(nil)
            #expect(counter.pointee == 0)
          }
        }
      }
    }
    #expect(step.scalarOutput("loss").isFinite)
  }
}
