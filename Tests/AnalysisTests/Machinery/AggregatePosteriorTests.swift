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

  @Test func theDensityAtACodeIsThatOfTheMixture() throws {
    let aggregate = try AggregatePosterior(
      means: Tensor(shape: [2, 1], elements: [0, 3]), logVariances: Tensor(shape: [2, 1], elements: [0, 0]))
    let expected = log((exp(-0.5) + exp(-0.5 * 4)) / 2 / (2 * Double.pi).squareRoot())
    #expect(abs(try #require(aggregate.logDensity(at: [1])) - expected) < 1e-6)
    #expect(aggregate.logDensity(at: [1, 2]) == nil)
    // Far from everything the density is small, not nothing.
    #expect(try #require(aggregate.logDensity(at: [1000])) < -490_000)
  }
}
