import Testing

@testable import Analysis

@Suite struct DisentanglementCompletenessTests {
  @Test func disentangledCodesScoreHigh() throws {
    #expect(try Measure.disentanglementCompleteness.evaluate(Disentangled.measurement()).value > 0.95)
  }

  @Test func treesFindTheImportancesOfScikitLearnWithinItsOwnChance() throws {
    let codes = try GoldenCodes()
    // Means over eight seeds of scikit-learn's random_state, and at least four of its standard deviations.
    let one = try Measure.disentanglementCompleteness.evaluate(codes.measurement(settings: ["trees": 1]))
    let stage = try #require(one.table("importance"))
    for (place, expected) in [(0, 0.974_468), (4, 0.900_758), (5, 0.114_27), (8, 0.872_385)] {
      #expect(abs(stage.values[place] - expected) < 1e-5)
    }
    let all = try Measure.disentanglementCompleteness.evaluate(codes.measurement(threads: 2))
    #expect(abs(all.value - 0.6347) < 0.008)
    #expect(abs(try #require(all.number("completeness")) - 0.6272) < 0.006)
    #expect(abs(try #require(all.number("informativeness")) - 0.8557) < 0.006)
    let importance = try #require(all.table("importance"))
    for (place, expected) in [(0, 0.937_948), (4, 0.726_098), (5, 0.118_737), (7, 0.112_398), (8, 0.847_107)] {
      #expect(abs(importance.values[place] - expected) < 0.008)
    }
  }

  @Test func theMatrixOfTheReferenceCardGivesItsNumbers() {
    let importances = ImportanceMatrix(dimensions: 3, factors: 2, values: [0.9, 0.1, 0.05, 0.8, 0.05, 0.1])
    #expect(abs(importances.disentanglement - 0.55946) < 1e-5 && abs(importances.completeness - 0.52967) < 1e-5)
  }

  @Test(arguments: 2...12) func equalImportancesAreExactlyNoDisentanglement(size: Int) {
    let equal = ImportanceMatrix(
      dimensions: size, factors: size, values: [Double](repeating: 0.1, count: size * size))
    #expect(equal.disentanglement == 0 && equal.completeness == 0)
  }
}
