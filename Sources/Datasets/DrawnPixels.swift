import Tensors

extension ImageSet {
  /// The same images with every pixel drawn once: 255 with the probability `byte / 255`, otherwise 0. What an image becomes
  /// depends on the seed and its place in this set alone, however many images there are.
  public func withDrawnPixels(seed: UInt64) throws -> ImageSet {
    let random = CounterRandom(seed: seed, stream: 0x7069_7865_6c73)
    let pixelCount = self.pixelCount
    try MemoryBudget.require(count, of: pixelCount, for: name)
    let drawn = PixelStorage(count: count * pixelCount) { target in
      for (place, row) in rows.enumerated() {
        let image = storage.base + Int(row) * pixelCount
        for pixel in 0..<pixelCount {
          let index = place * pixelCount + pixel
          let isInk = random.uniform(UInt64(index)) * 255 < Float(image[pixel])
          target[index] = isInk ? 255 : 0
        }
      }
    }
    return try ImageSet(
      name: name, width: width, height: height, storage: drawn, part: part, labels: labels,
      classNames: classNames, factors: factors)
  }
}
