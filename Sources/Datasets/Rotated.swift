import Glibc
import Tensors

extension ImageSet {
  /// The factor that `halfRotated` records: 1 where an image was turned.
  public static let rotatedFactor = "rotated"

  /// The same images, half of them, chosen by `seed`, turned anticlockwise by `degrees` about their middle: images with
  /// a sensitive attribute, whether they were turned, as Louizos and others 2015 (arXiv:1511.00830) forget lighting.
  ///
  /// Pixels of a turned image lie between pixels of the original and mix the four around them (bilinear); what was
  /// outside is background. The attribute is the last factor, `rotated`.
  ///
  /// - Throws: `DatasetError` of kind `mismatch` where the angle is no number or the images are turned already.
  public func halfRotated(by degrees: Float = 15, seed: UInt64) throws -> ImageSet {
    guard degrees.isFinite else { throw DatasetError(.mismatch, name, "\(degrees) is no angle to turn images by") }
    guard !factors.contains(where: { $0.name == Self.rotatedFactor }) else {
      throw DatasetError(.mismatch, name, "half of its images are turned already")
    }
    let order = CounterRandom(seed: seed, stream: Self.rotationStream).permutation(of: count)
    var isTurned = [Bool](repeating: false, count: count)
    for place in order.prefix(count / 2) { isTurned[Int(place)] = true }
    let turning = Turning(width: width, height: height, degrees: degrees)
    try MemoryBudget.require(count, of: pixelCount, for: name)
    let storage = PixelStorage(count: count * pixelCount) { bytes in
      for (index, row) in rows.enumerated() {
        let original = UnsafeBufferPointer(start: self.storage.base + Int(row) * pixelCount, count: pixelCount)
        let turned = UnsafeMutableBufferPointer(rebasing: bytes[index * pixelCount..<(index + 1) * pixelCount])
        if isTurned[index] {
          turning.apply(original, into: turned)
        } else {
          _ = turned.update(fromContentsOf: original)
        }
      }
    }
    return try ImageSet(
      name: "\(name)-rotated", width: width, height: height, storage: storage, part: part,
      labels: labels, classNames: classNames,
      factors: factors + [Factor(name: Self.rotatedFactor, values: isTurned.map { $0 ? 1 : 0 })])
  }

  /// Keeps these numbers apart from all others of the same seed.
  private static let rotationStream: UInt64 = 0x726f_7461_7465
}

/// A rotation of images about their middle: for every pixel, the four it mixes and their shares.
private struct Turning {
  private let sources: [SIMD4<Int32>]
  private let shares: [SIMD4<Float>]

  init(width: Int, height: Int, degrees: Float) {
    let angle = degrees * .pi / 180
    let (sine, cosine) = (sin(angle), cos(angle))
    let (middleX, middleY) = (Float(width - 1) / 2, Float(height - 1) / 2)
    var (sources, shares) = ([SIMD4<Int32>](), [SIMD4<Float>]())
    for row in 0..<height {
      for column in 0..<width {
        let (x, y) = (Float(column) - middleX, Float(row) - middleY)
        // Rows count downwards: what is turned anticlockwise is fetched from clockwise.
        let (fromX, fromY) = (cosine * x - sine * y + middleX, sine * x + cosine * y + middleY)
        let (left, top) = (fromX.rounded(.down), fromY.rounded(.down))
        let (right, bottom) = (fromX - left, fromY - top)
        var (source, share) = (SIMD4<Int32>.zero, SIMD4<Float>.zero)
        for corner in 0..<4 {
          let (acrossBy, downBy) = (corner & 1, corner >> 1)
          let (sourceColumn, sourceRow) = (Int(left) + acrossBy, Int(top) + downBy)
          guard (0..<width).contains(sourceColumn), (0..<height).contains(sourceRow) else { continue }
          source[corner] = Int32(sourceRow * width + sourceColumn)
          share[corner] = (acrossBy == 1 ? right : 1 - right) * (downBy == 1 ? bottom : 1 - bottom)
        }
        sources.append(source)
        shares.append(share)
      }
    }
    (self.sources, self.shares) = (sources, shares)
  }

  func apply(_ image: UnsafeBufferPointer<UInt8>, into turned: UnsafeMutableBufferPointer<UInt8>) {
    for pixel in turned.indices {
      let (source, share) = (sources[pixel], shares[pixel])
      var sum: Float = 0.5
      for corner in 0..<4 { sum += share[corner] * Float(image[Int(source[corner])]) }
      turned[pixel] = UInt8(max(0, min(255, sum)))
    }
  }
}
