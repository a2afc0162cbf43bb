import KernelInterface

/// Register tiles: `rows × columns` vectors of accumulators stay in registers over the whole sum. Every element is one
/// chain of multiply-adds over ascending k, so neither the tile nor the thread that computes it shows in the result.
enum Tile {
  // 8 × 3 + 3 + 1 of 32 vector registers; with 16 half as wide registers a vector takes two.
  #if WIDE_REGISTERS
    static let rows = 8
    static let columns = 3
  #else
    static let rows = 4
    static let columns = 1
  #endif
}

struct ProductMachine {
  let product: UnsafePointer<MatrixProduct>
  let context: UnsafePointer<RunContext>
  let adam: AdamMachine

  init(product: UnsafePointer<MatrixProduct>, context: UnsafePointer<RunContext>) {
    self.product = product
    self.context = context
    adam = AdamMachine(state: product.pointee.adam, context: context, active: product.pointee.epilogue == .adam)
  }

  func run(_ first: Int, _ last: Int) {
    let blocks = (product.pointee.m &+ UnitSize.productRows &- 1) / UnitSize.productRows
    var unit = first
    while unit < last {
      let batch = unit / blocks
      let end = min(last, (batch &+ 1) &* blocks)
      runRows(
        batch, (unit &- batch &* blocks) &* UnitSize.productRows,
        min(product.pointee.m, (end &- batch &* blocks) &* UnitSize.productRows))
      unit = end
    }
  }

  private func runRows(_ batch: Int, _ firstRow: Int, _ lastRow: Int) {
    let vectors = (product.pointee.n &+ 15) / 16
    var column = 0
    while column < vectors {
      // Remainders are shared out: 8 vectors as 3 + 3 + 2, 4 as 2 + 2.
      let left = vectors &- column
      let width = left == 4 && Tile.columns == 3 ? 2 : min(Tile.columns, left)
      switch width {
      case 1: runColumn(batch, firstRow, lastRow, column, SixteenthsOne.self)
      case 2: runColumn(batch, firstRow, lastRow, column, SixteenthsTwo.self)
      default: runColumn(batch, firstRow, lastRow, column, SixteenthsThree.self)
      }
      column &+= width
    }
  }

  private typealias SixteenthsOne = InlineArray<1, UInt8>
  private typealias SixteenthsTwo = InlineArray<2, UInt8>
  private typealias SixteenthsThree = InlineArray<3, UInt8>

  @inline(__always)
  private func runColumn<let columns: Int>(
    _ batch: Int, _ firstRow: Int, _ lastRow: Int, _ column: Int, _: InlineArray<columns, UInt8>.Type
  ) {
    var row = firstRow
    while row < lastRow {
      let left = lastRow &- row
      if Tile.rows == 8 && left >= 8 {
        if columns == 3 { tile(batch, row, column, InlineArray<8, UInt8>.self, InlineArray<24, Vector>.self) }
        if columns == 2 { tile(batch, row, column, InlineArray<8, UInt8>.self, InlineArray<16, Vector>.self) }
        if columns == 1 { tile(batch, row, column, InlineArray<8, UInt8>.self, InlineArray<8, Vector>.self) }
        row &+= 8
      } else if left >= 4 {
        if columns == 3 { tile(batch, row, column, InlineArray<4, UInt8>.self, InlineArray<12, Vector>.self) }
        if columns == 2 { tile(batch, row, column, InlineArray<4, UInt8>.self, InlineArray<8, Vector>.self) }
        if columns == 1 { tile(batch, row, column, InlineArray<4, UInt8>.self, InlineArray<4, Vector>.self) }
        row &+= 4
      } else {
        if columns == 3 { tile(batch, row, column, InlineArray<1, UInt8>.self, InlineArray<3, Vector>.self) }
        if columns == 2 { tile(batch, row, column, InlineArray<1, UInt8>.self, InlineArray<2, Vector>.self) }
        if columns == 1 { tile(batch, row, column, InlineArray<1, UInt8>.self, InlineArray<1, Vector>.self) }
        row &+= 1
      }
    }
  }

  /// One register tile, from the first multiply-add to the epilogue.
  @inline(__always)
  private func tile<let rows: Int, let size: Int>(
    _ batch: Int, _ row: Int, _ column: Int, _: InlineArray<rows, UInt8>.Type, _: InlineArray<size, Vector>.Type
  ) {
    let columns = size / rows
    let p = product.pointee
    var sums = InlineArray<size, Vector>(repeating: splat(0))
    var a = context.pointee.address(p.a) + (batch &* p.aBatch &+ row &* p.aRow)
    var b = context.pointee.address(p.b) + (batch &* p.bBatch &+ column &* 16)
    let aRow = p.aRow
    let aColumn = p.aColumn
    let bRow = p.bRow
    if p.epilogue == .adam {
      // The state of the tile arrives while the sums are computed.
      for i in 0..<rows {
        for j in 0..<columns { adam.prefetch((row &+ i) &* p.cRow &+ (column &+ j) &* 16) }
      }
    }
    for _ in 0..<p.k {
      var right = InlineArray<3, Vector>(repeating: splat(0))
      for j in 0..<columns { right[unchecked: j] = load(b + j &* 16) }
      for i in 0..<rows {
        let left = splat(a[i &* aRow])
        for j in 0..<columns {
          sums[unchecked: i &* columns &+ j] = multiplyAdd(
            left, right[unchecked: j], sums[unchecked: i &* columns &+ j])
        }
      }
      a += aColumn
      b += bRow
    }
    if p.epilogue == .adam {
      let whole = p.n &- (column &+ columns) &* 16 >= 0
      for i in 0..<rows {
        let place = (row &+ i) &* p.cRow &+ column &* 16
        for j in 0..<columns {
          if whole {
            adam.update(sums[unchecked: i &* columns &+ j], place &+ j &* 16)
          } else {
            adam.update(
              sums[unchecked: i &* columns &+ j], place &+ j &* 16, min(16, p.n &- (column &+ j) &* 16))
          }
        }
      }
      return
    }
    for i in 0..<rows {
      let c = context.pointee.address(p.c) + (batch &* p.cBatch &+ (row &+ i) &* p.cRow)
      for j in 0..<columns {
        let at = (column &+ j) &* 16
        var value = sums[unchecked: i &* columns &+ j]
        if p.biasAxis == 1 { value += splat((context.pointee.address(p.bias) + (row &+ i)).pointee) }
        if p.biasAxis == 2 { value += load(context.pointee.address(p.bias) + at) }
        finish(value, c + at, p.n &- at, p.activation)
      }
    }
  }

  /// Activation and store; the lanes beyond the matrix belong to somebody else.
  private func finish(_ value: Vector, _ c: UnsafeMutablePointer<Float>, _ count: Int, _ activation: UnaryOperation) {
    var result = value
    if activation != .copy { result = activated(value, activation) }
    if count >= 16 {
      store(result, c)
    } else {
      for lane in 0..<count { c[lane] = result[lane] }
    }
  }
}

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
  var row = first &* UnitSize.productRows
  let end = min(p.m, last &* UnitSize.productRows)
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
