import Testing
import TestRandom

@testable import Canvas

@Suite struct LineChartTests {
  private func chart(_ values: [Double], name: String = "loss") -> LineChart {
    LineChart(series: [
      LineChart.Series(
        name: name, points: values.enumerated().map { SIMD2(Double($0.offset), $0.element) }, color: .palette(214))
    ])
  }

  /// The rows, from the top, in which each column of the plot has dots.
  private func rows(of frame: Frame, column: Int) -> [Int] {
    (0..<frame.height).filter { (0x2801...0x28FF).contains(frame[column, $0].glyph.value) }
  }

  @Test func aRisingCurveRises() {
    let chart = chart((0..<50).map { Double($0) })
    let frame = chart.frame(width: 50, height: 16, rendition: Rendition())
    let heights = (8..<50).compactMap { rows(of: frame, column: $0).min() }
    // The axis goes a little beyond the points, as ticks on whole cells need.
    #expect(heights.count >= 36)
    #expect(zip(heights, heights.dropFirst()).allSatisfy { $0 >= $1 })
    #expect((heights.first ?? 0) > 9 && heights.last ?? 9 <= 4)
  }

  @Test func whatIsNoNumberLeavesAGap() {
    let chart = chart([1, 1, 1, .nan, .nan, .nan, .nan, 1, 1, 1])
    let frame = chart.frame(width: 60, height: 10, rendition: Rendition())
    #expect((8..<60).contains { rows(of: frame, column: $0).isEmpty })
    #expect((8..<60).contains { !rows(of: frame, column: $0).isEmpty })
  }

  @Test func aSinglePointIsADot() {
    let frame = chart([7]).frame(width: 30, height: 9, rendition: Rendition())
    #expect((0..<30).reduce(0) { $0 + rows(of: frame, column: $1).count } == 1)
  }

  @Test(arguments: [26, 34, 60, 78]) func epochsAreWholeNumbersAndKeepTheirNumbersBesideTheAxisName(width: Int) {
    for range in [0.0...1.0, 0.0...2.0, 0.0...3.4, 4.0...5.0, 0.0...30.0] {
      var chart = chart([1, 2])
      chart.series[0].points = [SIMD2(range.lowerBound, 3), SIMD2(range.upperBound, 2)]
      chart.countsWhole = true
      chart.horizontalRange = range
      chart.horizontalLabel = "epoch"
      let lines = chart.frame(width: width, height: 9, rendition: Rendition()).plain().split(separator: "\n")
      let labels = lines.last?.split(separator: " ").map(String.init) ?? []
      #expect(labels.contains("epoch") && labels.count >= 2)
      #expect(labels.allSatisfy { $0 == "epoch" || Int($0) ?? -1 >= 0 }, "\(labels)")
      #expect(lines.dropLast().last?.filter { $0 == "┬" }.count == labels.count - 1, "\(labels)")
    }
  }

  @Test func withoutColoursCurvesDifferInTheirDashes() {
    var chart = chart([1, 1])
    chart.series.append(LineChart.Series(name: "KL", points: [SIMD2(0, 2), SIMD2(1, 2)], color: .palette(39)))
    let frame = chart.frame(width: 60, height: 12, rendition: Rendition(colors: .mono))
    let lines = (0..<10).map { row in (8..<60).map { frame[$0, row].glyph } }.filter { line in
      line.contains { (0x2801...0x28FF).contains($0.value) }
    }
    #expect(lines.count == 2)
    #expect(lines.first != lines.last)
  }
}

@Suite struct AxisScaleTests {
  @Test func ticksAreRoundNumbersInTheRange() {
    #expect(AxisScale(range: -3.2...3.1, maximumCount: 7).ticks.map(\.label) == ["−3", "−2", "−1", "0", "1", "2", "3"])
    #expect(AxisScale(range: 0...1, maximumCount: 6).ticks.map(\.label) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(
      AxisScale(range: 0...60_000, maximumCount: 4, unicode: false).ticks.map(\.label) == ["0", "20k", "40k", "60k"])
    #expect(
      AxisScale(range: -250...(-90), maximumCount: 4, unicode: false).ticks.map(\.label) == [
        "-250", "-200", "-150", "-100",
      ])
  }

  @Test func ticksAreAscendingDistinctAndNoMoreThanAllowed() {
    var generator = SeededGenerator(seed: 31)
    for _ in 0..<2000 {
      let magnitude = PlotMath.power(10, Double.random(in: -6...9, using: &generator))
      let low = Double.random(in: -1...1, using: &generator) * magnitude
      let range = low...low + Double.random(in: 0.01...1, using: &generator) * magnitude
      let maximum = Int.random(in: 2...12, using: &generator)
      let ticks = AxisScale(range: range, maximumCount: maximum).ticks
      #expect(!ticks.isEmpty || maximum < 3)
      #expect(ticks.count <= maximum)
      #expect(zip(ticks, ticks.dropFirst()).allSatisfy { $0.value < $1.value })
      let slack = (range.upperBound - range.lowerBound) * 1e-6
      #expect(ticks.allSatisfy { $0.value >= range.lowerBound - slack && $0.value <= range.upperBound + slack })
      #expect(Set(ticks.map(\.label)).count == ticks.count, "\(ticks)")
    }
  }

  @Test func aRangeWithoutExtentHasNoTicks() {
    #expect(AxisScale(range: 3...3, maximumCount: 5).ticks.isEmpty)
    #expect(AxisScale(range: 0...Double.infinity, maximumCount: 5).ticks.isEmpty)
    #expect(AxisScale(range: 0...1, maximumCount: 0).ticks.isEmpty)
    #expect(AxisScale(range: 1e17...1e17 + 64, maximumCount: 5).ticks.isEmpty)
  }

  @Test func numbersAreRoundedToTheirDecimals() {
    #expect(NumberText.decimal(0.005, decimals: 1) == "0.0")
    #expect(NumberText.decimal(-1.256, decimals: 2) == "-1.26")
    #expect(NumberText.decimal(-0.001, decimals: 2) == "0.00")
    #expect(NumberText.decimal(12, decimals: 0) == "12")
    for (value, text) in [
      (1e-8, "1.000e-08"), (-1.106_802_85e-5, "-1.107e-05"), (9.9999e-5, "1.000e-04"), (0, "0.0000"), (0.5, "0.5000"),
      (123_456_789, "1.235e+08"), (5e-324, "4.941e-324"), (1e300, "1.000e+300"),
    ] as [(Double, String)] {
      #expect(NumberText.telling(value, decimals: 4) == text)
    }
    #expect(NumberText.decimal(.nan, decimals: 2) == "nan")
    for (value, text) in [
      (123_456_789.125, "123456789.13"), (1.234_567_890_123_456_7e17, "1.235e+17"), (-2.5e9, "-2.500e+09"),
      (.infinity, "inf"), (0, "0.00"), (1e-7, "0.00"),
    ] as [(Double, String)] {
      #expect(NumberText.compact(value, decimals: 2) == text)
    }
    #expect(NumberText.signed(0.42, decimals: 2, unicode: true) == "+0.42")
    #expect(NumberText.signed(-1.3, decimals: 2, unicode: true) == "−1.30")
    #expect(NumberText.signed(-1.3, decimals: 2, unicode: false) == "-1.30")
  }
}
