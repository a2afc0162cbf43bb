import Datasets
import Tensors
import Testing

@testable import Analysis

/// What holds of every measure.
@Suite struct MeasureTests {
  @Test func theCodesAreThoseThatWereGivenToScikitLearn() throws {
    let codes = try GoldenCodes()
    #expect(codes.training.means.elements[0] == -0.062_516_43)
    #expect(codes.test.means.elements[299 * 5] == 1.249_204_8)
    #expect(codes.test.factors.map { $0.values[299] } == [2, 1, 1])
  }

  @Test func everyMeasureIsTheSameForAnyNumberOfThreads() throws {
    let codes = try GoldenCodes()
    let settings = ["trees": 5.0, "training-groups": 200, "test-groups": 100]
    let one = try codes.measurement(settings: settings, threads: 1)
    let three = try codes.measurement(settings: settings, threads: 3)
    for measure in Measure.all where measure.missing(in: codes.training).isEmpty {
      let first = Result { try measure.evaluate(one) }
      let second = Result { try measure.evaluate(three) }
      switch (first, second) {
      case (.success(let a), .success(let b)): #expect(a == b, "\(measure.name)")
      case (.failure(let a as AnalysisError), .failure(let b as AnalysisError)): #expect(a == b)
      default: Issue.record("\(measure.name) differs between one and three threads")
      }
    }
  }

  @Test func dimensionsThatDoNotVaryAreNamedAndHarmNothing() throws {
    let representation = try Disentangled.withConstantDimension(count: 300)
    let measurement = try Measurement(
      of: representation, settings: ["training-groups": 200, "test-groups": 100, "trees": 3])
    for measure in Measure.all where measure.missing(in: representation).isEmpty && measure.name != "block-entanglement"
    {
      let result = try measure.evaluate(measurement)
      #expect(result.values.allSatisfy { $0.value.isFinite && $0.standardError?.isFinite ?? true }, "\(measure.name)")
      #expect(result.tables.allSatisfy { $0.values.allSatisfy(\.isFinite) }, "\(measure.name)")
      #expect(result.tables.allSatisfy { $0.values.count == $0.rows.count * $0.columns.count }, "\(measure.name)")
    }
  }

  @Test func listsSayWhetherTheyAreByFactorOrTheInformationOfDimensions() throws {
    let codes = try GoldenCodes().measurement()
    let names = codes.representation.factors.map(\.name)
    for measure in [Measure.mutualInformationGap, .separatedAttributePredictability, .explicitness] {
      let table = try #require(try measure.evaluate(codes).tables.first { $0.kind == .byFactor }, "\(measure.name)")
      #expect(table.isList && table.rows == names, "\(measure.name)")
    }
    let posteriors = try Measurement(of: farPosteriors())
    for measure in [Measure.dimensionInformation, .classInformation] {
      let tables = try measure.evaluate(posteriors).tables
      #expect(tables.map(\.kind) == [.informationByDimension] && tables[0].rows == ["z1"], "\(measure.name)")
    }
    #expect(try Measure.dimensionWiseDivergence.evaluate(posteriors).tables.allSatisfy { $0.kind == nil })
  }

  @Test func oneClassIsRefusedInWords() throws {
    let same = try Measurement(
      of: Representation(means: Tensor(shape: [6, 2], elements: normals(12, seed: 3)), labels: [4, 4, 4, 4, 4, 4]))
    for measure in [Measure.neighbourAccuracy, Measure.mutualInformationGap, Measure.classInformation] {
      #expect(throws: AnalysisError.self, "\(measure.name)") { try measure.evaluate(same) }
    }
  }

  // numpy's, over 2000 resamples of the same codes.
  @Test(arguments: [
    ("pca-spectrum", 0.0756), ("correlations", 0.0117), ("gaussian-total-correlation", 0.0328),
    ("gaussian-wasserstein", 0.003_56),
  ])
  func standardErrorsOfWhatACovarianceTellsAreThoseOfResampling(name: String, expected: Double) throws {
    let measure = try #require(Measure.named([name]).first)
    let result = try measure.evaluate(GoldenCodes().measurement())
    #expect(abs(try #require(result.standardError) / expected - 1) < 0.06)
    // What draws nothing takes neither their time nor their memory.
    #expect(!measure.settings.contains { $0.name == "resamples" })
  }

  @Test func standardErrorsInTablesAreThoseOfNormalCodes() throws {
    // So wide that not all images are looked at. An eigenvalue has λ√(2/n), a correlation (1 − r²)/√n.
    let (count, size) = (4000, 200)
    let measurement = try Measurement(
      of: Representation(means: Tensor(shape: [count, size], elements: normals(count * size, seed: 8))))
    let spectrum = try #require(Measure.principalSpectrum.evaluate(measurement).table("means"))
    #expect(
      abs(try #require(spectrum.standardErrors?[0]) / spectrum.values[0] / (2 / Double(count)).squareRoot() - 1) < 0.15)
    let correlations = try #require(Measure.correlations.evaluate(measurement).table("r"))
    let errors = try #require(correlations.standardErrors)
    #expect(abs(try #require(errors[1]) * Double(count).squareRoot() - 1) < 0.15)
    #expect(errors[0] == nil && errors[1] == errors[size])
  }

  @Test func resamplingStopsWhenTheResultIsNoLongerWanted() throws {
    var questions = 0
    let measurement = try Measurement(of: GoldenCodes().training, settings: ["resamples": 10_000]) {
      questions += 1
      return questions > 3
    }
    #expect(throws: CancellationError.self) { try Measure.binnedDependence.evaluate(measurement) }
  }

  @Test func whereNoSpreadIsSeenThereIsNoStandardError() throws {
    // Every code tells its class alone: each resample and each image says the same.
    let classes = (0..<60).map { Float($0 % 2) }
    let codes = try Representation(
      means: Tensor(shape: [60, 1], elements: classes.map { 10 * $0 }), factors: [Factor(name: "f", values: classes)])
    for measure in [Measure.mutualInformationGap, Measure.explicitness] {
      let result = try measure.evaluate(Measurement(of: codes))
      #expect(result.value == 1 && result.standardError == nil, "\(measure.name)")
    }
  }

  @Test func aMeasureSaysWhatItIsByTheSettingsInForce() throws {
    for measure in Measure.all {
      #expect(!(measure.definition + measure.estimator).contains("{"), "\(measure.name)")
    }
    for (name, setting, value, usual, words) in [
      ("active-units", "active-variance", 0.9, "> 0.01", "> 0.9"),
      ("knn-accuracy", "neighbours", 7, "the 5 nearest", "the 7 nearest"),
      ("dci", "trees", 20, "(100 stages", "(20 stages"),
      ("beta-vae", "group", 8, "over 64 pairs", "over 8 pairs"),
      ("factor-vae", "test-groups", 500, "5000 to try on", "500 to try on"),
    ] as [(String, String, Double, String, String)] {
      let measure = try #require(Measure.named([name]).first)
      #expect((measure.definition + measure.estimator).contains(usual), "\(name)")
      #expect((measure.definition([setting: value]) + measure.estimator([setting: value])).contains(words), "\(name)")
    }
  }

  @Test func everyMeasureSaysWhatItIs() throws {
    let names = Measure.all.map(\.name)
    #expect(Set(names).count == names.count)
    for measure in Measure.all {
      #expect(measure.name.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" })
      #expect(![measure.title, measure.summary, measure.definition, measure.source, measure.estimator].contains(""))
      #expect(measure.source.contains { $0.isNumber } && measure.needs.contains(.means), "\(measure.name)")
    }
    for names in [["mgi"], ["all", "mgi"]] { #expect(throws: AnalysisError.self) { try Measure.named(names) } }
    let slow = try #require(Measure.all.first { $0.isSlow }).name
    #expect(try Measure.named(["usual"]).allSatisfy { !$0.isSlow })
    #expect(try Measure.named([slow, "usual"]).contains { $0.name == slow })
    #expect(try Measure.named(["all"]).count == names.count)
  }

  @Test func whatIsMissingIsNamed() throws {
    let means = Tensor(shape: [3, 2], elements: [0.5, -1, 1, 0, -0.5, 2])
    let codes = try Measurement(of: Representation(means: means))
    #expect(throws: AnalysisError.missing(measure: "mutual-information", what: "log-variances")) {
      try Measure.mutualInformation.evaluate(codes)
    }
    #expect(throws: AnalysisError.notFinite(row: 1)) {
      try Representation(means: Tensor(shape: [2, 1], elements: [0, .nan]))
    }
    #expect(throws: AnalysisError.self) { try Measurement(of: Representation(means: means), settings: ["bins": 0]) }
    #expect(throws: AnalysisError.self) { try Measurement(of: Representation(means: means), settings: ["bin": 5]) }
  }
}
