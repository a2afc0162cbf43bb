import Canvas
import Glibc
import Testing

@testable import Terminal

@Suite struct PrintableGlyphTests {
  @Test func everyCodePointHasAnASCIIStandIn() {
    var glyph = PrintableGlyph(unicode: false)
    for value in 0...UInt32(0x1FFFF) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      #expect((0x20..<0x7F).contains(glyph(scalar).value))
    }
    #expect("┌─┐│└┘█→é".unicodeScalars.map { glyph($0) } == Array("+-+|++#>?".unicodeScalars))
  }

  @Test func onlyGlyphsOneColumnWideAreWritten() {
    setlocale(LC_CTYPE, "C.UTF-8")
    var glyph = PrintableGlyph(unicode: true)
    for scalar in "aé─▀⣿→±µ".unicodeScalars { #expect(glyph(scalar) == scalar) }
    for value: UInt32 in [
      0x0, 0x7, 0x1B, 0x7F, 0x9B, 0xAD, 0x301, 0x200B, 0x200D, 0x202E, 0x6F22, 0x1F600, 0xFE0F, 0xE000,
    ] {
      guard let scalar = Unicode.Scalar(value) else { continue }
      #expect(glyph(scalar) == "?", "U+\(String(value, radix: 16))")
    }
  }

  @Test func delaysForHardwareTerminalsAreDropped() {
    #expect(TerminalDescription.withoutPadding(Array("\u{1B}[H$<50>x$<2*/>$y".utf8)) == Array("\u{1B}[Hx$y".utf8))
  }
}
