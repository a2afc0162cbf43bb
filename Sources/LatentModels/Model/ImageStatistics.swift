/// The mean of one number an image, and how sure it is.
struct ImageStatistics: Sendable, Hashable {
  private var count = 0.0
  private var sum = 0.0
  private var squares = 0.0

  init() {}

  /// Of `values`, one an image.
  init(_ values: [Double]) {
    for value in values { add(value) }
  }

  mutating func add(_ value: Double) {
    count += 1
    sum += value
    squares += value * value
  }

  var mean: Double { sum / max(1, count) }
  /// The standard deviation over images, over the root of their number; nil of one image, whose spread nobody knows.
  var standardError: Double? {
    guard count > 1 else { return nil }
    let variance = max(0, squares - sum * sum / count) / (count - 1)
    return (variance / count).squareRoot()
  }
}
