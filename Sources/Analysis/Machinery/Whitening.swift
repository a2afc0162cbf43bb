import Tensors

/// Coordinates in which a regression on standardised features with an L2 penalty is minimised in few steps, however the
/// features go together: `u = Ws`, of `s = (x − m)/σ`, with W the inverse of the Cholesky factor of Cov(s) + λI.
///
/// The objective stays the same: a weight `v` of `u` is the weight `Wᵀv` of `s`, so that `λ‖Wᵀv‖² = λ vᵀ(WWᵀ)v`.
struct Whitening: Sendable {
  private let size: Int
  private let centre: [Double]
  /// W over σ, lower triangular, `[size, size]`; 0 in the column of a feature that does not vary.
  private let matrix: [Double]
  /// λWWᵀ, `[size, size]`.
  let penalties: [Double]

  /// Of rows with a `covariance`, where the penalty on the weights of the standardised features is `penalty`.
  init(_ covariance: Covariance, penalty: Double) {
    let size = covariance.size
    let deviations = covariance.variances(divisor: .population).map { $0.squareRoot() }
    var factor = covariance.correlations
    let least = 1e-12 + penalty
    for i in 0..<size { factor[i * size + i] += penalty }
    // Cholesky's factor, in place of the lower triangle; columns that are linear in others keep a small part of their own.
    for i in 0..<size {
      for j in 0...i {
        var sum = factor[i * size + j]
        for k in 0..<j { sum -= factor[i * size + k] * factor[j * size + k] }
        factor[i * size + j] =
          i == j ? max(sum, least).squareRoot() : sum / factor[j * size + j]
      }
    }
    var inverse = [Double](repeating: 0, count: size * size)
    for column in 0..<size {
      for row in column..<size {
        var sum = row == column ? 1.0 : 0
        for k in column..<row { sum -= factor[row * size + k] * inverse[k * size + column] }
        inverse[row * size + column] = sum / factor[row * size + row]
      }
    }
    var penalties = [Double](repeating: 0, count: size * size)
    for i in 0..<size {
      for j in 0...i {
        var sum = 0.0
        for k in 0...j { sum += inverse[i * size + k] * inverse[j * size + k] }
        penalties[i * size + j] = penalty * sum
        penalties[j * size + i] = penalty * sum
      }
    }
    self.size = size
    centre = covariance.means
    matrix = inverse.indices.map { place in
      let deviation = deviations[place % size]
      return deviation > 0 ? inverse[place] / deviation : 0
    }
    self.penalties = penalties
  }

  /// Features `[n, size]` of rows of codes.
  func apply(_ codes: Tensor, pool: WorkerPool) -> [Double] {
    let (count, size) = (codes.shape[0], size)
    let rowsOfPiece = 512
    var result = [Double](repeating: 0, count: count * size)
    result.withUnsafeMutableBufferPointer { result in
      codes.elements.withUnsafeBufferPointer { codes in
        matrix.withUnsafeBufferPointer { matrix in
          pool.forEachPiece((count + rowsOfPiece - 1) / rowsOfPiece) { piece in
            for row in piece * rowsOfPiece..<min(count, (piece + 1) * rowsOfPiece) {
              for k in 0..<size {
                let value = Double(codes[row * size + k]) - centre[k]
                for i in k..<size { result[row * size + i] += matrix[i * size + k] * value }
              }
            }
          }
        }
      }
    }
    return result
  }
}
