import Canvas

/// The order in which changed cells are drawn, so that few bytes are spent on styles.
///
/// Most of what a frame costs are colours: a cell of a picture is one character of three bytes, and up to twenty that
/// say its two colours. Drawn from left to right, nearly every cell has other colours than the one before it; elsewhere
/// in the same picture there is often a cell that shares one of them or both, and getting there takes two to eight
/// bytes. So the next cell is always the one that costs least from here (the nearest neighbour of a travelling
/// salesman): about a quarter fewer bytes for a decoded digit.
struct DrawingOrder {
  /// More cells than this are drawn row by row: looking for the cheapest takes time that grows with the square.
  static let mostCells = 400

  /// Bytes for one colour of the palette, in a sequence of its own or joined to another.
  private static let colorCost: Int32 = 9
  private static let sequenceCost: Int32 = 3
  private static let attributesCost: Int32 = 4

  /// What of a cell decides the cost of drawing it next.
  private struct Stop {
    let column: Int32
    let row: Int32
    /// Its place among the styles.
    let style: Int32
    let index: Int32
  }

  /// Colours by their numbers.
  private struct Style: Hashable {
    /// 0 where the glyph shows no foreground, so that any will do.
    let foreground: UInt32
    let background: UInt32
    let attributes: UInt8

    init(_ cell: Cell) {
      let isEmpty = cell.glyph == " " && cell.attributes.isDisjoint(with: [.underline, .reverse])
      foreground = isEmpty ? 0 : DrawingOrder.number(cell.foreground)
      background = DrawingOrder.number(cell.background)
      attributes = cell.attributes.rawValue
    }

    /// About how many bytes it takes to go on to this style.
    func cost(after foreground: UInt32, _ background: UInt32, _ attributes: UInt8) -> Int32 {
      var cost: Int32 = 0
      if self.foreground != foreground, self.foreground != 0 { cost += DrawingOrder.colorCost }
      if self.background != background { cost += DrawingOrder.colorCost }
      if self.attributes != attributes { cost += DrawingOrder.attributesCost }
      return cost > 0 ? cost + DrawingOrder.sequenceCost : 0
    }
  }

  /// Indices into a screen `width` columns wide, in the order to draw them.
  ///
  /// - Parameters:
  ///   - changed: indices of the cells to draw, ascending.
  ///   - cells: what is to be at each index of the screen.
  ///   - start: the index of the cell the cursor is at.
  static func order(_ changed: [Int], of cells: [Cell], width: Int, start: Int) -> [Int] {
    var (styles, places): ([Style], [Style: Int32]) = ([], [:])
    var left = changed.map { index in
      let style = Style(cells[index])
      let place = places[style] ?? Int32(styles.count)
      if place == styles.count {
        places[style] = place
        styles.append(style)
      }
      return Stop(column: Int32(index % width), row: Int32(index / width), style: place, index: Int32(index))
    }
    var result: [Int] = []
    result.reserveCapacity(left.count)
    var column = Int32(start % width)
    var row = Int32(start / width)
    var (foreground, background, attributes) = (number(.standard), number(.standard), UInt8(0))
    // Cells outnumber their styles: what a style costs from here is asked once a step.
    var costs = [Int32](repeating: 0, count: styles.count)
    while !left.isEmpty {
      for (place, style) in styles.enumerated() { costs[place] = style.cost(after: foreground, background, attributes) }
      let best = costs.withUnsafeBufferPointer { costs in
        left.withUnsafeBufferPointer { cheapest(of: $0, costs: costs, column: column, row: row) }
      }
      // What remains keeps its order, so that of equal costs the one first in reading order wins.
      let next = left.remove(at: best)
      result.append(Int(next.index))
      column = next.column + 1
      row = next.row
      let style = styles[Int(next.style)]
      if style.foreground != 0 { foreground = style.foreground }
      background = style.background
      attributes = style.attributes
    }
    return result
  }

  /// The place of the stop that costs least from a column and a row, the first of several; `costs` are those of its style.
  private static func cheapest(
    of stops: UnsafeBufferPointer<Stop>, costs: UnsafeBufferPointer<Int32>, column: Int32, row: Int32
  ) -> Int {
    var best = 0
    var lowest = Int32.max
    for place in stops.indices {
      let stop = stops[place]
      var cost = costs[Int(stop.style)]
      if cost >= lowest { continue }
      cost += movingCost(right: stop.column - column, down: stop.row - row)
      if cost < lowest {
        lowest = cost
        best = place
        if cost == 0 { break }
      }
    }
    return best
  }

  /// About how many bytes it takes to move the cursor: relative where that is near, else by an address.
  private static func movingCost(right: Int32, down: Int32) -> Int32 {
    let across: Int32 = right == 0 ? 0 : right == 1 ? 3 : right > 1 ? 4 : min(-right, 4)
    let along: Int32 = down == 0 ? 0 : down == 1 || down == -1 ? 3 : 4
    return min(across + along, 8)
  }

  /// A number for each colour, different for different ones, never 0.
  private static func number(_ color: Color) -> UInt32 {
    switch color {
    case .standard: 1 << 24
    case .palette(let index): 1 << 25 | UInt32(index)
    case .direct(let red, let green, let blue): 1 << 26 | UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue)
    }
  }
}
