import Tensors

/// The mean code of every class, and the directions between them.
public struct ClassMeans: Sendable {
  /// The classes that occur, in order.
  public let classes: [Int32]
  /// The number of points of each class, as `classes` orders them.
  public let counts: [Int]
  private let means: [[Float]]

  /// Averages `points` `[n, dimensions]` by label; points of a negative label belong to no class.
  ///
  /// Throws `AnalysisError` where `points` is no matrix, not finite, or the labels do not match it in number.
  public init(of points: Tensor, labels: [Int32]) throws {
    let points = try Points(points, for: "a mean of classes")
    guard labels.count == points.count else {
      throw AnalysisError.labelCount(labels: labels.count, points: points.count)
    }
    let size = points.dimensions
    let classes = Set(labels.lazy.filter { $0 >= 0 }).sorted()
    let places = Dictionary(uniqueKeysWithValues: zip(classes, classes.indices))
    var counts = [Int](repeating: 0, count: classes.count)
    var sums = [Double](repeating: 0, count: classes.count * size)
    for (row, label) in labels.enumerated() {
      guard let place = places[label] else { continue }
      counts[place] += 1
      for i in 0..<size { sums[place * size + i] += Double(points.elements[row * size + i]) }
    }
    self.classes = classes
    self.counts = counts
    means = classes.indices.map { place in
      sums[place * size..<(place + 1) * size].map { Float($0 / Double(counts[place])) }
    }
  }

  /// The mean code of `label`, or nil where no point carries it.
  public func mean(of label: Int32) -> [Float]? {
    classes.firstIndex(of: label).map { means[$0] }
  }

  /// The vector from the mean of `origin` to the mean of `target`, or nil where either class is absent.
  public func direction(from origin: Int32, to target: Int32) -> [Float]? {
    guard let from = mean(of: origin), let to = mean(of: target) else { return nil }
    return zip(to, from).map { $0 - $1 }
  }
}
