import Glibc
import HarmlessText
import Testing

@testable import Canvas

@Suite struct FrameDrawingTests {
  @Test func textIsClippedToTheFrameAndToItsMaximumWidth() {
    var frame = Frame(width: 6, height: 2)
    #expect(frame.write("abcdefgh", column: 2, row: 0) == 8)
    #expect(frame.write("abcdefgh", column: -2, row: 1, maximumWidth: 5) == 5)
    #expect(frame.plain() == "  abcd\ncde\n")
  }

  @Test func whatIsNotOneColumnWideIsReplaced() {
    var frame = Frame(width: 9, height: 1)
    frame.write("a\u{1B}\u{301}漢\u{200B}🙂\n\u{AD}z", column: 0, row: 0)
    #expect(frame.plain() == "a???????z\n")
  }

  @Test func theSystemAgreesThatEveryAllowedGlyphIsOneColumnWide() throws {
    let locale = try #require(newlocale(Int32(1 << LC_CTYPE), "C.UTF-8", nil))
    let previous = uselocale(locale)
    defer {
      uselocale(previous)
      freelocale(locale)
    }
    // The C header shows this function only to those who ask for X/Open, so it is found by name.
    let symbol = try #require(dlsym(nil, "wcwidth"))
    let systemWidth = unsafeBitCast(symbol, to: (@convention(c) (wchar_t) -> Int32).self)
    let disputed = (0...0x1FFFF).compactMap({ Unicode.Scalar(UInt32($0)) }).filter {
      GlyphWidth.isOneColumn($0) && systemWidth(wchar_t($0.value)) != 1
    }
    #expect(disputed.isEmpty)
  }

  @Test func boxesThatShareAnEdgeAreJoined() {
    var frame = Frame(width: 13, height: 5)
    let rendition = Rendition()
    frame.box(Rectangle(column: 0, row: 0, width: 7, height: 3), title: "ab", rendition: rendition)
    frame.box(Rectangle(column: 6, row: 0, width: 7, height: 5), rendition: rendition)
    frame.box(Rectangle(column: 0, row: 2, width: 7, height: 3), rendition: rendition)
    #expect(
      frame.plain() == """
        ┌ ab ─┬─────┐
        │     │     │
        ├─────┤     │
        │     │     │
        └─────┴─────┘

        """)
  }

  @Test func boxesAreDrawnInASCIIWhereThereIsNothingElse() {
    var frame = Frame(width: 9, height: 3)
    frame.box(frame.bounds, title: "β−1", rendition: Rendition(unicode: false))
    #expect(frame.plain() == "+ b-1 --+\n|       |\n+-------+\n")
  }

  @Test func aTitleTooLongIsCutInsideItsBox() {
    var frame = Frame(width: 8, height: 2)
    frame.box(frame.bounds, title: "a long title", rendition: Rendition())
    #expect(frame.plain() == "┌ a lo ┐\n└──────┘\n")
  }

  @Test func aRectangleIsSharedOutWithoutLossOrOverlap() {
    let whole = Rectangle(column: 3, row: 5, width: 100, height: 31)
    let columns = whole.columns([.fixed(30), .share(2), .share(1), .fixed(11)])
    #expect(columns.map(\.width) == [30, 39, 20, 11])
    #expect(columns.map(\.column) == [3, 33, 72, 92])
    let rows = whole.rows([.share(1), .share(1), .share(1)])
    #expect(rows.map(\.height) == [10, 10, 11])
    #expect(rows.last?.endRow == whole.endRow)
  }

  @Test func aRectangleTooSmallServesTheFirstPieces() {
    let pieces = Rectangle(column: 0, row: 0, width: 10, height: 1).columns([.fixed(8), .fixed(8), .share(1)])
    #expect(pieces.map(\.width) == [8, 2, 0])
    #expect(Rectangle(column: 0, row: 0, width: 1, height: 1).inset().isEmpty)
  }

  @Test func fillingIsClippedToTheFrame() {
    var frame = Frame(width: 3, height: 2)
    frame.fill(Rectangle(column: 1, row: -4, width: 90, height: 5), with: Cell("x"))
    #expect(frame.plain() == " xx\n\n")
  }

  @Test func anAdaptedFrameHasNothingItsTerminalLacks() {
    var frame = Frame(width: 5, height: 1)
    frame.write("─●⣿−σ", column: 0, row: 0, foreground: .palette(197), background: .direct(red: 9, green: 9, blue: 9))
    let mono = frame.adapted(to: Rendition(colors: .mono, unicode: false))
    #expect(mono.plain() == "-o*-s\n")
    #expect(mono.cells.allSatisfy { $0.foreground == .standard && $0.background == .standard })
    let sixteen = frame.adapted(to: Rendition(colors: .ansi16))
    #expect(sixteen[0, 0].foreground == .palette(9))
    #expect(sixteen[0, 0].background == .palette(0))
    #expect(sixteen.plain() == frame.plain())
  }

  @Test func whatWouldActOnATerminalIsShownAsAQuestionMark() {
    #expect("a\u{1B}[2Jb\u{7}\u{9B}c\r\u{202E}d".harmless == "a?[2Jb??c??d")
    #expect("run é漢😀\n\t".harmless == "run é漢😀\n\t")
  }
}
