import Foundation
import KernelInterface
import Testing

@testable import Tensors

/// The kernels of measures against sums in double precision, for every instruction set that this processor has.
@Suite struct MeasureKernelTests {
  private static let levels = [0, 3, 4].filter { $0 <= KernelBuild.level }

  @Test(arguments: levels)
  func softmaxLossAndGradientAreThoseOfASumByHand(level: Int) {
    let random = CounterRandom(seed: 3)
    // Rows that do not fill a step of four, classes that do not fill a vector.
    let (count, dimensions, classes, width) = (7, 3, 5, 8)
    let features = (0..<count * dimensions).map { Double(random.normal(UInt64($0))) }
    let targets = (0..<count).map { Int32($0 % classes) }
    var weights = [Double](repeating: 0, count: (dimensions + 1) * width)
    for i in 0...dimensions {
      for label in 0..<classes { weights[i * width + label] = 20 * Double(random.normal(UInt64(1000 + i * 8 + label))) }
    }
    var (loss, expected) = (0.0, [Double](repeating: 0, count: weights.count))
    for row in 0..<count {
      let inputs = Array(features[row * dimensions..<(row + 1) * dimensions]) + [1]
      let scores = (0..<classes).map { label in
        inputs.indices.reduce(0.0) { $0 + inputs[$1] * weights[$1 * width + label] }
      }
      let greatest = scores.max() ?? 0
      let sum = scores.reduce(0) { $0 + exp($1 - greatest) }
      loss += log(sum) + greatest - scores[Int(targets[row])]
      for label in 0..<classes {
        let slope = exp(scores[label] - greatest) / sum - (label == Int(targets[row]) ? 1 : 0)
        for i in inputs.indices { expected[i * width + label] += slope * inputs[i] }
      }
    }
    var gradient = [Double](repeating: 0, count: weights.count)
    var found = 0.0
    gradient.withUnsafeMutableBufferPointer { gradient in
      guard let target = gradient.baseAddress else { return }
      for rows in [0..<5, 5..<count] {
        found += MeasureKernels.build(level: level).softmax(
          SoftmaxPass(
            features: features, targets: targets, weights: weights, gradient: target, dimensions: dimensions,
            classCount: classes, width: width, rows: rows))
      }
    }
    #expect(abs(found - loss) < 1e-10 * abs(loss))
    #expect(zip(gradient, expected).allSatisfy { abs($0 - $1) < 1e-10 })
  }

  @Test(arguments: levels)
  func densitiesAreSummedRelativeToTheirShifts(level: Int) {
    let random = CounterRandom(seed: 4)
    let (stride, dimensions, rows) = (48, 2, 3)
    func draw(_ count: Int, _ start: Int) -> [Float] { (0..<count).map { random.normal(UInt64(start + $0)) } }
    let means = draw(dimensions * stride, 0)
    let precisions = draw(dimensions * stride, 500).map { abs($0) + 0.1 }
    var peaks = draw(dimensions * stride, 1000)
    // The last three are padding.
    for d in 0..<dimensions { for place in 45..<48 { peaks[d * stride + place] = -1e30 } }
    let samples = draw(rows * dimensions, 1500)
    let shifts = draw(rows * dimensions, 1600)
    let jointShifts = draw(rows, 1700)
    var sums = [Double](repeating: .nan, count: rows * (dimensions + 1))
    sums.withUnsafeMutableBufferPointer { sums in
      guard let target = sums.baseAddress else { return }
      MeasureKernels.build(level: level).aggregate(
        AggregatePass(
          means: means, precisions: precisions, peaks: peaks, stride: stride, dimensions: dimensions,
          references: 16..<48, samples: samples, shifts: shifts, jointShifts: jointShifts, rows: rows, sums: target))
    }
    for row in 0..<rows {
      var expected = [Double](repeating: 0, count: dimensions + 1)
      for place in 16..<45 {
        var joint = -Double(jointShifts[row])
        for d in 0..<dimensions {
          let difference = Double(samples[row * dimensions + d]) - Double(means[d * stride + place])
          let value =
            Double(peaks[d * stride + place]) - difference * difference * Double(precisions[d * stride + place])
          expected[d] += exp2(value - Double(shifts[row * dimensions + d]))
          joint += value
        }
        expected[dimensions] += exp2(joint)
      }
      for d in 0...dimensions {
        let found = sums[row * (dimensions + 1) + d]
        #expect(abs(found - expected[d]) < 2e-6 * expected[d], "row \(row), sum \(d)")
      }
    }
  }
}
