import Tensors

/// Means and co-moments of the columns of a matrix, in double precision.
public struct Covariance: Sendable {
  /// What sums of products are divided by.
  public enum Divisor: Sendable {
    /// n: the variance of these points.
    case population
    /// n − 1: an unbiased estimate for the population they come from.
    case unbiased
  }

  let count: Int
  let size: Int
  let means: [Double]
  /// `Σ (x_i − m_i)(x_j − m_j)`, `[K, K]`.
  private let moments: [Double]

  /// Of the rows of a matrix `[n, K]`.
  public init(of points: Tensor, pool: WorkerPool = .inline) {
    self.init(of: points.elements, count: points.shape[0], size: points.shape[1], pool: pool)
  }

  init(of points: Points) {
    self.init(of: points.elements, count: points.count, size: points.dimensions, pool: .inline)
  }

  private init(of elements: [Float], count: Int, size: Int, pool: WorkerPool) {
    let rowsOfPiece = 1024
    let pieces = (count + rowsOfPiece - 1) / rowsOfPiece
    var means = [Double](repeating: 0, count: size)
    var moments = [Double](repeating: 0, count: size * size)
    elements.withUnsafeBufferPointer { values in
      for row in 0..<count {
        for i in 0..<size { means[i] += Double(values[row * size + i]) }
      }
      for i in 0..<size { means[i] /= Double(max(1, count)) }
      var partial = [Double](repeating: 0, count: pieces * size * size)
      let centre = means
      partial.withUnsafeMutableBufferPointer { partial in
        guard let base = partial.baseAddress else { return }
        pool.forEachPiece(pieces) { piece in
          let target = base + piece * size * size
          var centred = [Double](repeating: 0, count: size)
          for row in piece * rowsOfPiece..<min(count, (piece + 1) * rowsOfPiece) {
            for i in 0..<size { centred[i] = Double(values[row * size + i]) - centre[i] }
            for i in 0..<size {
              let value = centred[i]
              for j in i..<size { target[i * size + j] += value * centred[j] }
            }
          }
        }
      }
      for piece in 0..<pieces {
        for index in moments.indices { moments[index] += partial[piece * size * size + index] }
      }
    }
    for i in 0..<size { for j in 0..<i { moments[i * size + j] = moments[j * size + i] } }
    self.count = count
    self.size = size
    self.means = means
    self.moments = moments
  }

  private func scale(_ divisor: Divisor) -> Double {
    switch divisor {
    case .population: 1 / Double(max(1, count))
    case .unbiased: 1 / Double(max(1, count - 1))
    }
  }

  /// The covariance matrix `[K, K]`.
  public func matrix(divisor: Divisor) -> [Double] {
    let scale = scale(divisor)
    return moments.map { $0 * scale }
  }

  /// The variance of every column.
  func variances(divisor: Divisor) -> [Double] { (0..<size).map { moments[$0 * size + $0] * scale(divisor) } }

  /// Pearson's correlation of every two columns `[K, K]`: 0 where one does not vary, and 1 on the diagonal.
  var correlations: [Double] {
    var result = knownCorrelations.map { $0.isNaN ? 0 : $0 }
    for i in 0..<size { result[i * size + i] = 1 }
    return result
  }

  /// Pearson's correlation of every two columns `[K, K]`: NaN where one does not vary.
  public var knownCorrelations: [Double] {
    (0..<size * size).map { place in
      let (i, j) = place.quotientAndRemainder(dividingBy: size)
      let product = moments[i * size + i] * moments[j * size + j]
      return product > 0 ? moments[place] / product.squareRoot() : .nan
    }
  }
}

extension Measurement {
  /// The covariance of the means, computed once.
  func covarianceOfMeans() -> Covariance {
    once("covariance of means") { Covariance(of: representation.means, pool: pool) }
  }
}
