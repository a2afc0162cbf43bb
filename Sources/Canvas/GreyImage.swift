/// A grey picture: `values[row * width + column]`, 0 black to 1 white.
public struct GreyImage: Hashable, Sendable {
  public let width: Int
  public let height: Int
  public let values: [Float]

  /// A picture from row-major values, shape `[height, width]`.
  ///
  /// Extents below zero count as zero; missing values are black, surplus ones are dropped, values outside 0…1 are
  /// clamped and those that are not numbers are black, so that no picture a model produces can stop the program.
  public init(width: Int, height: Int, values: [Float]) {
    self.width = max(0, width)
    self.height = max(0, height)
    let count = self.width * self.height
    var kept = values
    if kept.count > count { kept.removeLast(kept.count - count) }
    if kept.count < count { kept.append(contentsOf: repeatElement(0, count: count - kept.count)) }
    for index in kept.indices where !(kept[index] >= 0 && kept[index] <= 1) {
      kept[index] = kept[index] > 1 ? 1 : 0
    }
    self.values = kept
  }

  /// A picture from bytes, 0 black to 255 white.
  public init(width: Int, height: Int, bytes: some Collection<UInt8>) {
    self.init(width: width, height: height, values: bytes.map { Float($0) / 255 })
  }
}
