import Canvas
import Testing

@testable import Explorer

/// Contrasts by the Web Content Accessibility Guidelines 2.1, from the colours themselves: xterm's default palette for the
/// themeable sixteen.
@Suite struct ThemeTests {
  static let appearances = [
    Appearance(ground: .dark), Appearance(ground: .light), Appearance(ground: .dark, isHighContrast: true),
    Appearance(ground: .light, isHighContrast: true), Appearance(ground: .dark, isPainted: true),
    Appearance(ground: .light, isPainted: true),
  ]

  /// The contrast of a style as a terminal shows it: what is dim is two thirds of it, what is bold may be bright.
  private func contrasts(_ style: Style, _ appearance: Appearance) -> [Double] {
    let isDark = appearance.ground == .dark
    let standard = (
      background: SIMD3<UInt8>(repeating: isDark ? 0 : 255), foreground: SIMD3<UInt8>(repeating: isDark ? 255 : 0)
    )
    func rgb(_ color: Color, _ fallback: SIMD3<UInt8>) -> SIMD3<UInt8> { color.rgb ?? fallback }
    var back = rgb(style.background, standard.background)
    var front = rgb(style.foreground, standard.foreground)
    if style.attributes.contains(.reverse) { swap(&front, &back) }
    if style.attributes.contains(.dim) {
      let mixed = (SIMD3<Int>(truncatingIfNeeded: front) &* 2 &+ SIMD3<Int>(truncatingIfNeeded: back)) / 3
      front = SIMD3<UInt8>(truncatingIfNeeded: mixed)
    }
    var shown = [ColorContrast.ratio(front, back)]
    if style.attributes.contains(.bold), case .palette(let index) = style.foreground, index < 8 {
      shown.append(ColorContrast.ratio(Color.palette(index + 8).rgb ?? front, back))
    }
    return shown
  }

  /// A style as it comes to the terminal over a ground, and what ground that terminal has of its own.
  private func shown(
    _ style: Style, over ground: Style = Style(.standard), _ rendition: Rendition
  ) -> (style: Style, on: Appearance) {
    var (frame, style) = (Frame(width: 1, height: 1), style)
    if style.background == .standard { style.background = ground.background }
    frame.write("x", column: 0, row: 0, style)
    let cell = frame.adapted(to: rendition).cells[0]
    let appearance = rendition.appearance
    let own: Ground = appearance.isPainted ? appearance.pick(dark: .light, light: .dark) : appearance.ground
    return (Style(cell.foreground, cell.attributes, background: cell.background), Appearance(ground: own))
  }

  @Test(arguments: appearances, ColorLevel.allCases)
  func textHasAContrastOfFourAndAHalfAndLinesOfThree(_ appearance: Appearance, _ level: ColorLevel) {
    let rendition = Rendition(colors: level, appearance: appearance)
    let theme = Theme(rendition: rendition)
    func contrasts(_ style: Style, over ground: Style = Style(.standard)) -> [Double] {
      let shown = shown(style, over: ground, rendition)
      return self.contrasts(shown.style, shown.on)
    }
    let texts = [
      ("title", theme.title), ("focused title", theme.focusedTitle), ("text", theme.text), ("strong", theme.strong),
      ("faint", theme.faint), ("accent", theme.accent), ("error", theme.error), ("selected", theme.selected),
      ("overlay", theme.overlay),
    ]
    for (name, style) in texts {
      for contrast in contrasts(style) { #expect(contrast >= 4.5, "\(name)") }
      for contrast in contrasts(style, over: theme.overlay) { #expect(contrast >= 4.5, "\(name), overlay") }
    }
    for style in [theme.line, theme.focusedLine] + (0..<9).map({ Style(theme.curve($0)) }) {
      for contrast in contrasts(style) { #expect(contrast >= 3) }
      for contrast in contrasts(style, over: theme.overlay) { #expect(contrast >= 3) }
    }
  }

  @Test(arguments: [Ground.dark, .light], ColorLevel.allCases)
  func everyCellOfAScreenCanBeRead(_ ground: Ground, _ level: ColorLevel) throws {
    for choice in ThemeChoice.allCases {
      let rendition = Rendition(colors: level).themed(choice, on: ground)
      var state = Sample.state()
      for keys in ["", "?", "escape :", "escape g", "G"] {
        if !keys.isEmpty { try Sample.press(keys, &state) }
        let frame = view(state, rendition: rendition)
        // The terminal's own ground, whatever the theme: where they differ the theme has to paint its own.
        let shown = Appearance(ground: ground)
        for cell in frame.cells where ("!"..."~").contains(cell.glyph) {
          let style = Style(cell.foreground, cell.attributes, background: cell.background)
          for contrast in contrasts(style, shown) {
            #expect(contrast >= 3, "\(cell) in \(choice), \(keys)")
          }
        }
      }
    }
  }

  @Test(arguments: ColorLevel.allCases)
  func thePaneWithTheKeysDiffersFromOthersOnAPaintedLightGroundToo(_ level: ColorLevel) {
    let rendition = Rendition(colors: level, appearance: Appearance(ground: .light, isPainted: true))
    let theme = Theme(rendition: rendition)
    #expect(shown(theme.focusedLine, rendition).style != shown(theme.line, rendition).style)
  }

  @Test func theChoiceAndTheGroundMakeTheAppearance() {
    #expect(ThemeChoice.auto.appearance(on: nil) == Appearance())
    #expect(ThemeChoice.auto.appearance(on: .light) == Appearance(ground: .light))
    #expect(ThemeChoice.light.appearance(on: nil) == Appearance(ground: .light))
    #expect(ThemeChoice.light.appearance(on: .dark) == Appearance(ground: .light, isPainted: true))
    #expect(ThemeChoice.dark.appearance(on: .light) == Appearance(ground: .dark, isPainted: true))
    #expect(ThemeChoice.highContrast.appearance(on: .light) == Appearance(ground: .light, isHighContrast: true))
  }

  @Test func theThemeIsChosenFromThePaletteAndRemembered() throws {
    var state = Sample.state()
    try Sample.press(": type:theme space type:light enter", &state)
    #expect(state.theme == .light && state.preferredTheme == .light)
  }
}
