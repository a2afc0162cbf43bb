import Tensors

/// The mean code of every class, and the directions between them.
public struct ClassMeans: Sendable {
  /// The classes that occur, in order.
  public let classes: [UInt8]
  /// The number of points of each class, as `classes` orders them.
  public let counts: [Int]
  private let means: [[Float]]

  /// Averages `points` `[n, dimensions]` by label.
  ///
  /// Throws `AnalysisError` where `points` is no matrix, not finite, or the labels do not match it in number.
  public init(of points: Tensor, labels: [UInt8]) throws {
    let points = try Points(points, for: "a mean of classes")
    guard labels.count == points.count else {
      throw AnalysisError.labelCount(labels: labels.count, points: points.count)
    }
    let size = points.dimensions
    var sums = [[Double]](repeating: [], count: 256)
    var counts = [Int](repeating: 0, count: 256)
    for (row, label) in labels.enumerated() {
      let index = Int(label)
      if counts[index] == 0 { sums[index] = [Double](repeating: 0, count: size) }
      counts[index] += 1
      for i in 0..<size { sums[index][i] += Double(points.elements[row * size + i]) }
    }
    let present = (0..<256).filter { counts[$0] > 0 }
    classes = present.map { UInt8($0) }
    self.counts = present.map { counts[$0] }
    means = present.map { index in sums[index].map { Float($0 / Double(counts[index])) } }
  }

  /// The mean code of `label`, or nil where no point carries it.
  public func mean(of label: UInt8) -> [Float]? {
    classes.firstIndex(of: label).map { means[$0] }
  }

  /// The vector from the mean of `origin` to the mean of `target`, or nil where either class is absent.
  public func direction(from origin: UInt8, to target: UInt8) -> [Float]? {
    guard let from = mean(of: origin), let to = mean(of: target) else { return nil }
    return zip(to, from).map { $0 - $1 }
  }
}
