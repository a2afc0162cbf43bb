import Glibc
import Tensors

/// An orthogonal turn of latent space, z ↦ R z.
///
/// A standard normal prior is the same after it, and a decoder that first turns back gives the same images: the likelihood
/// cannot tell z from R z, while measures of single dimensions can (Locatello 2019, arXiv:1811.12359; Rolinek 2019,
/// arXiv:1812.06775).
public struct Rotation: Sendable {
  /// R, `[K, K]`, row by row.
  public let matrix: [Double]
  private let size: Int

  /// A turn drawn uniformly from all by `seed` (Gram and Schmidt on normal columns; Stewart 1980).
  public init(randomOf size: Int, seed: UInt64) {
    let random = CounterRandom(seed: seed, stream: 0x726f_7461_7465)
    var rows = (0..<size).map { i in (0..<size).map { Double(random.normal(UInt64(i * size + $0))) } }
    for i in 0..<size {
      // Twice is enough for orthogonality to rounding.
      for _ in 0..<2 {
        for j in 0..<i {
          let product = zip(rows[i], rows[j]).reduce(0) { $0 + $1.0 * $1.1 }
          for k in 0..<size { rows[i][k] -= product * rows[j][k] }
        }
      }
      let norm = rows[i].reduce(0) { $0 + $1 * $1 }.squareRoot()
      for k in 0..<size { rows[i][k] /= norm }
    }
    matrix = rows.flatMap { $0 }
    self.size = size
  }

  /// A turn by `degrees` in the plane of every two neighbouring dimensions (1 and 2, 3 and 4, …); a last one without a
  /// partner stays.
  public init(degrees: Double, of size: Int) {
    let (cosine, sine) = (cos(degrees / 180 * Double.pi), sin(degrees / 180 * Double.pi))
    var matrix = [Double](repeating: 0, count: size * size)
    for i in 0..<size { matrix[i * size + i] = 1 }
    for i in stride(from: 0, to: size - 1, by: 2) {
      matrix[i * size + i] = cosine
      matrix[i * size + i + 1] = -sine
      matrix[(i + 1) * size + i] = sine
      matrix[(i + 1) * size + i + 1] = cosine
    }
    self.matrix = matrix
    self.size = size
  }

  /// R z for every row of `codes` `[n, K]`.
  public func apply(_ codes: Tensor) -> Tensor { product(codes) { matrix[$0 * size + $1] } }

  /// Rᵀ z for every row of `codes` `[n, K]`: the turn back.
  public func applyInverse(_ codes: Tensor) -> Tensor { product(codes) { matrix[$1 * size + $0] } }

  /// R z of codes by column, `[K][n]`.
  fileprivate func apply(_ columns: [[Double]]) -> [[Double]] {
    (0..<size).map { i in
      var turned = [Double](repeating: 0, count: columns[i].count)
      for (j, column) in columns.enumerated() {
        for row in turned.indices { turned[row] += matrix[i * size + j] * column[row] }
      }
      return turned
    }
  }

  private func product(_ codes: Tensor, _ element: (Int, Int) -> Double) -> Tensor {
    let rows = (0..<size).map { i in (0..<size).map { element(i, $0) } }
    var result = [Float](repeating: 0, count: codes.count)
    codes.elements.withUnsafeBufferPointer { values in
      for start in stride(from: 0, to: codes.count, by: size) {
        for i in 0..<size {
          var sum = 0.0
          for j in 0..<size { sum += rows[i][j] * Double(values[start + j]) }
          result[start + i] = Float(sum)
        }
      }
    }
    return Tensor(shape: codes.shape, elements: result)
  }
}

extension Representation {
  /// The same images with turned means. The turned posterior is no longer independent by dimension, so that the variances
  /// are left out: what needs them cannot be measured.
  public func rotated(_ rotation: Rotation) -> Representation {
    withMeans(rotation.apply(means), units: units.rotated(rotation), exact: exact.map { rotation.apply($0) })
  }
}

extension CodeUnits {
  /// The units of turned codes: the origin turns with them.
  fileprivate func rotated(_ rotation: Rotation) -> CodeUnits {
    let size = offsets.count
    return CodeUnits(
      offsets: (0..<size).map { i in
        (0..<size).reduce(0) { $0 + rotation.matrix[i * size + $1] * offsets[$1] }
      }, scale: scale)
  }
}
