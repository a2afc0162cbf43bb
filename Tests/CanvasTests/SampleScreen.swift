import Foundation
import TestRandom

@testable import Canvas

/// A screen with everything Canvas draws, from numbers made up here.
enum SampleScreen {
  /// A ring of a stroke, dark inside: something between 0 and 9.
  static let digit = GreyImage(
    width: 28, height: 28,
    values: (0..<784).map { index in
      let x = Float(index % 28) - 13.5
      let y = Float(index / 28) - 13.5
      let ring = abs((x * x + y * y * 0.6).squareRoot() - 7)
      return max(0, min(1, (2.6 - ring) / 1.6))
    })

  static let points: [SIMD2<Float>] = cloud().points
  static let labels: [Int32] = cloud().labels

  /// Ten clouds on two circles.
  private static func cloud() -> (points: [SIMD2<Float>], labels: [Int32]) {
    var generator = SeededGenerator(seed: 51)
    var points: [SIMD2<Float>] = []
    var labels: [Int32] = []
    for index in 0..<3000 {
      let label = index % 10
      let angle = Float(label) * 0.628
      let center = SIMD2(cosf(angle), sinf(angle)) * (label % 2 == 0 ? 1.1 : 2.1)
      // Three uniform numbers added up are close enough to a bell.
      let offset = (0..<3).reduce(SIMD2<Float>.zero) { sum, _ in
        sum + SIMD2(Float.random(in: -0.4...0.4, using: &generator), Float.random(in: -0.4...0.4, using: &generator))
      }
      points.append(center + offset)
      labels.append(Int32(label))
    }
    return (points, labels)
  }

  static func scatter(width: Int, height: Int) -> ScatterPlot {
    var plot = ScatterPlot(
      points: points, labels: labels,
      window: PlotWindow(center: .zero, radius: 3.3).withEqualScale(width: width, height: height))
    plot.showsDensity = true
    plot.ringRadii = [1, 2, 3]
    plot.horizontalLabel = "z1"
    plot.verticalLabel = "z2"
    plot.hiddenClasses = [3]
    plot.path = (0..<12).map { SIMD2(-2.6 + Float($0) * 0.2, 2.8 - Float($0) * 0.33) }
    plot.ellipse = ScatterPlot.Ellipse(center: SIMD2(-1.8, -1.2), first: SIMD2(0.7, 0.2), second: SIMD2(-0.1, 0.4))
    plot.markers = [ScatterPlot.Marker(position: SIMD2(2.4, 1.4), glyph: "a")]
    plot.crosshair = SIMD2(0.42, -1.3)
    return plot
  }

  static func chart() -> LineChart {
    func color(_ index: Int) -> Color { ClassPalette.color(of: index, rendition: Rendition()) }
    var chart = LineChart(series: [
      LineChart.Series(
        name: "reconstruction",
        points: (0..<60).map { SIMD2(Double($0) / 2, 135 + 70 * exp(-Double($0) / 9)) }, color: color(0)),
      LineChart.Series(
        name: "KL", points: (0..<60).map { SIMD2(Double($0) / 2, 8 - 5 * exp(-Double($0) / 6)) }, color: color(4)),
      LineChart.Series(
        name: "held-out", points: (0..<30).map { SIMD2(Double($0), 156 + 64 * exp(-Double($0) / 4.4)) },
        color: color(3), isDashed: true),
    ])
    chart.horizontalLabel = "epoch"
    chart.cursor = 17
    return chart
  }

  /// Every picture by itself.
  static func pictures(rendition: Rendition, width: Int, height: Int) -> [Frame] {
    [
      GlyphFitter(rendition: rendition).fit(digit, width: width, height: height),
      scatter(width: width, height: height).frame(width: width, height: height, rendition: rendition),
      chart().frame(width: width, height: height, rendition: rendition),
      LineChart(series: []).frame(width: width, height: height, rendition: rendition),
    ]
  }

  static func frame(rendition: Rendition) -> Frame {
    var frame = Frame(width: 100, height: 44)
    let fitter = GlyphFitter(rendition: rendition)
    let (upper, lower) = frame.bounds.splitTop(30)
    let (left, right) = upper.splitLeft(31)
    let line = PlotStyle.faint(rendition)
    frame.box(left, title: "digit", rendition: rendition, foreground: line)
    frame.draw(fitter.fit(digit, width: 28, height: 14), column: 1, row: 1)
    frame.write(
      Gauges.slider(fraction: 0.57, width: 19, rendition: rendition) + " "
        + NumberText.signed(0.42, decimals: 2, unicode: rendition.unicode), column: 2, row: 16)
    frame.write(
      Gauges.slider(fraction: 0.2, width: 19, rendition: rendition) + " "
        + NumberText.signed(-1.3, decimals: 2, unicode: rendition.unicode), column: 2, row: 17, attributes: .bold)
    frame.write(Gauges.progress(fraction: 0.58, width: 26, rendition: rendition), column: 2, row: 19)
    frame.write(
      Gauges.sparkline((0..<26).map { sin(Double($0) / 3) }, width: 26, rendition: rendition), column: 2, row: 21)
    let shared = Rectangle(column: right.column - 1, row: 0, width: right.width + 1, height: right.height)
    frame.box(shared, title: "latent space", rendition: rendition, foreground: line)
    frame.writeClassLegend(classes: 0..<10, hidden: [3], column: shared.column + 30, row: 0, rendition: rendition)
    let inside = shared.inset()
    frame.draw(
      scatter(width: inside.width, height: inside.height).frame(
        width: inside.width, height: inside.height, rendition: rendition), column: inside.column, row: inside.row)
    frame.draw(chart().frame(width: 48, height: 14, rendition: rendition), column: 0, row: lower.row)
    let strip = Rectangle(column: 50, row: lower.row, width: 50, height: 14).rows([.fixed(7), .fixed(5), .share(1)])
    for index in 0..<3 {
      frame.draw(fitter.fit(digit, width: 14, height: 7), column: strip[0].column + index * 15, row: strip[0].row)
    }
    for index in 0..<4 {
      frame.draw(fitter.fit(digit, width: 10, height: 5), column: strip[1].column + index * 11, row: strip[1].row)
    }
    return frame
  }
}
