import Canvas
import Testing

@testable import zscope

@Suite struct ProgressLineTests {
  private let fields = ["epoch 6/50", "41,012/s", "20 s left", "loss 174.04", "reconstruction 168.60", "KL 5.44"]

  private func line(_ columns: Int) -> String {
    ProgressLine.line(0.5, fields, columns: columns, rendition: Rendition(colors: .mono, unicode: false))
  }

  @Test(arguments: 0...140) func neverWiderThanTheTerminalAndNoNumberCut(columns: Int) {
    let line = line(columns)
    #expect(line.count <= columns)
    let whole = fields.filter(line.contains)
    #expect(line.hasSuffix(whole.joined(separator: "  ")), "nothing but whole fields, in their order")
  }

  @Test func eightyColumnsHoldRateTimeAndWhatIsMinimised() {
    for field in fields.prefix(4) + ["KL 5.44"] { #expect(line(79).contains(field)) }
    #expect(line(79).contains("50%"))
  }

  @Test func roomThatFieldsDoNotNeedIsTheBars() {
    #expect(line(140).prefix(26).hasSuffix("50%") && line(140).hasSuffix("KL 5.44"))
  }
}
