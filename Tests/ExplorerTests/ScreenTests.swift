import Canvas
import Foundation
import Testing

@testable import Explorer

/// Whole screens, compared with what they were: as text and as a map of styles.
@Suite struct ScreenTests {
  static let levels: [(name: String, rendition: Rendition)] = [
    ("256", Rendition()), ("16", Rendition(colors: .ansi16)), ("8", Rendition(colors: .ansi8)),
    ("mono", Rendition(colors: .mono)), ("ascii", Rendition(colors: .mono, unicode: false)),
  ]

  @Test(arguments: levels) func theFirstScreenAt80By24(name: String, rendition: Rendition) throws {
    var state = Sample.state(80, 24)
    try Sample.press("right*4 tab right enter", &state)
    Fixture.expect(state, rendition, "explore-80x24-\(name)")
  }

  @Test(arguments: levels) func theScreenAt120By40WithADataSet(name: String, rendition: Rendition) throws {
    var state = Sample.state(120, 40, withImages: true)
    try Sample.press("right*4 m a tab right*3 enter tab right", &state)
    Fixture.expect(state, rendition, "explore-120x40-\(name)")
  }

  @Test(arguments: [levels[0], levels[4]]) func theScreenAt250By70(name: String, rendition: Rendition) throws {
    var state = Sample.state(250, 70, dimensions: 12, withImages: true)
    try Sample.press("s right*4 m a down right tab right*3 enter", &state)
    Fixture.expect(state, rendition, "explore-250x70-\(name)")
  }

  @Test(arguments: [
    ("grid-80x24", 80, 24, "g right up"), ("matrix-80x24", 80, 24, "G right*8"), ("form-80x24", 80, 24, "T"),
    ("help-80x24", 80, 24, "?"), ("palette-80x24", 80, 24, ": type:z"), ("value-80x24", 80, 24, "- 1 ."),
    ("error-60x20", 60, 20, "' z"), ("smallest-60x20", 60, 20, "r"),
    ("interpolation-120x40", 120, 40, "right*9 m a r m b i a b right*5"), ("look-80x24", 80, 24, "tab enter b"),
  ]) func screens(name: String, width: Int, height: Int, keys: String) throws {
    var state = Sample.state(width, height, dimensions: name.hasPrefix("matrix") ? 4 : 2, withImages: true)
    try Sample.press(keys, &state)
    Fixture.expect(state, Rendition(), name)
  }

  @Test(arguments: [
    ("training-80x24", 80, 24, "t"), ("training-120x40", 120, 40, "t down"),
    ("training-explore-120x40", 120, 40, "right"),
    ("quitting-80x24", 80, 24, "q"),
  ]) func screensOfTraining(name: String, width: Int, height: Int, keys: String) throws {
    var state = Sample.training(width, height)
    try Sample.press(keys, &state)
    Fixture.expect(state, Rendition(), name)
  }

  @Test func aWindowTooSmallSaysTheSizeNeededAndTakesOnlyQ() throws {
    for (width, height) in [(59, 20), (60, 19), (20, 5), (1, 1), (7, 1), (0, 0)] {
      var state = Sample.state(width, height)
      let frame = view(state, rendition: Rendition())
      if width * height >= 5 { #expect(frame.plain().filter { $0 != "\n" }.contains("60×20")) }
      try Sample.press("r right ? T :", &state)
      #expect(state.context == .sliders)
      try Sample.press("q", &state)
      #expect(state.ending == .quit)
    }
  }

  @Test func everyWindowFrom60By20To300By100IsFilledByPanesThatDoNotCross() throws {
    for screen in ScreenKind.all.map(\.screen) {
      for width in stride(from: 60, through: 300, by: 16) {
        for height in stride(from: 20, through: 100, by: 8) {
          for hasChart in [false, true] {
            var state = hasChart ? Sample.training(width, height) : Sample.state(width, height, dimensions: 10)
            state.screen = screen
            let layout = try #require(state.layout)
            #expect(layout.panes[.digit] != nil && layout.panes[.sliders] != nil)
            let insides = layout.panes.values.map { $0.inset() }
            for (index, one) in insides.enumerated() {
              #expect(one.width >= 18 && one.height >= 3, "\(screen) \(width)×\(height) \(layout.panes)")
              for other in insides.dropFirst(index + 1) { #expect(one.intersection(other).isEmpty) }
            }
            // The panes with their lines cover the window between the first line and the last.
            var covered = Frame(width: width, height: height)
            for pane in layout.panes.values { covered.fill(pane, with: Cell("x")) }
            let isCovered = (1..<height - 1).allSatisfy { row in
              (0..<width).allSatisfy { covered[$0, row].glyph == "x" }
            }
            #expect(isCovered, "\(screen) \(width)×\(height)")
          }
        }
      }
    }
  }

  @Test("Images stay within their panes, however wide", arguments: [(4, 28), (12, 60), (28, 28)])
  func wideImages(height imageHeight: Int, width imageWidth: Int) throws {
    let lines = Set("│┌┐└┘├┤┬┴┼─".unicodeScalars)
    // As large as they are at first, and as large as a person can ask for.
    for (width, height, steps) in [(60, 20, 0), (80, 24, 0), (120, 40, 0), (80, 24, 8)] {
      for kind in ScreenKind.all {
        var state =
          [.sheet, .train].contains(kind.screen)
          ? Sample.choosing(width, height, withImages: true)
          : Sample.state(width, height, dimensions: 4, withImages: true)
        state.training = Sample.training(width, height).training
        (state.subject.imageWidth, state.subject.imageHeight) = (imageWidth, imageHeight)
        state.panes[ComparedModel.self].subject = state.subject
        for pane in PaneKind.all { state.panes[PictureSizes.self].steps[pane.pane] = steps }
        try Sample.press("tab enter b", &state)
        _ = state.update(.show(kind.screen))
        Sample.render(&state)
        state.message = nil
        let frame = view(state, rendition: Rendition())
        for (pane, area) in try #require(state.layout).panes {
          let sides = (area.row + 1..<area.endRow - 1).flatMap { row in
            [area.column, area.endColumn - 1].map { frame[$0, row].glyph }
          }
          // In the lines above and below stand titles too, but no blocks.
          let ends = (area.column..<area.endColumn).flatMap { column in
            [area.row, area.endRow - 1].map { frame[column, $0].glyph }
          }
          #expect(
            lines.isSuperset(of: sides) && !ends.contains { (0x2580...0x259F).contains($0.value) },
            "\(pane.rawValue) of \(kind.screen.rawValue) at \(width)×\(height)\n\(frame.plain())")
        }
      }
    }
  }

  @Test func aWideWindowHasRoomForTheManifoldBesideEverythingElse() throws {
    var state = Sample.state(250, 70)
    try Sample.press("right", &state)
    let text = view(state, rendition: Rendition()).plain()
    for title in ["digit", "sliders", "manifold  z1 × z2", "latent space  z1 × z2", "look", "traversal of z1"] {
      #expect(text.contains(" \(title) "), "\(title)")
    }
  }

  @Test func resizingThereAndBackGivesTheSameScreen() throws {
    var state = Sample.state(120, 40, withImages: true)
    try Sample.press("right*4 tab enter + right", &state)
    let before = view(state, rendition: Rendition())
    try Sample.press("size:60x20 size:10x3 size:250x70 size:120x40", &state)
    #expect(view(state, rendition: Rendition()) == before)
  }

  @Test func theCursorRestsOnTheFocusedControl() throws {
    var state = Sample.state(120, 40)
    for pane in [Pane.sliders, .scatter, .strip] {
      #expect(state.focus == pane)
      let frame = view(state, rendition: Rendition())
      let cursor = try #require(frame.cursor)
      let rectangle = try #require(state.layout?.panes[pane])
      #expect(rectangle.contains(column: cursor.column, row: cursor.row), "\(pane)")
      try Sample.press("tab", &state)
    }
  }

  @Test func aFrameDoesNotDependOnTheCache() throws {
    var state = Sample.state(120, 40, withImages: true)
    var cache = ViewCache()
    for keys in ["right", "tab enter", "g", "right", "e tab", "x", "r", "G", "down", "T escape", "size:80x24", "e"] {
      try Sample.press(keys, &state)
      #expect(view(state, rendition: Rendition(), cache: &cache) == view(state, rendition: Rendition()))
    }
  }
}

/// Files that hold what screens looked like.
enum Fixture {
  static func expect(_ state: State, _ rendition: Rendition, _ name: String) {
    let text = account(view(state, rendition: rendition))
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures").appendingPathComponent(name + ".txt")
    if ProcessInfo.processInfo.environment["ZSCOPE_REWRITE_FIXTURES"] != nil {
      #expect(throws: Never.self) { try text.write(to: file, atomically: true, encoding: .utf8) }
      return
    }
    let known = try? String(contentsOf: file, encoding: .utf8)
    #expect(known == text, "\(name) differs; ZSCOPE_REWRITE_FIXTURES=1 rewrites it, git diff shows how")
  }

  /// The glyphs, then each row's styles as runs of letters, then what the letters mean.
  static func account(_ frame: Frame) -> String {
    var names: [Cell: String] = [:]
    var legend: [String] = []
    var map = ""
    for row in 0..<frame.height {
      var runs: [(name: String, count: Int)] = []
      for column in 0..<frame.width {
        var style = frame[column, row]
        style.glyph = " "
        let name = names[style] ?? letters(names.count)
        if names[style] == nil {
          names[style] = name
          legend.append("\(name) \(style.foreground) \(style.background) \(style.attributes.rawValue)")
        }
        if runs.last?.name == name { runs[runs.count - 1].count += 1 } else { runs.append((name, 1)) }
      }
      map += runs.map { $0.count == 1 ? $0.name : "\($0.count)\($0.name)" }.joined(separator: " ") + "\n"
    }
    let cursor = frame.cursor.map { "cursor \($0.column),\($0.row)" } ?? "no cursor"
    return frame.plain() + "=== styles\n" + map + "=== \(cursor)\n" + legend.joined(separator: "\n") + "\n"
  }

  private static func letters(_ index: Int) -> String {
    let letter = String(UnicodeScalar(UInt8(97 + index % 26)))
    return index < 26 ? letter : letters(index / 26 - 1) + letter
  }
}
