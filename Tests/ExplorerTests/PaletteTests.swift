import Canvas
import Terminal
import Testing

@testable import Explorer

/// What Enter makes of a line in the palette.
@Suite struct PaletteTests {
  private func typed(_ line: String, _ keys: String = "enter") throws -> State {
    var state = Sample.state(120, 40)
    try Sample.press("right*2 :", &state)
    if !line.isEmpty { _ = state.update(.paste(line)) }
    try Sample.press(keys, &state)
    return state
  }

  @Test(arguments: [
    ("opne", "did you mean open"), ("setp", "did you mean s"), ("sheett", "did you mean sheet"),
    ("densty", "did you mean density"), ("zomo", "did you mean zoom"), ("crosshair", "no command is called that: Tab"),
  ])
  func lettersInOrderAndWordsOfASummaryAreNeverRun(line: String, meant: String) throws {
    let state = try typed(line)
    #expect(state.context == .palette)
    let message = state.message
    #expect(message?.isError == true && message?.text.contains(meant) == true, "\(message?.text ?? "")")
    // Nothing of it is shown as what Enter would run.
    guard case .palette(let palette) = state.overlay else { return }
    #expect(!palette.hasSelection(palette.matches(state)))
  }

  @Test func aBeginningIsRunWhereItIsOfOneNameAlone() throws {
    #expect(try typed("und").code == [0.1, 0])
    // Of one word in one name.
    #expect(try typed("classes").context != .palette)
    let several = try typed("zoom")
    #expect(several.context == .palette && several.message?.text.contains("zoom in, zoom out") == true)
  }

  @Test func aBeginningOfOneNameTakesWhatFollowsIt() throws {
    let state = try typed("them light")
    #expect(state.context != .palette && state.theme == .light, "\(state.message?.text ?? "")")
    // Names that go on from it are not in its way.
    #expect(try typed("gri").context != .palette)
    guard case .palette(let palette) = try typed("them lig", "end").overlay else {
      Issue.record("no palette")
      return
    }
    #expect(palette.matches(state).map(\.line) == ["theme lig"])
    #expect(try typed("opne mnist-2d").message?.text.contains("did you mean open mnist-2d?") == true)
  }

  @Test func whatArrowsSelectIsRunWhateverWasTyped() throws {
    let whole = try typed("").plot
    #expect(try typed("zoom", "down enter").plot != whole)
    #expect(try typed("zomo", "down enter").context != .palette)
    // The first press selects the first of them, where none was.
    guard case .palette(let palette) = try typed("zoom", "down").overlay else {
      Issue.record("no palette")
      return
    }
    #expect(palette.selected == 0 && palette.isChosen)
  }

  @Test func pathsAreToldApartByTheirEndsAndASummaryStandsApartFromAName() throws {
    let folder = "/tmp/a-rather-long-folder-of-mine/that-goes-on/and-on-for-more-than-half-a-line/"
    var state = Sample.state(80, 24)
    state.surroundings.folders = [folder: ["experiment-a/", "experiment-b/"]]
    try Sample.press(":", &state)
    _ = state.update(.paste("data \(folder)"))
    let screen = view(state, rendition: Rendition()).plain()
    for name in ["experiment-a/", "experiment-b/"] { #expect(screen.contains(name), "\(screen)") }
    try Sample.press("ctrl-u", &state)
    _ = state.update(.paste("arith"))
    let other = view(state, rendition: Rendition()).plain()
    #expect(other.contains("arithmetic LETTER LETTER LETTER "), "\(other)")
  }

  @Test func enterAloneClosesIt() throws {
    for isPlain in [true, false] {
      var state = Sample.state(120, 40)
      state.isPlain = isPlain
      let focus = state.focus
      try Sample.press(": enter", &state)
      #expect(state.context == .pane(focus) && state.message == nil)
    }
  }

  @Test func tabGoesThroughWhatAnArgumentMayBecomeAndOffersARunOnce() throws {
    let runs = ["one", "semi", "wide", "widey"]
    var state = Sample.state(120, 40)
    state.surroundings.models = runs.map { "runs/\($0)" }
    state.surroundings.folders = ["runs/": runs.map { $0 + "/" } + ["notes.txt"]]
    _ = state.update(.key(try Key(":")))
    _ = state.update(.paste("open r"))
    func line(_ keys: String) throws -> String {
      try Sample.press(keys, &state)
      guard case .palette(let palette) = state.overlay else { return "" }
      return palette.field.text
    }
    #expect(try line("tab") == "open runs/")
    let lines = try (0..<6).map { _ in try line("tab") }
    #expect(lines == (runs + ["notes.txt", "one"]).map { "open runs/\($0)" })
    #expect(try line("tab") == "open runs/semi")
    // What is typed then has a list of its own.
    #expect(try line("ctrl-u") == "")
    _ = state.update(.paste("open runs/w"))
    #expect(try line("tab") == "open runs/wide")
    #expect(try line("tab") == "open runs/widey")
    // Names too, and Enter takes what stands there.
    #expect(try line("ctrl-u") == "")
    _ = state.update(.paste("zoo"))
    #expect(try line("tab") == "zoom ")
    #expect(try line("tab") == "zoom in")
    #expect(try line("tab") == "zoom out")
    let whole = state.plot
    try Sample.press("enter", &state)
    #expect(state.context != .palette && state.plot != whole)
  }

  @Test func tabThatCompletesNothingSaysSo() throws {
    var state = Sample.state()
    _ = state.update(.key(try Key(":")))
    _ = state.update(.paste("axes pc"))
    try Sample.press("tab", &state)
    // Codes of two dimensions have no components.
    #expect(state.message?.text.contains("nothing begins with “pc” here") == true)
    state = Sample.state(dimensions: 4)
    _ = state.update(.key(try Key(":")))
    _ = state.update(.paste("axes pc"))
    try Sample.press("tab", &state)
    guard case .palette(let palette) = state.overlay else {
      Issue.record("no palette")
      return
    }
    #expect(palette.field.text == "axes pc1 pc2" && state.message == nil)
  }
}
