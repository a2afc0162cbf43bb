import Tensors

/// A checked `[count, dimensions]` matrix of finite points: the input of every analysis.
struct Points: Sendable {
  let count: Int
  let dimensions: Int
  /// Row-major, `count * dimensions`.
  let elements: [Float]

  /// Checks `tensor` `[points, dimensions]`; throws `AnalysisError` where it is no matrix or a value is not finite.
  init(_ tensor: Tensor, atLeast needed: Int = 1, for purpose: String) throws {
    guard tensor.shape.count == 2, tensor.shape[1] > 0 else {
      throw AnalysisError.notAMatrix(shape: tensor.shape)
    }
    count = tensor.shape[0]
    dimensions = tensor.shape[1]
    elements = tensor.elements
    guard count >= needed else {
      throw AnalysisError.tooFewPoints(count: count, needed: needed, purpose: purpose)
    }
    if let bad = elements.firstIndex(where: { !$0.isFinite }) {
      throw AnalysisError.notFinite(row: bad / dimensions)
    }
  }

  /// The mean of every dimension, accumulated in double precision.
  var mean: [Double] {
    var sums = [Double](repeating: 0, count: dimensions)
    elements.withUnsafeBufferPointer { values in
      for row in 0..<count {
        for dimension in 0..<dimensions {
          sums[dimension] += Double(values[row * dimensions + dimension])
        }
      }
    }
    return sums.map { $0 / Double(count) }
  }
}
