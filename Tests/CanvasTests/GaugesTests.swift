import Testing

@testable import Canvas

@Suite struct GaugesTests {
  private let ascii = Rendition(colors: .mono, unicode: false)

  @Test func theKnobOfASliderStandsAtItsFraction() {
    #expect(Gauges.slider(fraction: 0, width: 9, rendition: Rendition()) == "├●──────┤")
    #expect(Gauges.slider(fraction: 0.5, width: 9, rendition: Rendition()) == "├───●───┤")
    #expect(Gauges.slider(fraction: 1, width: 9, rendition: ascii) == "|------o|")
    #expect(Gauges.slider(fraction: .nan, width: 5, rendition: ascii) == "|o--|")
    #expect(Gauges.slider(fraction: 7, width: 2, rendition: ascii) == "  ")
  }

  @Test func aClickOnASliderPutsItsKnobThere() {
    for width in 4...60 {
      for column in 1..<width - 1 {
        let fraction = Gauges.sliderFraction(column: column, width: width)
        let knob = Gauges.slider(fraction: fraction, width: width, rendition: Rendition()).unicodeScalars
        #expect(Array(knob)[column] == "●")
      }
      #expect(Gauges.sliderFraction(column: -5, width: width) == 0)
      #expect(Gauges.sliderFraction(column: 500, width: width) == 1)
    }
  }

  @Test func aBarIsAsLongAsItsFraction() {
    #expect(Gauges.bar(fraction: 0.5, width: 4, rendition: Rendition()) == "██  ")
    #expect(Gauges.bar(fraction: 0.28125, width: 4, rendition: Rendition()) == "█▏  ")
    #expect(Gauges.bar(fraction: 0.5, width: 4, rendition: ascii) == "##  ")
    #expect(Gauges.bar(fraction: -1, width: 3, rendition: ascii) == "   ")
  }

  @Test func aSparklineShowsTheNewestValuesInTheirRange() {
    #expect(Gauges.sparkline([9, 0, 1, 2, 3], width: 4, rendition: Rendition()) == "▁▃▆█")
    #expect(Gauges.sparkline([0, .nan, 8], width: 5, rendition: ascii) == "_ @  ")
    #expect(Gauges.sparkline([1, 1], width: 2, rendition: Rendition()) == "▅▅")
    #expect(Gauges.sparkline([0.5], width: 1, range: 0...1, rendition: Rendition()) == "▅")
  }

  @Test func progressNeverRoundsUpToDone() {
    #expect(Gauges.progress(fraction: 0.999, width: 14, rendition: ascii) == "#########  99%")
    #expect(Gauges.progress(fraction: 1, width: 14, rendition: ascii) == "######### 100%")
    #expect(Gauges.progress(fraction: 0.25, width: 3, rendition: ascii) == "25%")
  }
}
