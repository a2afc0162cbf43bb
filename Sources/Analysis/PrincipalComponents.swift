import Tensors

/// Principal components of a cloud of points (Pearson 1901; Hotelling 1933): the orthogonal directions of most variance.
public struct PrincipalComponents: Sendable {
  /// The mean of the points, `dimensions` values.
  public let mean: [Float]
  /// Unit directions `[count, dimensions]`, most variance first; the largest component of each is positive.
  public let components: Tensor
  /// The variance along each component (divided by the number of points), in the squared unit of the points.
  public let variances: [Double]
  /// The variance of the points over all dimensions.
  public let totalVariance: Double

  /// The share of the total variance that component `index` explains, in 0…1.
  public func explained(_ index: Int) -> Double {
    totalVariance > 0 ? variances[index] / totalVariance : 0
  }

  /// Finds the first `count` components (all where nil or too many) of `points` `[n, dimensions]`.
  ///
  /// Throws `AnalysisError` where `points` is no matrix, has fewer than two rows, or holds a value that is not finite.
  public init(of points: Tensor, count: Int? = nil) throws {
    let points = try Points(points, atLeast: 2, for: "a principal component analysis")
    let size = points.dimensions
    let covariance = Covariance(of: points)
    let eigen = SymmetricEigen(size: size, elements: covariance.matrix(divisor: .population))
    let kept = max(1, min(count ?? size, size))
    mean = covariance.means.map { Float($0) }
    components = Tensor(
      shape: [kept, size], elements: eigen.vectors.prefix(kept).flatMap { $0.map { Float($0) } })
    variances = eigen.values.prefix(kept).map { max(0, $0) }
    totalVariance = covariance.variances(divisor: .population).reduce(0, +)
  }

  /// Coordinates `[n, count]` of `points` `[n, dimensions]` along the components.
  ///
  /// Throws `AnalysisError` where the shape is another one.
  public func project(_ points: Tensor) throws -> Tensor {
    let (kept, size) = (components.shape[0], components.shape[1])
    guard points.shape.count == 2, points.shape[1] == size else {
      throw AnalysisError.notAMatrix(shape: points.shape)
    }
    var result = Tensor(shape: [points.shape[0], kept])
    result.withUnsafeMutableBufferPointer { out in
      for row in 0..<points.shape[0] {
        for component in 0..<kept {
          var sum: Float = 0
          for i in 0..<size {
            sum += (points.elements[row * size + i] - mean[i]) * components.elements[component * size + i]
          }
          out[row * kept + component] = sum
        }
      }
    }
    return result
  }

  /// The point `[dimensions]` whose coordinates along the components are `coordinates` (missing ones count as zero).
  public func point(at coordinates: [Float]) -> [Float] {
    let size = components.shape[1]
    var result = mean
    for (component, coordinate) in coordinates.prefix(components.shape[0]).enumerated() {
      for i in 0..<size { result[i] += coordinate * components.elements[component * size + i] }
    }
    return result
  }
}
