import KernelInterface

/// Matrix times vector: rows of the matrix are contiguous; eight rows a unit.
func runMatrixVector(
  _ product: UnsafePointer<MatrixVector>, _ context: UnsafePointer<RunContext>, _ first: Int, _ last: Int
) {
  let p = product.pointee
  let lanes = IntVector(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
  let x = context.pointee.address(p.x)
  let c = context.pointee.address(p.c)
  let whole = p.k & ~15
  let rest = Int32(p.k &- whole)
  var row = first &* UnitSize.vectorProductRows
  let end = min(p.m, last &* UnitSize.vectorProductRows)
  while row < end {
    let count = min(4, end &- row)
    // Four rows at once, repeating the last where fewer are left: their results are not written.
    let a0 = context.pointee.address(p.a) + row &* p.aRow
    let a1 = a0 + (count > 1 ? p.aRow : 0)
    let a2 = a1 + (count > 2 ? p.aRow : 0)
    let a3 = a2 + (count > 3 ? p.aRow : 0)
    var s0 = splat(0)
    var s1 = splat(0)
    var s2 = splat(0)
    var s3 = splat(0)
    var k = 0
    while k < whole {
      let value = load(x + k)
      s0 = multiplyAdd(load(a0 + k), value, s0)
      s1 = multiplyAdd(load(a1 + k), value, s1)
      s2 = multiplyAdd(load(a2 + k), value, s2)
      s3 = multiplyAdd(load(a3 + k), value, s3)
      k &+= 16
    }
    if whole < p.k {
      let value = choose(lanes, less: rest, load(x + k), splat(0))
      s0 = multiplyAdd(choose(lanes, less: rest, load(a0 + k), splat(0)), value, s0)
      s1 = multiplyAdd(choose(lanes, less: rest, load(a1 + k), splat(0)), value, s1)
      s2 = multiplyAdd(choose(lanes, less: rest, load(a2 + k), splat(0)), value, s2)
      s3 = multiplyAdd(choose(lanes, less: rest, load(a3 + k), splat(0)), value, s3)
    }
    var sums = Vector(repeating: 0)
    sums[0] = sumOfLanes(s0)
    sums[1] = sumOfLanes(s1)
    sums[2] = sumOfLanes(s2)
    sums[3] = sumOfLanes(s3)
    if p.hasBias {
      let bias = context.pointee.address(p.bias) + row
      for lane in 0..<count { sums[lane] += bias[lane] }
    }
    if p.activation != .copy { sums = activated(sums, p.activation) }
    for lane in 0..<count { c[(row &+ lane) &* p.cStride] = sums[lane] }
    row &+= count
  }
}
