import Testing

@testable import Exports

@Suite struct ReportNumberTests {
  @Test(
    arguments: [
      (9, "9"), (0, "0"), (-3, "−3"), (0.25, "0.2500"), (12.3456, "12.346"), (1234.5, "1234.50"), (-0.000_05, "−5e−05"),
      (.infinity, "∞"), (.nan, "not a number"),
    ] as [(Double, String)])
  func aCountIsWholeAndOtherNumbersHaveFourDigits(value: Double, expected: String) {
    #expect(ReportSection.text(value) == expected)
  }
}
