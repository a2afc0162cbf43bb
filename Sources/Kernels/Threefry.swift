import KernelInterface

/// Sixteen blocks of Threefry2x32-20 (Salmon 2011) at once.
@inline(__always) func threefry(_ key: (UInt32, UInt32), _ counter0: WordVector, _ counter1: WordVector) -> (
  WordVector, WordVector
) {
  let k0 = WordVector(repeating: key.0)
  let k1 = WordVector(repeating: key.1)
  let k2 = WordVector(repeating: 0x1BD1_1BDA ^ key.0 ^ key.1)
  var x0 = counter0 &+ k0
  var x1 = counter1 &+ k1
  @inline(__always) func mix(_ rotation: UInt32) {
    x0 = x0 &+ x1
    x1 = ((x1 &<< WordVector(repeating: rotation)) | (x1 &>> WordVector(repeating: 32 - rotation))) ^ x0
  }
  @inline(__always) func first() { mix(13); mix(15); mix(26); mix(6) }
  @inline(__always) func second() { mix(17); mix(29); mix(16); mix(24) }
  first()
  x0 = x0 &+ k1
  x1 = x1 &+ k2 &+ 1
  second()
  x0 = x0 &+ k2
  x1 = x1 &+ k0 &+ 2
  first()
  x0 = x0 &+ k0
  x1 = x1 &+ k1 &+ 3
  second()
  x0 = x0 &+ k1
  x1 = x1 &+ k2 &+ 4
  first()
  x0 = x0 &+ k2
  x1 = x1 &+ k0 &+ 5
  return (x0, x1)
}

/// One block, for deriving keys.
@inline(__always) func threefry(_ key: (UInt32, UInt32), _ counter: UInt64) -> (UInt32, UInt32) {
  let low = WordVector(repeating: UInt32(truncatingIfNeeded: counter))
  let high = WordVector(repeating: UInt32(truncatingIfNeeded: counter >> 32))
  let (x0, x1) = threefry(key, low, high)
  return (x0[0], x1[0])
}

/// The middle of one of 2²³ equal cells of (0, 1).
@inline(__always) func uniform(_ words: WordVector) -> Vector {
  // The bits of a number in [1, 2), from which 1 − 2⁻²⁴ is subtracted exactly.
  let ones = unsafeBitCast((words &>> 9) | 0x3F80_0000, to: Vector.self)
  return (ones - splat(1)) + splat(0x1p-24)
}
