import Tensors

/// How much each image changes a number that follows from the covariance of the codes, to first order (Hampel 1974, The
/// influence curve and its role in robust estimation). The spread of these is its standard error; no image is drawn anew.
struct Influences {
  /// What is said of these standard errors where a measure tells how it is computed.
  static let estimator =
    "standard error to first order by influence functions (of wide codes from 1000 images or more, evenly spread)"

  /// The codes of images less the mean of all, `[rows, K]`.
  let centred: [Double]
  private let rows: Int
  private let size: Int
  /// The images of the estimate.
  private let count: Int
  private let pool: WorkerPool

  /// Of wide codes so many images are looked at that no number takes more products than these.
  private static let mostProducts = 1 << 27
  private static let leastRows = 1000

  /// Of the rows of `points` `[n, K]`, whose `covariance` is known.
  init(of points: Tensor, _ covariance: Covariance, pool: WorkerPool) {
    let (count, size) = (covariance.count, covariance.size)
    let rows = min(count, max(Self.leastRows, Self.mostProducts / max(1, size * size)))
    let elements = points.elements
    centred = (0..<rows).flatMap { row in
      let start = row * count / rows * size
      return (0..<size).map { Double(elements[start + $0]) - covariance.means[$0] }
    }
    (self.rows, self.size, self.count, self.pool) = (rows, size, count, pool)
  }

  /// The products of every image's centred code with `vectors` of K numbers each, at most K of them: `[rows, K]`, the last
  /// columns 0 where there are fewer.
  func scores(along vectors: [[Double]]) -> [Double] {
    let size = size
    var columns = [Double](repeating: 0, count: size * size)
    for (column, vector) in vectors.enumerated() {
      for (row, value) in vector.enumerated() { columns[row * size + column] = value }
    }
    var scores = [Double](repeating: 0, count: rows * size)
    scores.withUnsafeMutableBufferPointer { scores in
      columns.withUnsafeBufferPointer { columns in
        guard let scores = scores.baseAddress, let columns = columns.baseAddress else { return }
        pool.forEachPiece(rows) { row in
          let target = scores + row * size
          for i in 0..<size {
            let (value, source) = (centred[row * size + i], columns + i * size)
            for j in 0..<size { target[j] += value * source[j] }
          }
        }
      }
    }
    return scores
  }

  /// For every image the sum of its squared `scores` times `weights`, one a column.
  func squares(_ scores: [Double], weights: [Double]) -> [Double] {
    (0..<rows).map { row in
      weights.indices.reduce(0) { sum, column in
        let score = scores[row * size + column]
        return sum + weights[column] * score * score
      }
    }
  }

  /// For every image cᵀGc, c its centred code and G a symmetric matrix given by rows.
  func forms(_ matrix: [[Double]]) -> [Double] {
    let products = scores(along: matrix)
    return (0..<rows).map { row in
      (row * size..<(row + 1) * size).reduce(0) { $0 + products[$1] * centred[$1] }
    }
  }

  /// The standard error of a number, given what every image changes in it: 0 on average. Nil where that is nothing but
  /// rounding beside numbers of size `scale`.
  func standardError(of influences: [Double], scale: Double) -> Double? {
    standardError(sumOfSquares: influences.reduce(0) { $0 + $1 * $1 }, scale: scale)
  }

  private func standardError(sumOfSquares: Double, scale: Double) -> Double? {
    guard count > 1, sumOfSquares.isFinite else { return nil }
    let deviation = (sumOfSquares / Double(rows)).squareRoot()
    return deviation > 1e-12 * abs(scale) ? deviation / Double(count).squareRoot() : nil
  }

  /// The standard errors of the variances of every column of `scores`.
  func standardErrors(ofVariances variances: [Double], _ scores: [Double]) -> [Double?] {
    variances.indices.map { column in
      let variance = variances[column]
      let influences = (0..<rows).map { row in
        let score = scores[row * size + column]
        return score * score - variance
      }
      return standardError(of: influences, scale: variance)
    }
  }

  /// The standard errors of Pearson's `correlations` `[K, K]` of dimensions of these `variances`.
  func standardErrors(ofCorrelations correlations: [Double], variances: [Double]) -> [Double?] {
    let (rows, size) = (rows, size)
    let scales = variances.map { $0 > 0 ? 1 / $0.squareRoot() : 0 }
    let standardised = centred.indices.map { centred[$0] * scales[$0 % size] }
    var sums = [Double](repeating: 0, count: size * size)
    sums.withUnsafeMutableBufferPointer { sums in
      standardised.withUnsafeBufferPointer { values in
        correlations.withUnsafeBufferPointer { correlations in
          guard let sums = sums.baseAddress, let values = values.baseAddress, let known = correlations.baseAddress
          else {
            return
          }
          pool.forEachPiece(size) { i in
            let (target, related) = (sums + i * size, known + i * size)
            for row in 0..<rows {
              let code = values + row * size
              let first = code[i]
              for j in i + 1..<size {
                let influence = first * code[j] - 0.5 * related[j] * (first * first + code[j] * code[j])
                target[j] += influence * influence
              }
            }
          }
        }
      }
    }
    return sums.indices.map { place in
      let (i, j) = place.quotientAndRemainder(dividingBy: size)
      return standardError(sumOfSquares: sums[min(i, j) * size + max(i, j)], scale: 1)
    }
  }
}

extension Measurement {
  /// The influences of images on what the covariance of the means tells, computed once.
  func influencesOnCovariance() -> Influences {
    once("influences on covariance") { Influences(of: representation.means, covarianceOfMeans(), pool: pool) }
  }
}
