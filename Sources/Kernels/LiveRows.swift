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

extension RunContext {
  /// Memory of 32-bit whole numbers.
  @inline(__always)
  func wholeNumbers(_ location: Location) -> UnsafeMutablePointer<Int32> {
    UnsafeMutableRawPointer(address(location)).assumingMemoryBound(to: Int32.self)
  }
}

/// Which of sixteen rows are live: their positions are followed by others.
@inline(__always) private func liveBits(_ positions: UnsafePointer<Int32>) -> UInt16 {
  let here = UnsafeRawPointer(positions).loadUnaligned(as: IntVector.self)
  let next = UnsafeRawPointer(positions + 1).loadUnaligned(as: IntVector.self)
  return zscope_different_bits16(next, here)
}

/// The live ones of `count` elements, one after the other. Nothing behind them is touched: it is another unit's.
@inline(__always)
func packLive(
  _ source: UnsafeMutablePointer<Float>, _ count: Int, _ positions: UnsafePointer<Int32>,
  _ target: UnsafeMutablePointer<Float>
) {
  let first = positions[0]
  let length = Int(positions[count] &- first)
  var start = 0
  while count &- start >= 16 {
    let place = Int(positions[start] &- first)
    if place == length { return }
    let packed = zscope_pack16(load(source + start), liveBits(positions + start))
    if place &+ 16 <= length {
      store(packed, target + place)
    } else {
      zscope_store_first16(packed, Int32(length &- place), target + place)
    }
    start &+= 16
  }
  for element in start..<count where positions[element &+ 1] != positions[element] {
    target[Int(positions[element] &- first)] = source[element]
  }
}

/// `count` elements of which the live ones lie one after the other, zeros between them.
@inline(__always)
func unpackLive(
  _ source: UnsafeMutablePointer<Float>, _ count: Int, _ positions: UnsafePointer<Int32>,
  _ target: UnsafeMutablePointer<Float>
) {
  let first = positions[0]
  var start = 0
  while start < count {
    let place = Int(positions[start] &- first)
    if count &- start < 16 {
      for element in start..<count {
        let isLive = positions[element &+ 1] != positions[element]
        target[element] = isLive ? source[Int(positions[element] &- first)] : 0
      }
    } else {
      store(zscope_unpack16(load(source + place), liveBits(positions + start)), target + start)
    }
    start &+= 16
  }
}
