import Testing

@testable import Canvas

@Suite struct ClassPaletteTests {
  /// The smallest ΔE2000 between two of the colours, over the given kinds of vision.
  private static func smallest(_ entries: [UInt8], _ visions: [ColorVision]) -> Double {
    var smallest = Double.infinity
    for vision in visions {
      let seen = entries.map { vision.lab(of: Palette.rgb($0)) }
      for first in seen.indices {
        for second in 0..<first { smallest = min(smallest, ColorVision.difference(seen[first], seen[second])) }
      }
    }
    return smallest
  }

  @Test(arguments: Ground.allCases)
  func everyTwoClassesAreTellableWithEveryKindOfColourVision(_ ground: Ground) {
    let entries = ClassPalette.entries(on: ground)
    #expect(entries.count == ClassPalette.colorCount && Set(entries).count == entries.count)
    let full = Self.smallest(entries, [.full])
    let deficient = Self.smallest(entries, ColorVision.deficient)
    print("classes on \(ground.rawValue): smallest ΔE2000 \(full) with full colour vision, \(deficient) without")
    #expect(full >= 18)
    #expect(deficient >= 10)
    // What the doc comment says was found.
    #expect(abs(full - (ground == .dark ? 20.48 : 19.03)) < 0.1)
    #expect(abs(deficient - (ground == .dark ? 11.46 : 10.32)) < 0.1)
  }

  /// No exchange of one colour, or of two, for others of the palette makes the closest pair farther apart.
  @Test(arguments: Ground.allCases)
  func noOtherColourWouldDoBetter(_ ground: Ground) {
    let entries = ClassPalette.entries(on: ground)
    let chroma = ground == .dark ? 80 : 40
    let candidates = (16...231).map { UInt8($0) }.filter { entry in
      let rgb = Palette.rgb(entry)
      return Int(rgb.max()) - Int(rgb.min()) >= chroma && Self.contrasts(entry, on: ground).min() ?? 0 >= 3
    }
    let visions = [.full] + ColorVision.deficient
    // In units of what is aimed for: 18 with full vision, 10 without.
    let seen = visions.map { vision in candidates.map { vision.lab(of: Palette.rgb($0)) } }
    func distance(_ first: Int, _ second: Int) -> Double {
      visions.indices.map {
        ColorVision.difference(seen[$0][first], seen[$0][second]) / ($0 == 0 ? 18 : 10)
      }.min() ?? 0
    }
    let table = candidates.indices.map { first in candidates.indices.map { distance(first, $0) } }
    let chosen = entries.compactMap { candidates.firstIndex(of: $0) }
    #expect(chosen.count == 10)
    func score(_ set: [Int]) -> Double {
      var smallest = Double.infinity
      for first in set.indices { for second in 0..<first { smallest = min(smallest, table[set[first]][set[second]]) } }
      return smallest
    }
    let found = score(chosen)
    for place in chosen.indices {
      for other in candidates.indices where !chosen.contains(other) {
        var changed = chosen
        changed[place] = other
        #expect(score(changed) <= found + 1e-3)
      }
    }
  }

  /// What a terminal of a ground is taken to show where no colour is named.
  private static func standard(on ground: Ground) -> (background: SIMD3<UInt8>, foreground: SIMD3<UInt8>) {
    let isDark = ground == .dark
    return (SIMD3(repeating: isDark ? 0 : 255), SIMD3(repeating: isDark ? 255 : 0))
  }

  /// The contrasts of a colour with the ground and the shades of density on it.
  private static func contrasts(_ entry: UInt8, on ground: Ground) -> [Double] {
    let rendition = Rendition(appearance: Appearance(ground: ground))
    let shades = (0...4).map { PlotStyle.shade($0, rendition)?.rgb ?? Self.standard(on: ground).background }
    return shades.map { ColorContrast.ratio(Palette.rgb(entry), $0) }
  }

  @Test(arguments: Ground.allCases)
  func digitsThatLookAlikeHaveColoursFarApart(_ ground: Ground) {
    for (first, second) in [(4, 9), (7, 9), (3, 5), (3, 8), (5, 8), (1, 7), (0, 6), (4, 7), (2, 7), (2, 3)] {
      let pair = [first, second].map { ClassPalette.entries(on: ground)[$0] }
      #expect(Self.smallest(pair, [.full] + ColorVision.deficient) >= 23, "\(first) and \(second)")
      for level in [ColorLevel.ansi8, .ansi16, .palette256] {
        let rendition = Rendition(colors: level, appearance: Appearance(ground: ground))
        #expect(
          ClassPalette.color(of: first, rendition: rendition) != ClassPalette.color(of: second, rendition: rendition))
      }
    }
  }

  @Test(arguments: Ground.allCases, ColorLevel.allCases)
  func everyClassHasItsContrastOnTheGroundAndOnEveryShade(_ ground: Ground, _ level: ColorLevel) {
    let rendition = Rendition(colors: level, appearance: Appearance(ground: ground))
    let standard = Self.standard(on: ground)
    for label in 0..<10 {
      let color = ClassPalette.color(of: label, rendition: rendition).rgb ?? standard.foreground
      for step in 0...4 {
        let shade = PlotStyle.shade(step, rendition)?.rgb ?? standard.background
        #expect(ColorContrast.ratio(color, shade) >= 3, "class \(label) over shade \(step)")
      }
      for line in [PlotStyle.Line.path, .ellipse] {
        let tint = PlotStyle.tint(line, rendition)?.rgb ?? standard.background
        #expect(ColorContrast.ratio(color, tint) >= 3, "class \(label) over a line")
      }
    }
    for color in [PlotStyle.ring(rendition), PlotStyle.bright(rendition)] {
      for step in 0...4 {
        let shade = PlotStyle.shade(step, rendition)?.rgb ?? standard.background
        #expect(ColorContrast.ratio(color.rgb ?? standard.foreground, shade) >= 3)
      }
    }
    #expect(ColorContrast.ratio(PlotStyle.faint(rendition).rgb ?? standard.foreground, standard.background) >= 4.5)
  }

  @Test(arguments: Ground.allCases)
  func classesLeaveTheGreysToPictures(_ ground: Ground) {
    for entry in ClassPalette.entries(on: ground) {
      let rgb = Palette.rgb(entry)
      #expect(Int(rgb.max()) - Int(rgb.min()) >= 40)
    }
  }

  @Test func withSixteenColoursOnBlackEveryClassStillHasItsOwn() {
    #expect(Set((0..<10).map { ClassPalette.color(of: $0, rendition: Rendition(colors: .ansi16)) }).count == 10)
  }

  @Test func whereColoursDoNotTellClassesMarksDo() {
    let light = Appearance(ground: .light)
    for rendition in [
      Rendition(colors: .mono), Rendition(colors: .ansi8), Rendition(unicode: false),
      Rendition(colors: .ansi16, appearance: light),
    ] {
      #expect(ClassPalette.needsMarks(rendition))
    }
    #expect(!ClassPalette.needsMarks(Rendition()) && !ClassPalette.needsMarks(Rendition(appearance: light)))
    #expect(!ClassPalette.needsMarks(Rendition(colors: .ansi16)))
  }

  @Test func moreThanTenClassesAreToldApartByTheirMarks() {
    #expect(ClassPalette.needsMarks(Rendition(), classCount: 11))
    let looks = (0..<ClassPalette.lookCount).map {
      [ClassPalette.mark(of: $0).value: ClassPalette.color(of: $0, rendition: Rendition())]
    }
    #expect(Set(looks).count == ClassPalette.lookCount)
    #expect((0..<62).map { String(ClassPalette.mark(of: $0)) }.joined().hasPrefix("0123456789abc"))
  }

  @Test("Classes that are called by single characters are marked by these, in the scatter and its legend")
  func lettersMarkThemselves() {
    let letters = ClassMarks(names: ["b", "a", "λ"], unicode: true)
    #expect([0, 1, 2, 3].map { letters.mark(of: $0) } == ["b", "a", "λ", "?"])
    for names in [["b", "b"], ["b", "ab"], ["b", ""], ["b", " "], ["b", "\u{301}"], ["b", "字"]] {
      #expect(ClassMarks(names: names, unicode: true) == .standard, "\(names)")
    }
    #expect(ClassMarks(names: ["b", "λ"], unicode: false) == .standard)
    var frame = Frame(width: 20, height: 1)
    frame.writeClassLegend(
      classes: 0..<3 as Range<Int>, names: ["b", "a", "λ"], marks: letters, asMarks: true, column: 0, row: 0,
      rendition: Rendition())
    #expect(frame.plain() == "b a λ\n")
    var plot = ScatterPlot(
      points: [.zero], labels: [1], window: PlotWindow(lower: SIMD2(repeating: -1), upper: SIMD2(repeating: 1)))
    (plot.showsAxes, plot.style, plot.marks) = (false, .marks, letters)
    #expect(plot.frame(width: 1, height: 1, rendition: Rendition()).plain() == "a\n")
  }

  @Test func anyLabelHasALook() {
    for label in [-3, Int.min, Int.max, 255, 100_000] {
      #expect(ClassPalette.color(of: label, rendition: Rendition()) != .standard)
      #expect(ClassPalette.mark(of: label).isASCII)
    }
    #expect(ClassPalette.color(of: -3, rendition: Rendition()) == ClassPalette.color(of: 7, rendition: Rendition()))
  }

  @Test func theLegendNamesClassesThatTheirMarksDoNotName() {
    var frame = Frame(width: 40, height: 1)
    frame.writeClassLegend(
      classes: [0, 9, 10, 11] as [Int32], hidden: [11], names: ["coat"], column: 0, row: 0, rendition: Rendition())
    #expect(frame.plain() == "0 coat 9 a 10 ·11\n")
    var dots = Frame(width: 40, height: 1)
    dots.writeClassLegend(classes: [0, 1], names: ["coat", "bag"], column: 0, row: 0, rendition: Rendition())
    #expect(dots.plain() == "●coat ●bag\n")
  }

  @Test func theLegendShowsHiddenClassesAsSuch() {
    var frame = Frame(width: 20, height: 1)
    #expect(
      frame.writeClassLegend(classes: 0..<4 as Range<UInt8>, hidden: [2], column: 0, row: 0, rendition: Rendition())
        == 11)
    #expect(frame.plain() == "●0 ●1 ·2 ●3\n")
    var mono = Frame(width: 20, height: 1)
    mono.writeClassLegend(
      classes: 0..<4 as Range<UInt8>, hidden: [2], column: 0, row: 0,
      rendition: Rendition(colors: .mono, unicode: false))
    #expect(mono.plain() == "0 1 - 3\n")
  }
}
