import Testing
import TestRandom

@testable import Canvas

@Suite struct FramePrintingTests {
  /// A frame whose cells are drawn at random from all that a level can show.
  private func randomFrame(level: ColorLevel, using generator: inout SeededGenerator) -> Frame {
    var frame = Frame(
      width: Int.random(in: 1...40, using: &generator), height: Int.random(in: 1...12, using: &generator))
    let glyphs = Array("ab <&▀⣿─σ".unicodeScalars)
    func color() -> Color {
      let byte = UInt8.random(in: 0...255, using: &generator)
      if byte < 80 { return .standard }
      switch level {
      case .mono: return .standard
      case .ansi8: return .palette(byte % 8)
      case .ansi16: return .palette(byte % 16)
      case .palette256: return .palette(byte)
      case .direct: return .direct(red: byte, green: byte &* 3, blue: byte &* 7)
      }
    }
    var cell = Cell.blank
    for row in 0..<frame.height {
      for column in 0..<frame.width {
        if Int.random(in: 0..<3, using: &generator) == 0 {
          cell = Cell(
            " ", foreground: color(), background: color(),
            attributes: Attributes(rawValue: UInt8.random(in: 0...15, using: &generator)))
        }
        cell.glyph = glyphs[Int.random(in: 0..<glyphs.count, using: &generator)]
        frame[column, row] = cell
      }
    }
    return frame
  }

  @Test(arguments: ColorLevel.allCases) func whatIsPrintedReadsBackAsTheSameFrame(level: ColorLevel) {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<100 {
      let frame = randomFrame(level: level, using: &generator)
      #expect(ANSIReader.frame(frame.ansi(level: level), width: frame.width, height: frame.height) == frame)
    }
  }

  @Test func everyLineEndsInTheTerminalsOwnColours() {
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<50 {
      let frame = randomFrame(level: .palette256, using: &generator)
      // Lines read on their own are the lines read together: no style crosses a line's end.
      for (row, line) in frame.ansi(level: .palette256).split(separator: "\n", omittingEmptySubsequences: false)
        .prefix(frame.height).enumerated()
      {
        let alone = ANSIReader.frame(String(line), width: frame.width, height: 1)
        #expect(alone.cells == Array(frame.cells[row * frame.width..<(row + 1) * frame.width]))
      }
    }
  }

  @Test func styleIsWrittenOnlyWhereItChanges() {
    var frame = Frame(width: 7, height: 1)
    frame.write("ab", column: 0, row: 0, foreground: .palette(1))
    frame.write("cd", column: 2, row: 0, foreground: .palette(200), background: .palette(12), attributes: .bold)
    #expect(frame.ansi(level: .palette256) == "\u{1B}[31mab\u{1B}[1;38;5;200;104mcd\u{1B}[0m\n")
  }

  @Test func blankCellsAtALinesEndAreLeftOut() {
    var frame = Frame(width: 9, height: 2)
    frame.write("a", column: 2, row: 1)
    #expect(frame.ansi(level: .direct) == "\n  a\n")
    #expect(frame.plain() == "\n  a\n")
  }

  @Test func inMonoNoColourIsPrinted() {
    var generator = SeededGenerator(seed: 5)
    let frame = randomFrame(level: .direct, using: &generator)
    let mono = ANSIReader.frame(frame.ansi(level: .mono), width: frame.width, height: frame.height)
    #expect(mono == frame.adapted(to: Rendition(colors: .mono)))
  }

  @Test func blocksAreExactRectanglesInSVG() {
    var frame = Frame(width: 4, height: 1)
    frame.write("▀▂🬂⠁", column: 0, row: 0, foreground: .palette(231))
    let svg = frame.svg()
    #expect(svg.contains("M0 0h8v8h-8z"))
    #expect(svg.contains("M8 12h8v4h-8z"))
    #expect(svg.contains("M16 0h8v5.3333h-8z"))
    #expect(svg.contains("M26 2h0"))
    #expect(!svg.contains("<text"))
  }

  @Test func textInSVGIsEscapedAndPlacedByColumn() {
    var frame = Frame(width: 12, height: 2)
    frame.write("a<b & c>", column: 2, row: 1, foreground: .palette(196), attributes: .bold)
    let svg = frame.svg()
    #expect(svg.contains("<text x=\"16\" y=\"28\" fill=\"#ff0000\" font-weight=\"bold\" textLength=\"64\""))
    #expect(svg.contains(">a&lt;b &amp; c&gt;</text>"))
  }

  @Test func reverseVideoSwapsTheColoursInSVG() {
    var frame = Frame(width: 1, height: 1)
    frame.write("x", column: 0, row: 0, foreground: .palette(196), background: .palette(21), attributes: .reverse)
    #expect(frame.svg().contains("<path d=\"M0 0h8v16h-8z\" fill=\"#ff0000\"/>"))
    #expect(frame.svg().contains("fill=\"#0000ff\" textLength"))
  }
}
