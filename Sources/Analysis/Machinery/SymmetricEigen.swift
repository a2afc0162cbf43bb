/// The eigenvalues and eigenvectors of a symmetric matrix, by cyclic Jacobi rotations
/// (Jacobi 1846; Golub & Van Loan, Matrix Computations, §8.5).
///
/// Jacobi is the most accurate of the dense methods and short enough to read; codes have tens of dimensions,
/// where it takes milliseconds. Larger matrices, such as of pixels, are brought to tridiagonal form first.
public struct SymmetricEigen: Sendable {
  /// Eigenvalues, largest first.
  public let values: [Double]
  /// `vectors[i]` is the unit eigenvector of `values[i]`; its largest component is positive, so that signs are stable.
  public let vectors: [[Double]]

  private static let largestForJacobi = 96

  /// Decomposes the symmetric `size` × `size` matrix in row-major `elements`; only the upper triangle is trusted.
  public init(size: Int, elements: [Double]) {
    precondition(elements.count == size * size, "a \(size)×\(size) matrix has \(size * size) elements")
    var matrix = elements
    var basis = [Double](repeating: 0, count: size * size)
    for i in 0..<size {
      basis[i * size + i] = 1
      for j in 0..<i { matrix[i * size + j] = matrix[j * size + i] }
    }
    let found: [Double]
    if size > Self.largestForJacobi {
      let tridiagonal = TridiagonalEigen(size: size, elements: matrix)
      found = tridiagonal.values
      for row in 0..<size {
        for column in 0..<size { basis[row * size + column] = tridiagonal.vectors[column * size + row] }
      }
    } else {
      matrix.withUnsafeMutableBufferPointer { matrix in
        basis.withUnsafeMutableBufferPointer { basis in
          Self.diagonalise(matrix, basis: basis, size: size)
        }
      }
      found = (0..<size).map { matrix[$0 * size + $0] }
    }
    let order = (0..<size).sorted { found[$0] != found[$1] ? found[$0] > found[$1] : $0 < $1 }
    values = order.map { found[$0] }
    vectors = order.map { column in
      let vector = (0..<size).map { basis[$0 * size + column] }
      let leading = vector.max { abs($0) < abs($1) } ?? 1
      return leading < 0 ? vector.map { -$0 } : vector
    }
  }

  /// The turn that makes the symmetric matrix of two diagonal elements and one `between` them diagonal.
  @inline(__always)
  static func rotation(_ first: Double, _ second: Double, between: Double) -> (cosine: Double, sine: Double) {
    let theta = (second - first) / (2 * between)
    let t = (theta < 0 ? -1.0 : 1.0) / (abs(theta) + (theta * theta + 1).squareRoot())
    let cosine = 1 / (t * t + 1).squareRoot()
    return (cosine, t * cosine)
  }

  /// Sweeps rotations over every pair until the off-diagonal part is negligible; convergence is quadratic.
  private static func diagonalise(
    _ a: UnsafeMutableBufferPointer<Double>, basis: UnsafeMutableBufferPointer<Double>, size n: Int
  ) {
    let norm = a.reduce(0) { $0 + $1 * $1 }
    for _ in 0..<60 {
      var outside = 0.0
      for p in 0..<n { for q in (p + 1)..<max(n, p + 1) { outside += a[p * n + q] * a[p * n + q] } }
      if outside <= 1e-30 * norm || outside == 0 { return }
      for p in 0..<n {
        for q in (p + 1)..<max(n, p + 1) where a[p * n + q] != 0 {
          let (cosine, sine) = rotation(a[p * n + p], a[q * n + q], between: a[p * n + q])
          for k in 0..<n {
            let (x, y) = (a[k * n + p], a[k * n + q])
            a[k * n + p] = cosine * x - sine * y
            a[k * n + q] = sine * x + cosine * y
          }
          for k in 0..<n {
            let (x, y) = (a[p * n + k], a[q * n + k])
            a[p * n + k] = cosine * x - sine * y
            a[q * n + k] = sine * x + cosine * y
          }
          for k in 0..<n {
            let (x, y) = (basis[k * n + p], basis[k * n + q])
            basis[k * n + p] = cosine * x - sine * y
            basis[k * n + q] = sine * x + cosine * y
          }
        }
      }
    }
  }
}
