import Canvas
import LatentModels
import Terminal
import Testing

@testable import Explorer

/// The dimensions of a model with several variables are called by these, wherever they are shown or typed.
@Suite struct DimensionNameTests {
  private static let variables = ["zx", "zy"].map { LatentVariable(name: $0, kind: .continuous(dimensions: 2)) }
  private static let names = ["zx1", "zx2", "zy1", "zy2"]

  private func state(_ width: Int = 120, _ height: Int = 40) throws -> State {
    var state = Sample.state(width, height, dimensions: 4)
    let cloud = try #require(state.cloud)
    state.subject.variables = Self.variables
    state.cloud = CodeCloud(
      id: 3, source: "samples", posterior: Posterior(mean: cloud.means, logVariance: cloud.logVariances),
      labels: cloud.labels, columns: CodeColumns(Self.variables))
    return state
  }

  @Test func everyPaneCallsThemSo() throws {
    var state = try state(160, 60)
    #expect(state.sliders.map { state.name(of: $0) } == Self.names && Self.variables.dimensionNames == Self.names)
    #expect(state.axisNames == "zx1 × zx2")
    for keys in ["e", "G", "I"] {
      try Sample.press(keys, &state)
      let text = view(state, rendition: .init()).plain() + Account.of(state)
      for name in Self.names { #expect(text.contains(name), "\(keys): \(text)") }
      for name in ["z1", "z2", "z3", "z4"] { #expect(!text.contains(name), "\(keys): \(text)") }
    }
    let cloud = try #require(state.cloud)
    let measured = try Examination.representation(cloud)
    #expect(measured.dimensionNames == Self.names && measured.subset([0, 2]).dimensionNames == Self.names)
  }

  @Test func axesAreTypedSo() throws {
    var state = try state()
    try Sample.press(": type:axes space type:ZY1 space type:zx2 enter", &state)
    #expect(state.axisNames == "zy1 × zx2" && state.plot.axes == AxisPair(x: .dimension(2), y: .dimension(1)))
    #expect(view(state, rendition: .init()).plain().contains("zy1 × zx2"))
    try Sample.press(": type:axes space type:zx1 space type:z9 enter", &state)
    #expect(state.message?.text.contains("there are zx1 to zx2, zy1 to zy2, pc1 to pc4") == true)
    try Sample.press("escape : type:axes space type:zx1 space type:zw enter", &state)
    #expect(state.message?.text.contains("such as axes zx1 zx2") == true, "\(state.message?.text ?? "")")
    var palette = CommandPalette()
    palette.field.text = "axes zx1 zy"
    palette.complete(state)
    #expect(palette.field.text == "axes zx1 zy1")
  }
}
