import Datasets
import Tensors
import Testing

@testable import Analysis

#if canImport(Glibc)
  import Glibc
#endif

/// What the numbers must be for codes that are understood without a computer.
@Suite struct MeasureBehaviourTests {
  /// Two factors of four values, each alone in one dimension with a little noise, and a dimension of noise.
  private func disentangled(_ count: Int = 2000) throws -> Representation {
    let noise = normals(count * 3, seed: 11)
    let random = CounterRandom(seed: 12)
    var codes: [Float] = []
    var (first, second): ([Float], [Float]) = ([], [])
    for row in 0..<count {
      first.append(Float(random.integer(below: 4, UInt64(2 * row))))
      second.append(Float(random.integer(below: 4, UInt64(2 * row + 1))))
      codes += [
        first[row] - 1.5 + 0.05 * noise[3 * row], second[row] - 1.5 + 0.05 * noise[3 * row + 1], noise[3 * row + 2],
      ]
    }
    return try Representation(
      means: Tensor(shape: [count, 3], elements: codes),
      factors: [Factor(name: "a", values: first), Factor(name: "b", values: second)])
  }

  @Test func disentangledCodesScoreHighOnEveryMeasureOfIt() throws {
    let measurement = try Measurement(
      of: disentangled(), settings: ["training-groups": 1000, "test-groups": 500, "trees": 20],
      pool: WorkerPool(threads: 2))
    for (name, least) in [
      ("mig", 0.9), ("modularity", 0.6), ("explicitness", 0.75), ("beta-vae", 0.99), ("factor-vae", 0.99),
      ("dci", 0.95),
    ] {
      #expect(try #require(Measure.named([name]).first).evaluate(measurement).value > least, "\(name)")
    }
  }

  @Test func aTurnTakesTheGapAndLeavesTheDistances() throws {
    let codes = try disentangled()
    let measurement = try Measurement(of: codes, settings: ["angle": 45])
    let result = try Measure.rotationSensitivity.evaluate(measurement)
    #expect(try #require(result.number("MIG before")) > 0.9 && result.value < 0.2)
    let rotation = Rotation(randomOf: 3, seed: 7)
    let back = rotation.applyInverse(rotation.apply(codes.means))
    #expect(zip(back.elements, codes.means.elements).allSatisfy { abs($0 - $1) < 1e-6 })
    for i in 0..<3 {
      for j in 0..<3 {
        let product = (0..<3).reduce(0) { $0 + rotation.matrix[i * 3 + $1] * rotation.matrix[j * 3 + $1] }
        #expect(abs(product - (i == j ? 1 : 0)) < 1e-12)
      }
    }
  }

  @Test func productCodesAreNotEntangledAndDiagonalCodesAreMaximally() throws {
    let two = BlockEntanglement(blocks: [2, 3])
    let product = [1.0, 2].flatMap { a in [0.5, -1, 3].map { a * $0 } }
    let spectrum = try #require(two.spectrum(product, block: 0))
    #expect(abs(spectrum[0] - 1) < 1e-12 && BlockEntanglement.vonNeumann(spectrum) < 1e-10)
    let diagonal = BlockEntanglement(blocks: [3, 3])
    let identity = (0..<9).map { $0 % 4 == 0 ? 2.0 : 0 }
    for block in 0..<2 {
      let spectrum = try #require(diagonal.spectrum(identity, block: block))
      #expect(abs(BlockEntanglement.vonNeumann(spectrum) - log(3)) < 1e-12)
      #expect(abs(BlockEntanglement.renyi(spectrum, order: 2) - log(3)) < 1e-12)
    }
    // Three blocks of two: (|000⟩ + |111⟩)/√2 has log 2 between every block and the rest; |0⟩(|00⟩ + |11⟩) has none
    // between the first and the rest.
    let three = BlockEntanglement(blocks: [2, 2, 2])
    for block in 0..<3 {
      let spectrum = try #require(three.spectrum([1.0, 0, 0, 0, 0, 0, 0, 1], block: block))
      #expect(abs(BlockEntanglement.vonNeumann(spectrum) - log(2)) < 1e-12)
    }
    let entropies = try (0..<3).map {
      BlockEntanglement.vonNeumann(try #require(three.spectrum([1.0, 0, 0, 1, 0, 0, 0, 0], block: $0)))
    }
    #expect(entropies[0] < 1e-12 && abs(entropies[1] - log(2)) < 1e-12 && abs(entropies[2] - log(2)) < 1e-12)
    #expect(two.spectrum([0.0, 0, 0, 0, 0, 0], block: 0) == nil)
    // Schmidt coefficients .8 and .6.
    let tilted = try #require(BlockEntanglement(blocks: [2, 2]).spectrum([0.8, 0, 0, 0.6], block: 0))
    #expect(
      abs(tilted[0] - 0.64) < 1e-12
        && abs(BlockEntanglement.renyi(tilted, order: 2) + log(0.64 * 0.64 + 0.36 * 0.36)) < 1e-12)
  }

  @Test(arguments: [(10, 2, [2, 5]), (16, 2, [4, 4]), (8, 3, [2, 2, 2]), (24, 3, [2, 3, 4])])
  func aCodeIsCutInBlocksAsEqualAsCanBe(size: Int, count: Int, expected: [Int]) {
    #expect(BlockEntanglement.blocks(of: size, count: count) == expected)
  }

  @Test func aPrimeNumberOfValuesHasNoBlocks() throws {
    #expect(BlockEntanglement.blocks(of: 7, count: 2) == nil && BlockEntanglement.blocks(of: 1, count: 2) == nil)
    let codes = try Measurement(of: Representation(means: Tensor(shape: [4, 7], elements: normals(28, seed: 1))))
    #expect(
      throws: AnalysisError.undefined("a code of 7 values cannot be reshaped over 2 blocks of two values or more")
    ) {
      try Measure.blockEntanglement.evaluate(codes)
    }
  }

  @Test func anAutoencodersCodesAreAsLargeAsTheyAreAndAPriorsAreOne() throws {
    let means = Tensor(shape: [4, 1], elements: [30, -30, 30, -30])
    let bare = try Measure.codeScale.evaluate(Measurement(of: Representation(means: means)))
    #expect(bare.value == 30 && bare.notes.count == 1)
    let unused = try Representation(
      means: Tensor(shape: [4, 2], filledWith: 0), logVariances: Tensor(shape: [4, 2], filledWith: 0))
    let measurement = try Measurement(of: unused)
    #expect(abs(try Measure.codeScale.evaluate(measurement).value - 1) < 1e-12)
    #expect(try Measure.activeUnits.evaluate(measurement).value == 0)
    // Samples of dimensions that are not used have the prior's variance.
    #expect(try #require(Measure.principalSpectrum.evaluate(measurement).table("samples")).values == [1, 1])
  }

  @Test func dimensionsThatDoNotVaryAreNamedAndHarmNothing() throws {
    var codes = try disentangled(300).means.elements
    for row in 0..<300 { codes[3 * row + 2] = 5 }
    let representation = try Representation(
      means: Tensor(shape: [300, 3], elements: codes), labels: (0..<300).map { Int32($0 % 3) },
      factors: disentangled(300).factors)
    let measurement = try Measurement(
      of: representation, settings: ["training-groups": 200, "test-groups": 100, "trees": 3])
    for measure in Measure.all where measure.missing(in: representation).isEmpty && measure.name != "block-entanglement"
    {
      let result = try measure.evaluate(measurement)
      #expect(result.values.allSatisfy { $0.value.isFinite && $0.standardError?.isFinite ?? true }, "\(measure.name)")
      #expect(result.tables.allSatisfy { $0.values.allSatisfy(\.isFinite) }, "\(measure.name)")
      #expect(result.tables.allSatisfy { $0.values.count == $0.rows.count * $0.columns.count }, "\(measure.name)")
    }
    #expect(
      try Measure.gaussianTotalCorrelation.evaluate(measurement).notes == [
        "1 of 3 dimensions do not vary and were left out"
      ])
  }

  @Test func oneClassOneFactorAndFewImagesAreRefusedInWords() throws {
    let means = Tensor(shape: [6, 2], elements: normals(12, seed: 3))
    let same = try Measurement(of: Representation(means: means, labels: [4, 4, 4, 4, 4, 4]))
    for name in ["linear-probe", "knn-accuracy", "mig", "class-information"] {
      #expect(throws: AnalysisError.self, "\(name)") { try Measure.named([name])[0].evaluate(same) }
    }
    let label = try Measurement(of: Representation(means: means, labels: [0, 1, 0, 1, 0, 1]))
    #expect(
      throws: AnalysisError.undefined(
        "modularity compares factors and needs at least two that vary; here is label alone")
    ) {
      try Measure.modularity.evaluate(label)
    }
    let one = try Measurement(of: Representation(means: Tensor(shape: [1, 2], elements: [1, 2]), labels: [0]))
    #expect(throws: AnalysisError.self) { try Measure.gaussianTotalCorrelation.evaluate(one) }
    #expect(throws: AnalysisError.self) { try Measure.linearSeparability.evaluate(one) }
  }

  @Test func aFactorThatDoesNotVaryIsLeftOutAndAContinuousOneIsCut() throws {
    let codes = try disentangled(400)
    let continuous = normals(400, seed: 21)
    let representation = try Representation(
      means: codes.means,
      factors: codes.factors + [
        Factor(name: "constant", values: [Float](repeating: 2, count: 400)), Factor(name: "slant", values: continuous),
      ])
    let result = try Measure.mutualInformationGap.evaluate(Measurement(of: representation))
    #expect(result.table("gap")?.rows == ["a", "b", "slant"])
    #expect(
      result.notes == [
        "constant does not vary and was left out", "slant is continuous: cut into 20 bins of equal width",
      ])
  }

  @Test func classesThatAFactorStatesAreGoneBy() throws {
    // An angle of 40 values, as dSprites' orientation, over 400 codes that do not follow it: too many values to guess.
    let numbers = (0..<400).map { Int32($0 * 7 % 40) }
    let angles = numbers.map { Float($0) * 0.161_07 }
    let means = Tensor(shape: [400, 2], elements: normals(800, seed: 8))
    func result(_ factor: Factor) throws -> MeasureResult {
      try Measure.separatedAttributePredictability.evaluate(
        Measurement(of: Representation(means: means, factors: [factor])))
    }
    let stated = try result(Factor(name: "orientation", values: angles, classes: numbers))
    let whole = try result(Factor(name: "orientation", values: numbers.map(Float.init)))
    #expect(stated.value == whole.value && stated.table("score") == whole.table("score"))
    #expect(!stated.notes.contains { $0.contains("continuous") })
    #expect(try result(Factor(name: "orientation", values: angles)).notes.contains { $0.contains("continuous") })
    // Where only what is learnt from states them, both parts go by their values.
    let half = try Measurement(
      of: Representation(means: means, factors: [Factor(name: "f", values: angles, classes: numbers)]),
      test: Representation(means: means, factors: [Factor(name: "f", values: angles)]))
    #expect(try half.splitTargets().test.targets[0].isContinuous)
    #expect(try half.splitTargets().training.targets[0].isContinuous)
    #expect(throws: AnalysisError.self) {
      try Representation(means: means, factors: [Factor(name: "f", values: angles, classes: [0])])
    }
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

  @Test func aShareOfAllOrNoneHasNoStandardError() throws {
    for share in [0.0, 1] { #expect(Estimate(share: share, of: 3).standardError == nil) }
    #expect(try #require(Estimate(share: 0.5, of: 100).standardError) == 0.05)
    #expect(Estimate(meanOf: [1, 1, 1]).standardError == nil)
    #expect(try abs(#require(Estimate(meanOf: [1, 0, 1]).standardError) - 1.0 / 3) < 1e-12)
    // Every image of a class of its own: nothing that is learnt can be tried.
    let means = Tensor(shape: [30, 2], elements: normals(60, seed: 9))
    #expect(throws: AnalysisError.noSharedClass(learnt: 20, tried: 10)) {
      try Measure.linearSeparability.evaluate(
        Measurement(of: Representation(means: means, labels: (0..<30).map { Int32($0) })))
    }
  }

  @Test func theSplitDoesNotFollowTheOrderOfTheFile() throws {
    // Classes that take turns: even and odd rows hold different ones.
    for period in [2, 4] {
      let labels = (0..<400).map { Int32($0 % period) }
      var elements = normals(800, seed: 5)
      for row in 0..<400 { elements[2 * row] += 10 * Float(labels[row]) }
      let measurement = try Measurement(
        of: Representation(means: Tensor(shape: [400, 2], elements: elements), labels: labels))
      let result = try Measure.linearSeparability.evaluate(measurement)
      #expect(result.value > 0.95)
      #expect(result.sampleSizes == [.init("training images", 267), .init("test images", 133)])
      #expect(result.notes == ["learnt from two thirds of the codes and tried on the other third, drawn by seed 1"])
    }
  }

  @Test func trainingAndTestCodesMustFitTheCodes() throws {
    let codes = try Representation(means: Tensor(shape: [3, 2], filledWith: 1))
    let wider = try Representation(means: Tensor(shape: [3, 3], filledWith: 1))
    #expect(throws: AnalysisError.otherShape(what: "test codes", found: [3, 3], expected: [3, 2])) {
      try Measurement(of: codes, test: wider)
    }
    #expect(throws: CancellationError.self) {
      try Measure.activeUnits.evaluate(Measurement(of: codes, isCancelled: { true }))
    }
  }

  @Test func everyMeasureSaysWhatItIs() {
    let names = Measure.all.map(\.name)
    #expect(Set(names).count == names.count)
    for measure in Measure.all {
      #expect(measure.name.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" })
      #expect(![measure.title, measure.summary, measure.definition, measure.source, measure.estimator].contains(""))
      #expect(measure.source.contains { $0.isNumber } && measure.needs.contains(.means), "\(measure.name)")
    }
    #expect(throws: AnalysisError.self) { try Measure.named(["mgi"]) }
  }

  @Test func ranksGiveTheAreaWithTiesCountingHalf() throws {
    let curve = try #require(RankCurve(scores: [0.1, 0.4, 0.4, 0.8], isPositive: [false, true, false, true]))
    #expect(curve.area == 0.875)
    #expect(RankCurve(scores: [1, 2], isPositive: [true, true]) == nil)
  }

  @Test(arguments: [
    (Representation.Precision.single, [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 19] as [Int32]),
    (.double, [0, 1, 4, 5, 7, 10, 12, 13, 16, 17, 19]),
  ])
  func edgesLieWhereNumpyPutsThem(precision: Representation.Precision, expected: [Int32]) {
    // numpy.digitize(x, numpy.histogram(x, 20)[1][:-1]) − 1 of the same numbers as float32 and as float64.
    let values = (0...10).map { Float(0.1) + Float($0) / 10 }
    #expect(EqualBins(values, count: 20, precision: precision).bins(of: values) == expected)
    #expect(EqualBins([3, 3], count: 20, precision: precision).bins(of: [3, -1e30, 1e30]) == [10, 0, 19])
  }

  @Test func edgesOfHalfPrecisionLieWhereNumpyPutsThem() {
    // The same of 1 + i/11 as float16.
    let values = (0...10).map { Float(1 + Float16($0) / 11) }
    #expect(EqualBins(values, count: 20, precision: .half).bins(of: values) == [0, 2, 4, 5, 8, 10, 11, 14, 15, 18, 19])
    #expect(EqualBins(values, count: 20).bins(of: values) == [0, 1, 3, 5, 7, 10, 11, 14, 15, 18, 19])
    // A width beyond 16 bits.
    #expect(EqualBins([-6e4, 6e4], count: 20, precision: .half).bins(of: [-6e4, 0, 6e4]) == [0, 10, 19])
  }

  @Test func theSupportVectorMachineReachesLiblinearsOptimum() throws {
    let codes = try GoldenCodes()
    let column = codes.training.plainColumn(0)
    let classes = codes.training.factors[2].values.map { Int32($0) }
    let machine = SquaredHingeMachine(column, classes: classes, classCount: 2, strength: 0.01)
    // scikit-learn: w .10296435, b −.05313889; the decision changes at .516090.
    #expect(machine.predict(0.51608) == 0 && machine.predict(0.5161) == 1)
  }
}
