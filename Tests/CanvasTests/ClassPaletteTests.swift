import Foundation
import Testing

@testable import Canvas

@Suite struct ClassPaletteTests {
  /// How dichromats see linear RGB: Machado, Oliveira and Fernandes 2009, table 1, severity 1.
  private static let visions: [(name: String, matrix: [[Double]])] = [
    ("full colour vision", [[1, 0, 0], [0, 1, 0], [0, 0, 1]]),
    (
      "protanopia",
      [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    (
      "deuteranopia",
      [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    (
      "tritanopia",
      [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
  ]

  private static func product(_ matrix: [[Double]], _ vector: [Double]) -> [Double] {
    matrix.map { row in zip(row, vector).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  /// CIELAB under D65 of a palette entry as seen with a kind of vision.
  private static func lab(_ entry: UInt8, matrix: [[Double]]) -> [Double] {
    let rgb = Palette.rgb(entry)
    let linear = [rgb.x, rgb.y, rgb.z].map { byte -> Double in
      let value = Double(byte) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    let seen = product(matrix, linear).map { min(1, max(0, $0)) }
    let xyz = product(
      [
        [0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041],
      ], seen)
    let f = zip(xyz, [0.95047, 1, 1.08883]).map { value, white -> Double in
      let ratio = value / white
      return ratio > 216.0 / 24389 ? cbrt(ratio) : (24389.0 / 27 * ratio + 16) / 116
    }
    return [116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])]
  }

  private static func distance(_ first: Int, _ second: Int, matrix: [[Double]]) -> Double {
    let a = lab(ClassPalette.entries[first], matrix: matrix)
    let b = lab(ClassPalette.entries[second], matrix: matrix)
    return zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  @Test func everyTwoClassesAreTellableWithEveryKindOfColourVision() {
    for vision in Self.visions {
      for first in 0..<10 {
        for second in 0..<first {
          #expect(
            Self.distance(first, second, matrix: vision.matrix) >= 21, "\(first) and \(second), \(vision.name)")
        }
      }
    }
  }

  @Test func digitsThatLookAlikeHaveColoursFarApart() {
    for (first, second) in [(4, 9), (7, 9), (3, 5), (3, 8), (5, 8), (1, 7), (0, 6), (4, 7), (2, 7), (2, 3)] {
      for vision in Self.visions {
        #expect(
          Self.distance(first, second, matrix: vision.matrix) >= 45, "\(first) and \(second), \(vision.name)")
      }
      for level in [ColorLevel.ansi8, .ansi16, .palette256] {
        #expect(ClassPalette.color(of: first, level: level) != ClassPalette.color(of: second, level: level))
      }
    }
  }

  @Test func classesLeaveTheGreysToPictures() {
    for entry in ClassPalette.entries {
      let rgb = Palette.rgb(entry)
      #expect(Int(rgb.max()) - Int(rgb.min()) >= 40)
      #expect(Self.lab(entry, matrix: Self.visions[0].matrix)[0] >= 50, "too dark to read on black")
    }
  }

  @Test func withSixteenColoursEveryClassStillHasItsOwn() {
    #expect(Set((0..<10).map { ClassPalette.color(of: $0, level: .ansi16) }).count == 10)
  }

  @Test func whereColoursDoNotTellClassesMarksDo() {
    for rendition in [Rendition(colors: .mono), Rendition(colors: .ansi8), Rendition(unicode: false)] {
      #expect(ClassPalette.needsMarks(rendition))
      #expect(Set((0..<10).map { ClassPalette.legendGlyph(of: $0, rendition: rendition) }).count == 10)
    }
    #expect(!ClassPalette.needsMarks(Rendition()))
  }

  @Test func anyLabelHasALook() {
    #expect(ClassPalette.color(of: -3, level: .palette256) == ClassPalette.color(of: 7, level: .palette256))
    #expect(ClassPalette.mark(of: 255) == "5")
  }

  @Test func theLegendShowsHiddenClassesAsSuch() {
    var frame = Frame(width: 20, height: 1)
    #expect(frame.writeClassLegend(classes: 0..<4, hidden: [2], column: 0, row: 0, rendition: Rendition()) == 11)
    #expect(frame.plain() == "●0 ●1 ·2 ●3\n")
    var mono = Frame(width: 20, height: 1)
    mono.writeClassLegend(
      classes: 0..<4, hidden: [2], column: 0, row: 0, rendition: Rendition(colors: .mono, unicode: false))
    #expect(mono.plain() == "0 1 - 3\n")
  }
}
