import Testing
import TestRandom

@testable import Canvas

@Suite struct GlyphFitterTests {
  private let rasteriser = Rasteriser()

  /// What a screen shows whose greys are those the fitter takes them for.
  private func rasteriser(for rendition: Rendition) -> Rasteriser {
    Rasteriser(greys: GreyLevels.of(rendition.colors))
  }
  private static let renditions: [Rendition] = ColorLevel.allCases.flatMap { colors in
    [
      Rendition(colors: colors), Rendition(colors: colors, sextants: true), Rendition(colors: colors, unicode: false),
    ]
  }

  private func randomImage(_ width: Int, _ height: Int, using generator: inout SeededGenerator) -> GreyImage {
    GreyImage(
      width: width, height: height, values: (0..<width * height).map { _ in Float.random(in: 0...1, using: &generator) }
    )
  }

  @Test(arguments: renditions) func aPictureOfOneGreyTheTerminalHasIsExact(rendition: Rendition) {
    let rasteriser = rasteriser(for: rendition)
    for luma in GreyLevels.of(rendition.colors).values {
      for (width, height) in [(28, 14), (14, 7), (10, 5), (3, 1)] {
        let image = GreyImage(width: 28, height: 28, values: [Float](repeating: luma / 255, count: 784))
        let frame = GlyphFitter(rendition: rendition).fit(image, width: width, height: height)
        #expect(rasteriser.error(of: frame, from: image) < 0.01)
        #expect(Set(frame.cells).count == 1)
      }
    }
  }

  @Test(arguments: renditions) func theFitIsNeverWorseThanHalfBlocks(rendition: Rendition) {
    guard rendition.unicode else { return }
    let rasteriser = rasteriser(for: rendition)
    var generator = SeededGenerator(seed: 11)
    let levels = GreyLevels.of(rendition.colors)
    for _ in 0..<10 {
      let image = randomImage(28, 28, using: &generator)
      var halves = Frame(width: 28, height: 14)
      for row in 0..<14 {
        for column in 0..<28 {
          let upper = levels.values[levels.index(nearest: image.values[2 * row * 28 + column] * 255)]
          let lower = levels.values[levels.index(nearest: image.values[(2 * row + 1) * 28 + column] * 255)]
          // Drawn with direct colours: what counts is the grey, not how it is asked for.
          halves[column, row] = Cell("▀", foreground: grey(upper), background: grey(lower))
        }
      }
      let frame = GlyphFitter(rendition: rendition).fit(image, width: 28, height: 14)
      #expect(rasteriser.error(of: frame, from: image) <= rasteriser.error(of: halves, from: image) + 1e-2)
    }
  }

  private func grey(_ luma: Float) -> Color {
    .direct(red: UInt8(luma), green: UInt8(luma), blue: UInt8(luma))
  }

  @Test(arguments: [ColorLevel.mono, .ansi8, .ansi16]) func withFewGreysNoOtherChoiceIsBetter(colors: ColorLevel) {
    var generator = SeededGenerator(seed: 12)
    for unicode in [true, false] {
      let rendition = Rendition(colors: colors, unicode: unicode)
      let levels = GreyLevels.of(colors).values
      let rasteriser = rasteriser(for: rendition)
      for _ in 0..<40 {
        let image = randomImage(2, 4, using: &generator)
        let chosen = rasteriser.error(
          of: GlyphFitter(rendition: rendition).fit(image, width: 1, height: 1), from: image)
        for mask in GlyphMask.candidates(for: rendition) {
          for foreground in levels {
            for background in levels {
              let other = error(mask: mask, foreground: foreground, background: background, image: image)
              #expect(chosen <= other * 1.0001 + 0.01)
            }
          }
        }
      }
    }
  }

  @Test func withManyGreysNoOtherChoiceIsNoticeablyBetter() {
    var generator = SeededGenerator(seed: 13)
    let levels = GreyLevels.palette256
    for _ in 0..<20 {
      let image = randomImage(3, 5, using: &generator)
      let frame = GlyphFitter(rendition: Rendition()).fit(image, width: 1, height: 1)
      let chosen = rasteriser.error(of: frame, from: image)
      var best = Double.infinity
      for mask in GlyphMask.blocks {
        for foreground in levels.values {
          for background in levels.values {
            best = min(best, error(mask: mask, foreground: foreground, background: background, image: image))
          }
        }
      }
      #expect(chosen <= best * 1.005 + 1)
    }
  }

  /// The mean squared error of one cell, from the definition.
  private func error(mask: GlyphMask, foreground: Float, background: Float, image: GreyImage) -> Double {
    var sum = 0.0
    for pixel in 0..<128 {
      let x = (2 * (pixel % 8) + 1) * image.width / 16
      let y = (2 * (pixel / 8) + 1) * image.height / 32
      let wanted = image.values[y * image.width + x] * 255
      let painted = mask.coverage[pixel]
      sum += Double(painted * foreground + (1 - painted) * background - wanted).squared
    }
    // The letters' own squares are finer than their table: the difference is the ink's unevenness within its parts.
    let unevenness = Double(mask.squares - mask.coverage.reduce(0) { $0 + $1 * $1 })
    return (sum + unevenness * Double(foreground - background).squared) / 128
  }

  @Test func aDigitWithinTheGreysIsExactAtTwoPixelsACell() {
    var generator = SeededGenerator(seed: 14)
    let greys = GreyLevels.palette256.values
    let image = GreyImage(
      width: 28, height: 28,
      values: (0..<784).map { _ in greys[Int.random(in: 0..<greys.count, using: &generator)] / 255 })
    let frame = GlyphFitter(rendition: Rendition()).fit(image, width: 28, height: 14)
    #expect(rasteriser.error(of: frame, from: image) < 1e-3)
    // Twice and half that size, where cells lie on whole pixels or parts of them, still are.
    let large = GlyphFitter(rendition: Rendition()).fit(image, width: 56, height: 28)
    #expect(rasteriser.error(of: large, from: image) < 1e-3)
  }

  @Test func picturesUseOnlyTheGreysOfThePaletteThatThemesLeaveAlone() {
    var generator = SeededGenerator(seed: 15)
    let allowed = Set<Color>(([16, 59, 102, 145, 188, 231] + Array(232...255)).map { .palette($0) })
    for (width, height) in [(28, 14), (14, 7), (10, 5)] {
      let frame = GlyphFitter(rendition: Rendition(sextants: true)).fit(
        randomImage(28, 28, using: &generator), width: width, height: height)
      for cell in frame.cells {
        #expect(allowed.contains(cell.background))
        #expect(cell.glyph == " " || allowed.contains(cell.foreground))
      }
    }
  }

  @Test(arguments: renditions) func onlyGlyphsTheTerminalHasAreUsed(rendition: Rendition) {
    var generator = SeededGenerator(seed: 16)
    for (width, height) in [(28, 14), (14, 7), (10, 5), (7, 9)] {
      let frame = GlyphFitter(rendition: rendition).fit(
        randomImage(28, 28, using: &generator), width: width, height: height)
      for cell in frame.cells {
        #expect(GlyphWidth.isOneColumn(cell.glyph))
        if !rendition.unicode { #expect(cell.glyph.isASCII) }
        if !rendition.sextants { #expect(cell.glyph.value < 0x1FB00) }
        if rendition.colors == .mono {
          #expect(cell.foreground == .standard && cell.background == .standard)
        }
      }
    }
  }

  @Test(arguments: renditions) func picturesOfAnyShapeCanBeDrawn(rendition: Rendition) {
    let fitter = GlyphFitter(rendition: rendition)
    #expect(fitter.fit(GreyImage(width: 0, height: 5, values: []), width: 4, height: 2) == Frame(width: 4, height: 2))
    #expect(fitter.fit(GreyImage(width: 1, height: 1, values: [1]), width: 0, height: 9).cells.isEmpty)
    for (width, height) in [(1, 1), (200, 1), (1, 200), (97, 131), (400, 300)] {
      let image = GreyImage(width: width, height: height, values: [Float](repeating: 1, count: width * height))
      let frame = fitter.fit(image, width: 5, height: 3)
      #expect(frame.cells.allSatisfy { $0 == frame[0, 0] })
    }
  }

  @Test func valuesThatAreNoGreyAreTakenForTheNearestOne() {
    let image = GreyImage(width: 4, height: 1, values: [.nan, .infinity, -3, 1.5, 7])
    #expect(image.values == [0, 1, 0, 1])
    #expect(GreyImage(width: 2, height: 2, values: [1]).values == [1, 0, 0, 0])
    #expect(GreyImage(width: -1, height: 2, values: [1]).values.isEmpty)
  }

  @Test func aLargePictureIsAveragedBeforeItIsFitted() {
    // A checkerboard finer than the screen's pixels is grey from afar.
    let values = (0..<160 * 160).map { (pixel: Int) -> Float in (pixel % 160 + pixel / 160) % 2 == 0 ? 0 : 1 }
    let reduced = GreyImage(width: 160, height: 160, values: values).reduced(toWidth: 80, height: 40)
    #expect(reduced.width == 80 && reduced.height == 40)
    #expect(reduced.values.allSatisfy { abs($0 - 0.5) < 1e-5 })
  }

  @Test func fittersOnManyThreadsShareTheirTables() async {
    var generator = SeededGenerator(seed: 17)
    let image = randomImage(28, 28, using: &generator)
    let expected = GlyphFitter(rendition: Rendition()).fit(image, width: 11, height: 6)
    await withTaskGroup(of: Frame.self) { group in
      for size in 0..<200 {
        group.addTask {
          _ = GlyphFitter(rendition: Rendition()).fit(image, width: 4 + size % 90, height: 3)
          return GlyphFitter(rendition: Rendition()).fit(image, width: 11, height: 6)
        }
      }
      for await frame in group { #expect(frame == expected) }
    }
  }
}

extension Double {
  var squared: Double { self * self }
}
