import CIntrinsics
import KernelInterface

/// Register tiles: `rows × columns` vectors of accumulators stay in registers over the whole sum. Every element is one
/// chain of multiply-adds over ascending k, so neither the tile nor the block nor the thread that computes it shows in
/// the result.
enum Tile {
  #if WIDE_REGISTERS
    /// 8 × 3 + 3 + 1 of 32 vector registers.
    static let rows = 8
    static let columns = 3
    /// Columns of tiles whose panels are copied together: neighbours in memory share pages.
    static let group = 1
    /// Terms of a sum that are added while the panels lie in the first-level cache.
    static let terms = 256
  #else
    /// 6 × 2 + 2 + 1 of 16 registers, of which a vector takes two.
    static let rows = 6
    static let columns = 1
    static let group = 16
    static let terms = 128
  #endif
  /// Floats between the copied rows of a tile of `A`: a constant, so that all are reached from one pointer.
  static let rowStride = terms + 8
  /// Rows of `C` that use a panel; their partial sums wait in scratch memory.
  static let blockRows = 192
}

/// A number of rows as a type, so that loops over them unroll.
struct TileRows<let rows: Int> {}
/// The accumulators of a tile: its rows times its columns.
typealias Accumulators<let size: Int> = InlineArray<size, Vector>

/// What a tile reads of `B`, and which part of the sums it adds.
private struct Panel {
  /// The first row of the terms to add, at the tile's first column.
  var values: UnsafeMutablePointer<Float>
  /// Floats between terms.
  var stride: Int
  var firstTerm: Int
  var terms: Int
  /// Where the sums of the terms before are and those of the terms so far go; the last terms finish the element.
  var partial: UnsafeMutablePointer<Float>
  var isFirst: Bool
  var isLast: Bool
}

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

  func run(_ first: Int, _ last: Int) {
    let blocks = pieces(product.pointee.m, of: UnitSize.productRows)
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
    let isBlocked = product.pointee.isBlocked && lastRow &- firstRow >= 24
    let step = isBlocked ? Tile.blockRows : lastRow &- firstRow
    var row = firstRow
    while row < lastRow {
      runBlock(batch, row, min(lastRow, row &+ step), isBlocked)
      row &+= step
    }
  }

  private func runBlock(_ batch: Int, _ firstRow: Int, _ lastRow: Int, _ isBlocked: Bool) {
    let vectors = pieces(product.pointee.n, of: vectorWidth)
    var column = 0
    while column < vectors {
      // Remainders are shared out: 8 vectors as 3 + 3 + 2, 4 as 2 + 2.
      let left = vectors &- column
      let width = left == 4 && Tile.columns == 3 ? 2 : min(Tile.columns, left)
      if isBlocked {
        let group = min(Tile.group, left / width)
        runPanels(batch, firstRow, lastRow, column, width, group)
        column &+= width &* group
      } else {
        runTiles(
          batch, firstRow, lastRow, column, width,
          Panel(
            values: columnsOfB(batch, column), stride: product.pointee.bRow, firstTerm: 0, terms: product.pointee.k,
            partial: scratch, isFirst: true, isLast: true))
        column &+= width
      }
    }
  }

  @inline(__always)
  private func columnsOfB(_ batch: Int, _ column: Int) -> UnsafeMutablePointer<Float> {
    context.pointee.address(product.pointee.b) + (batch &* product.pointee.bBatch &+ column &* vectorWidth)
  }

  /// Copies one stretch of rows of `B` after the other into scratch memory, where each of `group` columns of tiles
  /// finds a panel of its own, and adds its terms to all rows of the block.
  private func runPanels(_ batch: Int, _ firstRow: Int, _ lastRow: Int, _ column: Int, _ width: Int, _ group: Int) {
    let count = product.pointee.k
    let stretches = pieces(count, of: Tile.terms)
    let terms = pieces(count, of: stretches)
    let stride = width &* vectorWidth
    let panelSize = Tile.terms &* Tile.columns &* vectorWidth
    let partials = scratch + Tile.group &* panelSize
    var first = 0
    while first < count {
      let number = min(terms, count &- first)
      copyPanels(columnsOfB(batch, column) + first &* product.pointee.bRow, number, width, group, panelSize)
      var panel = Panel(
        values: scratch, stride: stride, firstTerm: first, terms: number, partial: partials, isFirst: first == 0,
        isLast: first &+ number == count)
      #if WIDE_REGISTERS
        runTiles(batch, firstRow, lastRow, column, width, panel)
      #else
        var row = firstRow
        while row < lastRow {
          let rows = Self.rows(left: lastRow &- row)
          copyRows(batch, row, rows, panel)
          for member in 0..<group {
            panel.values = scratch + member &* panelSize
            let partial = partials + (member &* Tile.blockRows &+ row &- firstRow) &* vectorWidth
            copiedTile(batch, row, rows, column &+ member, panel, partial)
          }
          row &+= rows
        }
      #endif
      first &+= number
    }
  }

  private func copyPanels(
    _ values: UnsafeMutablePointer<Float>, _ number: Int, _ width: Int, _ group: Int, _ panelSize: Int
  ) {
    // Every row is in a page of its own: it is asked for some rows before it is read.
    let ahead = 6 &* product.pointee.bRow
    var source = values
    for term in 0..<number {
      let isAsked = term &+ 6 < number
      for member in 0..<group {
        let target = scratch + (member &* panelSize &+ term &* width &* vectorWidth)
        for vector in 0..<width {
          let place = source + (member &* width &+ vector) &* vectorWidth
          if isAsked { zscope_prefetch_read(place + ahead) }
          store(load(place), target + vector &* vectorWidth)
        }
      }
      source += product.pointee.bRow
    }
  }

  #if WIDE_REGISTERS
    @inline(__always)
    private func runTiles(_ batch: Int, _ firstRow: Int, _ lastRow: Int, _ column: Int, _ width: Int, _ panel: Panel) {
      switch width {
      case 1:
        runTiles(
          batch, firstRow, lastRow, column, panel, Accumulators<8>.self, Accumulators<4>.self, Accumulators<1>.self)
      case 2:
        runTiles(
          batch, firstRow, lastRow, column, panel, Accumulators<16>.self, Accumulators<8>.self, Accumulators<2>.self)
      default:
        runTiles(
          batch, firstRow, lastRow, column, panel, Accumulators<24>.self, Accumulators<12>.self, Accumulators<3>.self)
      }
    }

    /// Tiles of eight, four and single rows with so many accumulators.
    @inline(__always)
    private func runTiles<let eight: Int, let four: Int, let one: Int>(
      _ batch: Int, _ firstRow: Int, _ lastRow: Int, _ column: Int, _ panel: Panel,
      _ ofEight: Accumulators<eight>.Type, _ ofFour: Accumulators<four>.Type, _ ofOne: Accumulators<one>.Type
    ) {
      var row = firstRow
      while row < lastRow {
        let left = lastRow &- row
        let place = panel.partial + (row &- firstRow) &* one &* vectorWidth
        if left >= 8 {
          tile(batch, row, column, panel, place, TileRows<8>(), ofEight)
          row &+= 8
        } else if left >= 4 {
          tile(batch, row, column, panel, place, TileRows<4>(), ofFour)
          row &+= 4
        } else {
          tile(batch, row, column, panel, place, TileRows<1>(), ofOne)
          row &+= 1
        }
      }
    }
  #else
    /// Rows of the next tile: no single rows are left over where it can be helped.
    @inline(__always)
    private static func rows(left: Int) -> Int {
      left >= Tile.rows && left != 8 ? Tile.rows : left >= 4 ? 4 : left >= 2 ? 2 : 1
    }

    @inline(__always)
    private func runTiles(_ batch: Int, _ firstRow: Int, _ lastRow: Int, _ column: Int, _ width: Int, _ panel: Panel) {
      var row = firstRow
      while row < lastRow {
        let rows = Self.rows(left: lastRow &- row)
        switch rows {
        case 6: tile(batch, row, column, panel, panel.partial, TileRows<6>(), Accumulators<6>.self)
        case 4: tile(batch, row, column, panel, panel.partial, TileRows<4>(), Accumulators<4>.self)
        case 2: tile(batch, row, column, panel, panel.partial, TileRows<2>(), Accumulators<2>.self)
        default: tile(batch, row, column, panel, panel.partial, TileRows<1>(), Accumulators<1>.self)
        }
        row &+= rows
      }
    }

    /// Where a tile's rows of `A` are copied.
    private var copiedRows: UnsafeMutablePointer<Float> {
      scratch + Tile.group &* (Tile.terms &+ Tile.blockRows) &* vectorWidth
    }

    /// The terms of a panel of the next rows of `A`, which all columns of the group use.
    @inline(__always)
    private func copyRows(_ batch: Int, _ row: Int, _ rows: Int, _ panel: Panel) {
      let p = product.pointee
      var source = context.pointee.address(p.a) + (batch &* p.aBatch &+ row &* p.aRow &+ panel.firstTerm)
      var target = copiedRows
      for _ in 0..<rows {
        target.update(from: source, count: panel.terms)
        source += p.aRow
        target += Tile.rowStride
      }
    }

    private func copiedTile(
      _ batch: Int, _ row: Int, _ rows: Int, _ column: Int, _ panel: Panel, _ partial: UnsafeMutablePointer<Float>
    ) {
      let a = copiedRows
      switch rows {
      case 6:
        tile(batch, row, column, panel, partial, a, Tile.rowStride, 1, TileRows<6>(), Accumulators<6>.self)
      case 4:
        tile(batch, row, column, panel, partial, a, Tile.rowStride, 1, TileRows<4>(), Accumulators<4>.self)
      case 2:
        tile(batch, row, column, panel, partial, a, Tile.rowStride, 1, TileRows<2>(), Accumulators<2>.self)
      default:
        tile(batch, row, column, panel, partial, a, Tile.rowStride, 1, TileRows<1>(), Accumulators<1>.self)
      }
    }
  #endif

  /// A tile whose rows of `A` are read where they are.
  @inline(__always)
  private func tile<let rows: Int, let size: Int>(
    _ batch: Int, _ row: Int, _ column: Int, _ panel: Panel, _ partial: UnsafeMutablePointer<Float>,
    _ shape: TileRows<rows>, _ accumulators: Accumulators<size>.Type
  ) {
    let p = product.pointee
    let a = context.pointee.address(p.a) + (batch &* p.aBatch &+ row &* p.aRow &+ panel.firstTerm &* p.aColumn)
    tile(batch, row, column, panel, partial, a, p.aRow, p.aColumn, shape, accumulators)
  }

  /// The terms of one panel for one register tile; after the last of them the epilogue.
  @inline(__always)
  private func tile<let rows: Int, let size: Int>(
    _ batch: Int, _ row: Int, _ column: Int, _ panel: Panel, _ partial: UnsafeMutablePointer<Float>,
    _ firstA: UnsafeMutablePointer<Float>, _ aRow: Int, _ aColumn: Int, _: TileRows<rows>, _: Accumulators<size>.Type
  ) {
    let columns = size / rows
    let p = product.pointee
    var sums = Accumulators<size>(repeating: splat(0))
    if !panel.isFirst {
      for place in 0..<size { sums[unchecked: place] = load(partial + place &* vectorWidth) }
    }
    var a = firstA
    var b = panel.values
    let bRow = panel.stride
    if p.epilogue == .adam, panel.isLast {
      // The state of the tile arrives while the sums are computed.
      for i in 0..<rows {
        for j in 0..<columns { adam.prefetch((row &+ i) &* p.cRow &+ (column &+ j) &* vectorWidth) }
      }
    }
    for _ in 0..<panel.terms {
      var right = InlineArray<3, Vector>(repeating: splat(0))
      for j in 0..<columns { right[unchecked: j] = load(b + j &* vectorWidth) }
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
    if !panel.isLast {
      for place in 0..<size { store(sums[unchecked: place], partial + place &* vectorWidth) }
      return
    }
    if p.epilogue == .adam {
      let whole = p.n &- (column &+ columns) &* vectorWidth >= 0
      for i in 0..<rows {
        let place = (row &+ i) &* p.cRow &+ column &* vectorWidth
        for j in 0..<columns {
          if whole {
            adam.update(sums[unchecked: i &* columns &+ j], place &+ j &* vectorWidth)
          } else {
            adam.update(
              sums[unchecked: i &* columns &+ j], place &+ j &* vectorWidth,
              min(vectorWidth, p.n &- (column &+ j) &* vectorWidth))
          }
        }
      }
      return
    }
    for i in 0..<rows {
      let c = context.pointee.address(p.c) + (batch &* p.cBatch &+ (row &+ i) &* p.cRow)
      for j in 0..<columns {
        let at = (column &+ j) &* vectorWidth
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
    if count >= vectorWidth {
      store(result, c)
    } else {
      for lane in 0..<count { c[lane] = result[lane] }
    }
  }
}
