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

  /// Where a cell is.
  private struct Stop {
    let column: Int32
    let row: Int32
    let index: Int
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
    var left = StopsByStyle(changed, of: cells, width: width)
    var result: [Int] = []
    result.reserveCapacity(changed.count)
    var column = Int32(start % width)
    var row = Int32(start / width)
    var (foreground, background, attributes) = (number(.standard), number(.standard), UInt8(0))
    while !left.styles.isEmpty {
      let best = left.cheapest(after: foreground, background, attributes, column: column, row: row)
      let style = left.styles[best.style]
      let next = left.remove(best)
      result.append(next.index)
      column = next.column + 1
      row = next.row
      if style.foreground != 0 { foreground = style.foreground }
      background = style.background
      attributes = style.attributes
    }
    return result
  }

  /// What is left to draw. Cells outnumber their styles, and most styles cost more than any cell of a nearer one: those
  /// cells are never looked at.
  private struct StopsByStyle {
    private(set) var styles: [Style] = []
    /// The cells of each style, in reading order; never none.
    private var stops: [[Stop]] = []

    init(_ changed: [Int], of cells: [Cell], width: Int) {
      var places: [Style: Int] = [:]
      for index in changed {
        let style = Style(cells[index])
        let stop = Stop(column: Int32(index % width), row: Int32(index / width), index: index)
        if let place = places[style] {
          stops[place].append(stop)
        } else {
          places[style] = styles.count
          styles.append(style)
          stops.append([stop])
        }
      }
    }

    /// The stop that costs least from a style, a column and a row; of several the first in reading order.
    func cheapest(
      after foreground: UInt32, _ background: UInt32, _ attributes: UInt8, column: Int32, row: Int32
    ) -> (style: Int, stop: Int) {
      var best = (style: 0, stop: 0)
      var (lowest, first) = (Int32.max, Int.max)
      styles.withUnsafeBufferPointer { styles in
        for place in styles.indices {
          let styleCost = styles[place].cost(after: foreground, background, attributes)
          if styleCost > lowest { continue }
          for (number, stop) in stops[place].enumerated() {
            let cost = styleCost + movingCost(right: stop.column - column, down: stop.row - row)
            if (cost, stop.index) < (lowest, first) {
              (lowest, first) = (cost, stop.index)
              best = (place, number)
            }
          }
        }
      }
      return best
    }

    mutating func remove(_ place: (style: Int, stop: Int)) -> Stop {
      let stop = stops[place.style].remove(at: place.stop)
      if stops[place.style].isEmpty {
        styles.swapAt(place.style, styles.count - 1)
        styles.removeLast()
        stops.swapAt(place.style, stops.count - 1)
        stops.removeLast()
      }
      return stop
    }
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
