import Testing

@testable import Tensors

@Suite("A matrix product")
struct MatrixProductTests {
  /// Rows, columns and length: what fits no tile, more than a block of rows, more than the panels whose sums are kept,
  /// more than one cut of k, and few rows or columns.
  private static let sizes = [
    [1, 1, 1], [3, 5, 2], [7, 33, 70], [10, 700, 256], [31, 130, 385], [32, 16, 384], [33, 17, 769], [66, 10, 1000],
    [131, 137, 40], [140, 300, 800], [259, 150, 401], [300, 15, 390],
  ]

  @Test("is one chain of multiply-adds over ascending k, to the bit, on any number of threads", arguments: sizes)
  func chains(_ size: [Int]) {
    let (m, n, k) = (size[0], size[1], size[2])
    let left = testTensor([m, k], stream: 1, -1...1)
    let right = testTensor([k, n], stream: 2, -1...1)
    for level in [0, 3, 4] where level <= KernelBuild.level {
      let expected = chain(left.elements, right.elements, m, n, k, isFused: Self.isFused(level))
      for transposingLeft in [false, true] {
        for transposingRight in [false, true] {
          let graph = Graph()
          let a = graph.parameter("a", shape: transposingLeft ? [k, m] : [m, k])
          let b = graph.parameter("b", shape: transposingRight ? [n, k] : [k, n])
          let product = a.matrixProduct(b, transposingLeft: transposingLeft, transposingRight: transposingRight)
          let plan = Planner(graph: graph, outputs: [("product", product.index)]).plan()
          let parameters = Parameters([
            "a": transposingLeft ? transposed(left) : left, "b": transposingRight ? transposed(right) : right,
          ])
          for threads in [1, 3] {
            let executable = Executable(plan: plan, initialScalars: [:], runner: KernelBuild.runner(level: level))
            executable.run(parameters, seed: 0, step: 0, pool: WorkerPool(threads: threads))
            #expect(
              executable.output("product").elements.map(\.bitPattern) == expected.map(\.bitPattern),
              "build \(level), \(threads) threads, transposed \(transposingLeft), \(transposingRight)")
          }
        }
      }
    }
  }

  @Test("of a batch is that of each of its matrices")
  func batches() {
    let (m, n, k) = (140, 150, 500)
    let left = testTensor([2, m, k], stream: 1, -1...1)
    let right = testTensor([2, k, n], stream: 2, -1...1)
    let graph = Graph()
    let product = graph.parameter("a", shape: left.shape).matrixProduct(graph.parameter("b", shape: right.shape))
    let plan = Planner(graph: graph, outputs: [("product", product.index)]).plan()
    var expected: [UInt32] = []
    for entry in 0..<2 {
      let matrix = Array(left.elements[(entry * m * k)..<((entry + 1) * m * k)])
      let other = Array(right.elements[(entry * k * n)..<((entry + 1) * k * n)])
      expected += chain(matrix, other, m, n, k, isFused: Self.isFused(KernelBuild.level)).map(\.bitPattern)
    }
    for threads in [1, 3] {
      let executable = Executable(plan: plan, initialScalars: [:])
      executable.run(Parameters(["a": left, "b": right]), seed: 0, step: 0, pool: WorkerPool(threads: threads))
      #expect(executable.output("product").elements.map(\.bitPattern) == expected)
    }
  }

  /// Whether a build multiplies and adds with one rounding.
  private static func isFused(_ level: Int) -> Bool {
    #if arch(arm64)
      true
    #else
      level > 0
    #endif
  }

  private func chain(_ left: [Float], _ right: [Float], _ m: Int, _ n: Int, _ k: Int, isFused: Bool) -> [Float] {
    var result = [Float](repeating: 0, count: m * n)
    for row in 0..<m {
      for step in 0..<k {
        let factor = left[row * k + step]
        for column in 0..<n {
          let (place, other) = (row * n + column, right[step * n + column])
          result[place] = isFused ? result[place].addingProduct(factor, other) : result[place] + factor * other
        }
      }
    }
    return result
  }

  private func transposed(_ matrix: Tensor) -> Tensor {
    let (rows, columns) = (matrix.shape[0], matrix.shape[1])
    return Tensor(
      shape: [columns, rows],
      elements: (0..<rows * columns).map { matrix.elements[$0 % rows * columns + $0 / rows] })
  }

  @Test("gives Adam the same gradient from a long sum in registers as through memory", arguments: [21, 150])
  func longGradients(_ hidden: Int) {
    let fused = SmallModel(treatment: .grey, hidden: hidden, batch: 500)
    // A limit that is never reached scales by exactly 1, but keeps the gradients.
    let kept = SmallModel(treatment: .grey, clipNorm: 1e30, hidden: hidden, batch: 500)
    let threads = WorkerPool(threads: 2)
    #expect(fused.train(steps: 3, pool: threads) == kept.train(steps: 3, pool: .inline))
    #expect(fused.state == kept.state)
  }
}
