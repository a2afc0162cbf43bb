import Canvas

/// Bars, some side by side for each entry, such as divergence and information of every dimension.
public struct BarFigure: Sendable {
  /// The bars of one colour.
  public struct Series: Sendable {
    /// What they are.
    public let name: String
    /// One value an entry.
    public let values: [Double]

    /// Bars of one colour.
    public init(name: String, values: [Double]) {
      self.name = name
      self.values = values
    }
  }

  /// A name for files, a title and how to read it.
  public var name = "bars"
  public var title = ""
  public var caption = ""
  /// What each group of bars is of.
  public var entries: [String]
  /// What an entry is, for the table.
  public var entryName = "entry"
  /// The bars.
  public var series: [Series]
  /// What they measure.
  public var verticalName = ""

  /// A bar chart.
  public init(entries: [String], series: [Series]) {
    self.entries = entries
    self.series = series
  }

  /// The figure, at least 560 units wide.
  public var figure: Figure {
    let (left, top, height) = (72.0, 34.0, 200.0)
    let width = max(472, Double(entries.count * series.count) * 6)
    var drawing = Drawing(width: left + width + 16, height: top + height + 46)
    let values = series.flatMap(\.values).filter(\.isFinite)
    let (least, greatest) = (min(0, values.min() ?? 0), max(0, values.max() ?? 0))
    let reach = greatest > least ? (greatest - least) * 0.04 : 1
    let area = PlotArea(
      left: left, top: top, width: width, height: height, horizontal: 0...Double(max(1, entries.count)),
      vertical: (least < 0 ? least - reach : 0)...(greatest + reach))
    for tick in AxisScale(range: area.vertical, maximumCount: 6).ticks {
      let y = area.place(0, tick.value).y
      drawing.line([SIMD2(left, y), SIMD2(left + width, y)], .rule)
      drawing.text(tick.label, left - 6, y + 4, .end, .muted)
    }
    drawing.text(verticalName, left - 50, top + height / 2, .middle, .muted, rotated: true)
    let slot = 0.8 / Double(max(1, series.count))
    for (index, bars) in series.enumerated() {
      for (entry, value) in bars.values.enumerated() where value.isFinite {
        let start = area.place(Double(entry) + 0.1 + slot * Double(index), max(0, value))
        let end = area.place(Double(entry) + 0.1 + slot * Double(index + 1), min(0, value))
        drawing.rectangle(
          start.x, start.y, max(1, end.x - start.x - 1), max(0.5, end.y - start.y), .series(2 * index + 1))
      }
    }
    // As many names as have room.
    let widest = Double(entries.map(\.count).max() ?? 1) * Drawing.letterWidth + 8
    let every = max(1, Int((widest * Double(entries.count) / width).rounded(.up)))
    for (entry, name) in entries.enumerated() where entry % every == 0 {
      drawing.text(name, area.place(Double(entry) + 0.5, 0).x, top + height + 16, .middle, .muted)
    }
    // Each name with the room it needs, and where that is too much, with the same share each.
    let needed = series.map { Double($0.name.count) * Drawing.letterWidth + 40 }
    let isTooMuch = needed.reduce(0, +) > width
    let share = width / Double(max(1, series.count))
    let names = isTooMuch ? Drawing.fitting(series.map(\.name), width: share - 20) : series.map(\.name)
    var x = left
    for index in series.indices {
      drawing.rectangle(x, 8, 12, 12, .series(2 * index + 1))
      drawing.text(names[index], x + 18, 19)
      x += isTooMuch ? share : needed[index]
    }
    var table = Table([entryName] + series.map(\.name))
    for (entry, name) in entries.enumerated() {
      table.add([.word(name)] + series.map { $0.values.indices.contains(entry) ? .number($0.values[entry]) : .missing })
    }
    return Figure(name: name, title: title, caption: caption, drawing: drawing, table: table)
  }
}
