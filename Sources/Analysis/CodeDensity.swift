import Tensors

/// How populated latent space is around a point, judged by the codes' own spacing.
///
/// The distance to the k-th nearest code (Loftsgaarden & Quesenberry 1965) is compared with the distances at which
/// the codes themselves find their k-th neighbour, so that "empty" means the same in any number of dimensions and
/// at any scale.
public struct CodeDensity: Sendable {
  /// What was found around one point.
  public struct Region: Sendable, Hashable {
    /// The distance to the k-th nearest code; of a stored code, to the k-th nearest other.
    public let distance: Float
    /// The share of codes, in 0…1, that live less densely than this point: 0 where it is lonelier than all of them.
    public let percentile: Double
    /// True where fewer than one code in a hundred is as lonely: "empty: no digit lives here".
    public let isEmpty: Bool
    /// The nearest codes, nearest first.
    public let neighbours: [Neighbour]
  }

  /// Codes lonelier than this share of all codes count as living nowhere.
  private static let emptyBelow = 0.01
  /// Enough leave-one-out distances to fix a percentile to a fraction of a percent.
  private static let referenceCount = 2000

  /// The index used, for other questions about the same codes.
  public let index: NearestNeighbours
  /// Which neighbour's distance is compared.
  public let neighbourCount: Int
  /// Leave-one-out distances of a regular sample of the codes, ascending.
  private let references: [Float]

  /// Measures the spacing of `codes` `[n, dimensions]` by the `neighbours`-th nearest code.
  ///
  /// Throws `AnalysisError` where `codes` is no matrix, has fewer than two rows, or is not finite.
  public init(_ codes: Tensor, neighbours: Int = 10) throws {
    let index = try NearestNeighbours(codes)
    guard index.count >= 2 else {
      throw AnalysisError.tooFewPoints(count: index.count, needed: 2, purpose: "a density of codes")
    }
    let neighbourCount = max(1, min(neighbours, index.count - 1))
    // Many dimensions are searched by scanning: a smaller sample keeps opening a model quick.
    let wanted = index.dimensions <= 6 ? Self.referenceCount : Self.referenceCount / 5
    let step = max(1, index.count / wanted)
    references = stride(from: 0, to: index.count, by: step).map { row in
      index.nearest(to: index.point(row), count: neighbourCount, excluding: row).last?.distance ?? 0
    }.sorted()
    self.index = index
    self.neighbourCount = neighbourCount
  }

  /// The region around `code`, or nil where it has another number of values than the codes.
  public func region(around code: [Float]) -> Region? {
    let found = index.nearest(to: code, count: neighbourCount + 1)
    guard found.count > neighbourCount else { return nil }
    // A stored code does not count among its own neighbours, as in the references.
    let distance = found[found[0].distance == 0 ? neighbourCount : neighbourCount - 1].distance
    var (lower, upper) = (0, references.count)
    while lower < upper {
      let middle = (lower + upper) / 2
      if references[middle] < distance { lower = middle + 1 } else { upper = middle }
    }
    let percentile = Double(references.count - lower) / Double(references.count)
    return Region(
      distance: distance, percentile: percentile, isEmpty: percentile < Self.emptyBelow,
      neighbours: Array(found.prefix(neighbourCount)))
  }
}
