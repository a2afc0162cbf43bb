import Foundation
import Testing
import TestRandom

@testable import Canvas

/// Compares text with a file under Fixtures, or rewrites the file where `ZSCOPE_REWRITE_FIXTURES` is set; the
/// difference then shows in version control.
enum Fixture {
  static func expect(_ text: String, matches name: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures").appendingPathComponent(name)
    if ProcessInfo.processInfo.environment["ZSCOPE_REWRITE_FIXTURES"] != nil {
      #expect(throws: Never.self, sourceLocation: sourceLocation) {
        try text.write(to: file, atomically: true, encoding: .utf8)
      }
      return
    }
    let known = try? String(contentsOf: file, encoding: .utf8)
    #expect(
      known == text, "\(name) differs; ZSCOPE_REWRITE_FIXTURES=1 rewrites it, git diff shows how",
      sourceLocation: sourceLocation)
  }
}

/// Whole pictures, one fixture a rendition: as text, and with colours.
@Suite struct ScreenFixtureTests {
  static let renditions: [(name: String, rendition: Rendition)] = [
    ("256", Rendition(colors: .palette256)),
    ("direct", Rendition(colors: .direct)),
    ("16", Rendition(colors: .ansi16)),
    ("8", Rendition(colors: .ansi8)),
    ("mono", Rendition(colors: .mono)),
    ("sextants", Rendition(colors: .palette256, sextants: true)),
    ("ascii-256", Rendition(colors: .palette256, unicode: false)),
    ("ascii-mono", Rendition(colors: .mono, unicode: false)),
  ]

  @Test(arguments: renditions) func theSampleScreenLooksAsItDid(name: String, rendition: Rendition) {
    let frame = SampleScreen.frame(rendition: rendition)
    Fixture.expect(frame.plain(), matches: "screen-\(name).txt")
    Fixture.expect(frame.ansi(level: rendition.colors), matches: "screen-\(name).ansi")
    for cell in frame.cells {
      #expect(GlyphWidth.isOneColumn(cell.glyph))
      #expect(rendition.unicode || cell.glyph.isASCII)
      #expect(cell.limited(to: rendition.colors) == cell)
    }
  }

  @Test func theSampleScreenIsTheSamePictureInSVG() {
    Fixture.expect(SampleScreen.frame(rendition: Rendition()).svg(), matches: "screen-256.svg")
  }

  @Test(arguments: renditions) func everythingCanBeDrawnAtAnySize(name: String, rendition: Rendition) {
    var generator = SeededGenerator(seed: 41)
    for _ in 0..<150 {
      let width = Int.random(in: -1...40, using: &generator)
      let height = Int.random(in: -1...20, using: &generator)
      for picture in SampleScreen.pictures(rendition: rendition, width: width, height: height) {
        #expect(picture.width == max(0, width) && picture.height == max(0, height))
        #expect(picture.cells.allSatisfy { GlyphWidth.isOneColumn($0.glyph) })
        #expect(rendition.unicode || picture.cells.allSatisfy(\.glyph.isASCII))
      }
    }
  }
}
