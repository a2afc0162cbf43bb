/// The axes around a plot: a line at the left and one below, ticks, and their labels.
struct PlotAxes {
  let horizontal: AxisScale
  let vertical: AxisScale
  /// Where the plot itself goes.
  let area: Rectangle

  /// Axes for a frame of a size; no axes, and all of the frame for the plot, when it is too small for them.
  ///
  /// - Parameters:
  ///   - verticalLabel: what is to be written beside the vertical axis, which must be wide enough for it.
  ///   - minimumMargin: the least columns at the left: a margin that only grows comes to rest while the window is fitted.
  init(
    horizontal: (_ maximumCount: Int) -> AxisScale, vertical: (_ maximumCount: Int) -> AxisScale,
    verticalLabel: String = "", minimumMargin: Int = 0, width: Int, height: Int,
    isWanted: Bool = true
  ) {
    let rows = height - 2
    let verticalScale = Self.telling(vertical, rows / 3, rows / 2)
    let labels = verticalScale.ticks.map(\.label) + [verticalLabel]
    let margin = max(minimumMargin, 1 + (labels.map(\.unicodeScalars.count).max() ?? 0))
    guard isWanted, rows >= 4, width - margin >= 12 else {
      self.horizontal = horizontal(0)
      self.vertical = vertical(0)
      area = Rectangle(column: 0, row: 0, width: width, height: height)
      return
    }
    area = Rectangle(column: margin, row: 0, width: width - margin, height: rows)
    self.vertical = verticalScale
    self.horizontal = Self.telling(horizontal, area.width / 9, area.width / 6)
  }

  /// A scale of as many ticks as stand well apart; where that is one, which tells no distance, of as many as can be read.
  private static func telling(_ scale: (_ maximumCount: Int) -> AxisScale, _ usual: Int, _ most: Int) -> AxisScale {
    let roomy = scale(max(2, usual))
    guard roomy.ticks.count < 2, most > max(2, usual) else { return roomy }
    let dense = scale(most)
    return dense.ticks.count < 2 ? roomy : dense
  }

  /// Whether there was room for axes.
  var isShown: Bool { area.column > 0 }

  /// The cell of `count` a place from 0 to 1 falls in: the same for ticks, points and crosshair. A place that is meant to
  /// be a cell's edge may miss it by the last bits of a float.
  static func cell(_ place: Double, of count: Int) -> Int {
    let cells = place * Double(count)
    return min(count - 1, max(0, cells.isFinite ? Int((cells + 1e-6).rounded(.down)) : 0))
  }

  /// Draws lines, ticks and labels.
  ///
  /// - Parameters:
  ///   - labelYields: whether the numbers go before the axis's own label, which then stands between them.
  ///   - place: where a value lies along its axis, 0 at the left or below, 1 at the other end.
  func draw(
    on frame: inout Frame, rendition: Rendition, horizontalLabel: String, labelYields: Bool = false,
    horizontalPlace: (Double) -> Double, verticalPlace: (Double) -> Double
  ) {
    guard isShown else { return }
    let style = Cell(foreground: PlotStyle.faint(rendition))
    let axisColumn = area.column - 1
    frame.rule(column: axisColumn, rows: area.row..<area.endRow + 1, rendition: rendition, style: style)
    frame.rule(row: area.endRow, columns: axisColumn..<area.endColumn, rendition: rendition, style: style)
    for tick in vertical.ticks {
      let row = area.row + Self.cell(1 - verticalPlace(tick.value), of: area.height)
      let columns = tick.label.unicodeScalars.count
      frame.write(tick.label, column: axisColumn - columns, row: row, foreground: style.foreground)
      frame[axisColumn, row] = Cell(rendition.unicode ? "┤" : "+", foreground: style.foreground)
    }
    // Labels that would touch are left out, their ticks are not. The axis's own label stands at the right end, or where it
    // yields, in the last gap between them.
    let labelRow = area.endRow + 1
    let columns = horizontalLabel.unicodeScalars.count
    let limit = labelYields || columns == 0 ? frame.width : frame.width - columns - 1
    var taken: [Range<Int>] = []
    for tick in horizontal.ticks {
      let column = area.column + Self.cell(horizontalPlace(tick.value), of: area.width)
      frame[column, area.endRow] = Cell(rendition.unicode ? "┬" : "+", foreground: style.foreground)
      let columns = tick.label.unicodeScalars.count
      let start = min(max(0, column - columns / 2), frame.width - columns)
      guard start >= taken.last.map({ $0.upperBound + 1 }) ?? 0, start + columns <= limit else { continue }
      frame.write(tick.label, column: start, row: labelRow, foreground: style.foreground)
      taken.append(start..<start + columns)
    }
    var end = frame.width
    for label in taken.reversed() where end - columns <= label.upperBound { end = label.lowerBound - 1 }
    if columns > 0, end >= columns { frame.write(horizontalLabel, column: end - columns, row: labelRow) }
  }
}
