import Testing

@testable import Canvas

/// Nothing drawn hides a code.
@Suite struct DecorationTests {
  static let sizes = [(60, 20), (80, 24), (120, 40), (200, 60), (40, 12), (9, 4)]
  static let renditions: [Rendition] =
    ColorLevel.allCases.flatMap { level in
      [Appearance(), Appearance(ground: .light), Appearance(ground: .dark, isHighContrast: true)].map {
        Rendition(colors: level, appearance: $0)
      }
    } + [Rendition(unicode: false), Rendition(colors: .mono, unicode: false)]

  @Test(arguments: sizes, [ScatterPlot.Style.dots, .marks])
  func thePointsAreTheSameWithEveryDecorationOnAndOff(_ size: (width: Int, height: Int), _ style: ScatterPlot.Style) {
    for rendition in Self.renditions {
      var bare = SampleScreen.scatter(width: size.width, height: size.height)
      bare.style = style
      bare.fitsWindow = true
      // One in every thirty, so that there are crowded cells, single points and empty ones.
      bare.points = bare.points.enumerated().map { $0.offset % 30 < 20 ? $0.element : $0.element * 1.4 }
      var decorated = bare
      decorated.showsDensity = true
      bare.showsDensity = false
      bare.ringRadii = []
      bare.path = []
      bare.ellipse = nil
      bare.markers = []
      bare.crosshair = nil
      decorated.path = [SIMD2(-3, -3), SIMD2(0, 0), SIMD2(1.1, 0), SIMD2(3, 3)]
      for place in [SIMD2<Float>(1.1, 0), SIMD2(0, 0), SIMD2(-2.1, 0.1)] {
        decorated.crosshair = place
        decorated.markers = [ScatterPlot.Marker(position: place, glyph: "m"), .init(position: .zero, glyph: "漢")]
        decorated.ellipse = ScatterPlot.Ellipse(center: place, first: SIMD2(1, 0.3), second: SIMD2(-0.2, 0.7))
        let plain = bare.frame(width: size.width, height: size.height, rendition: rendition)
        let full = decorated.frame(width: size.width, height: size.height, rendition: rendition)
        let area = bare.geometry(width: size.width, height: size.height).axes.area
        var points = 0
        for row in area.row..<area.endRow {
          for column in area.column..<area.endColumn where plain[column, row].glyph != " " {
            points += 1
            #expect(full[column, row].glyph == plain[column, row].glyph)
            #expect(full[column, row].foreground == plain[column, row].foreground)
          }
        }
        #expect(points > 3)
        if size.width >= 60 { #expect(full != plain) }
      }
    }
  }

  @Test func aMarkOverPointsStandsBesideThem() throws {
    var plot = ScatterPlot(
      points: [SIMD2(0.5, 0.5)], labels: [3], window: PlotWindow(center: .zero, radius: 4))
    plot.showsAxes = false
    plot.markers = [ScatterPlot.Marker(position: SIMD2(0.5, 0.5), glyph: "a")]
    let frame = plot.frame(width: 40, height: 20, rendition: Rendition())
    let place = try #require(plot.cell(of: SIMD2(0.5, 0.5), width: 40, height: 20))
    #expect(frame[place.column, place.row].attributes.contains(.underline))
    let near = [-1, 1].contains { frame[place.column + $0, place.row].glyph == "a" }
    #expect(near)
  }

  @Test func moreClassesThanColoursAreMarks() {
    var plot = ScatterPlot(
      points: (0..<36).map { SIMD2(Float($0) + 0.5, 0.5) }, labels: (0..<36).map { Int32($0) },
      window: PlotWindow(lower: .zero, upper: SIMD2(36, 1)))
    plot.showsAxes = false
    let frame = plot.frame(width: 36, height: 1, rendition: Rendition())
    #expect(frame.plain() == "0123456789abcdefghijklmnopqrstuvwxyz\n")
    #expect(Set(frame.cells.map(\.foreground)).count == 10)
  }

  @Test func digitsAsDotsShowTheirClassInItsColour() {
    var plot = ScatterPlot(
      points: [SIMD2(0.5, 0.5), SIMD2(1.5, 0.5), SIMD2(2.5, 0.5)], labels: [3, 8, -1],
      window: PlotWindow(lower: .zero, upper: SIMD2(3, 1)))
    plot.showsAxes = false
    plot.style = .marks
    let frame = plot.frame(width: 3, height: 1, rendition: Rendition())
    #expect(frame.plain().hasPrefix("38⠠") || frame.plain().hasPrefix("38⠄") || frame.plain().hasPrefix("38"))
    #expect(frame[0, 0].foreground == ClassPalette.color(of: 3, rendition: Rendition()))
    #expect(frame[1, 0].foreground == ClassPalette.color(of: 8, rendition: Rendition()))
  }

  // MARK: - Axes

  @Test(arguments: sizes)
  func ticksStandOnWholeCellsEvenlyAndZeroBeneathTheCrosshair(_ size: (width: Int, height: Int)) throws {
    for radius in stride(from: Float(0.37), through: 60, by: 1.31) {
      for center in [SIMD2<Float>.zero, SIMD2(radius * 0.3, -radius * 0.2)] {
        var plot = ScatterPlot(points: [], window: PlotWindow(center: center, radius: radius))
        plot.fitsWindow = true
        plot.crosshair = .zero
        plot.verticalLabel = "z2"
        let shown = plot.shownWindow(width: size.width, height: size.height)
        #expect(shown.window.lower.x <= plot.window.lower.x && shown.window.upper.y >= plot.window.upper.y)
        #expect(shown.window.upper.x >= plot.window.upper.x && shown.window.lower.y <= plot.window.lower.y)
        #expect(abs(shown.cell.y / shown.cell.x - 2) < 1e-3)
        let frame = plot.frame(width: size.width, height: size.height, rendition: Rendition())
        let area = plot.geometry(width: size.width, height: size.height).axes.area
        guard area.column > 0 else { continue }
        let across = (area.column..<area.endColumn).filter { ["┬", "┼"].contains(frame[$0, area.endRow].glyph) }
        let down = (area.row..<area.endRow).filter { ["┤", "┼"].contains(frame[area.column - 1, $0].glyph) }
        let place = try #require(plot.cell(of: .zero, width: size.width, height: size.height))
        #expect(Set(zip(across, across.dropFirst()).map { $1 - $0 }).count <= 1)
        #expect(Set(zip(down, down.dropFirst()).map { $1 - $0 }).count <= 1)
        // The crosshair at 0 stands on the tick of 0, in the middle of its cell.
        #expect(across.contains(place.column) && down.contains(place.row))
        let middle = try #require(
          plot.point(column: place.column, row: place.row, width: size.width, height: size.height))
        #expect(abs(middle.x) < shown.cell.x * 0.01 && abs(middle.y) < shown.cell.y * 0.01)
      }
    }
  }

  @Test func aWindowThatHoldsItsPointsStandsStill() {
    let first = PlotWindow(center: .zero, radius: 4).settled(from: nil)
    #expect(first.upper.x > 4)
    var window = first
    for wobble in [Float(3.9), 4.2, 3.5, 4.3, 3.0] {
      window = PlotWindow(center: .zero, radius: wobble).settled(from: window)
      #expect(window == first)
    }
    #expect(PlotWindow(center: .zero, radius: 9).settled(from: first).upper.x > 9)
    #expect(PlotWindow(center: .zero, radius: 1).settled(from: first).upper.x < 2)
  }

  @Test func aChartsTicksStandEvenlyAndItsRangeStandsStill() {
    var ranges: Set<Substring> = []
    for epochs in 2...200 {
      let points = (0...epochs).map { SIMD2(Double($0), 105 + 60 / Double($0 + 1)) }
      let chart = LineChart(series: [LineChart.Series(name: "loss", points: points, color: .standard)])
      let frame = chart.frame(width: 90, height: 20, rendition: Rendition())
      let axis = (0..<20).last { row in (0..<90).contains { frame[$0, row].glyph == "┬" } } ?? 0
      let across = (0..<90).filter { frame[$0, axis].glyph == "┬" }
      #expect(across.count >= 2)
      #expect(Set(zip(across, across.dropFirst()).map { $1 - $0 }).count <= 1, "\(epochs): \(across)")
      // The numbers below the axis.
      let lines = frame.plain().split(separator: "\n", omittingEmptySubsequences: false)
      ranges.insert(lines[axis + 1])
    }
    #expect(ranges.count < 60)
  }
}
