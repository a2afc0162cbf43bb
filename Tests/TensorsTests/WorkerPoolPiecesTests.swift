import Tensors
import Testing

@Suite struct WorkerPoolPiecesTests {
  @Test(arguments: [1, 2, 5]) func everyPieceIsDoneOnce(threads: Int) {
    let pool = WorkerPool(threads: threads)
    let counts = UnsafeMutablePointer<Int>.allocate(capacity: 1000)
    defer { counts.deallocate() }
    counts.initialize(repeating: 0, count: 1000)
    for _ in 0..<20 { pool.forEachPiece(1000) { counts[$0] += $0 } }
    #expect((0..<1000).allSatisfy { counts[$0] == 20 * $0 })
  }

  @Test func noPieceIsNothingToDo() {
    var calls = 0
    WorkerPool.inline.forEachPiece(0) { _ in calls += 1 }
    #expect(calls == 0)
  }
}
