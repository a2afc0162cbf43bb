import Glibc
import Tensors

extension Posterior {
  /// Images whose codes are drawn, and images that stand for the aggregate posterior: the information of a dimension cannot
  /// be told beyond the logarithm of the second.
  private static let (mostDrawn, mostReferences) = (500, 2_000)

  /// The mutual information `I(x; z_d) = E log q(z_d|x) − log q(z_d)` of the image and each column of the code, in nats, by
  /// the exact estimator over `mostReferences` images at most; not below 0, which an estimate may be. A column without
  /// variance, as of a class, has none. Empty for no images.
  public func informationByColumn(seed: UInt64 = 1) -> [Double] {
    let width = mean.rowCount
    guard count > 1, width > 0 else { return [] }
    // Spread over all images: stored codes may be ordered by class.
    func rows(_ most: Int) -> [Int] {
      let number = min(count, most)
      return (0..<number).map { $0 * count / number }
    }
    func picked(_ values: Tensor, _ rows: [Int]) -> Tensor {
      Tensor(
        shape: [rows.count, width],
        elements: rows.flatMap { values.elements[$0 * width..<($0 + 1) * width] })
    }
    let (drawn, references) = (rows(Self.mostDrawn), rows(Self.mostReferences))
    let random = CounterRandom(seed: seed, stream: 0x696e_666f)
    let (means, logVariances) = (picked(mean, drawn), picked(logVariance, drawn))
    let graph = Graph()
    let codes = graph.constant(
      Tensor(
        shape: means.shape,
        elements: zip(means.elements, logVariances.elements).enumerated().map { place, pair in
          pair.0 + random.normal(UInt64(place)) * exp(0.5 * pair.1)
        }))
    let own = Expression.gaussianLogDensity(
      value: codes, mean: graph.constant(means), logVariance: graph.constant(logVariances))
    let aggregate = codes.pairwiseLogDensity(
      mean: graph.constant(picked(mean, references)), logVariance: graph.constant(picked(logVariance, references)),
      logWeights: nil, subsets: (0..<width).map { [$0] })
    let information = (own - aggregate).mean(axes: [0]) + Float(log(Double(references.count)))
    let program = graph.compile(outputs: ["information": information])
    SharedWorkers.withPool { program.run(Parameters([:]), seed: 0, step: 0, pool: $0) }
    return program.withOutput("information") { $0.map { $0.isFinite ? max(0, Double($0)) : 0 } }
  }
}
