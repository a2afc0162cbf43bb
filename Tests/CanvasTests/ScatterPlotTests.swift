import Testing
import TestRandom

@testable import Canvas

@Suite struct ScatterPlotTests {
  private func plain(_ points: [SIMD2<Float>], labels: [Int32] = []) -> ScatterPlot {
    var plot = ScatterPlot(points: points, labels: labels, window: PlotWindow(lower: SIMD2(0, 0), upper: SIMD2(4, 4)))
    plot.showsAxes = false
    return plot
  }

  @Test func everyPointIsTheDotOfItsPlace() {
    // Two cells by one: four dots across, four down.
    let plot = plain([SIMD2(0.5, 3.5), SIMD2(1.5, 0.5), SIMD2(3.5, 3.5)])
    #expect(plot.frame(width: 2, height: 1, rendition: Rendition()).plain() == "⢁⠈\n")
  }

  @Test func pointsOutsideTheWindowOrNowhereAreLeftOut() {
    let plot = plain([
      SIMD2(-0.1, 1), SIMD2(4.1, 1), SIMD2(1, 4.1), SIMD2(1, -0.1), SIMD2(.nan, 1), SIMD2(1, .infinity),
      SIMD2(.greatestFiniteMagnitude, -.greatestFiniteMagnitude),
    ])
    #expect(plot.frame(width: 3, height: 2, rendition: Rendition()) == Frame(width: 3, height: 2))
  }

  @Test func aCellHasTheColourOfItsMajority() {
    let plot = plain([SIMD2(0.5, 0.5), SIMD2(0.6, 0.5), SIMD2(0.5, 3.5)], labels: [3, 3, 8])
    let frame = plot.frame(width: 2, height: 1, rendition: Rendition())
    #expect(frame[0, 0].foreground == ClassPalette.color(of: 3, rendition: Rendition()))
    let mono = plot.frame(width: 2, height: 1, rendition: Rendition(colors: .mono))
    #expect(mono.plain() == "3\n")
  }

  @Test func hiddenClassesNeitherShowNorCount() {
    var plot = plain([SIMD2(0.5, 0.5), SIMD2(0.6, 0.5), SIMD2(0.5, 3.5)], labels: [3, 3, 8])
    plot.hiddenClasses = [3]
    let frame = plot.frame(width: 2, height: 1, rendition: Rendition())
    #expect(frame[0, 0].foreground == ClassPalette.color(of: 8, rendition: Rendition()))
    #expect(frame[0, 0].glyph == "⠁")
    plot.hiddenClasses = [3, 8]
    #expect(plot.frame(width: 2, height: 1, rendition: Rendition()).plain() == "\n")
  }

  @Test func theMouseAndThePlotAgreeAboutPlaces() throws {
    var plot = plain([])
    for showsAxes in [false, true] {
      plot.showsAxes = showsAxes
      plot.window = PlotWindow(lower: SIMD2(-3.7, 12), upper: SIMD2(1.3, 440))
      let area = plot.geometry(width: 61, height: 23).axes.area
      for row in area.row..<area.endRow {
        for column in area.column..<area.endColumn {
          let point = try #require(plot.point(column: column, row: row, width: 61, height: 23))
          #expect(plot.cell(of: point, width: 61, height: 23) == Frame.Position(column: column, row: row))
        }
      }
      #expect(plot.point(column: area.endColumn, row: area.row, width: 61, height: 23) == nil)
      #expect(plot.cell(of: SIMD2(2, 15), width: 61, height: 23) == nil)
    }
  }

  @Test(arguments: ["z2", "pc2", "z10", "pc10"], [14, 20, 60])
  func bothAxesAreNamedInFullHoweverNarrowThePlot(_ name: String, _ width: Int) {
    var plot = plain([SIMD2(1, 1)])
    plot.showsAxes = true
    plot.verticalLabel = name
    plot.horizontalLabel = "z1"
    let frame = plot.frame(width: width, height: 8, rendition: Rendition())
    let lines = frame.plain().split(separator: "\n")
    guard plot.geometry(width: width, height: 8).axes.area.column > 0 else {
      #expect(width == 14)
      return
    }
    #expect(lines[6].hasPrefix(name))
    #expect(lines[7].hasSuffix("z1"))
  }

  @Test func theCrosshairStandsAroundItsPointAndOnBothAxes() throws {
    var plot = plain([])
    plot.showsAxes = true
    plot.crosshair = SIMD2(1, 3)
    let frame = plot.frame(width: 40, height: 12, rendition: Rendition())
    let place = try #require(plot.cell(of: SIMD2(1, 3), width: 40, height: 12))
    let area = plot.geometry(width: 40, height: 12).axes.area
    #expect(frame[place.column, place.row] == .blank)
    #expect(frame[place.column - 1, place.row].glyph == "─" && frame[place.column + 1, place.row].glyph == "─")
    #expect(frame[place.column, place.row - 1].glyph == "│" && frame[place.column, place.row + 1].glyph == "│")
    #expect(frame[area.column - 1, place.row].glyph == "┼")
    #expect(frame[place.column, area.endRow].glyph == "┼")
  }

  @Test func aCodeOutsideTheWindowIsPointedAtFromItsEdgeAndHidesNoPoint() throws {
    let points = (0..<400).map { SIMD2(Float($0 % 20) - 9.5, Float($0 / 20) - 9.5) / 2.5 }
    var plot = plain(points)
    plot.window = PlotWindow(center: .zero, radius: 4)
    plot.showsAxes = true
    let without = plot.frame(width: 40, height: 20, rendition: Rendition())
    for (place, arrow) in [
      (SIMD2<Float>(12, 0), "▸"), (SIMD2(-12, 0), "◂"), (SIMD2(0, 12), "▴"), (SIMD2(0, -12), "▾"), (SIMD2(9, 9), "▸"),
      (SIMD2(1000, -1000), "▸"),
    ] {
      plot.crosshair = place
      let frame = plot.frame(width: 40, height: 20, rendition: Rendition())
      #expect(frame.plain().contains(arrow), "\(place)")
      #expect(!frame.plain().contains("─ ─"))
      for index in without.cells.indices where ("\u{2801}"..."\u{28FF}").contains(without.cells[index].glyph) {
        #expect(frame.cells[index].glyph == without.cells[index].glyph)
      }
      let ground = plot.ground(width: 40, height: 20, rendition: Rendition())
      let nearest = plot.nearestCell(to: place, over: ground)
      #expect(!nearest.isInside)
      #expect(
        plot.geometry(width: 40, height: 20).axes.area.contains(
          column: nearest.position.column, row: nearest.position.row))
    }
  }

  @Test(arguments: [(26, 13), (30, 15), (37, 17), (49, 20), (80, 26)])
  func bothAxesTellADistanceHoweverSmallThePlot(_ width: Int, _ height: Int) {
    for reach in stride(from: Float(1), through: 12, by: 0.25) {
      var plot = plain([])
      plot.window = PlotWindow(lower: SIMD2(-reach, -3.4), upper: SIMD2(reach, 3.4))
        .withEqualScale(width: width, height: height)
      plot.fitsWindow = true
      plot.showsAxes = true
      let area = plot.geometry(width: width, height: height).axes.area
      let lines = plot.frame(width: width, height: height, rendition: Rendition()).plain()
        .split(separator: "\n", omittingEmptySubsequences: false)
      let marked = lines[..<area.endRow].filter { $0.prefix(area.column - 1).contains { $0 != " " } }
      #expect(lines[area.endRow + 1].split(separator: " ").count >= 2, "\(reach)")
      #expect(marked.count >= 2, "\(reach)")
    }
  }

  @Test func aLineHasNeitherAVerticalScaleNorCircles() {
    var plot = plain([SIMD2(0, 0), SIMD2(2.2, 0)])
    plot.window = PlotWindow(center: .zero, radius: 5).withEqualScale(width: 50, height: 20)
    plot.fitsWindow = true
    plot.showsAxes = true
    plot.ringRadii = [1, 2, 3]
    plot.isLine = true
    let frame = plot.frame(width: 50, height: 20, rendition: Rendition())
    let area = plot.geometry(width: 50, height: 20).axes.area
    #expect(area.column == 1)
    #expect(!frame.plain().contains("┤"))
    let ring = PlotStyle.ring(Rendition())
    let rings = (0..<area.endRow).filter { row in
      (area.column..<area.endColumn).contains { frame[$0, row].foreground == ring }
    }
    // Short marks beside the line of codes, where three circles would reach over many rows.
    #expect((2...5).contains(rings.count))
  }

  @Test func aMarkerShowsItsLetter() throws {
    var plot = plain([])
    plot.markers = [ScatterPlot.Marker(position: SIMD2(2, 2), glyph: "q")]
    let frame = plot.frame(width: 21, height: 11, rendition: Rendition())
    #expect(frame[10, 5].glyph == "q")
    #expect(frame[10, 5].attributes.contains(.reverse))
  }

  @Test func ringsAreDrawnInEmptyCellsOnly() throws {
    var plot = plain([SIMD2(0, 1)], labels: [4])
    plot.window = PlotWindow(center: .zero, radius: 1.5)
    plot.ringRadii = [1]
    let place = try #require(plot.cell(of: SIMD2(0, 1), width: 30, height: 15))
    for count in [1, 9, 1000] {
      plot.points = [SIMD2<Float>](repeating: SIMD2(0, 1), count: count)
      plot.labels = [Int32](repeating: 4, count: count)
      let frame = plot.frame(width: 30, height: 15, rendition: Rendition())
      #expect(frame[place.column, place.row].foreground == ClassPalette.color(of: 4, rendition: Rendition()))
      #expect(frame.cells.contains { $0.foreground == PlotStyle.ring(Rendition()) })
    }
  }

  @Test func ringsStandAroundTheirMiddle() {
    var plot = plain([])
    plot.window = PlotWindow(center: .zero, radius: 3)
    plot.ringRadii = [1]
    plot.ringCenter = SIMD2(1.5, 0)
    let frame = plot.frame(width: 30, height: 15, rendition: Rendition())
    let columns = (0..<30).filter { column in
      (0..<15).contains { frame[column, $0].foreground == PlotStyle.ring(Rendition()) }
    }
    #expect(columns.first == 17 && (26...28).contains(columns.last ?? 0))
  }

  @Test func withOneScaleOnBothAxesACircleIsRound() {
    let window = PlotWindow(lower: SIMD2(-1, -1), upper: SIMD2(1, 1)).withEqualScale(width: 80, height: 20)
    #expect(abs(window.extent.x / 80 - window.extent.y / 40) < 1e-6)
    #expect(window.lower.x <= -1 && window.upper.y >= 1)
    #expect(window.center == .zero)
  }

  @Test func zoomingKeepsThePointUnderTheCursor() {
    let window = PlotWindow(lower: SIMD2(-2, 0), upper: SIMD2(2, 8))
    let zoomed = window.zoomed(by: 0.5, around: SIMD2(1, 6))
    #expect(zoomed.extent == window.extent / 2)
    #expect((SIMD2(1, 6) - zoomed.lower) / zoomed.extent == (SIMD2(1, 6) - window.lower) / window.extent)
    #expect(window.panned(by: SIMD2(0.25, 0)).lower == SIMD2(-1, 0))
  }

  @Test func aWindowAlwaysHasAnExtent() {
    for window in [
      PlotWindow(lower: .zero, upper: .zero), PlotWindow(lower: SIMD2(.nan, 1), upper: SIMD2(3, .infinity)),
      PlotWindow.enclosing([]), PlotWindow.enclosing([SIMD2(5, 5)]), PlotWindow.enclosing([SIMD2(.nan, .nan)]),
    ] {
      #expect(window.extent.x > 0 && window.extent.y > 0)
      #expect(window.extent.x.isFinite && window.extent.y.isFinite)
    }
    let enclosing = PlotWindow.enclosing([SIMD2(5, -9)], minimumRadius: 3)
    #expect(enclosing.lower.x < -3 && enclosing.upper.x > 5 && enclosing.lower.y < -9 && enclosing.upper.y > 3)
  }

  @Test func crowdsAreDenserThanTheirOutskirts() {
    var generator = SeededGenerator(seed: 21)
    let points = (0..<2000).map { _ in
      // The mean of several uniform numbers gathers around the middle.
      (0..<6).reduce(SIMD2<Float>.zero) { sum, _ in
        sum + SIMD2(Float.random(in: 0...4, using: &generator), Float.random(in: 0...4, using: &generator)) / 6
      }
    }
    let window = PlotWindow(lower: .zero, upper: SIMD2(4, 4))
    let counts = ScatterCounts(
      points: points, labels: [], hiddenClasses: [], window: window, columns: 21, rows: 11)
    let density = counts.density()
    #expect(density.max() == 1)
    #expect(density[5 * 21 + 10] > 0.9)
    #expect(density[0] < 0.1)
  }
}
