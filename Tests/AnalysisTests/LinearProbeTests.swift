import Glibc
import Tensors
import Testing

@testable import Analysis

@Suite struct LinearProbeTests {
  @Test func withUninformativeFeaturesTheProbeLearnsTheClassFrequencies() throws {
    // Constant features: the biases alone must reach log(3/1), and the loss the entropy of (¾, ¼).
    let probe = try LinearProbe(points: Tensor(shape: [4, 1], filledWith: 5), labels: [0, 0, 0, 1], tolerance: 1e-9)
    #expect(abs(Double(probe.biases[0] - probe.biases[1]) - log(3)) < 1e-5)
    #expect(abs(probe.objective - (-0.75 * log(0.75) - 0.25 * log(0.25))) < 1e-9)
    #expect(probe.converged)
  }

  @Test func theSlopeSatisfiesTheHandDerivedOptimum() throws {
    // x = ±1 with labels agreeing three times in four: without penalty σ(2wx) = ¾, so w₁ − w₀ = ln 3.
    let points = Tensor(shape: [8, 1], elements: [1, 1, 1, 1, -1, -1, -1, -1])
    let probe = try LinearProbe(points: points, labels: [1, 1, 1, 0, 0, 0, 0, 1], penalty: 0, tolerance: 1e-9)
    #expect(abs(Double(probe.weights[1, 0] - probe.weights[0, 0]) - log(3)) < 1e-5)
    #expect(try probe.accuracy(points, labels: [1, 1, 1, 0, 0, 0, 0, 1]) == 0.75)
  }

  @Test func aProbeOfFewPointsIsFittedToItsOptimum() throws {
    let points = Tensor(shape: [6, 2], elements: [0.3, 1, -1.2, 0.4, 2, -0.5, 0.7, 0.9, -0.4, -1.6, 1.1, 0.2])
    let labels: [Int32] = [0, 1, 2, 1, 0, 2]
    let (usual, best) = (
      try LinearProbe(points: points, labels: labels), try LinearProbe(points: points, labels: labels, tolerance: 1e-10)
    )
    // To a gradient of 1e-5 a weight is off by .02.
    #expect(zip(usual.weights.elements, best.weights.elements).allSatisfy { abs($0 - $1) < 1e-4 })
    #expect(usual.converged)
  }

  @Test func aProbeOfManyPointsIsFittedNoFurtherThanItsAccuracyNeeds() throws {
    let points = scattered(1200, 2)
    let labels = (0..<1200).map { points[$0, 0] + points[($0 + 1) % 1200, 0] > 0 ? Int32(1) : 0 }
    let usual = try LinearProbe(points: points, labels: labels)
    let enough = try LinearProbe(points: points, labels: labels, tolerance: 1e-5)
    #expect(usual.iterations == enough.iterations && usual.weights == enough.weights)
    #expect(try LinearProbe(points: points, labels: labels, tolerance: 1e-8).iterations > usual.iterations)
  }

  @Test func threeSeparateClustersAreToldApart() throws {
    let noise = scattered(300, 3)
    let labels = (0..<300).map { Int32([3, 5, 9][$0 % 3]) }
    var points = noise
    for row in 0..<300 { points[row, row % 3] += 5 }
    let probe = try LinearProbe(points: points, labels: labels)
    #expect(probe.classes == [3, 5, 9])
    #expect(try probe.accuracy(points, labels: labels) == 1)
  }

  @Test func labelsMustMatchThePointsAndDiffer() {
    let points = Tensor(shape: [2, 1], elements: [0, 1])
    #expect(throws: AnalysisError.labelCount(labels: 1, points: 2)) { try LinearProbe(points: points, labels: [1]) }
    #expect(throws: AnalysisError.oneClass) { try LinearProbe(points: points, labels: [1, 1]) }
  }
}

@Suite struct ClassMeansTests {
  @Test func meansAndDirectionsAreThoseOfTheClasses() throws {
    let means = try ClassMeans(of: Tensor(shape: [3, 2], elements: [0, 0, 2, 4, 5, 5]), labels: [1, 1, 7])
    #expect(means.classes == [1, 7] && means.counts == [2, 1])
    #expect(means.mean(of: 1) == [1, 2])
    #expect(means.direction(from: 1, to: 7) == [4, 3])
    #expect(means.mean(of: 2) == nil && means.direction(from: 1, to: 2) == nil)
  }
}
