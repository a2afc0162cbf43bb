import Glibc
import Tensors
import Testing

@testable import Analysis

@Suite struct AggregatePosteriorTests {
  // The vectors of the reference card: three posteriors in two dimensions, with their noise.
  private let means = Tensor(shape: [3, 2], elements: [0.5, -1, 1, 0, -0.5, 2])
  private let logVariances = Tensor(shape: [3, 2], elements: [0, -1, -1, -0.5, -2, 0])
  private let noise: [Float] = [0.1, -0.2, 0.3, 0.4, -0.5, 0.6]

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  @Test func theThreePartsOfTheDivergenceAreThoseOfTheReferenceCard() throws {
    let terms = try AggregateTerms(
      Representation(means: means, logVariances: logVariances), rows: [0, 1, 2], owners: [0, 1, 2], noise: noise,
      pool: .inline)
    let information = mean(terms.information)
    let correlation = mean(terms.totalCorrelation)
    let divergence = (0..<2).reduce(0) { $0 + mean(terms.divergence(of: $1)) }
    #expect(abs(information - 0.97044) < 1e-5)
    #expect(abs(correlation - 0.55472) < 1e-5)
    #expect(abs(divergence - 0.79637) < 1e-5)
    #expect(abs(information + correlation + divergence - 2.32153) < 1e-5)
  }

  @Test(arguments: [(1000, 3, 1.0), (517, 12, 0.05), (300, 2, 1e-9)]) func vectorsAgreeWithPlainSums(
    count: Int, size: Int, spread: Double
  ) throws {
    let means = normals(count * size, seed: 1)
    let logVariances = normals(count * size, seed: 2).map { Float(2 * log(spread)) + $0 }
    let labels = (0..<count).map { Int32($0 * 7 % 5) }
    let representation = try Representation(
      means: Tensor(shape: [count, size], elements: means),
      logVariances: Tensor(shape: [count, size], elements: logVariances), labels: labels)
    let rows = Array(0..<40)
    let terms = try AggregateTerms(
      representation, rows: rows, owners: rows, noise: normals(40 * size, seed: 3), pool: .inline)
    for sample in rows {
      var (joint, own) = (LogSumOfExponentials(), LogSumOfExponentials())
      var marginal = [LogSumOfExponentials](repeating: .init(), count: size)
      for j in 0..<count {
        var sum = 0.0
        for d in 0..<size {
          let (s, z) = (Double(logVariances[j * size + d]), Double(terms.codes[sample * size + d]))
          let difference = z - Double(means[j * size + d])
          let value = -0.5 * (difference * difference * exp(-s) + s + log(2 * Double.pi))
          marginal[d].add(value)
          sum += value
        }
        joint.add(sum)
        if labels[j] == labels[sample] { own.add(sum) }
      }
      let ownCount = Double(labels.count { $0 == labels[sample] })
      #expect(abs(terms.densities.joint[sample] - joint.value + log(Double(count))) < 2e-4)
      #expect(abs(terms.densities.jointOfGroup[sample] - own.value + log(ownCount)) < 2e-4)
      for d in 0..<size {
        #expect(abs(terms.densities.marginal[sample * size + d] - marginal[d].value + log(Double(count))) < 2e-5)
      }
    }
  }

  @Test func theNumberOfThreadsDoesNotMatter() throws {
    let (count, size) = (700, 5)
    let representation = try Representation(
      means: Tensor(shape: [count, size], elements: normals(count * size, seed: 4)),
      logVariances: Tensor(shape: [count, size], elements: normals(count * size, seed: 5)))
    let results = try [1, 2, 5].map { threads in
      let measurement = try Measurement(of: representation, pool: WorkerPool(threads: threads))
      return try measurement.aggregateTerms().densities.joint
    }
    #expect(results[0] == results[1] && results[0] == results[2])
  }

  @Test func farPosteriorsTellTheImageAndOnePosteriorTellsNothing() throws {
    let far = try Representation(
      means: Tensor(shape: [50, 1], elements: (0..<50).map { Float(10 * $0) }),
      logVariances: Tensor(shape: [50, 1], filledWith: 0), labels: (0..<50).map { Int32($0 % 2) })
    let measurement = try Measurement(of: far)
    #expect(abs(try Measure.mutualInformation.evaluate(measurement).value - log(50)) < 1e-5)
    #expect(abs(try Measure.classInformation.evaluate(measurement).value - log(2)) < 1e-5)
    let same = try Representation(
      means: Tensor(shape: [50, 2], filledWith: 1), logVariances: Tensor(shape: [50, 2], filledWith: -1))
    #expect(abs(try Measure.mutualInformation.evaluate(Measurement(of: same)).value) < 1e-5)
  }

  @Test(arguments: [1e-6, 0.01, 0.3, 3, 1000])
  func noDimensionTellsMoreThanItsDivergenceOrThanThereAreImages(spread: Float) throws {
    let (count, size) = (400, 3)
    let means = normals(count * size, seed: 8).map { $0 * spread }
    let logVariances = normals(count * size, seed: 9).map { $0 * min(0.1, spread) }
    let representation = try Representation(
      means: Tensor(shape: [count, size], elements: means),
      logVariances: Tensor(shape: [count, size], elements: logVariances))
    for seed in 1...5 as ClosedRange<UInt64> {
      let result = try Measure.dimensionInformation.evaluate(Measurement(of: representation, seed: seed))
      let table = try #require(result.table("I(x; z_d)"))
      for d in 0..<size {
        let divergence = (0..<count).reduce(0.0) { sum, row in
          let (mean, s) = (Double(means[row * size + d]), Double(logVariances[row * size + d]))
          return sum + 0.5 * (mean * mean + exp(s) - 1 - s) / Double(count)
        }
        #expect(table.values[d] >= 0 && table.values[d] <= min(divergence + 1e-12, log(Double(count)) + 1e-12))
      }
      #expect(abs(result.value - table.values.reduce(0, +)) < 1e-12)
    }
  }

  @Test func controlVariatesTakeTheNoiseOfAlikePosteriors() throws {
    // Codes that are jointly normal: I = −½ log(1 − ρ²) up to the finite number of references.
    let count = 2000
    let representation = try Representation(
      means: Tensor(shape: [count, 1], elements: normals(count, seed: 10).map { 0.1 * $0 }),
      logVariances: Tensor(shape: [count, 1], filledWith: 0))
    let result = try Measure.dimensionInformation.evaluate(Measurement(of: representation))
    #expect(abs(result.value - 0.5 * log(1.01)) < 5e-4)
    #expect(try #require(result.standardError) < 5e-4)
  }

  @Test func imagesWithoutALabelAreLeftOutOfTheClassInformation() throws {
    let means = Tensor(shape: [60, 2], elements: normals(120, seed: 6))
    let logVariances = Tensor(shape: [60, 2], filledWith: -2)
    let labels = (0..<60).map { Int32($0 % 3) - 1 }
    let some = try Measurement(of: Representation(means: means, logVariances: logVariances, labels: labels))
    let result = try Measure.classInformation.evaluate(some)
    #expect(result.notes == ["20 images without a label were left out"])
    #expect(abs(try #require(result.number("H(y)")) - log(2)) < 1e-12)
    #expect(result.sampleSizes.map(\.count) == [40, 40])
  }

  @Test func whatIsMissingIsNamed() throws {
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

/// Standard normal numbers that every run draws alike.
func normals(_ count: Int, seed: UInt64) -> [Float] {
  let random = CounterRandom(seed: seed, stream: 0x6d65_6173)
  return (0..<count).map { random.normal(UInt64($0)) }
}
