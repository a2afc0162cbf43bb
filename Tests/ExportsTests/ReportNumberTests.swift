import Analysis
import Testing

@testable import Exports

@Suite struct ReportNumberTests {
  @Test(
    arguments: [
      (9, "9"), (0, "0"), (-3, "−3"), (0.25, "0.2500"), (12.3456, "12.346"), (1234.5, "1234.50"),
      (-0.000_05, "−5.000e−05"),
      (-0.000_011_068_028_5, "−1.107e−05"), (12_345_678, "1.235e+07"),
      (.infinity, "∞"),
      (.nan, "not a number"),
    ] as [(Double, String)])
  func aCountIsWholeAndOtherNumbersHaveFourDigits(value: Double, expected: String) {
    #expect(ReportSection.text(value) == expected)
  }

  @Test(arguments: [
    (MeasureResult.SampleSize("image", 1), "1 image"),
    (MeasureResult.SampleSize("training image", 60_000), "60,000 training images"),
    (MeasureResult.SampleSize("class", name: "classes", 1), "1 class"),
    (MeasureResult.SampleSize("stage of trees", name: "stages of trees", 20), "20 stages of trees"),
  ])
  func whatNumbersRestOnIsCounted(size: MeasureResult.SampleSize, expected: String) {
    #expect(size.text(unicode: false) == expected)
  }
}
