/// A grey picture: `values[row * width + column]`, 0 black to 1 white.
public struct GreyImage: Hashable, Sendable {
  /// Pixels across.
  public let width: Int
  /// Pixels down.
  public let height: Int
  /// Row-major, `width * height` values of 0 to 1.
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

  /// The picture averaged over areas until no side has more pixels than given; itself when it already fits.
  func reduced(toWidth maximumWidth: Int, height maximumHeight: Int) -> GreyImage {
    guard width > maximumWidth || height > maximumHeight else { return self }
    let across = Self.overlaps(pixels: width, targets: min(width, maximumWidth))
    let down = Self.overlaps(pixels: height, targets: min(height, maximumHeight))
    var reduced: [Float] = []
    reduced.reserveCapacity(across.count * down.count)
    for rowShares in down {
      var line = [Float](repeating: 0, count: width)
      for (row, share) in rowShares {
        for column in 0..<width { line[column] += share * values[row * width + column] }
      }
      for columnShares in across {
        reduced.append(columnShares.reduce(0) { $0 + $1.share * line[$1.pixel] })
      }
    }
    return GreyImage(width: across.count, height: down.count, values: reduced)
  }

  /// For each of `targets` equal parts of a side, the pixels it overlaps and their shares, which add up to one.
  private static func overlaps(pixels: Int, targets: Int) -> [[(pixel: Int, share: Float)]] {
    (0..<targets).map { target in
      // In units of 1 / targets of a pixel everything is whole.
      let start = target * pixels
      let end = start + pixels
      return (start / targets...(end - 1) / targets).map { pixel in
        let overlap = min(end, (pixel + 1) * targets) - max(start, pixel * targets)
        return (pixel, Float(overlap) / Float(pixels))
      }
    }
  }
}
