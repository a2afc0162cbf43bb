import CIntrinsics

extension WorkerPool {
  /// Runs `body` once for each number in 0..<`count`, on all threads, and returns when all are done.
  ///
  /// Which thread takes which piece is decided while it runs, so a piece must write only what no other piece reads or
  /// writes: then the result is the same for any number of threads. Sums over pieces are the caller's, in order. Within
  /// a piece subnormal numbers count as zero.
  public func forEachPiece(_ count: Int, _ body: (Int) -> Void) {
    guard count > 0 else { return }
    withoutActuallyEscaping(body) { body in
      let next = UnsafeMutablePointer<UInt32>.allocate(capacity: 1)
      next.initialize(to: 0)
      defer { next.deallocate() }
      var pieces = Pieces(body: body, next: next, count: count)
      withUnsafeMutablePointer(to: &pieces) { context in
        run({ raw, _, _ in raw.assumingMemoryBound(to: Pieces.self).pointee.take() }, context)
      }
    }
  }
}

/// What the threads of one run share: the next piece that nobody has taken.
private struct Pieces {
  let body: (Int) -> Void
  let next: UnsafeMutablePointer<UInt32>
  let count: Int

  func take() {
    while true {
      // The counter gives its value after the addition.
      let piece = Int(zscope_add(next, 1)) - 1
      guard piece < count else { return }
      body(piece)
    }
  }
}
