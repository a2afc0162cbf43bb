import CIntrinsics
import KernelInterface

/// One unit: the factors' largest, then the positions.
func runLiveRows(_ fill: UnsafePointer<LiveRowFill>, _ context: UnsafePointer<RunContext>) {
  let positions = context.pointee.wholeNumbers(fill.pointee.positions)
  var largest: Float = 0
  // Beside what is not finite nothing is dead.
  var isFinite = true
  forEachFactor(fill, context) { _, factor in
    largest = max(largest, abs(factor))
    if factor - factor != 0 { isFinite = false }
  }
  let least = largest * LiveRowFill.smallest
  var count: Int32 = 0
  let rows = forEachFactor(fill, context) { row, factor in
    positions[row] = count
    if !isFinite || abs(factor) > least { count &+= 1 }
  }
  positions[rows] = count
}

/// Calls `body` for each row, and returns how many there are.
@inline(__always) @discardableResult
private func forEachFactor(
  _ fill: UnsafePointer<LiveRowFill>, _ context: UnsafePointer<RunContext>, _ body: (Int, Float) -> Void
) -> Int {
  let factors = context.pointee.address(fill.pointee.factors)
  let last = fill.pointee.rank &- 1
  let extent = fill.pointee.extents[last]
  let stride = fill.pointee.strides[last]
  var outer = 1
  for axis in 0..<last { outer &*= fill.pointee.extents[axis] }
  for index in 0..<outer {
    var rest = index
    var offset = 0
    var axis = last &- 1
    while axis >= 0 {
      offset &+= rest % fill.pointee.extents[axis] &* fill.pointee.strides[axis]
      rest /= fill.pointee.extents[axis]
      axis &-= 1
    }
    for element in 0..<extent { body(index &* extent &+ element, factors[offset &+ element &* stride]) }
  }
  return outer &* extent
}
