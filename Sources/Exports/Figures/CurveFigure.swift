/// Values against a count, such as terms against epochs.
public struct CurveFigure: Sendable {
  /// One line.
  public struct Series: Sendable {
    /// What it is.
    public let name: String
    /// Its points, ascending.
    public let points: [SIMD2<Double>]
    /// Dashed lines are what is told beside, such as training beside held-out values.
    public let isDashed: Bool
    /// Which colour it has.
    public let color: Int

    /// A line.
    public init(name: String, points: [SIMD2<Double>], color: Int, isDashed: Bool = false) {
      self.name = name
      self.points = points
      self.isDashed = isDashed
      self.color = color
    }
  }

  /// A name for files, a title and how to read it.
  public var name = "curves"
  public var title = ""
  public var caption = ""
  /// The lines.
  public var series: [Series]
  /// Names of the axes.
  public var horizontalName = ""
  public var verticalName = ""
  /// Whether the horizontal axis counts things that have no halves, such as epochs.
  public var countsWhole = false

  /// A chart of lines.
  public init(series: [Series]) { self.series = series }

  /// The figure, 560 units wide.
  public var figure: Figure {
    let rows = Double((series.count + 2) / 3)
    let (left, top, width, height) = (72.0, 10.0 + 20 * rows, 472.0, 220.0)
    var drawing = Drawing(width: left + width + 16, height: top + height + 46)
    let area = PlotArea(
      left: left, top: top, width: width, height: height,
      horizontal: PlotArea.range(series.flatMap { $0.points.map(\.x) }, room: 0.02),
      vertical: PlotArea.range(series.flatMap { $0.points.map(\.y) }, room: 0.06))
    area.drawAxes(
      on: &drawing, horizontalName: horizontalName, verticalName: verticalName, countsWhole: countsWhole)
    for line in series {
      let points = line.points.filter { $0.x.isFinite && $0.y.isFinite }.map { area.place($0.x, $0.y) }
      drawing.line(points, .series(line.color), width: 2, dashed: line.isDashed)
      if points.count < 40 { drawing.dots(points, radius: 2.5, .series(line.color)) }
    }
    let names = Drawing.fitting(series.map(\.name), width: width / 3 - 32)
    for (place, line) in series.enumerated() {
      let (x, y) = (left + Double(place % 3) * width / 3, 14 + 20 * Double(place / 3))
      drawing.line([SIMD2(x, y - 4), SIMD2(x + 22, y - 4)], .series(line.color), width: 2, dashed: line.isDashed)
      drawing.text(names[place], x + 28, y)
    }
    // One column a line, one row a place that any of them has.
    var table = Table([horizontalName.isEmpty ? "x" : horizontalName] + series.map(\.name))
    let places = Set(series.flatMap { $0.points.map(\.x) }).sorted()
    let values = series.map { line in
      Dictionary(line.points.map { ($0.x, $0.y) }, uniquingKeysWith: { _, last in last })
    }
    for place in places { table.add([.number(place)] + values.map { $0[place].map { .number($0) } ?? .missing }) }
    return Figure(name: name, title: title, caption: caption, drawing: drawing, table: table)
  }
}
