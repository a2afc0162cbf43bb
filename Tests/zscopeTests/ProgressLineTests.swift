import Canvas
import Testing

@testable import zscope

@Suite struct ProgressLineTests {
  private let fields = ["epoch 6/50", "41,012/s", "20 s left", "loss 174.04", "KL 5.44", "reconstruction 168.60"]

  private func line(_ columns: Int) -> String {
    ProgressLine.line(0.5, fields, columns: columns, rendition: Rendition(colors: .mono, unicode: false))
  }

  @Test(arguments: 0...140) func neverWiderThanTheTerminalAndNoNumberCut(columns: Int) {
    let line = line(columns)
    #expect(line.count <= columns)
    let shown = fields.filter(line.contains)
    #expect(shown == Array(fields.prefix(shown.count)))
    #expect(!line.contains("loss") || line.contains("loss 174.04"))
  }

  @Test func eightyColumnsHoldRateTimeAndWhatIsMinimised() {
    for field in fields.prefix(5) { #expect(line(79).contains(field)) }
    #expect(line(79).contains("50%"))
  }

  @Test func roomThatFieldsDoNotNeedIsTheBars() {
    #expect(line(140).prefix(26).hasSuffix("50%") && line(140).hasSuffix("168.60"))
  }
}
