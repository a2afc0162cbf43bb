/// The singular values of a matrix by one-sided Jacobi rotations of its rows (Hestenes 1958; Golub & Van Loan, Matrix
/// Computations, §8.6).
///
/// Small ones keep the digits that the eigenvalues of the matrix times its transpose, which are their squares, lose.
struct SingularValues: Sendable {
  /// Singular values, one a row, largest first; 0 where they are within rounding of it, as `numpy.linalg.matrix_rank` has
  /// it.
  let values: [Double]

  /// Of the matrix `[rows, columns]` in row-major `elements`, which must be as many.
  init(rows: Int, columns: Int, elements: [Double]) {
    precondition(elements.count == rows * columns, "a \(rows)×\(columns) matrix has \(rows * columns) elements")
    var matrix = elements
    let found = matrix.withUnsafeMutableBufferPointer { matrix in
      Self.orthogonalise(matrix, rows: rows, columns: columns)
      return (0..<rows).map { Self.product(matrix, $0, $0, columns).squareRoot() }.sorted(by: >)
    }
    let rounding = Double(max(rows, columns)) * .ulpOfOne * (found.first ?? 0)
    values = found.map { $0 > rounding ? $0 : 0 }
  }

  /// Sweeps rotations over every pair of rows until each is orthogonal to all others.
  private static func orthogonalise(_ a: UnsafeMutableBufferPointer<Double>, rows: Int, columns: Int) {
    for _ in 0..<60 {
      var areOrthogonal = true
      for i in 0..<rows {
        for j in (i + 1)..<max(rows, i + 1) {
          let (first, second) = (product(a, i, i, columns), product(a, j, j, columns))
          let both = product(a, i, j, columns)
          guard abs(both) > .ulpOfOne * (first * second).squareRoot() else { continue }
          areOrthogonal = false
          let (cosine, sine) = SymmetricEigen.rotation(first, second, between: both)
          for k in 0..<columns {
            let (x, y) = (a[i * columns + k], a[j * columns + k])
            a[i * columns + k] = cosine * x - sine * y
            a[j * columns + k] = sine * x + cosine * y
          }
        }
      }
      if areOrthogonal { return }
    }
  }

  /// The product of two rows.
  @inline(__always)
  private static func product(_ a: UnsafeMutableBufferPointer<Double>, _ i: Int, _ j: Int, _ columns: Int) -> Double {
    var sum = 0.0
    for k in 0..<columns { sum += a[i * columns + k] * a[j * columns + k] }
    return sum
  }
}
