import TerminalHarness
import Testing
import TestRandom

@testable import Terminal

@Suite struct StyleCompressorTests {
  private func compress(_ text: String) -> String {
    var compressor = StyleCompressor()
    _ = compressor.compress(Array("\u{1B}[m".utf8))
    return String(decoding: compressor.compress(Array(text.utf8)), as: UTF8.self)
  }

  @Test func coloursThatStayAreNotSentAgain() {
    #expect(
      compress("\u{1B}[38;5;1m\u{1B}[48;5;2mA\u{1B}[38;5;1m\u{1B}[48;5;3mB\u{1B}[38;5;1m\u{1B}[48;5;3mC")
        == "\u{1B}[38;5;1;48;5;2mA\u{1B}[48;5;3mBC")
  }

  @Test func movingBetweenCellsOfOneStyleSendsNoStyle() {
    #expect(compress("\u{1B}[31mA\u{1B}[39;49m\u{1B}[3;4H\u{1B}[31mB\u{1B}[m") == "\u{1B}[31mA\u{1B}[3;4HB\u{1B}[m")
  }

  @Test func aSpaceNeedsNoForegroundUnlessUnderlinedOrReversed() {
    #expect(compress("\u{1B}[31;42mA\u{1B}[39m \u{1B}[31mB") == "\u{1B}[31;42mA B")
    #expect(compress("\u{1B}[31;4mA\u{1B}[39m \u{1B}[31mB") == "\u{1B}[4;31mA\u{1B}[39m \u{1B}[31mB")
    #expect(compress("\u{1B}[31;7mA\u{1B}[39m ") == "\u{1B}[7;31mA\u{1B}[39m ")
  }

  @Test func goingBackOrShiftingCharacterSetsShowsNoStyle() {
    #expect(compress("\u{1B}[31mA\u{1B}[m\u{F}\u{8}\u{1B}[31mB\u{1B}[m\u{F}\r") == "\u{1B}[31mA\u{F}\u{8}B\r\u{1B}[m")
  }

  @Test func erasingTakesTheBackgroundAlong() {
    #expect(compress("\u{1B}[41m\u{1B}[K\u{1B}[m") == "\u{1B}[41m\u{1B}[K\u{1B}[m")
  }

  // tmux forgets the character over a change of style; ncurses repeats characters where the locale has no UTF-8.
  @Test func nothingComesBetweenACharacterAndItsRepetition() {
    #expect(compress("\u{1B}[31mA\u{1B}[39m \u{1B}[5b\u{1B}[31mB") == "\u{1B}[31mA \u{1B}[5bB")
    #expect(compress("\u{1B}[31mA\u{1B}[3b\u{1B}[mB") == "\u{1B}[31mA\u{1B}[3b\u{1B}[mB")
  }

  @Test func directColoursKeepTheFormTheTerminalAsksFor() {
    for form in ["38:2::1:2:3", "38:2:1:2:3", "38;2;1;2;3", "38:5:7", "38;5;7"] {
      #expect(compress("\u{1B}[\(form)mA") == "\u{1B}[\(form)mA")
    }
  }

  @Test func atAnUnknownParameterItStepsAside() {
    #expect(compress("\u{1B}[31mA\u{1B}[53mB\u{1B}[31mC\u{1B}[31mD") == "\u{1B}[31mA\u{1B}[53mB\u{1B}[31mC\u{1B}[31mD")
  }

  @Test func randomStylesLookTheSameInFewerBytes() {
    var generator = SeededGenerator(seed: 5)
    let pieces = [
      "\u{1B}[m", "\u{1B}[0;1m", "\u{1B}[0;1;7m", "\u{1B}[2m", "\u{1B}[7m", "\u{1B}[27m", "\u{1B}[24m", "\u{1B}[4m",
      "\u{1B}[22m",
      "\u{1B}[31m", "\u{1B}[91m", "\u{1B}[42m", "\u{1B}[39;49m", "\u{1B}[38;5;240m", "\u{1B}[48;5;17m", "\u{1B}[49m",
      "A", "B",
      " ", "▀", "\u{1B}[5;5H", "\u{1B}[H", "\u{1B}[3C", "\u{1B}[K", "\u{1B}[2X", "\r", "\u{1B}(B", "A\u{1B}[2b",
      " \u{1B}[2b",
    ]
    var (before, after) = (0, 0)
    for _ in 0..<200 {
      let text = (0..<80).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
      let bytes = Array(text.utf8)
      var compressor = StyleCompressor()
      let half = bytes.indices.first { $0 > 200 && bytes[$0] == 0x1B } ?? bytes.count
      let short = compressor.compress(Array(bytes[..<half])) + compressor.compress(Array(bytes[half...]))
      var (plain, compressed) = (ScreenEmulator(width: 20, height: 8), ScreenEmulator(width: 20, height: 8))
      plain.feed(bytes)
      compressed.feed(short)
      #expect(plain.hasPicture(of: compressed))
      #expect((plain.row, plain.column) == (compressed.row, compressed.column))
      #expect(plain.unknown.isEmpty)
      before += bytes.count
      after += short.count
    }
    #expect(after < before)
  }
}
