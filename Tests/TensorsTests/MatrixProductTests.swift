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
      var expected = [Float](repeating: 0, count: m * n)
      for row in 0..<m {
        for step in 0..<k {
          let factor = left.elements[row * k + step]
          for column in 0..<n {
            let (place, other) = (row * n + column, right.elements[step * n + column])
            expected[place] =
              level > 0 ? expected[place].addingProduct(factor, other) : expected[place] + factor * other
          }
        }
      }
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
