import KernelInterface

/// Register tiles: `rows × columns` vectors of accumulators stay in registers while a cut of the sum goes by. Every
/// element is one chain of multiply-adds over ascending k, so neither the tile, nor where the chain is cut, nor the
/// thread that computes it shows in the result.
enum Tile {
  // 8 × 3 + 3 + 1 of 32 vector registers; with 16 half as wide registers a vector takes two.
  #if WIDE_REGISTERS
    static let rows = 8
    static let columns = 3
    // Six tiles: the last of any other number would be narrower. At most `UnitSize.productPanels`.
    static let panels = 18
  #else
    static let rows = 4
    static let columns = 1
    static let panels = 8
  #endif
  /// Panels that pay for a copy of the rows.
  @inline(__always) static var panelsOfACopy: Int { min(9, panels) }
  /// The longest cut of a sum whose panel is copied.
  @inline(__always) static var depth: Int {
    min(UnitSize.productDepth, UnitSize.productPanelScratch / (columns &* vectorWidth))
  }
}

/// Units `first..<last` of a product. Where its rows were packed it is as long as there are live ones, and its units, of
/// which there are as many as for all rows, share that out.
func runProduct(
  _ product: UnsafePointer<MatrixProduct>, _ context: UnsafePointer<RunContext>,
  _ scratch: UnsafeMutablePointer<Float>, _ first: Int, _ last: Int
) {
  if product.pointee.liveAxis == .none {
    ProductMachine(product: product, context: context, scratch: scratch).run(first, last)
    return
  }
  let live = Int(context.pointee.wholeNumbers(product.pointee.liveCount).pointee)
  var packed = product.pointee
  if packed.liveAxis == .sum {
    packed.k = live
  } else {
    packed.n = min(packed.n, pieces(live, of: vectorWidth) &* vectorWidth)
  }
  let planned = product.pointee.units
  let left = packed.units
  withUnsafePointer(to: packed) { packed in
    ProductMachine(product: packed, context: context, scratch: scratch).run(
      first &* left / planned, last &* left / planned)
  }
}

/// Cuts a product as Goto & van de Geijn 2008 (Anatomy of high-performance matrix multiplication) do: a panel of B and
/// a block of A are copied to contiguous memory, where neither caches nor address translation stand in the way, and are
/// used many times. Uncopied, products of 6,400 rows ran at three to seven tenths of this speed.
struct ProductMachine {
  let product: UnsafePointer<MatrixProduct>
  let context: UnsafePointer<RunContext>
  let scratch: UnsafeMutablePointer<Float>
  let adam: AdamMachine

  init(
    product: UnsafePointer<MatrixProduct>, context: UnsafePointer<RunContext>, scratch: UnsafeMutablePointer<Float>
  ) {
    self.product = product
    self.context = context
    self.scratch = scratch
    adam = AdamMachine(state: product.pointee.adam, context: context, active: product.pointee.epilogue == .adam)
  }

  /// Units are blocks of rows by sixteen columns, the columns of a block one after the other.
  func run(_ first: Int, _ last: Int) {
    let rows = UnitSize.productRows(product.pointee.m, product.pointee.n)
    let blocks = pieces(product.pointee.m, of: rows)
    let panels = pieces(product.pointee.n, of: vectorWidth)
    var unit = first
    while unit < last {
      let block = unit / panels
      let end = min(last, (block &+ 1) &* panels)
      let batch = block / blocks
      let row = (block &- batch &* blocks) &* rows
      runBlock(
        batch, row, min(product.pointee.m, row &+ rows), unit &- block &* panels, end &- block &* panels)
      unit = end
    }
  }

  /// Rows and panels of one entry of the batch.
  private func runBlock(_ batch: Int, _ firstRow: Int, _ lastRow: Int, _ firstPanel: Int, _ lastPanel: Int) {
    let p = product.pointee
    var region = Region(batch: batch, firstRow: firstRow, lastRow: lastRow, firstPanel: firstPanel)
    // Fewer rows do not pay for copies.
    region.copiesPanels = lastRow &- firstRow >= 24
    let cuts = region.copiesPanels ? max(1, pieces(p.k, of: Tile.depth)) : 1
    // Sums between the cuts of k are kept for so many panels.
    let group = cuts == 1 ? lastPanel &- firstPanel : Tile.panels
    while region.firstPanel < lastPanel {
      let end = min(lastPanel, region.firstPanel &+ group)
      // Where the rows of A are neighbours, every step of k is to another page; few panels do not pay for the copy.
      region.copiesRows =
        region.copiesPanels && p.aRow == 1 && p.aColumn > 1
        && end &- region.firstPanel >= Tile.panelsOfACopy
      for cut in 0..<cuts {
        region.start = p.k &* cut / cuts
        region.k = p.k &* (cut &+ 1) / cuts &- region.start
        region.isFirst = cut == 0
        region.isLast = cut &+ 1 == cuts
        if region.copiesRows { copyRows(region) }
        let following = region.isLast ? 0 : cut &+ 1
        region.nextColumn = region.isLast ? end : region.firstPanel
        region.nextStart = p.k &* following / cuts
        region.nextCount = p.k &* (following &+ 1) / cuts &- region.nextStart
        if !region.copiesPanels || region.nextColumn >= lastPanel { region.nextCount = 0 }
        runPanels(region, end)
      }
      region.firstPanel = end
    }
  }

  /// What tiles of one cut of k have in common.
  private struct Region {
    var batch: Int
    var firstRow: Int
    var lastRow: Int
    var firstPanel: Int
    /// The cut of k, and whether sums begin or end with it.
    var start = 0
    var k = 0
    var isFirst = true
    var isLast = true
    var copiesPanels = false
    var copiesRows = false
    /// The first column and the rows of the panel that will be copied next; no rows where there is none.
    var nextColumn = 0
    var nextStart = 0
    var nextCount = 0
  }

  // Scratch memory: the panel of B, the rows of A, sums by panel and row, sums of a tile that are complete.
  private var panel: UnsafeMutablePointer<Float> { scratch }
  private var rows: UnsafeMutablePointer<Float> { scratch + UnitSize.productPanelScratch }
  private var sums: UnsafeMutablePointer<Float> { rows + UnitSize.productRowScratch }
  private var finished: UnsafeMutablePointer<Float> { sums + UnitSize.productSumScratch }

  private func runPanels(_ region: Region, _ lastPanel: Int) {
    var column = region.firstPanel
    while column < lastPanel {
      // Remainders are shared out: 8 vectors as 3 + 3 + 2, 4 as 2 + 2.
      let left = lastPanel &- column
      let width = left == 4 && Tile.columns == 3 ? 2 : min(Tile.columns, left)
      var region = region
      if region.copiesPanels, left > width {
        (region.nextColumn, region.nextStart, region.nextCount) = (column &+ width, region.start, region.k)
      }
      switch width {
      case 1: runColumn(region, column, InlineArray<1, UInt8>.self)
      case 2: runColumn(region, column, InlineArray<2, UInt8>.self)
      default: runColumn(region, column, InlineArray<3, UInt8>.self)
      }
      column &+= width
    }
  }

  @inline(__always)
  private func runColumn<let columns: Int>(_ region: Region, _ column: Int, _: InlineArray<columns, UInt8>.Type) {
    let p = product.pointee
    var b = context.pointee.address(p.b) + (region.batch &* p.bBatch &+ region.start &* p.bRow &+ column &* 16)
    var bRow = p.bRow
    if region.copiesPanels {
      for k in 0..<region.k {
        for j in 0..<columns { store(load(b + j &* 16), panel + (k &* columns &+ j) &* 16) }
        b += bRow
      }
      b = panel
      bRow = columns &* 16
    }
    var row = region.firstRow
    while row < region.lastRow {
      let height = Self.height(region.lastRow &- row)
      switch height {
      case 8:
        if columns == 3 { tile(region, row, column, b, bRow, InlineArray<8, UInt8>.self, InlineArray<24, Vector>.self) }
        if columns == 2 { tile(region, row, column, b, bRow, InlineArray<8, UInt8>.self, InlineArray<16, Vector>.self) }
        if columns == 1 { tile(region, row, column, b, bRow, InlineArray<8, UInt8>.self, InlineArray<8, Vector>.self) }
      case 4:
        if columns == 3 { tile(region, row, column, b, bRow, InlineArray<4, UInt8>.self, InlineArray<12, Vector>.self) }
        if columns == 2 { tile(region, row, column, b, bRow, InlineArray<4, UInt8>.self, InlineArray<8, Vector>.self) }
        if columns == 1 { tile(region, row, column, b, bRow, InlineArray<4, UInt8>.self, InlineArray<4, Vector>.self) }
      case 2:
        if columns == 3 { tile(region, row, column, b, bRow, InlineArray<2, UInt8>.self, InlineArray<6, Vector>.self) }
        if columns == 2 { tile(region, row, column, b, bRow, InlineArray<2, UInt8>.self, InlineArray<4, Vector>.self) }
        if columns == 1 { tile(region, row, column, b, bRow, InlineArray<2, UInt8>.self, InlineArray<2, Vector>.self) }
      default:
        if columns == 3 { tile(region, row, column, b, bRow, InlineArray<1, UInt8>.self, InlineArray<3, Vector>.self) }
        if columns == 2 { tile(region, row, column, b, bRow, InlineArray<1, UInt8>.self, InlineArray<2, Vector>.self) }
        if columns == 1 { tile(region, row, column, b, bRow, InlineArray<1, UInt8>.self, InlineArray<1, Vector>.self) }
      }
      row &+= height
    }
  }

  /// Rows of the next tile where so many are left.
  @inline(__always)
  private static func height(_ left: Int) -> Int {
    if Tile.rows == 8, left >= 8 { return 8 }
    return left >= 4 ? 4 : left >= 2 ? 2 : 1
  }

  /// The rows of A, tile by tile, each in the order in which it is read.
  private func copyRows(_ region: Region) {
    let p = product.pointee
    let a = context.pointee.address(p.a) + (region.batch &* p.aBatch &+ region.start &* p.aColumn)
    var row = region.firstRow
    var target = rows
    while row < region.lastRow {
      let height = Self.height(region.lastRow &- row)
      let source = a + row
      switch height {
      case 8: copyTile(source, &target, region.k, SIMD8<Float>.self)
      case 4: copyTile(source, &target, region.k, SIMD4<Float>.self)
      case 2: copyTile(source, &target, region.k, SIMD2<Float>.self)
      default: copyTile(source, &target, region.k, Float.self)
      }
      row &+= height
    }
  }

  /// `Rows` are the neighbouring rows of a tile.
  @inline(__always)
  private func copyTile<Rows: BitwiseCopyable>(
    _ first: UnsafeMutablePointer<Float>, _ target: inout UnsafeMutablePointer<Float>, _ k: Int, _: Rows.Type
  ) {
    var source = first
    let step = product.pointee.aColumn
    let count = MemoryLayout<Rows>.size / MemoryLayout<Float>.size
    for _ in 0..<k {
      let values = UnsafeRawPointer(source).loadUnaligned(as: Rows.self)
      UnsafeMutableRawPointer(target).storeBytes(of: values, as: Rows.self)
      source += step
      target += count
    }
  }

  /// One register tile: the chain goes on from the cut before, and ends in the epilogue or in the memory between cuts.
  @inline(__always)
  private func tile<let rowCount: Int, let size: Int>(
    _ region: Region, _ row: Int, _ column: Int, _ panel: UnsafeMutablePointer<Float>, _ bRow: Int,
    _: InlineArray<rowCount, UInt8>.Type, _: InlineArray<size, Vector>.Type
  ) {
    let columns = size / rowCount
    let p = product.pointee
    var a: UnsafeMutablePointer<Float>
    var aRow = p.aRow
    var aColumn = p.aColumn
    if region.copiesRows {
      a = rows + (row &- region.firstRow) &* region.k
      aRow = 1
      aColumn = rowCount
    } else {
      a = context.pointee.address(p.a) + (region.batch &* p.aBatch &+ row &* aRow &+ region.start &* aColumn)
    }
    if p.epilogue == .adam, region.isLast {
      // The state of the tile arrives while the sums are computed.
      for i in 0..<rowCount {
        for j in 0..<columns { adam.prefetch((row &+ i) &* p.cRow &+ (column &+ j) &* 16) }
      }
    }
    let blockRows = region.lastRow &- region.firstRow
    let kept = sums + ((column &- region.firstPanel) &* blockRows &+ row &- region.firstRow) &* 16
    var chains = InlineArray<size, Vector>(repeating: splat(0))
    if !region.isFirst {
      for i in 0..<rowCount {
        for j in 0..<columns { chains[unchecked: i &* columns &+ j] = load(kept + (j &* blockRows &+ i) &* 16) }
      }
    }
    var b = panel
    var foresight = foresight(region, row, rowCount, column, columns)
    var remaining = region.k
    while remaining > 0 {
      foresight.ask(columns)
      let steps = min(remaining, Foresight.interval)
      remaining &-= steps
      for _ in 0..<steps {
        var right = InlineArray<3, Vector>(repeating: splat(0))
        for j in 0..<columns { right[unchecked: j] = load(b + j &* 16) }
        for i in 0..<rowCount {
          let left = splat(a[i &* aRow])
          for j in 0..<columns {
            chains[unchecked: i &* columns &+ j] = multiplyAdd(
              left, right[unchecked: j], chains[unchecked: i &* columns &+ j])
          }
        }
        a += aColumn
        b += bRow
      }
    }
    // Whatever follows reads the sums from memory. Were it to read the chains, by an index that is not known when this is
    // compiled, all of them would have to lie in memory, and every step of the sum would store every one of them.
    let result = region.isLast ? finished : kept
    let stride = region.isLast ? rowCount : blockRows
    for i in 0..<rowCount {
      for j in 0..<columns { store(chains[unchecked: i &* columns &+ j], result + (j &* stride &+ i) &* 16) }
    }
    if region.isLast { finishTile(region.batch, row, rowCount, column, columns) }
  }

  /// What a tile asks for: its share of the panel that is copied next (of which few and short tiles get through a part only),
  /// and the rows of the result that it writes.
  @inline(__always)
  private func foresight(_ region: Region, _ row: Int, _ rowCount: Int, _ column: Int, _ columns: Int) -> Foresight {
    let p = product.pointee
    let tiles = pieces(region.lastRow &- region.firstRow, of: rowCount)
    let number = (row &- region.firstRow) / rowCount
    let first = region.nextCount &* number / tiles
    let b = context.pointee.address(p.b) + (region.batch &* p.bBatch &+ region.nextColumn &* 16)
    let c = context.pointee.address(p.c) + (region.batch &* p.cBatch &+ row &* p.cRow &+ column &* 16)
    return Foresight(
      panel: b + (region.nextStart &+ first) &* p.bRow, panelStride: p.bRow,
      panelRows: region.nextCount &* (number &+ 1) / tiles &- first,
      result: c, resultStride: p.cRow, resultRows: p.epilogue == .store && region.isLast ? rowCount : 0)
  }

  /// The epilogue of a tile whose sums are complete. The lanes beyond the matrix belong to somebody else.
  private func finishTile(_ batch: Int, _ row: Int, _ rowCount: Int, _ column: Int, _ columns: Int) {
    let p = product.pointee
    for j in 0..<columns {
      let first = (column &+ j) &* 16
      let count = min(16, p.n &- first)
      var values = finished + j &* rowCount &* 16
      if p.epilogue == .adam {
        for i in 0..<rowCount {
          let place = (row &+ i) &* p.cRow &+ first
          if count == 16 { adam.update(load(values), place) } else { adam.update(load(values), place, count) }
          values += 16
        }
        continue
      }
      let bias = context.pointee.address(p.bias)
      let columnBias = p.biasAxis == 2 ? load(bias + first) : splat(0)
      var c = context.pointee.address(p.c) + (batch &* p.cBatch &+ row &* p.cRow &+ first)
      for i in 0..<rowCount {
        var value = load(values)
        if p.biasAxis == 1 { value += splat(bias[row &+ i]) }
        if p.biasAxis == 2 { value += columnBias }
        if p.activation != .copy { value = activated(value, p.activation) }
        if count == 16 {
          store(value, c)
        } else {
          // By way of memory: lanes picked by a variable would keep every value there.
          store(value, values)
          for lane in 0..<count { c[lane] = values[lane] }
        }
        values += 16
        c += p.cRow
      }
    }
  }
}
