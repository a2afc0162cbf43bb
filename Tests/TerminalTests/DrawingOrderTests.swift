import Canvas
import TerminalHarness
import Testing
import TestRandom

@testable import Terminal

/// One after the other: terminfo knows one terminal at a time.
@Suite(.serialized) struct DrawingOrderTests {
  private static let (width, height) = (40, 12)

  /// A picture in half blocks, as digits are: neighbours differ a little.
  private func picture(_ phase: Int, using generator: inout some RandomNumberGenerator) -> [Cell] {
    (0..<(Self.width * Self.height)).map { index in
      let (column, row) = (index % Self.width, index / Self.width)
      let (upper, lower) = ((column + 2 * row + phase) % 20, (column + 2 * row + 1 + phase) % 20)
      switch Int.random(in: 0..<12, using: &generator) {
      case 0: return Cell(" ", background: .palette(UInt8(232 + lower)))
      case 1: return Cell("x", foreground: .palette(UInt8(upper)), attributes: [.bold, .underline])
      case 2: return Cell(" ", foreground: .palette(9), attributes: .reverse)
      case 3: return Cell("é", foreground: .standard, background: .palette(3), attributes: .dim)
      default:
        return Cell("▀", foreground: .palette(UInt8(232 + upper)), background: .palette(UInt8(232 + lower)))
      }
    }
  }

  private func appearance(_ cell: Cell) -> (glyph: Unicode.Scalar, style: CellEncoder.Style) {
    func number(_ color: Color) -> Int32 { if case .palette(let index) = color { Int32(index) } else { -1 } }
    return (
      cell.glyph,
      CellEncoder.Style(
        foreground: number(cell.foreground), background: number(cell.background), attributes: cell.attributes)
    )
  }

  @Test func everyChangedCellIsDrawnOnce() {
    var generator = SeededGenerator(seed: 1)
    let cells = picture(0, using: &generator)
    let changed = cells.indices.filter { _ in Bool.random(using: &generator) }
    let order = DrawingOrder.order(changed, of: cells, width: Self.width, start: 100)
    #expect(order.sorted() == changed)
    #expect(DrawingOrder.order([], of: cells, width: Self.width, start: 0) == [])
  }

  @Test func textIsDrawnAsItIsReadAndColoursOneAfterTheOther() {
    var cells = [Cell](repeating: .blank, count: 40)
    for index in 0..<40 { cells[index].background = .palette(index % 2 == 0 ? 1 : 2) }
    #expect(
      DrawingOrder.order([3, 4, 5], of: [Cell](repeating: Cell("a"), count: 40), width: 40, start: 0) == [3, 4, 5])
    #expect(DrawingOrder.order(Array(0..<8), of: cells, width: 40, start: 0) == [0, 2, 4, 6, 7, 5, 3, 1])
  }

  @Test(arguments: ["xterm-256color", "screen-256color", "tmux-256color"])
  func whateverTheOrderTheScreenIsTheSameInFewerBytes(_ type: String) throws {
    let description = try #require(TerminalDescription(reading: type))
    var encoder = try #require(CellEncoder(description: description))
    var generator = SeededGenerator(seed: 2)
    var (rowByRow, ordered) = (
      ScreenEmulator(width: Self.width, height: Self.height), ScreenEmulator(width: Self.width, height: Self.height)
    )
    var (first, second) = (StyleCompressor(), StyleCompressor())
    var (before, after, cursor) = (0, 0, 0)
    for step in 0..<40 {
      let cells = picture(step, using: &generator)
      // The last cell of the last row may scroll the screen, and is left to ncurses.
      let changed = cells.indices.dropLast().filter { _ in Int.random(in: 0..<3, using: &generator) > 0 }
      let end = Int.random(in: 0..<cells.count, using: &generator)
      let order = DrawingOrder.order(changed, of: cells, width: Self.width, start: cursor)
      let plain = first.compress(
        encoder.encode(changed, width: Self.width, from: cursor, to: end) { appearance(cells[$0]) })
      let short = second.compress(
        encoder.encode(order, width: Self.width, from: cursor, to: end) { appearance(cells[$0]) })
      rowByRow.feed(plain)
      ordered.feed(short)
      #expect(ordered.hasPicture(of: rowByRow))
      #expect((ordered.column, ordered.row) == (end % Self.width, end / Self.width))
      #expect((rowByRow.column, rowByRow.row) == (end % Self.width, end / Self.width))
      before += plain.count
      after += short.count
      cursor = end
    }
    #expect(ordered.unknown == [] && ordered.suspicious == [])
    #expect(after < before * 9 / 10)
  }

  @Test func terminalsThatCombineStylesInTheirOwnWayAreLeftToNcurses() throws {
    #expect(CellEncoder(description: try #require(TerminalDescription(reading: "linux"))) == nil)
    #expect(CellEncoder(description: try #require(TerminalDescription(reading: "vt100"))) != nil)
    #expect(CellEncoder(description: try #require(TerminalDescription(reading: "vt52"))) == nil)
  }

  @Test func theCursorTakesTheShortestWay() {
    func move(_ start: Int?, _ end: Int) -> String {
      var bytes: [UInt8] = []
      CellEncoder.move(from: start, to: end, width: 40, into: &bytes)
      return String(decoding: bytes, as: UTF8.self)
    }
    #expect(move(5, 5) == "")
    #expect(move(5, 6) == "\u{1B}[C")
    #expect(move(5, 3) == "\u{8}\u{8}")
    #expect(move(39, 30) == "\u{1B}[9D")
    #expect(move(5, 45) == "\u{1B}[B")
    #expect(move(5, 84) == "\u{1B}[2B\u{8}")
    #expect(move(0, 439) == "\u{1B}[11;40H")
    #expect(move(nil, 0) == "\u{1B}[1;1H")
  }
}
